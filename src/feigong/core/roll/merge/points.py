"""Coordinates as tables have them: read, judged, used or reported."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace
from statistics import median
from typing import Final

from feigong.core.roll.merge.headers import Shape
from feigong.core.roll.places.coordinates import Box, PointState, state_of, to_wgs84, usual_box
from feigong.core.roll.places.values import Datum, Place, Point
from feigong.core.text import fold

_DECIMALS: Final = 7
_LEAST_POINTS: Final = 3
_REACH: Final = 2.0  # degrees around the middle of a few points: no district reaches farther
_DEGREE: Final = re.compile(r"-?\d+(?:\.\d+)?")
_SEXAGESIMAL: Final = re.compile(r"(\d{1,3})[°度]\s*(\d{1,2})[′'分]\s*(\d{1,2}(?:\.\d+)?)?[″\"秒]?")
_DATUMS: Final = (
    ("gcj", Datum.GCJ02), ("火星", Datum.GCJ02), ("高德", Datum.GCJ02), ("腾讯", Datum.GCJ02), ("amap", Datum.GCJ02),
    ("bd09", Datum.BD09), ("bd-09", Datum.BD09), ("百度", Datum.BD09), ("baidu", Datum.BD09),
    ("wgs", Datum.WGS84), ("gps", Datum.WGS84), ("天地图", Datum.CGCS2000), ("cgcs", Datum.CGCS2000),
    ("2000", Datum.CGCS2000),
)  # fmt: skip


def datum_of(shape: Shape, usual: Datum) -> Datum:
    """The datum a header of coordinates names, else the usual one."""
    for meaning in ("longitude", "latitude", "point"):
        for index in shape.mapped.columns.get(meaning, ()):
            header = fold(shape.labels[index]).lower()
            for word, datum in _DATUMS:
                if word in header:
                    return datum
    return usual


def _degrees(text: str) -> list[float]:
    if parts := _SEXAGESIMAL.findall(text):
        return [int(d) + int(m) / 60 + float(s or 0) / 3600 for d, m, s in parts]
    return [float(n) for n in _DEGREE.findall(text)]


def read_position(position: tuple[str, str]) -> tuple[float, float] | None:
    """Longitude and latitude as written, from two cells or one; ``None`` where there are no two numbers."""
    try:
        found = [n for text in position for n in _degrees(fold(text))]
    except ValueError:
        return None
    return (found[0], found[1]) if len(found) == 2 else None


def rounded(place: Place) -> Place:
    """The place with its point to seven decimals (a centimetre), so that a file with numbers gives back the same."""
    if place.point is None:
        return place
    point = Point(round(place.point.longitude, _DECIMALS), round(place.point.latitude, _DECIMALS))
    return replace(place, point=point)


def judge(pair: tuple[float, float], datum: Datum) -> tuple[Point | None, str]:
    """The point in WGS-84, or the code of what is wrong with the two numbers."""
    if pair[0] == 0 or pair[1] == 0:
        return None, "merge.point_zero"
    match state_of(*pair):
        case PointState.FINE:
            return to_wgs84(*pair, datum), ""
        case PointState.SWAPPED:
            return None, "merge.point_swapped"
        case PointState.PROJECTED:
            return None, "merge.point_projected"
        case _:
            return None, "merge.point_outside_china"


def expected_box(points: Iterable[Point]) -> Box | None:
    """Where a district's points are expected: by most of them, or, where they are few, around the middle one."""
    known = list(points)
    box = usual_box(known)
    if box is not None or len(known) < _LEAST_POINTS:
        return box
    middle = Point(median(p.longitude for p in known), median(p.latitude for p in known))
    return Box(middle.longitude - _REACH, middle.latitude - _REACH, middle.longitude + _REACH, middle.latitude + _REACH)
