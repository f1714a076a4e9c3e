"""What a scope means in rows: the one restriction behind every page, count, export, filter, chart and API answer.

Each function returns a condition (`Q`) over the identity named. A scope that names nothing matches nothing.
"""

from __future__ import annotations

from typing import Any, TypeVar

from django.db.models import Q, QuerySet

from feigong.apps.accounts.sight import Sight
from feigong.apps.roll.models import (
    AreaState,
    Assignment,
    Coverage,
    MemberState,
    OrganisationState,
)
from feigong.apps.roll.models.dated import Dated, as_of
from feigong.core.roll.trees import next_path

NOTHING = Q(pk__in=[])
_FEW = 1000  # things that are named by number in a query; more are looked up within it

D = TypeVar("D", bound=Dated)


def seen_on(model: type[D], sight: Sight) -> QuerySet[D]:
    """Rows of the day and knowledge of a sight. Not restricted: for the functions of this package only."""
    return as_of(model, sight.on, sight.known_at)


def _under(sight: Sight, model: type[AreaState] | type[OrganisationState], roots: tuple[int, ...]) -> Q:
    """Rows of a tree at or below these roots, by the paths that held on the day."""
    name = model.KEY[0]
    paths = sight.paths.get((name, roots))
    if paths is None:
        rows = seen_on(model, sight).filter(**{f"{name}_id__in": roots})
        paths = sight.paths[name, roots] = tuple(rows.values_list("path", flat=True))
    condition = NOTHING
    for path in paths:
        condition |= Q(path__gte=path, path__lt=next_path(path))
    return condition


def sees_everything(sight: Sight) -> bool:
    """Whether the scope is the whole tree of areas of the day, by its root: then there is nothing to leave out."""
    if sight.scope.whole:
        return True
    if not sight.scope.areas:
        return False
    roots = _roots(sight)
    return bool(roots) and set(sight.scope.areas).issuperset(roots)


def sees_a_root(sight: Sight) -> bool:
    """Whether the scope begins where the tree of areas does."""
    return not set(_roots(sight)).isdisjoint(sight.scope.areas)


def _roots(sight: Sight) -> tuple[int, ...]:
    """Where the tree of areas begins. Where the scope lies in it is read with them: it is asked for next."""
    roots = sight.paths.get("roots")
    if roots is None:
        begins = Q(parent=None) | Q(area_id__in=sight.scope.areas)
        rows = list(seen_on(AreaState, sight).filter(begins).values_list("area_id", "parent_id", "path"))
        roots = sight.paths["roots"] = tuple(area for area, parent, _ in rows if parent is None)
        granted = (path for area, _, path in rows if area in sight.scope.areas)
        sight.paths["area", sight.scope.areas] = tuple(granted)
    return roots


def areas_seen(sight: Sight) -> QuerySet[AreaState]:
    """The areas of the scope and all below them."""
    rows = seen_on(AreaState, sight)
    return rows if sight.scope.whole else rows.filter(_under(sight, AreaState, sight.scope.areas))


def in_areas(sight: Sight) -> Q:
    """Over rows with ``area``: in the areas of the scope. By numbers that are looked up once: an index finds those."""
    return Q(area_id__in=_numbers(sight, "areas", areas_seen(sight), "area_id"))


def _numbers(sight: Sight, what: str, rows: QuerySet[Any], name: str) -> tuple[Any, ...] | QuerySet[Any]:
    """The numbers that rows name, looked up once for a sight; where they are many, the query itself.

    Conditions within conditions within conditions are what PostgreSQL plans worst: minutes, where it knows nothing yet
    of tables that have just been filled.
    """
    numbers = sight.paths.get(what)
    if numbers is None:
        found = rows.order_by(name).values_list(name, flat=True)
        numbers = sight.paths[what] = tuple(found[: _FEW + 1])
    return rows.order_by().values(name) if len(numbers) > _FEW else numbers


def organisations_led(sight: Sight) -> QuerySet[OrganisationState]:
    """The organisations granted by name, and all below them."""
    rows = seen_on(OrganisationState, sight)
    return rows.filter(_under(sight, OrganisationState, sight.scope.organisations))


def own_record(sight: Sight) -> QuerySet[MemberState]:
    return seen_on(MemberState, sight).filter(member_id=sight.scope.member or 0)


def organisations(sight: Sight) -> Q:
    """Over rows with ``organisation``: in the areas, or led, or the member's own branch."""
    scope = sight.scope
    if sees_everything(sight):
        return Q()
    condition = NOTHING
    if scope.areas:
        condition |= in_areas(sight)
    if scope.organisations:
        condition |= _under(sight, OrganisationState, scope.organisations)
    if scope.member:
        condition |= Q(organisation_id__in=own_record(sight).values("branch_id"))
    return condition


def enterprises(sight: Sight) -> Q:
    """Over rows with ``enterprise`` and ``area``.

    in the areas, covered by an organisation led, looked after, or the employer.
    """
    scope = sight.scope
    if sees_everything(sight):
        return Q()
    condition = NOTHING
    if scope.areas:
        condition |= in_areas(sight)
    if scope.organisations:
        led = organisations_led(sight).values("organisation_id")
        covered = seen_on(Coverage, sight).filter(organisation_id__in=led)
        condition |= Q(enterprise_id__in=_numbers(sight, "covered", covered, "enterprise_id"))
    if scope.worker:
        mine = seen_on(Assignment, sight).filter(worker_id=scope.worker)
        condition |= Q(enterprise_id__in=_numbers(sight, "looked after", mine, "enterprise_id"))
    if scope.member:
        employed = own_record(sight).exclude(employer=None)
        condition |= Q(enterprise_id__in=_numbers(sight, "employer", employed, "employer_id"))
    return condition
