"""Outlines of the areas in sight, and which area a feature of a file means."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet

from feigong.apps.accounts.sight import Sight
from feigong.apps.roll.models import AreaOutline
from feigong.apps.roll.queries import restrict
from feigong.apps.roll.queries.units import areas
from feigong.core.reasons import Reason, reason
from feigong.core.roll.trees import next_path
from feigong.core.text import fold
from feigong.exchange.geojson import Feature


@dataclass(frozen=True, slots=True)
class DrawnArea:
    """An area with its outline, as the day has it. ``shape``: coordinates of a MultiPolygon."""

    area_id: int
    name: str
    code: str
    kind: str
    parent_id: int | None
    shape: Any
    outline: AreaOutline


@dataclass(frozen=True, slots=True)
class Matched:
    """A feature and the area it means. ``fault``: why it cannot be used. ``known``: it is drawn so already."""

    feature: Feature
    area_id: int | None = None
    area: str = ""
    fault: Reason | None = None
    known: bool = False


def outlines(sight: Sight) -> QuerySet[AreaOutline]:
    """Outlines of the areas in sight."""
    return restrict.seen_on(AreaOutline, sight).filter(restrict.in_areas(sight))


def drawn_areas(sight: Sight, within: int | None = None) -> list[DrawnArea]:
    """Areas in sight that have an outline, the wider before the narrower; ``within``: this one and what is below it."""
    nodes = areas(sight)
    if within is not None:
        path = nodes.filter(area_id=within).values_list("path", flat=True).first()
        if path is None:
            return []
        nodes = nodes.filter(path__gte=path, path__lt=next_path(path))
    shapes = {one.area_id: one for one in outlines(sight)}
    return [
        DrawnArea(row.area_id, row.name, row.code, row.kind, row.parent_id, json.loads(one.shape), one)
        for row in nodes
        if (one := shapes.get(row.area_id)) is not None
    ]


def match_features(sight: Sight, features: Sequence[Feature]) -> list[Matched]:
    """Which areas in sight the features of a file mean: by code, else by name."""
    by_code: dict[str, int] = {}
    by_name: dict[str, list[int]] = defaultdict(list)
    names: dict[int, str] = {}
    for area, code, name in areas(sight).values_list("area_id", "code", "name"):
        names[area] = name
        by_name[fold(name)].append(area)
        if code:
            by_code[code] = area
    shapes = dict(outlines(sight).values_list("area_id", "shape"))
    found: list[Matched] = []
    first: dict[int, int] = {}
    for feature in features:
        one = _matched(feature, by_code, by_name, names, shapes)
        if one.area_id is not None and one.area_id in first:
            twice = reason("geojson.twice", number=feature.number, name=one.area, other=first[one.area_id])
            one = Matched(feature, fault=twice)
        elif one.area_id is not None:
            first[one.area_id] = feature.number
        found.append(one)
    return found


def _matched(
    feature: Feature, by_code: dict[str, int], by_name: dict[str, list[int]], names: dict[int, str],
    shapes: dict[int, str],
) -> Matched:  # fmt: skip
    number, name = feature.number, feature.name or feature.code
    if feature.outline is None:
        return Matched(feature, fault=feature.fault)
    if not feature.code and not feature.name:
        return Matched(feature, fault=reason("geojson.no_name", number=number))
    area = next((by_code[code] for code in _codes(feature.code) if code in by_code), None)
    if area is None:
        named = by_name.get(feature.name, [])
        if len(named) > 1:
            return Matched(feature, fault=reason("geojson.many_areas", number=number, name=name, found=len(named)))
        if not named:
            return Matched(feature, fault=reason("geojson.no_area", number=number, name=name))
        area = named[0]
    return Matched(feature, area, names[area], known=shapes.get(area) == feature.outline.text())


def _codes(code: str) -> Iterable[str]:
    """A code as written, and without the zeros by which longer ones are filled up."""
    yield code
    for length in (9, 6):
        if len(code) > length and code.isdigit() and not code[length:].strip("0"):
            yield code[:length]
