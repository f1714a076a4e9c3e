"""Outlines of areas from GeoJSON: read, checked feature by feature, brought to WGS-84, made light enough for pages.

A file that is no GeoJSON at all is a `FeigongError`; what is wrong with one feature is a `Reason` that names the
feature, the ring and the mend, and the other features are still read.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import isfinite
from typing import Any, Final

import numpy as np

from feigong.core.errors import FeigongError
from feigong.core.reasons import Reason, reason
from feigong.core.roll.places.coordinates import PointState, state_of, to_wgs84
from feigong.core.roll.places.values import Datum
from feigong.core.text import fold
from feigong.exchange.rings import Pair, Ring, crossing, in_metres, inside_ring, light, square_metres

MOST_BYTES: Final = 20_000_000
MOST_FEATURES: Final = 2_000
MOST_RINGS: Final = 2_000
MOST_POINTS: Final = 100_000  # of one outline as handed in
LEAST_EXTENT: Final = 1.0  # square metres
_CODES: Final = ("code", "adcode", "area_code", "代码", "区划代码", "行政区划代码", "统计用区划代码", "xzqdm", "pac")
_NAMES: Final = ("name", "名称", "区划名称", "行政区名称", "xzqmc", "乡镇", "街道", "乡镇街道")
_DEGREES: Final = ("CRS84", "EPSG:4326", "EPSG::4326", "EPSG:4490", "EPSG::4490")
_CLOSED_M: Final = 0.01  # a first and a last point nearer than this are one

Polygon = tuple[Ring, ...]  # the outer ring, then holes; each begins and ends at the same point


@dataclass(frozen=True, slots=True)
class Outline:
    """Polygons in WGS-84 with six digits (a tenth of a metre). ``extent``: square metres."""

    polygons: tuple[Polygon, ...]
    extent: int

    @property
    def points(self) -> int:
        return sum(len(ring) - 1 for polygon in self.polygons for ring in polygon)

    def text(self) -> str:
        """As it is kept: the coordinates of a MultiPolygon."""
        return json.dumps(self.polygons, separators=(",", ":"))


@dataclass(frozen=True, slots=True)
class Feature:
    """One feature of a file, by its number from 1. ``fault``: why it has no outline."""

    number: int
    code: str
    name: str
    outline: Outline | None
    fault: Reason | None = None


class _Fault(Exception):  # noqa: N818  (carries a reason to the feature it is about)
    def __init__(self, code: str, **params: Any) -> None:
        self.code, self.params = code, params
        super().__init__(code)


def read_geojson(data: bytes, datum: Datum = Datum.WGS84) -> list[Feature]:
    """The features of a file whose coordinates are in ``datum``.

    Raises
    ------
    FeigongError
        ``error.geojson.size``, ``.not_json``, ``.not_features``, ``.empty``, ``.many``, ``.crs``.
    """
    document = _document(data)
    features = _features(document)
    crs = str(_dig(document, "crs", "properties", "name") or "")
    if crs and not crs.upper().endswith(_DEGREES):
        raise FeigongError("error.geojson.crs", found=crs[:60])
    return [_feature(number, found, datum) for number, found in enumerate(features, 1)]


def outline_of(coordinates: Any) -> Outline | Reason:
    """The outline that coordinates of a MultiPolygon in WGS-84 make as they are, or what is wrong with them."""
    try:
        return _made(_checked({"type": "MultiPolygon", "coordinates": coordinates}, Datum.WGS84))
    except _Fault as fault:
        return reason(fault.code, number=1, name="", **fault.params)


def _document(data: bytes) -> Mapping[str, Any]:
    if len(data) > MOST_BYTES:
        raise FeigongError("error.geojson.size", most=MOST_BYTES // 1_000_000)
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            found = json.loads(data.decode(encoding))
            break
        except UnicodeDecodeError:
            continue
        except (ValueError, RecursionError) as fault:
            raise FeigongError("error.geojson.not_json") from fault
    else:
        raise FeigongError("error.geojson.not_json")
    if not isinstance(found, dict):
        raise FeigongError("error.geojson.not_features")
    return found


def _features(document: Mapping[str, Any]) -> Sequence[Any]:
    if document.get("type") == "Feature":
        return [document]
    found = document.get("features")
    if document.get("type") != "FeatureCollection" or not isinstance(found, list):
        raise FeigongError("error.geojson.not_features")
    if not found:
        raise FeigongError("error.geojson.empty")
    if len(found) > MOST_FEATURES:
        raise FeigongError("error.geojson.many", found=len(found), most=MOST_FEATURES)
    return found


def _dig(found: Any, *names: str) -> Any:
    for name in names:
        found = found.get(name) if isinstance(found, dict) else None
    return found


def _feature(number: int, found: Any, datum: Datum) -> Feature:
    properties = _dig(found, "properties")
    given = {str(k).lower(): v for k, v in properties.items()} if isinstance(properties, dict) else {}
    code, name = _said(given, _CODES), _said(given, _NAMES)
    try:
        outline = _made(light(_checked(_dig(found, "geometry"), datum)))
    except _Fault as fault:
        return Feature(number, code, name, None, reason(fault.code, number=number, name=name or code, **fault.params))
    return Feature(number, code, name, outline)


def _said(given: Mapping[str, Any], names: Sequence[str]) -> str:
    for name in names:
        value = given.get(name)
        if isinstance(value, str | int) and not isinstance(value, bool) and fold(str(value)):
            return fold(str(value))[:80]
    return ""


def _made(polygons: Sequence[Polygon]) -> Outline:
    return Outline(tuple(polygons), max(1, round(sum(_extent(polygon) for polygon in polygons))))


def _checked(geometry: Any, datum: Datum) -> list[Polygon]:
    kind, coordinates = _dig(geometry, "type"), _dig(geometry, "coordinates")
    if kind not in ("Polygon", "MultiPolygon"):
        raise _Fault("geojson.not_polygon", found=str(kind or "")[:40])
    polygons = [coordinates] if kind == "Polygon" else coordinates
    rings = [list(_rings(polygon)) for polygon in _list(polygons, "geojson.no_rings")]
    if not any(rings):
        raise _Fault("geojson.no_rings")
    if sum(map(len, rings)) > MOST_RINGS:
        raise _Fault("geojson.many_rings", most=MOST_RINGS)
    if sum(len(ring) for polygon in rings for ring in polygon) > MOST_POINTS:
        raise _Fault("geojson.many_points", most=MOST_POINTS)
    checked: list[Polygon] = []
    number = 0
    for polygon in rings:
        own: list[Ring] = []
        for ring in polygon:
            number += 1
            own.append(_ring(number, ring, datum))
        _check_holes(own, number - len(own) + 1)
        checked.append(tuple(own))
    return checked


def _list(found: Any, code: str) -> list[Any]:
    if not isinstance(found, list) or not found:
        raise _Fault(code)
    return found


def _rings(polygon: Any) -> Iterator[list[Any]]:
    for ring in _list(polygon, "geojson.no_rings"):
        yield _list(ring, "geojson.no_rings")


def _pair(number: int, found: Any) -> Pair:
    right = isinstance(found, list) and len(found) >= 2 and all(type(v) in (int, float) for v in found[:2])
    if not right or not all(abs(v) < 1e12 and isfinite(v) for v in found[:2]):
        raise _Fault("geojson.not_numbers", ring=number, found=json.dumps(found, ensure_ascii=False)[:40])
    return float(found[0]), float(found[1])


def _ring(number: int, found: Sequence[Any], datum: Datum) -> Ring:
    """Checked as it was drawn, then in WGS-84. Points given twice in a row are one."""
    pairs = [_pair(number, one) for one in found]
    for longitude, latitude in pairs:
        state = state_of(longitude, latitude)
        if state is not PointState.FINE:
            raise _Fault(f"geojson.{state.value}", ring=number, x=f"{longitude:.6g}", y=f"{latitude:.6g}")
    ring = tuple(_placed(pair, datum) for pair in pairs)
    metres = in_metres(ring)
    apart = float(np.hypot(*(metres[0] - metres[-1])))
    if len(ring) < 2 or apart > _CLOSED_M:
        raise _Fault("geojson.unclosed", ring=number, metres=max(1, round(apart)))
    kept = [a for a, b in pairwise(ring[:-1]) if a != b]
    kept += [ring[-2]] if ring[-2] != ring[0] or not kept else []
    if len(kept) < 3:
        raise _Fault("geojson.few_points", ring=number, found=len(kept))
    ring = (*kept, kept[0])
    if (at := crossing(ring)) is not None:
        raise _Fault("geojson.crosses", ring=number, x=f"{at[0]:.5f}", y=f"{at[1]:.5f}")
    if square_metres(ring) < LEAST_EXTENT:
        raise _Fault("geojson.no_extent", ring=number)
    return ring


def _placed(pair: Pair, datum: Datum) -> Pair:
    point = to_wgs84(*pair, datum)
    return point.longitude, point.latitude


def _check_holes(rings: Sequence[Ring], first: int) -> None:
    for number, hole in enumerate(rings[1:], first + 1):
        if not any(inside_ring(point, rings[0]) for point in hole):
            raise _Fault("geojson.hole_outside", ring=number)


def _extent(polygon: Polygon) -> float:
    return square_metres(polygon[0]) - sum(square_metres(hole) for hole in polygon[1:])
