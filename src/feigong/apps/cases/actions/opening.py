"""Opening cases: one by hand, or many within another action."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from feigong.apps.accounts.roles import Permission
from feigong.apps.accounts.sight import Actor
from feigong.apps.audit.recording import Change, changing
from feigong.apps.cases.models import Case, CaseEvent, CaseState, CaseSubject, EventCode
from feigong.apps.cases.owners import accounts_for
from feigong.apps.roll import queries
from feigong.apps.roll.kinds import RecordKind, all_in_sight, check_day, in_sight
from feigong.apps.roll.writing import Writer, putting
from feigong.core.cases.engine import opened
from feigong.core.cases.values import Position
from feigong.core.errors import FeigongError
from feigong.core.text import prose
from feigong.exchange.cases_file import load_kinds
from feigong.exchange.rules_file import load_rules


@dataclass(frozen=True, slots=True)
class Opening:
    """A case to be opened. ``key``: where a case of this key is there already, no second one is opened.

    ``beyond``: organisations that need not be in sight, such as the one a member goes to; who opens it has named it.
    """

    kind: str
    area: int
    enterprises: tuple[int, ...] = ()  # the host first
    organisations: tuple[int, ...] = ()
    members: tuple[int, ...] = ()
    beyond: tuple[int, ...] = ()
    facts: Mapping[str, Any] = field(default_factory=dict)
    key: str | None = None
    owner: int | None = None
    worker: int | None = None
    host: bool = False  # whether the first enterprise is one


def open_case(actor: Actor, opening: Opening, *, on: date, reason: str = "") -> int:
    """Open a case; its identity. ``error.case.there`` where one of its key is there already."""
    actor.must(Permission.CASES_WORK)
    with changing(actor, "case.open", reason=prose(reason), params={"kind": opening.kind}) as change:
        found = open_in(change, [opening], on=on)
        if not found:
            raise FeigongError("error.case.there")
        return found[0]


def open_in(change: Change, openings: list[Opening], *, on: date) -> list[int]:
    """Open cases within a change that has been permitted; identities of those that were not there already."""
    check_day(on)
    keys = [o.key for o in openings if o.key is not None]
    there = set(Case.objects.filter(key__in=keys).values_list("key", flat=True))
    new = [o for o in openings if o.key is None or o.key not in there]
    if not new:
        return []
    _in_sight(change, new, on)
    found = Case.objects.bulk_create(
        [Case(created=change.record, kind=o.kind, key=o.key, facts=dict(o.facts)) for o in new]
    )
    kinds, book = load_kinds(), load_rules(None)
    spans = {
        (row.pk,): [putting(CaseState, state_of(opened(kinds[o.kind], book, on)) | _whose(o), on)]
        for row, o in zip(found, new, strict=True)
    }
    Writer(change).write(CaseState, spans)
    CaseSubject.objects.bulk_create([s for row, o in zip(found, new, strict=True) for s in _subjects(row, o)])
    CaseEvent.objects.bulk_create(
        [CaseEvent(case=row, record=change.record, on=on, code=EventCode.OPENED) for row in found]
    )
    return [row.pk for row in found]


def state_of(position: Position) -> dict[str, Any]:
    return {
        "standing": position.standing.value, "step": position.step, "step_on": position.step_on,
        "due_on": position.due_on, "held_on": position.held_on, "held_until": position.held_until,
        "outcome": position.outcome,
    }  # fmt: skip


def _whose(opening: Opening) -> dict[str, Any]:
    return {"area_id": opening.area, "owner_id": opening.owner, "worker_id": opening.worker}


def _subjects(case: Case, opening: Opening) -> list[CaseSubject]:
    firms = [
        CaseSubject(case=case, enterprise_id=pk, host=opening.host and at == 0)
        for at, pk in enumerate(opening.enterprises)
    ]
    people = [CaseSubject(case=case, member_id=pk) for pk in opening.members]
    units = [CaseSubject(case=case, organisation_id=pk) for pk in (*opening.organisations, *opening.beyond)]
    return [*firms, *people, *units]


def _in_sight(change: Change, openings: list[Opening], on: date) -> None:
    """Whatever a case is about must be there and in sight; ``error.not_found``."""
    sight = change.actor.sight(on, change.at)
    firms = all_in_sight(RecordKind.ENTERPRISE, sight, sorted({e for o in openings for e in o.enterprises}))
    units = all_in_sight(RecordKind.ORGANISATION, sight, sorted({e for o in openings for e in o.organisations}))
    all_in_sight(RecordKind.MEMBER, sight, sorted({e for o in openings for e in o.members}))
    theirs = {row.area_id for row in (*firms, *units)}  # where a thing in sight lies, a case may be
    areas = {o.area for o in openings} - theirs
    if queries.areas_and_above(sight).filter(area_id__in=areas).count() != len(areas):
        raise FeigongError("error.not_found")
    for owner, area in {(o.owner, o.area) for o in openings if o.owner is not None}:
        if not accounts_for([area], on, change.at).filter(pk=owner).exists():
            raise FeigongError("error.case.owner_blind")
    for worker in {o.worker for o in openings if o.worker is not None}:
        in_sight(RecordKind.WORKER, sight, worker)
