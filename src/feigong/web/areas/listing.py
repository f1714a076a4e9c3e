"""The tree of areas: how much is in each, how much of it is covered."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Q

from feigong.apps.accounts.roles import Permission
from feigong.apps.roll import queries
from feigong.core.roll.trees import nodes_of
from feigong.web.lists.spec import Ask
from feigong.web.lists.trees import TreeSpec


def _summed(counts: Mapping[int, int], paths: Mapping[int, str]) -> Counter[int]:
    """Of each area with all below it."""
    summed: Counter[int] = Counter()
    for area, number in counts.items():
        for node in nodes_of(paths.get(area, "")):
            summed[node] += number
    return summed


_STANDING = ("active", "dormant")
_OPEN = "".join(f"&standing={one}" for one in _STANDING)  # those closed are no longer anybody's to cover


@dataclass(frozen=True, slots=True)
class Units:
    """Enterprises of an area itself that are somebody's to cover."""

    area: int
    number: int
    covered: int
    unlocated: int  # without a point on the map


def units(ask: Ask) -> list[Units]:
    """For each area that has some."""
    if "units" not in ask.kept:
        rows = queries.enterprises(ask.sight).filter(standing__in=_STANDING).order_by().values_list("area_id")
        covered = Count("pk", filter=queries.is_covered(ask.sight))
        lost = Count("pk", filter=Q(longitude=None) | Q(latitude=None))
        ask.kept["units"] = [Units(*row) for row in rows.annotate(n=Count("pk"), covered=covered, lost=lost)]
    found: list[Units] = ask.kept["units"]
    return found


def covered_with_below(ask: Ask) -> Counter[int]:
    """For each area, with all below it: enterprises covered."""
    rows = queries.enterprises(ask.sight).filter(queries.is_covered(ask.sight), standing__in=_STANDING).order_by()
    counts = dict(rows.values_list("area_id").annotate(n=Count("pk")))
    paths = dict(queries.areas(ask.sight).filter(area_id__in=counts).order_by().values_list("area_id", "path"))
    return _summed(counts, paths)


def coverage_figures(nodes: Sequence[Any], ask: Ask) -> dict[int, tuple[tuple[float | None, str], ...]]:
    """Enterprises, those covered and not, the share, and organisations; each number opens its list."""
    rows = [(one.area, one.number, one.covered) for one in units(ask)]
    places = dict(queries.organisations(ask.sight).order_by().values_list("area_id").annotate(n=Count("pk")))
    used = {area for area, _, _ in rows} | set(places)
    paths = dict(queries.areas(ask.sight).filter(area_id__in=used).order_by().values_list("area_id", "path"))
    total = _summed({area: n for area, n, _ in rows}, paths)
    reached = _summed({area: n for area, _, n in rows}, paths)
    organisations = _summed(places, paths)
    found: dict[int, tuple[tuple[float | None, str], ...]] = {}
    for node in nodes:
        one = node.area_id
        share = reached[one] / total[one] if total[one] else None
        found[one] = (
            (total[one], f"area={one}{_OPEN}"),
            (reached[one], f"area={one}&covered=yes{_OPEN}"),
            (total[one] - reached[one], f"area={one}&covered=no{_OPEN}"),
            (share, ""),
            (organisations[one], f"area={one}"),
        )
    return found


SPEC = TreeSpec(
    code="areas",
    permission=Permission.ROLL_VIEW,
    rows=lambda ask: queries.areas(ask.sight),
    key="area_id",
    parent="parent_id",
    family="area_kind",
    headings=(
        ("web.areas.enterprises", "enterprises:list"),
        ("web.areas.covered", "enterprises:list"),
        ("web.areas.uncovered", "enterprises:list"),
        ("web.areas.share", ""),
        ("web.areas.organisations", "organisations:list"),
    ),
    figures=coverage_figures,
    detail="areas:detail",
    coded=True,
)
