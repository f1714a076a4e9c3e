"""Rows over a stretch of days, for figures of several days at once: one query each, however many days and areas.

Every row says over which days it holds, ``[first, end)``, as known at the sight's moment. Areas out of sight on a day
have no path on it: who adds up along `trees` counts what `units` shows of that day, and nothing else.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any, NamedTuple, TypeVar

from django.db.models import BooleanField, Case, Count, Q, QuerySet, Value, When

from feigong.apps.accounts.sight import Sight
from feigong.apps.roll.models import (
    AreaState,
    Assignment,
    Coverage,
    EnterpriseState,
    MemberState,
    OrganisationState,
)
from feigong.apps.roll.models.areas import AreaKind
from feigong.apps.roll.models.dated import Dated, known
from feigong.apps.roll.models.organisations import OrganisationKind
from feigong.apps.roll.queries.operating import WITHOUT_ADDRESS, none_of, reasons
from feigong.core.coverage.facts import Exclusion
from feigong.core.roll.trees import nodes_of

_NAMED = 1000  # areas named by number in a query; of more, rows are left out afterwards
D = TypeVar("D", bound=Dated)


@dataclass(slots=True)
class Tree:
    """The areas in sight on a day."""

    nodes: dict[int, tuple[int, ...]] = field(default_factory=dict)  # area -> those in sight it lies in, and itself
    buildings: set[int] = field(default_factory=set)


class Placed(NamedTuple):
    """``n`` enterprises (or one, by name) that count, as far as their premises are known."""

    enterprise: int
    area: int
    industry: str
    bare: bool  # no address: counts where the area is a building
    first: date
    end: date
    n: int


class Tie(NamedTuple):
    """One thing is tied to an enterprise."""

    thing: int
    enterprise: int
    first: date
    end: date


def _over(model: type[D], sight: Sight, days: Sequence[date]) -> QuerySet[D]:
    return known(model, sight.known_at).filter(valid_from__lte=days[-1], valid_to__gt=days[0]).order_by()


def trees(sight: Sight, days: Sequence[date]) -> dict[date, Tree]:
    """The tree of each day, as far as it is in sight."""
    found = {day: Tree() for day in days}
    rows = _over(AreaState, sight, days).values_list("area_id", "kind", "path", "valid_from", "valid_to")
    for area, kind, path, first, end in rows:
        nodes = _seen(sight, nodes_of(path))
        if not nodes:
            continue
        for day in days:
            if first <= day < end:
                found[day].nodes[area] = nodes
                if kind == AreaKind.BUILDING:
                    found[day].buildings.add(area)
    return found


def _seen(sight: Sight, nodes: tuple[int, ...]) -> tuple[int, ...]:
    """The end of a way through the tree that is in sight: from the first area of the scope down."""
    if sight.scope.whole:
        return nodes
    begins = next((n for n, node in enumerate(nodes) if node in sight.scope.areas), len(nodes))
    return nodes[begins:]


def _in(seen: Mapping[date, Tree]) -> Q:
    """Rows with ``area`` in one of these trees, where there are not too many to name."""
    areas = {area for tree in seen.values() for area in tree.nodes}
    return Q(area_id__in=sorted(areas)) if len(areas) <= _NAMED else Q()


def _counting(sight: Sight, days: Sequence[date], seen: Mapping[date, Tree], least_staff: int) -> QuerySet[Any]:
    others = (one for one in reasons(least_staff, Q()) if one[0] is not Exclusion.NO_PREMISES)
    bare = Case(When(WITHOUT_ADDRESS, then=Value(True)), default=Value(False), output_field=BooleanField())
    return _over(EnterpriseState, sight, days).filter(none_of(others), _in(seen)).annotate(bare=bare)


def counting(
    sight: Sight, days: Sequence[date], seen: Mapping[date, Tree], least_staff: int
) -> Iterator[Placed]:
    """Operating enterprises, those of one place, industry and stretch together."""
    rows = _counting(sight, days, seen, least_staff)
    columns = ("area_id", "industry", "bare", "valid_from", "valid_to")
    for area, industry, bare, first, end, n in rows.values_list(*columns).annotate(n=Count("pk")):
        yield Placed(0, area, industry, bare, first, end, n)


def counting_among(
    sight: Sight, days: Sequence[date], seen: Mapping[date, Tree], least_staff: int, enterprises: QuerySet[Any]
) -> Iterator[Placed]:
    """Operating enterprises of these, one by one."""
    rows = _counting(sight, days, seen, least_staff).filter(enterprise_id__in=enterprises)
    columns = ("enterprise_id", "area_id", "industry", "bare", "valid_from", "valid_to")
    for firm, area, industry, bare, first, end in rows.values_list(*columns).iterator(chunk_size=5_000):
        yield Placed(firm, area, industry, bare, first, end, 1)


def covered(sight: Sight, days: Sequence[date]) -> QuerySet[Any]:
    """Enterprises that something covers on some of the days: for `counting_among` only."""
    return _over(Coverage, sight, days).values("enterprise_id")


def with_members(sight: Sight, days: Sequence[date]) -> QuerySet[Any]:
    return _over(MemberState, sight, days).exclude(employer=None).values("employer_id")


def with_officer(sight: Sight, days: Sequence[date]) -> QuerySet[Any]:
    return _over(Assignment, sight, days).values("enterprise_id")


def coverage_ties(sight: Sight, days: Sequence[date]) -> list[Tie]:
    """Of organisations in sight or not: how many an organisation covers does not depend on who asks."""
    rows = _over(Coverage, sight, days).values_list("organisation_id", "enterprise_id", "valid_from", "valid_to")
    return [Tie(*row) for row in rows.iterator(chunk_size=5_000)]


def joint_branches(sight: Sight, days: Sequence[date]) -> list[Tie]:
    """Organisations while they are joint branches."""
    rows = _over(OrganisationState, sight, days).filter(kind=OrganisationKind.JOINT_BRANCH)
    held = rows.values_list("organisation_id", "valid_from", "valid_to")
    return [Tie(one, 0, first, end) for one, first, end in held]


def employment_ties(sight: Sight, days: Sequence[date]) -> list[Tie]:
    """Enterprises while a member works there; only for those who may see members."""
    if not sight.members:
        return []
    rows = _over(MemberState, sight, days).exclude(employer=None)
    columns = rows.values_list("employer_id", "joined_on", "valid_from", "valid_to").distinct()
    begin, close = days[0], days[-1] + timedelta(days=1)  # cut to the days, most are the same
    held = {(firm, max(first, joined or first, begin), min(end, close)) for firm, joined, first, end in columns}
    return [Tie(0, *one) for one in held]


def assignment_ties(sight: Sight, days: Sequence[date]) -> list[Tie]:
    rows = _over(Assignment, sight, days).values_list("enterprise_id", "valid_from", "valid_to").distinct()
    return [Tie(0, *row) for row in rows]


def organisations(
    sight: Sight, days: Sequence[date], seen: Mapping[date, Tree], kinds: Sequence[str], since: date | None
) -> Iterator[Placed]:
    """Organisations of some kinds; ``since``: founded on this day or later, and counted from then on."""
    rows = _over(OrganisationState, sight, days).filter(_in(seen), kind__in=kinds)
    if since is not None:
        rows = rows.filter(founded_on__gte=since)
    columns = ("area_id", "founded_on", "valid_from", "valid_to")
    for area, founded, first, end, n in rows.values_list(*columns).annotate(n=Count("pk")):
        begins = max(first, founded) if since is not None else first
        yield Placed(0, area, "", False, begins, end, n)
