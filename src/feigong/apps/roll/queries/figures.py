"""Figures of areas. Each is a number of rows, and says which list, asked how, opens them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.db.models import Count, Q, QuerySet

from feigong.apps.accounts.sight import Sight
from feigong.apps.roll.models import EnterpriseState, MemberState
from feigong.apps.roll.queries import people, units
from feigong.core.roll.trees import next_path, nodes_of


@dataclass(frozen=True, slots=True)
class Figure:
    """``n`` rows of the list of ``kind`` (a `RecordKind`), asked with ``params``."""

    n: int
    kind: str
    params: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class AreaFigures:
    """What is in an area and all below it."""

    area: int
    name: str
    parent: int | None
    enterprises: Figure
    with_organisation: Figure
    without_organisation: Figure
    members: Figure  # employed there


def counts_by_area(sight: Sight) -> list[AreaFigures]:
    """For every area in sight, in the order of the tree. Five queries, whatever there is."""
    rows = list(units.areas(sight).values_list("area_id", "name", "parent_id", "path"))
    paths = {area: path for area, _, _, path in rows}
    firms = units.enterprises(sight).order_by()
    all_ = _summed(firms.values_list("area_id").annotate(n=Count("pk")), paths)
    covered = _summed(firms.filter(units.is_covered(sight)).values_list("area_id").annotate(n=Count("pk")), paths)
    members = _summed(_employed_by_area(sight, firms), paths)
    found = []
    for area, name, parent, _ in rows:
        here = {"area": str(area)}
        found.append(
            AreaFigures(
                area, name, parent,
                enterprises=Figure(all_[area], "enterprise", here),
                with_organisation=Figure(covered[area], "enterprise", {**here, "covered": "yes"}),
                without_organisation=Figure(all_[area] - covered[area], "enterprise", {**here, "covered": "no"}),
                members=Figure(members[area], "member", here),
            )
        )  # fmt: skip
    return found


def in_area(sight: Sight, area: int) -> Q:
    """Over rows with ``area``: in this one or below it. An area out of sight holds nothing."""
    path = units.areas(sight).filter(area_id=area).values_list("path", flat=True).first()
    if path is None:
        return Q(pk__in=[])
    below = units.areas(sight).filter(path__gte=path, path__lt=next_path(path))
    return Q(area_id__in=below.order_by().values("area_id"))


def employed_in(sight: Sight, area: int) -> QuerySet[MemberState]:
    """Members whose employer is in this area or below it."""
    firms = units.enterprises(sight).filter(in_area(sight, area)).order_by()
    return people.members(sight).filter(employer_id__in=firms.values("enterprise_id"))


def _employed_by_area(sight: Sight, firms: QuerySet[EnterpriseState]) -> Iterable[tuple[int, int]]:
    employed = people.members(sight).exclude(employer=None).order_by()
    counts = dict(employed.values_list("employer_id").annotate(n=Count("pk")))
    where = firms.values_list("enterprise_id", "area_id") if counts else ()
    return [(area, counts[firm]) for firm, area in where if firm in counts]


def _summed(counts: Iterable[tuple[int, int]], paths: Mapping[int, str]) -> Counter[int]:
    """Added up along the tree, as far as it is in sight."""
    found: Counter[int] = Counter()
    for area, n in counts:
        for node in nodes_of(paths.get(area, "")):
            found[node] += n
    return found
