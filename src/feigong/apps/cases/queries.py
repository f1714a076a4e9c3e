"""Cases as one may see them: those of areas, enterprises and organisations in sight, as they stood on a day."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Q, QuerySet

from feigong.apps.accounts.roles import Role
from feigong.apps.accounts.sight import Actor, Sight
from feigong.apps.audit.queries import undone
from feigong.apps.cases.models import Case, CaseEvent, CasePaper, CaseState, CaseSubject
from feigong.apps.roll import queries
from feigong.apps.roll.queries import restrict
from feigong.apps.seals.blobs import open_bytes
from feigong.core.cases.values import CaseKind, Position, Standing, StepRule
from feigong.core.errors import FeigongError
from feigong.exchange.cases_file import load_kinds


def cases(sight: Sight) -> QuerySet[CaseState]:
    """Where cases stood on the day; those that wait longest first."""
    rows = restrict.seen_on(CaseState, sight).select_related("case").order_by("due_on", "case_id")
    if restrict.sees_everything(sight):
        return rows
    about = Q(enterprise_id__in=queries.enterprises(sight).order_by().values("enterprise_id"))
    about |= Q(organisation_id__in=queries.organisations(sight).order_by().values("organisation_id"))
    if sight.members:
        about |= Q(member_id__in=queries.members(sight).order_by().values("member_id"))
    seen = Q(case_id__in=CaseSubject.objects.filter(about).values("case_id"))
    if sight.scope.areas:
        seen |= restrict.in_areas(sight)
    if sight.scope.worker:
        seen |= Q(worker_id=sight.scope.worker)
    return rows.filter(seen)


def case(sight: Sight, case_id: int) -> CaseState:
    """One of them; ``error.not_found``."""
    found = cases(sight).filter(case_id=case_id).first()
    if found is None:
        raise FeigongError("error.not_found")
    return found


OFFICES = (Role.DISTRICT_OFFICE, Role.TOWNSHIP)
"""They may do every step."""


def may_do(role: Role | None, step: StepRule) -> bool:
    return role in (*OFFICES, *step.roles)


def may_hand_over(actor: Actor, row: CaseState, step: StepRule) -> bool:
    """Whoever may do the step under way; and whoever sees to the case, who can always give it back."""
    own = row.owner_id is not None and row.owner_id == actor.user_id
    theirs = row.worker_id is not None and row.worker_id == actor.scope.worker
    return may_do(actor.role, step) or own or theirs


def kinds() -> Mapping[str, CaseKind]:
    return load_kinds()


def kind_of(case: Case) -> CaseKind:
    return load_kinds()[case.kind]


def position_of(row: CaseState) -> Position:
    return Position(
        Standing(row.standing), row.step, row.step_on, row.due_on, row.held_on, row.held_until, row.outcome
    )


def overdue(on: date) -> Q:
    """Over rows of `cases`: under way, and the clock has run out."""
    return Q(standing=Standing.OPEN, due_on__lt=on)


def waiting(on: date) -> Q:
    """Over rows of `cases`: held until a day that has come."""
    return Q(standing=Standing.HELD, held_until__lte=on)


def mine(*, account: int | None, worker: int | None) -> Q:
    """Over rows of `cases`: somebody's own."""
    found = restrict.NOTHING
    if account is not None:
        found |= Q(owner_id=account)
    if worker is not None:
        found |= Q(worker_id=worker)
    return found


def unassigned() -> Q:
    """Over rows of `cases`: nobody sees to them."""
    return Q(owner=None, worker=None)


def about_enterprises(firms: Any) -> QuerySet[CaseSubject, Any]:
    """Numbers of cases that are about these enterprises; to be used over rows of `cases` only."""
    return CaseSubject.objects.filter(enterprise_id__in=firms).values("case_id")


def about_organisations(units: Any) -> QuerySet[CaseSubject, Any]:
    """Numbers of cases that are about these organisations; to be used over rows of `cases` only."""
    return CaseSubject.objects.filter(organisation_id__in=units).values("case_id")


def about_members(people: Any) -> QuerySet[CaseSubject, Any]:
    """Numbers of cases that are about these members; to be used over rows of `cases` only."""
    return CaseSubject.objects.filter(member_id__in=people).values("case_id")


def about(sight: Sight, *, enterprise: int | None = None, organisation: int | None = None) -> QuerySet[CaseState]:
    """Cases that are about a thing, closed ones too."""
    found = CaseSubject.objects.filter(
        **({"enterprise_id": enterprise} if enterprise is not None else {"organisation_id": organisation})
    )
    return cases(sight).filter(case_id__in=found.values("case_id"))


def events(sight: Sight, case_id: int) -> QuerySet[CaseEvent]:
    """What was done in a case in sight, in order. What was taken back is not among it."""
    case(sight, case_id)
    found = CaseEvent.objects.filter(case_id=case_id, on__lte=sight.on, record__at__lte=sight.known_at)
    return found.exclude(record_id__in=undone(sight)).select_related("record").order_by("pk")


def papers(sight: Sight, case_id: int) -> QuerySet[CasePaper]:
    case(sight, case_id)
    return CasePaper.objects.filter(case_id=case_id, record__at__lte=sight.known_at).defer("content").order_by("pk")


def paper(sight: Sight, case_id: int, paper_id: int) -> tuple[str, bytes]:
    """Name and content of one of them; ``error.not_found``."""
    found = papers(sight, case_id).filter(pk=paper_id).first()
    if found is None:
        raise FeigongError("error.not_found")
    return found.name, open_bytes(bytes(found.content))


@dataclass(frozen=True, slots=True)
class NamedSubject:
    """An enterprise, organisation or member that a case is about. Out of sight: nothing to open, and no name
    but the one that the case was opened with.

    A member is named to whoever may see people and the case: the receiving side must know whom it takes in.
    """

    kind: str
    record_id: int | None
    name: str
    host: bool = False


def subjects(sight: Sight, case_ids: list[int]) -> dict[int, list[NamedSubject]]:
    """What cases are about, the host first; five queries for any number of cases. For cases in sight."""
    about = CaseSubject.objects.filter(case_id__in=case_ids).select_related("case")
    rows = list(about.order_by("case_id", "-host", "pk"))
    firms = queries.enterprises(sight).filter(enterprise_id__in=[r.enterprise_id for r in rows if r.enterprise_id])
    units = queries.organisations(sight).filter(organisation_id__in=[r.organisation_id for r in rows])
    people = [r.member_id for r in rows if r.member_id]
    seen = set(queries.members(sight).filter(member_id__in=people).values_list("member_id", flat=True))
    names = {
        "enterprise": dict(firms.values_list("enterprise_id", "name")),
        "organisation": dict(units.values_list("organisation_id", "name")),
        "member": queries.names_of_members(sight, people),
    }
    found: dict[int, list[NamedSubject]] = {case_id: [] for case_id in case_ids}
    for row in rows:
        kind = "organisation" if row.organisation_id else "member" if row.member_id else "enterprise"
        number = row.organisation_id or row.member_id or row.enterprise_id or 0
        name = names[kind].get(number, "")
        opens = bool(name) and (kind != "member" or number in seen)
        if not name and kind == "enterprise":
            name = str(row.case.facts.get("name", ""))
        found[row.case_id].append(NamedSubject(kind, number if opens else None, name, row.host))
    return found
