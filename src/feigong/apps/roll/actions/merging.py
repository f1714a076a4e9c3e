"""Two records are found to be one thing; or found to be two after all; or said, once, never to be the same."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from typing import Any

from feigong.apps.accounts.roles import Permission
from feigong.apps.accounts.sight import Actor
from feigong.apps.audit.models import Record
from feigong.apps.audit.recording import changing
from feigong.apps.roll.actions.records import TREES, check_version, facts_of, still_in_sight
from feigong.apps.roll.hanging import HOLDS, repoint
from feigong.apps.roll.hosts import host_of, settle_host
from feigong.apps.roll.kinds import TABLES, RecordKind, Tables, check_day, in_sight, needed
from feigong.apps.roll.models import NotSame, RecordMerge
from feigong.apps.roll.models.dated import NEVER
from feigong.apps.roll.queries.decisions import says_not_same
from feigong.apps.roll.reversal import partly
from feigong.apps.roll.writing import Writer, altering, ending
from feigong.core.errors import FeigongError
from feigong.core.text import fold

MERGED = (RecordKind.ENTERPRISE, RecordKind.ORGANISATION, RecordKind.MEMBER, RecordKind.WORKER)


def merge_records(
    actor: Actor, kind: RecordKind, kept: int, gone: int, *, on: date, reason: str, take: Collection[str] = (),
    expected: int | None = None,
) -> None:  # fmt: skip
    """``gone`` is ``kept``: from a day on there is one record, and what hung on ``gone`` hangs on ``kept``.

    ``take``: fields whose value is taken from ``gone`` (a sealed field takes its index along). Who asks as known before
    sees both as they were.
    """
    actor.must(Permission.ROLL_MERGE)
    check_day(on)
    tables = _merged(kind, kept, gone)
    params = {"kind": kind.value, "kept": kept, "gone": gone, "take": sorted(take)}
    with changing(actor, "record.merge", reason=needed(reason), params=params) as change:
        sight = actor.sight(on, change.at)
        stays, goes = in_sight(kind, sight, kept), in_sight(kind, sight, gone)
        check_version(tables, kept, expected)
        if kind in TREES and str(stays.path).startswith(goes.path):
            raise FeigongError("error.roll.merge_below")
        if says_not_same(kind, _names(stays), _names(goes), on, change.at):
            raise FeigongError("error.roll.said_not_same")
        writer = Writer(change)
        taken = _taken(tables, take, facts_of(tables, goes))
        host = host_of(kept, on) or host_of(gone, on) if kind is RecordKind.ORGANISATION else None
        if kind in TREES:
            own = {kept: [altering(tables.state, taken, on)], gone: [ending(on)]}
            repoint(writer, kind, gone, kept, on, also=own)
        else:
            repoint(writer, kind, gone, kept, on)
            writer.write(tables.state, {(kept,): [altering(tables.state, taken, on)], (gone,): [ending(on)]})
        if kind is RecordKind.ORGANISATION:
            settle_host(writer, kept, host, on)
        writer.put(RecordMerge, (kind.value, gone), {"kept": kept}, on)
        still_in_sight(kind, sight, kept)


def _merged(kind: RecordKind, kept: int, gone: int) -> Tables:
    if kind not in MERGED or kept == gone:
        raise FeigongError("error.roll.merge_kind")
    return TABLES[kind]


def _taken(tables: Tables, take: Collection[str], facts: dict[str, Any]) -> dict[str, Any]:
    """The facts taken from the record that goes, with what is worked out from them."""
    unknown = sorted(set(take) - set(tables.editable) - {"superior_id", "parent_id"})
    if unknown:
        raise FeigongError("error.roll.field_unknown", field=unknown[0])
    names = set(take)
    along = {"id_number": "id_index", "phone": "phone_index", "name": "search", "uscc": "search"}
    names |= {more for name, more in along.items() if name in take and more in facts}
    return {name: facts[name] for name in names}


def _names(row: Any) -> set[str]:
    """By what a decision may have named a record."""
    return {fold(text) for text in (getattr(row, "uscc", ""), row.name) if text}


@dataclass(frozen=True, slots=True)
class Stayed:
    """What a split leaves with the record that was kept: said or hung on it since the merge. ``kind`` is a label."""

    kind: str
    key: tuple[Any, ...]


def split_records(actor: Actor, kind: RecordKind, gone: int, *, on: date, reason: str) -> list[Stayed]:
    """``gone`` is not what it was merged into: from a day on both are there again.

    What the merge moved and nobody touched since goes back; what was written since stays with the record that was kept,
    and is returned.
    """
    actor.must(Permission.ROLL_MERGE)
    check_day(on)
    with changing(actor, "record.split", reason=needed(reason), params={"kind": kind.value, "gone": gone}) as change:
        known = RecordMerge.rows.filter(kind=kind.value, gone=gone, recorded_to=NEVER, valid_to__gt=on)
        merge = known.order_by("valid_from").first()
        if merge is None:
            raise FeigongError("error.not_found")
        sight = actor.sight(on, change.at)
        in_sight(kind, sight, merge.kept)
        writer = Writer(change)
        start = max(on, merge.valid_from)
        reversal = partly(writer.history, merge.change, start)
        later = _hung_since(kind, merge.kept, merge.change, start)
        reversal.write(writer)
        still_in_sight(kind, actor.sight(start, change.at), gone)
        stayed = [Stayed(c.model._meta.label_lower, c.key) for c in reversal.conflicts]
        return sorted({*stayed, *later}, key=lambda s: (s.kind, str(s.key)))


def _hung_since(kind: RecordKind, kept: int, merge: Record, start: date) -> set[Stayed]:
    """What has come to hang on the kept record since the merge."""
    found: set[Stayed] = set()
    for hold in HOLDS[kind]:
        named = hold.model.rows.filter(**{hold.column: kept})
        now = named.filter(recorded_to=NEVER, valid_to__gt=start).values_list(*hold.model.key_columns())
        then = named.filter(recorded_at__lte=merge.at, recorded_to__gt=merge.at).values_list(*hold.model.key_columns())
        found |= {Stayed(hold.model._meta.label_lower, key) for key in set(now) - set(then)}
    return found


# Not the same -------------------------------------------------------------------------------------------------------


def say_not_same(actor: Actor, kind: RecordKind, one: str, other: str, *, on: date, reason: str = "") -> None:
    """Two codes or names mean two things: nobody is asked again."""
    actor.must(Permission.ROLL_MERGE)
    check_day(on)
    first, second = _pair(one, other)
    with changing(actor, "record.not_same", reason=fold(reason), params={"kind": kind.value}) as change:
        Writer(change).put(NotSame, (kind.value, first, second), {}, on)


def unsay_not_same(actor: Actor, kind: RecordKind, one: str, other: str, *, on: date, reason: str = "") -> None:
    """They may be the same after all: whoever meets them next is asked."""
    actor.must(Permission.ROLL_MERGE)
    check_day(on)
    first, second = _pair(one, other)
    with changing(actor, "record.not_same_unsaid", reason=fold(reason), params={"kind": kind.value}) as change:
        if not says_not_same(kind, {first}, {second}, on, change.at):
            raise FeigongError("error.not_found")
        Writer(change).end(NotSame, [(kind.value, first, second)], on)


def _pair(one: str, other: str) -> tuple[str, str]:
    first, second = sorted((fold(one), fold(other)))
    if not first or first == second:
        raise FeigongError("error.roll.merge_kind")
    return first, second


