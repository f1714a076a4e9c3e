"""The invented outlines of the invented towns: every place belongs to the nearest town, borders between them wander."""

from __future__ import annotations

import json
from collections.abc import Callable
from itertools import pairwise
from math import cos, hypot, pi, radians, sin

from feigong.exchange.demo.places import (
    CITY,
    DISTRICT,
    DISTRICT_CODE,
    METRES_A_DEGREE,
    ORIGIN,
    TOWNS,
    town_code,
)

XY = tuple[float, float]
_MIDDLE, _RADIUS = (0.0, 800.0), 12_500.0  # metres: the district round its towns
_CORNERS = 14
_STEP = 400.0  # metres between the bends of a border
_SWAY = 130.0


def demo_outlines() -> str:
    """The district and its towns as GeoJSON."""
    edge = [_corner(k) for k in range(_CORNERS)]
    shapes = [(DISTRICT, DISTRICT_CODE, edge)]
    shapes += [(name, town_code(i), _cell(i, edge)) for i, (name, _, _) in enumerate(TOWNS)]
    features = [
        {"type": "Feature", "properties": {"name": name, "code": code, "city": CITY},
         "geometry": {"type": "Polygon", "coordinates": [_ring(corners, edge)]}}
        for name, code, corners in shapes
    ]  # fmt: skip
    return json.dumps({"type": "FeatureCollection", "features": features}, ensure_ascii=False)


def _corner(k: int) -> XY:
    far = _RADIUS * (1 + 0.08 * sin(2.3 * k))
    angle = 2 * pi * k / _CORNERS
    return _MIDDLE[0] + far * cos(angle), _MIDDLE[1] + far * sin(angle)


def _cell(town: int, edge: list[XY]) -> list[XY]:
    """The part of the district that is nearer to this town than to any other: half-planes cut off one by one."""
    _, x, y = TOWNS[town]
    cell = edge
    for other, (_, ox, oy) in enumerate(TOWNS):
        if other != town:
            middle, away = ((x + ox) / 2, (y + oy) / 2), (ox - x, oy - y)
            cell = _cut(cell, lambda p, m=middle, a=away: (p[0] - m[0]) * a[0] + (p[1] - m[1]) * a[1])  # type: ignore[misc]
    return cell


def _cut(corners: list[XY], beyond: Callable[[XY], float]) -> list[XY]:
    kept: list[XY] = []
    for a, b in pairwise([*corners, corners[0]]):
        here, there = beyond(a), beyond(b)
        if here <= 0:
            kept.append(a)
        if (here < 0 < there) or (there < 0 < here):
            share = here / (here - there)
            kept.append((a[0] + share * (b[0] - a[0]), a[1] + share * (b[1] - a[1])))
    return kept


def _ring(corners: list[XY], edge: list[XY]) -> list[list[float]]:
    """In degrees, closed. Both neighbours bend a border in the same way, the district's own is straight."""
    points: list[XY] = []
    for a, b in pairwise([*corners, corners[0]]):
        first, last = sorted((a, b))
        between = [] if _on_edge(a, b, edge) else _bends(first, last)
        points += [a, *(between if first == a else reversed(between))]
    scale = METRES_A_DEGREE * cos(radians(ORIGIN[1]))
    ring = [[round(ORIGIN[0] + x / scale, 6), round(ORIGIN[1] + y / METRES_A_DEGREE, 6)] for x, y in points]
    return [*ring, ring[0]]


def _on_edge(a: XY, b: XY, edge: list[XY]) -> bool:
    """Whether both ends lie on one side of the district."""
    for p, q in pairwise([*edge, edge[0]]):
        length = hypot(q[0] - p[0], q[1] - p[1])
        if all(abs((q[0] - p[0]) * (s[1] - p[1]) - (q[1] - p[1]) * (s[0] - p[0])) < length for s in (a, b)):
            return True
    return False


def _bends(first: XY, last: XY) -> list[XY]:
    length = hypot(last[0] - first[0], last[1] - first[1])
    count = int(length / _STEP)
    if count < 2:
        return []
    east, north = (last[0] - first[0]) / length, (last[1] - first[1]) / length
    found = []
    for k in range(1, count):
        along = length * k / count
        aside = _SWAY * sin(pi * k / count) * sin(0.011 * along + 0.003 * (first[0] + first[1]))
        found.append((first[0] + east * along - north * aside, first[1] + north * along + east * aside))
    return found
