"""Targets as one may see them on a day, and whose one may set."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db.models import Q, QuerySet

from feigong.apps.accounts.sight import Sight
from feigong.apps.roll import queries as roll
from feigong.apps.roll.models.dated import as_of, known
from feigong.apps.roll.queries import restrict
from feigong.apps.targets.models import Target
from feigong.core.coverage.targets import Measure
from feigong.core.errors import FeigongError
from feigong.exchange.targets_file import load_measures


@dataclass(frozen=True, slots=True)
class Standing:
    """A target that stands. ``version``: which the next change must name."""

    value: int
    version: int


@dataclass(frozen=True, slots=True)
class Stretch:
    """A target over a time, and the record that set it."""

    value: int
    first: date
    end: date


def measures(sight: Sight) -> tuple[Measure, ...]:
    """Those that one may follow."""
    return tuple(one for one in load_measures() if sight.members or not one.members)


def measure_of(sight: Sight, code: str) -> Measure:
    """One of them; ``error.targets.measure``."""
    for one in load_measures():
        if one.code == code and (sight.members or not one.members):
            return one
    raise FeigongError("error.targets.measure", found=code[:40])


def targets(sight: Sight) -> QuerySet[Target]:
    """Targets of areas in sight, as they stood on the day."""
    return as_of(Target, sight.on, sight.known_at).filter(restrict.in_areas(sight)).order_by("area_id", "pk")


def settable(sight: Sight) -> QuerySet[Target]:
    """Those one may set: of areas below one's own (of the uppermost one by who has it), and of industries in them."""
    return targets(sight).filter(Q(area_id__in=settable_areas(sight)) | ~Q(industry=""))


def settable_areas(sight: Sight) -> frozenset[int]:
    """An area's own target is set by whoever stands above it; the root's by whoever has it."""
    above = dict(roll.areas(sight).order_by().values_list("area_id", "parent_id"))
    return frozenset(area for area, parent in above.items() if parent is None or parent in above)


def standing(sight: Sight, year: int, measure: str, industry_of: int | None = None) -> dict[int | str, Standing]:
    """Targets by area; of one area by industry where ``industry_of`` names it."""
    rows = targets(sight).filter(year=year, measure=measure)
    rows = rows.filter(industry="") if industry_of is None else rows.filter(area_id=industry_of).exclude(industry="")
    key = "area_id" if industry_of is None else "industry"
    return {one: Standing(value, pk) for one, value, pk in rows.values_list(key, "value", "pk")}


def of_area(sight: Sight, year: int, area: int) -> dict[str, Standing]:
    """Targets of one area by measure."""
    rows = targets(sight).filter(year=year, area_id=area, industry="")
    return {measure: Standing(value, pk) for measure, value, pk in rows.values_list("measure", "value", "pk")}


def of_area_with_industries(sight: Sight, year: int, area: int) -> QuerySet[Target]:
    """Targets of one area and of industries in it, of what one may follow."""
    rows = targets(sight).filter(year=year, area_id=area, measure__in=[one.code for one in measures(sight)])
    return rows.order_by("measure", "industry")


def own(sight: Sight, year: int) -> dict[int, set[str]]:
    """Measures that the areas of the scope itself have targets for, by area."""
    rows = as_of(Target, sight.on, sight.known_at).filter(area_id__in=sight.scope.areas, year=year, industry="")
    found: dict[int, set[str]] = {}
    for area, measure in rows.order_by("area_id").values_list("area_id", "measure"):
        found.setdefault(area, set()).add(measure)
    return found


def stretches(sight: Sight, year: int, area: int, measure: str) -> list[Stretch]:
    """How the target of an area changed, the latest first."""
    if not roll.areas(sight).filter(area_id=area).exists():
        raise FeigongError("error.not_found")
    rows = known(Target, sight.known_at).filter(area_id=area, year=year, measure=measure, industry="")
    return [Stretch(*row) for row in rows.order_by("-valid_from").values_list("value", "valid_from", "valid_to")]
