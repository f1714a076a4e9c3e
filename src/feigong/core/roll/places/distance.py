"""Distance between two places: from coordinates, else from equal keys by a table that is data, else unknown."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise

import numpy as np
import numpy.typing as npt
from scipy.spatial import cKDTree

from feigong.core.roll.places.values import AreaKind, Place

EARTH_M = 6_371_008.8  # mean radius, IUGG


class Nearness(StrEnum):
    """What a distance was measured by."""

    POINTS = "points"
    BUILDING = "building"
    STREET = "street"
    VILLAGE = "village"
    AREA = "area"
    UNKNOWN = "unknown"


NEARNESS = tuple(Nearness)
"""Codes of arrays: ``NEARNESS[code]``."""


@dataclass(frozen=True, slots=True)
class DistanceTable:
    """Metres taken where keys are equal and coordinates are missing."""

    building_m: float
    street_step_m: float  # for each house number apart
    street_least_m: float  # two numbers of one street
    street_unnumbered_m: float  # same street, a number is missing
    village_m: float
    sub_district_m: float
    township_m: float
    park_m: float

    def area_m(self, kind: AreaKind | None) -> float | None:
        """Metres for two places of one area of a kind; ``None``: such an area gives no distance."""
        by_kind = {
            AreaKind.SUBDISTRICT: self.sub_district_m,
            AreaKind.TOWNSHIP: self.township_m,
            AreaKind.PARK: self.park_m,
        }
        return by_kind.get(kind) if kind is not None else None


@dataclass(frozen=True, slots=True)
class Distance:
    """``metres`` is None where unknown: never feasible by silence."""

    metres: float | None
    by: Nearness


def between_points(
    longitude_a: npt.ArrayLike, latitude_a: npt.ArrayLike, longitude_b: npt.ArrayLike, latitude_b: npt.ArrayLike
) -> npt.NDArray[np.float64]:
    """Great-circle metres between WGS-84 positions in degrees (haversine on the mean sphere: within 0.3 % here)."""
    x1, y1, x2, y2 = (
        np.radians(np.asarray(v, dtype=np.float64)) for v in (longitude_a, latitude_a, longitude_b, latitude_b)
    )
    h = np.sin((y2 - y1) / 2) ** 2 + np.cos(y1) * np.cos(y2) * np.sin((x2 - x1) / 2) ** 2
    metres: npt.NDArray[np.float64] = 2 * EARTH_M * np.arcsin(np.sqrt(np.minimum(h, 1.0)))
    return metres


def measure(a: Place, b: Place, table: DistanceTable, kinds: Mapping[str, AreaKind]) -> Distance:
    """The distance of two places.

    Parameters
    ----------
    a, b : Place
        In either order.
    table : DistanceTable
        Metres for equal keys.
    kinds : mapping of area code to AreaKind
        Kinds of the areas (``Gazetteer.kinds``); an area not in it gives no distance.

    Returns
    -------
    Distance
        From both points; else by the first that is equal of building, street (by house numbers), village, area of
        township level; else unknown. Two places of which only the district is known are at an unknown distance.
    """
    if a.point is not None and b.point is not None:
        metres = between_points(a.point.longitude, a.point.latitude, b.point.longitude, b.point.latitude)
        return Distance(float(metres), Nearness.POINTS)
    if a.building_key is not None and a.building_key == b.building_key:
        return Distance(table.building_m, Nearness.BUILDING)
    if a.street_key is not None and a.street_key == b.street_key:
        if a.house_number is None or b.house_number is None:
            return Distance(table.street_unnumbered_m, Nearness.STREET)
        steps = abs(a.house_number - b.house_number)
        return Distance(max(table.street_least_m, table.street_step_m * steps), Nearness.STREET)
    if a.village_key is not None and a.village_key == b.village_key:
        return Distance(table.village_m, Nearness.VILLAGE)
    if a.area is not None and a.area == b.area and len(a.area) > 6:
        known = table.area_m(kinds.get(a.area))
        if known is not None:
            return Distance(known, Nearness.AREA)
    return Distance(None, Nearness.UNKNOWN)


@dataclass(frozen=True)
class Neighbours:
    """All known distances up to a limit, as rows of a sparse matrix. Shapes: h hosts, p pairs.

    Row ``i`` is ``index[start[i]:start[i + 1]]``, sorted by (metres, index). ``by`` are codes into `NEARNESS`.
    """

    start: npt.NDArray[np.int64]  # (h + 1,)
    index: npt.NDArray[np.int32]  # (p,) into the others
    metres: npt.NDArray[np.float64]  # (p,)
    by: npt.NDArray[np.uint8]  # (p,)


@dataclass(frozen=True)
class _Columns:
    """Places as arrays: ids of keys (-1: none), house numbers (-1: none), degrees (nan: none)."""

    building: npt.NDArray[np.int64]
    street: npt.NDArray[np.int64]
    village: npt.NDArray[np.int64]
    area: npt.NDArray[np.int64]
    number: npt.NDArray[np.int64]
    longitude: npt.NDArray[np.float64]
    latitude: npt.NDArray[np.float64]
    has_point: npt.NDArray[np.bool_]
    area_m: npt.NDArray[np.float64]  # nan: this area gives no distance


def _columns(
    places: Sequence[Place], ids: dict[str, dict[str, int]], table: DistanceTable, kinds: Mapping[str, AreaKind]
) -> _Columns:
    def column(name: str, keys: Iterable[str | None]) -> npt.NDArray[np.int64]:
        known = ids.setdefault(name, {})
        return np.array([-1 if k is None else known.setdefault(k, len(known)) for k in keys], dtype=np.int64)

    metres = {p.area: table.area_m(kinds.get(p.area)) for p in places if p.area is not None and len(p.area) > 6}
    areas = [p.area if metres.get(p.area or "") is not None else None for p in places]
    nan = float("nan")
    return _Columns(
        building=column("building", (p.building_key for p in places)),
        street=column("street", (p.street_key for p in places)),
        village=column("village", (p.village_key for p in places)),
        area=column("area", areas),
        number=np.array([-1 if p.house_number is None else p.house_number for p in places], dtype=np.int64),
        longitude=np.array([nan if p.point is None else p.point.longitude for p in places], dtype=np.float64),
        latitude=np.array([nan if p.point is None else p.point.latitude for p in places], dtype=np.float64),
        has_point=np.array([p.point is not None for p in places], dtype=np.bool_),
        area_m=np.array([nan if (m := metres.get(a or "")) is None else m for a in areas], dtype=np.float64),
    )


_Pairs = tuple[npt.NDArray[np.int64], npt.NDArray[np.int64], npt.NDArray[np.float64], npt.NDArray[np.uint8]]


def _pairs(
    host: npt.NDArray[np.int64], other: npt.NDArray[np.int64], metres: npt.NDArray[np.float64], by: Nearness
) -> _Pairs:
    return host, other, metres, np.full(len(host), NEARNESS.index(by), dtype=np.uint8)


class _PointIndex:
    """Others that have points, as a tree of positions on the unit sphere."""

    def __init__(self, others: _Columns) -> None:
        self.where = np.flatnonzero(others.has_point)
        self.tree = cKDTree(self._sphere(others, self.where)) if len(self.where) else None

    @staticmethod
    def _sphere(columns: _Columns, rows: npt.NDArray[np.int64]) -> npt.NDArray[np.float64]:
        x, y = np.radians(columns.longitude[rows]), np.radians(columns.latitude[rows])
        return np.column_stack((np.cos(y) * np.cos(x), np.cos(y) * np.sin(x), np.sin(y)))

    def pairs(self, hosts: _Columns, rows: npt.NDArray[np.int64], others: _Columns, limit_m: float) -> _Pairs | None:
        rows = rows[hosts.has_point[rows]]
        if self.tree is None or not len(rows):
            return None
        # A chord a little too long, so that rounding loses nobody; the exact test follows.
        chord = 2 * np.sin(min(limit_m * (1 + 1e-9) + 1e-6, EARTH_M * np.pi) / EARTH_M / 2)
        found = self.tree.query_ball_point(self._sphere(hosts, rows), chord)
        counts = np.array([len(f) for f in found], dtype=np.int64)
        host = np.repeat(rows, counts)
        other = self.where[np.array([k for f in found for k in f], dtype=np.int64)]
        metres = between_points(
            hosts.longitude[host], hosts.latitude[host], others.longitude[other], others.latitude[other]
        )
        near = metres <= limit_m
        return _pairs(host[near], other[near], metres[near], Nearness.POINTS)


class _KeyIndex:
    """Others by one key: which share a host's."""

    def __init__(self, keys: npt.NDArray[np.int64]) -> None:
        self.order = np.argsort(keys, kind="stable")
        self.sorted = keys[self.order]

    def counts(self, keys: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
        count = np.searchsorted(self.sorted, keys, "right") - np.searchsorted(self.sorted, keys, "left")
        return np.where(keys >= 0, count, 0).astype(np.int64)

    def pairs(self, rows: npt.NDArray[np.int64], keys: npt.NDArray[np.int64]) -> tuple[npt.NDArray[np.int64], ...]:
        counts = self.counts(keys)
        ends = np.cumsum(counts)
        offset = np.arange(ends[-1] if len(ends) else 0) - np.repeat(ends - counts, counts)
        return np.repeat(rows, counts), self.order[
            np.repeat(np.searchsorted(self.sorted, keys, "left"), counts) + offset
        ]


_LEVELS = (
    ("building", Nearness.BUILDING),
    ("street", Nearness.STREET),
    ("village", Nearness.VILLAGE),
    ("area", Nearness.AREA),
)


def _level_metres(
    level: Nearness,
    a: _Columns,
    b: _Columns,
    host: npt.NDArray[np.int64],
    other: npt.NDArray[np.int64],
    table: DistanceTable,
) -> npt.NDArray[np.float64]:
    if level is Nearness.AREA:
        return a.area_m[host]
    if level is Nearness.STREET:
        m, n = a.number[host], b.number[other]
        steps = np.maximum(table.street_least_m, table.street_step_m * np.abs(m - n))
        return np.where((m < 0) | (n < 0), table.street_unnumbered_m, steps)
    return np.full(len(host), table.building_m if level is Nearness.BUILDING else table.village_m)


_BLOCK_PAIRS = 4_000_000  # pairs looked at in one go, so that memory stays bounded


def neighbours(
    hosts: Sequence[Place],
    others: Sequence[Place],
    limit_m: float,
    table: DistanceTable,
    kinds: Mapping[str, AreaKind],
    most: int | None = None,
) -> Neighbours:
    """For every host all others at a known distance of at most ``limit_m`` metres, as `measure` gives it pair by pair.

    Parameters
    ----------
    hosts, others : sequence of Place
        A place that is in both is its own neighbour.
    limit_m : float
        Metres, included.
    table, kinds
        As for `measure`.
    most : int, optional
        Keep only so many nearest of each host. Where whole townships are within the limit of each other by their area
        alone, all pairs are listed otherwise.

    Returns
    -------
    Neighbours
        Not all pairs are looked at: points by a tree, keys by groups.
    """
    ids: dict[str, dict[str, int]] = {}
    a, b = _columns(hosts, ids, table, kinds), _columns(others, ids, table, kinds)
    points = _PointIndex(b)
    indexes = {name: _KeyIndex(getattr(b, name)) for name, _ in _LEVELS}
    load = np.cumsum(sum((indexes[name].counts(getattr(a, name)) for name, _ in _LEVELS), np.full(len(hosts), 200)))
    cuts = np.searchsorted(load, np.arange(_BLOCK_PAIRS, (load[-1] if len(load) else 0) + _BLOCK_PAIRS, _BLOCK_PAIRS))
    bounds = np.unique(np.concatenate(([0], cuts, [len(hosts)])))
    parts = [
        _block(np.arange(low, high), a, b, points, indexes, limit_m, table, most)
        for low, high in pairwise(bounds.tolist())
    ]
    counts = np.concatenate([np.zeros(1, dtype=np.int64), *(p[0] for p in parts)])
    return Neighbours(
        start=np.cumsum(counts),
        index=np.concatenate([np.zeros(0, np.int32), *(p[1] for p in parts)]),
        metres=np.concatenate([np.zeros(0), *(p[2] for p in parts)]),
        by=np.concatenate([np.zeros(0, np.uint8), *(p[3] for p in parts)]),
    )


def _block(
    rows: npt.NDArray[np.int64],
    a: _Columns,
    b: _Columns,
    points: _PointIndex,
    indexes: Mapping[str, _KeyIndex],
    limit_m: float,
    table: DistanceTable,
    most: int | None,
) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int32], npt.NDArray[np.float64], npt.NDArray[np.uint8]]:
    """The rows of some hosts: how many neighbours each has, and the three columns."""
    found = [p for p in (points.pairs(a, rows, b, limit_m),) if p is not None]
    nearer: list[str] = []
    for name, level in _LEVELS:
        host, other = indexes[name].pairs(rows, getattr(a, name)[rows])
        open_ = ~(a.has_point[host] & b.has_point[other])
        for earlier in nearer:  # an equal key of a nearer kind has already settled this pair
            mine = getattr(a, earlier)[host]
            open_ &= (mine < 0) | (mine != getattr(b, earlier)[other])
        host, other = host[open_], other[open_]
        metres = _level_metres(level, a, b, host, other, table)
        near = metres <= limit_m
        found.append(_pairs(host[near], other[near], metres[near], level))
        nearer.append(name)
    host, other, metres, by = (np.concatenate([p[k] for p in found]) for k in range(4))
    order = np.lexsort((other, metres, host))
    host, other, metres, by = host[order], other[order], metres[order], by[order]
    if most is not None:
        first = np.searchsorted(host, host, "left")
        keep = np.arange(len(host)) - first < most
        host, other, metres, by = host[keep], other[keep], metres[keep], by[keep]
    counts = np.bincount(host - (rows[0] if len(rows) else 0), minlength=len(rows)).astype(np.int64)
    return counts, other.astype(np.int32), metres, by
