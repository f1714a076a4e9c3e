"""A plan as a map draws it, for those who see the whole of it: places of its enterprises, its joint branches, and what
is otherwise than in the plan it was made from. In a number of queries that does not depend on theirs."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Final

from django.db.models import QuerySet

from feigong.apps.accounts.sight import Sight
from feigong.apps.coverage.models import Plan, PlannedBranch, PlannedOutcome
from feigong.apps.roll import queries
from feigong.apps.roll.models import EnterpriseState
from feigong.core.coverage.values import Outcome

_At = tuple[str, float, float]
TOGETHER: Final = (Outcome.JOINT, Outcome.JOIN)


@dataclass(frozen=True, slots=True)
class PlacedFirm:
    """``branch``: its joint branch, empty where it is in none. ``moved``: that is another one than before."""

    enterprise: int
    name: str
    longitude: float
    latitude: float
    outcome: str
    branch: str
    moved: bool


@dataclass(frozen=True, slots=True)
class DrawnPlan:
    firms: tuple[PlacedFirm, ...]  # those that have a place
    branches: tuple[PlannedBranch, ...]
    places: Mapping[int, _At]  # name and place of enterprises at which branches meet
    unplaced: int  # enterprises without a place, of those that were asked for


def drawn_plan(then: Sight, kept: Plan, outcomes: Collection[str]) -> DrawnPlan:
    """Enterprises with these outcomes, where they were on the day of the plan; with those of joint branches, these."""
    rows = PlannedOutcome.objects.filter(plan=kept, outcome__in=list(outcomes))
    found = list(rows.values_list("enterprise_id", "outcome", "branch"))
    branches: tuple[PlannedBranch, ...] = ()
    if set(TOGETHER) & set(outcomes):
        branches = tuple(kept.planned_branches.order_by("key"))
    hosts = {b.host_id for b in branches}
    seen = queries.enterprises(then).filter(longitude__isnull=False, latitude__isnull=False).order_by()
    places = _places(seen.filter(enterprise_id__in=rows.values("enterprise_id")))
    if rest := hosts - places.keys():
        places |= _places(seen.filter(enterprise_id__in=rest))
    moved = _moved(kept)
    firms = tuple(
        PlacedFirm(e, *places[e], outcome, branch, e in moved)
        for e, outcome, branch in found
        if e in places
    )
    at = {host: places[host] for host in hosts if host in places}
    return DrawnPlan(firms, branches, at, len(found) - len(firms))


def _places(rows: QuerySet[EnterpriseState]) -> dict[int, _At]:
    found = rows.values_list("enterprise_id", "name", "longitude", "latitude")
    return {e: (name, x, y) for e, name, x, y in found if x is not None and y is not None}


def _moved(kept: Plan) -> set[int]:
    """Enterprises whose joint branch is not that of the plan before: gone, come, or another one."""
    if kept.previous_id is None:
        return set()
    rows = PlannedOutcome.objects.filter(plan_id__in=(kept.pk, kept.previous_id)).exclude(branch="")
    now: dict[int, str] = {}
    before: dict[int, str] = {}
    for plan, enterprise, branch in rows.values_list("plan_id", "enterprise_id", "branch"):
        (now if plan == kept.pk else before)[enterprise] = branch
    return {e for e in now.keys() | before.keys() if now.get(e) != before.get(e)}
