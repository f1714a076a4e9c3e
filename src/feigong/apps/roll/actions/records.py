"""Create, change and end a record of any kind: the way that all actions on records take.

Permission, then the record as the actor sees it, then what was given, then one change. Afterwards the record must still
be in sight: nobody writes where they cannot see, and nobody moves a record out of their part of the roll.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from feigong.apps.accounts.sight import Actor, Sight
from feigong.apps.audit.recording import Change, changing
from feigong.apps.roll import queries
from feigong.apps.roll.cleaning import clean
from feigong.apps.roll.hosts import settle_host
from feigong.apps.roll.kinds import OF_IDENTITY, TABLES, RecordKind, Tables, check_day, in_sight
from feigong.apps.roll.models import EnterpriseState, MemberState
from feigong.apps.roll.models.dated import NEVER
from feigong.apps.roll.models.organisations import OrganisationKind
from feigong.apps.roll.tree_writing import write_tree
from feigong.apps.roll.writing import Writer, altering, putting
from feigong.core.errors import FeigongError
from feigong.core.text import fold

TREES = (RecordKind.AREA, RecordKind.ORGANISATION)


class _NothingToDo(Exception):  # noqa: N818  (not an error: leaves the change without a trace)
    """What is asked for is so already."""


def create_record(actor: Actor, kind: RecordKind, facts: Mapping[str, Any], *, on: date, reason: str = "") -> int:
    """A new record that holds from a day on; its identity."""
    tables = TABLES[kind]
    actor.must(tables.change)
    check_day(on)
    with changing(actor, f"{kind}.create", reason=fold(reason)) as change:
        return create(change, kind, facts, on)


def create(change: Change, kind: RecordKind, facts: Mapping[str, Any], on: date) -> int:
    """A new record within a change that has been permitted."""
    tables = TABLES[kind]
    sight = change.actor.sight(on, change.at)
    row = clean(tables, facts, on, None)
    check_references(tables, row, sight)
    _check_unique(kind, row, None, on)
    record_id: int = tables.identity._base_manager.create(created=change.record).pk
    writer = Writer(change)
    span = putting(tables.state, row, on)
    if kind in TREES:
        write_tree(writer, tables.state, {record_id: [span]}, on)  # type: ignore[arg-type]
    else:
        writer.write(tables.state, {(record_id,): [span]})
    still_in_sight(kind, sight, record_id)
    return record_id


def change_record(
    actor: Actor, kind: RecordKind, record_id: int, facts: Mapping[str, Any], *, on: date, reason: str = "",
    expected: int | None = None,
) -> int:  # fmt: skip
    """Let facts hold from a day on, each until its field is known to change again. Returns rows written.

    An organisation that becomes a joint branch and covers several enterprises is told with them which is its host
    (``host_id``).
    """
    tables = TABLES[kind]
    actor.must(tables.change)
    check_day(on)
    try:
        with changing(actor, f"{kind}.change", reason=fold(reason)) as change:
            check_version(tables, record_id, expected)
            return alter(change, kind, record_id, facts, on)
    except _NothingToDo:
        return 0


def alter(change: Change, kind: RecordKind, record_id: int, facts: Mapping[str, Any], on: date) -> int:
    """Change a record within a change that has been permitted."""
    tables = TABLES[kind]
    sight = change.actor.sight(on, change.at)
    old = facts_of(tables, in_sight(kind, sight, record_id))
    given = dict(facts)
    host = given.pop("host_id", None) if kind is RecordKind.ORGANISATION else None
    row = clean(tables, given, on, old)
    if host is not None:
        _check_host(row, host, sight)
    if not row:
        raise _NothingToDo
    check_references(tables, row, sight)
    _check_unique(kind, row, record_id, on)
    writer = Writer(change)
    span = altering(tables.state, row, on)
    if kind in TREES:
        written = write_tree(writer, tables.state, {record_id: [span]}, on)  # type: ignore[arg-type]
    else:
        written = writer.write(tables.state, {(record_id,): [span]})
    if OrganisationKind.JOINT_BRANCH in (row.get("kind"), old.get("kind") if "kind" in row else None):
        settle_host(writer, record_id, host, on)
    still_in_sight(kind, sight, record_id)
    return written


def _check_host(row: Mapping[str, Any], host: Any, sight: Sight) -> None:
    """A host is named where there comes to be a joint branch, and in sight."""
    if row.get("kind") != OrganisationKind.JOINT_BRANCH:
        raise FeigongError("error.roll.no_host")
    if not isinstance(host, int) or not queries.enterprises(sight).filter(enterprise_id=host).exists():
        raise FeigongError("error.roll.host_choose")


def facts_of(tables: Tables, row: Any) -> dict[str, Any]:
    return {name: getattr(row, name) for name in tables.state.facts()}


def check_version(tables: Tables, record_id: int, expected: int | None) -> None:
    """The row that was looked at must still be what is known; ``error.changed_meanwhile``.

    It is locked until the change ends: of two who looked at the same row the later one waits, and is told.
    """
    if expected is None:
        return
    known = tables.state.rows.filter(pk=expected, recorded_to=NEVER, **{tables.key: record_id})
    if known.select_for_update(of=("self",)).first() is None:
        raise FeigongError("error.changed_meanwhile")


def still_in_sight(kind: RecordKind, sight: Sight, record_id: int) -> None:
    """What was written must be within what the actor may see; else nothing is written."""
    tables = TABLES[kind]
    if not tables.rows(sight).filter(**{tables.key: record_id}).exists():
        raise FeigongError("error.roll.outside")


def check_references(tables: Tables, row: Mapping[str, Any], sight: Sight) -> None:
    """Everything named must be there on the day, and in sight. A superior may stand above what is in sight."""
    for name, identity in tables.references.items():
        named = row.get(name)
        if named is None:
            continue
        other = TABLES[OF_IDENTITY[identity]]
        rows = queries.superiors(sight) if name == "superior_id" else other.rows(sight)
        if not rows.filter(**{other.key: named}).exists():
            raise FeigongError("error.roll.reference", field=name)


def _check_unique(kind: RecordKind, row: Mapping[str, Any], record_id: int | None, on: date) -> None:
    """A code is one enterprise's, an ID number one member's, wherever they are."""
    if kind is RecordKind.ENTERPRISE and row.get("uscc"):
        known = EnterpriseState.rows.filter(uscc=row["uscc"], recorded_to=NEVER, valid_to__gt=on)
        if known.exclude(enterprise_id=record_id or 0).exists():
            raise FeigongError("error.roll.uscc_taken", uscc=row["uscc"])
    if kind is RecordKind.MEMBER and row.get("id_index"):
        people = MemberState.rows.filter(id_index=row["id_index"], recorded_to=NEVER, valid_to__gt=on)
        if people.exclude(member_id=record_id or 0).exists():
            raise FeigongError("error.roll.id_number_taken")
