"""Rings of polygons on the ground: do they cross themselves, how large are they, which points can be left out."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from math import cos, radians, sqrt
from typing import Final

import numpy as np
import numpy.typing as npt

Pair = tuple[float, float]  # longitude, latitude
Ring = tuple[Pair, ...]
Points = npt.NDArray[np.float64]

METRES_A_DEGREE: Final = 111_320.0
TOLERANCE_M: Final = 5.0  # what lies nearer to the line than this is left out
MOST_DRAWN: Final = 300  # points of one outline on a page
_DIGITS: Final = 6


def in_metres(ring: Sequence[Pair]) -> Points:
    """East and north of the ring's first point: true enough within a district."""
    points = np.array(ring, dtype=np.float64)
    scale = np.array([METRES_A_DEGREE * cos(radians(float(points[0, 1]))), METRES_A_DEGREE])
    metres: Points = (points - points[0]) * scale
    return metres


def square_metres(ring: Ring) -> float:
    x, y = in_metres(ring).T
    return abs(float(np.sum(x[:-1] * y[1:] - x[1:] * y[:-1]))) / 2


def inside_ring(point: Pair, ring: Ring) -> bool:
    """By the number of sides to the right of it."""
    x, y = point
    found = False
    for (ax, ay), (bx, by) in pairwise(ring):
        if (ay > y) != (by > y) and x < (bx - ax) * (y - ay) / (by - ay) + ax:
            found = not found
    return found


def crossing(ring: Ring) -> Pair | None:
    """A place where a closed ring crosses itself, or runs back along itself; touching itself at a point is no crossing.

    Sides are swept from west to east: each is compared with those only that begin before it ends.
    """
    points = in_metres(ring)
    count = len(points) - 1
    begins, ends = np.minimum(points[:-1, 0], points[1:, 0]), np.maximum(points[:-1, 0], points[1:, 0])
    order = np.argsort(begins, kind="stable")
    sorted_begins = begins[order]
    last = np.searchsorted(sorted_begins, ends[order], side="right")
    for at in range(count):
        one, others = int(order[at]), order[at + 1 : last[at]]
        others = others[(np.abs(others - one) != 1) & (np.abs(others - one) != count - 1)]
        if not len(others):
            continue
        hit = _hits(points[one], points[one + 1], points[others], points[others + 1])
        if hit.any():
            return _meeting(ring, one, int(others[int(np.argmax(hit))]))
    return None


def _cross(a: Points, b: Points) -> Points:
    found: Points = a[..., 0] * b[..., 1] - a[..., 1] * b[..., 0]
    return found


def _hits(a: Points, b: Points, c: Points, d: Points) -> npt.NDArray[np.bool_]:
    """Whether the side from a to b crosses those from c to d, or lies on them along a stretch."""
    this, those = b - a, d - c
    left, right = _cross(this, c - a), _cross(this, d - a)
    before, after = _cross(those, a - c), _cross(those, b - c)
    proper = (left * right < 0) & (before * after < 0)
    length = float(this @ this) or 1.0
    low, high = ((c - a) @ this) / length, ((d - a) @ this) / length
    shared = np.minimum(1.0, np.maximum(low, high)) - np.maximum(0.0, np.minimum(low, high))
    found: npt.NDArray[np.bool_] = proper | ((left == 0) & (right == 0) & (shared > 1e-9))
    return found


def _meeting(ring: Ring, one: int, other: int) -> Pair:
    """Where two sides meet; of sides that lie on each other, where the second begins."""
    (ax, ay), (bx, by), (cx, cy), (dx, dy) = ring[one], ring[one + 1], ring[other], ring[other + 1]
    below = (bx - ax) * (dy - cy) - (by - ay) * (dx - cx)
    if not below:
        return cx, cy
    share = ((cx - ax) * (dy - cy) - (cy - ay) * (dx - cx)) / below
    return ax + share * (bx - ax), ay + share * (by - ay)


def light(polygons: Sequence[Sequence[Ring]]) -> tuple[tuple[Ring, ...], ...]:
    """The same polygons with few enough points for a page: the smallest islands go first, the largest one stays."""
    reach = sqrt(max(square_metres(rings[0]) for rings in polygons)) / 2
    tolerance = min(TOLERANCE_M, reach / 10)
    while True:
        made = [tuple(_light_rings(polygon, tolerance)) for polygon in polygons]
        found = sorted((rings for rings in made if rings), key=lambda rings: -square_metres(rings[0]))
        if _count(found) <= MOST_DRAWN:
            return tuple(found)
        if tolerance * 1.5 > reach:
            break
        tolerance *= 1.5
    while len(found) > 1 and _count(found) > MOST_DRAWN:
        found.pop()
    return tuple(found)


def _count(polygons: Sequence[Sequence[Ring]]) -> int:
    return sum(len(ring) for rings in polygons for ring in rings)


def _light_rings(rings: Sequence[Ring], tolerance: float) -> list[Ring]:
    """The outer ring and its holes; nothing where the outer ring is smaller than what may be left out."""
    outer = _light_ring(rings[0], tolerance)
    if outer is None:
        return []
    return [outer, *(hole for ring in rings[1:] if (hole := _light_ring(ring, tolerance)) is not None)]


def _light_ring(ring: Ring, tolerance: float) -> Ring | None:
    """Simplified as far as it does not cross itself by it."""
    if square_metres(ring) < tolerance * tolerance:
        return None
    points = in_metres(ring)
    while tolerance > 0.1:
        kept = _rounded(tuple(ring[i] for i in _kept(points, tolerance)))
        if len(kept) > 3 and crossing(kept) is None:
            return kept
        tolerance /= 2
    return _rounded(ring)


def _rounded(ring: Ring) -> Ring:
    pairs = [(round(x, _DIGITS), round(y, _DIGITS)) for x, y in ring]
    kept = [a for a, b in pairwise(pairs) if a != b]
    return (*kept, kept[0]) if len(kept) > 2 else ring


def _kept(points: Points, tolerance: float) -> list[int]:
    """Indexes of the points that stay (Douglas and Peucker), of the two halves between the first point and the one
    farthest from it."""
    last = len(points) - 1
    far = int(np.argmax(np.hypot(*(points - points[0]).T)))
    keep = {0, far, last}
    stack = [(0, far), (far, last)]
    while stack:
        first, end = stack.pop()
        if end - first < 2:
            continue
        away = _away(points[first + 1 : end], points[first], points[end])
        most = int(np.argmax(away))
        if away[most] > tolerance:
            middle = first + 1 + most
            keep.add(middle)
            stack += [(first, middle), (middle, end)]
    return sorted(keep)


def _away(points: Points, a: Points, b: Points) -> Points:
    """Distances from the stretch between a and b."""
    side = b - a
    length = float(side @ side)
    share = np.clip(((points - a) @ side) / length, 0, 1) if length else np.zeros(len(points))
    away: Points = np.hypot(*(points - a - share[:, None] * side).T)
    return away
