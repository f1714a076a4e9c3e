"""GeoJSON as it is handed in: what is right is kept to its shape, what is wrong is named with its mend."""

from __future__ import annotations

import json
from fractions import Fraction
from itertools import pairwise
from math import cos, hypot, pi, radians, sin
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feigong.core.errors import FeigongError
from feigong.core.reasons import Reason
from feigong.core.roll.places.coordinates import from_wgs84
from feigong.core.roll.places.values import Datum, Point
from feigong.exchange.geojson import Feature, Outline, outline_of, read_geojson
from feigong.exchange.rings import MOST_DRAWN, crossing, square_metres
from feigong.wording import LANGUAGES, Words

SQUARE = [[123.6, 30.6], [123.61, 30.6], [123.61, 30.61], [123.6, 30.61], [123.6, 30.6]]
HOLE = [[123.602, 30.602], [123.602, 30.604], [123.604, 30.604], [123.604, 30.602], [123.602, 30.602]]


def feature(*rings: Any, kind: str = "Polygon", **properties: Any) -> dict[str, Any]:
    coordinates = list(rings) if kind == "Polygon" else [list(rings)]
    return {"type": "Feature", "properties": properties, "geometry": {"type": kind, "coordinates": coordinates}}


def read(*features: Any, datum: Datum = Datum.WGS84, **more: Any) -> list[Feature]:
    document = {"type": "FeatureCollection", "features": list(features), **more}
    return read_geojson(json.dumps(document, ensure_ascii=False).encode(), datum)


def outline(found: Feature) -> Outline:
    assert found.fault is None
    assert found.outline is not None
    return found.outline


def fault(*rings: Any, **more: Any) -> tuple[str, Any]:
    """Code and ring of what is wrong with a feature."""
    [found] = read(feature(*rings, name="东湾镇"), **more)
    assert found.outline is None
    assert found.fault is not None
    for language in LANGUAGES:
        assert "东湾镇" in Words(language).say(found.fault)
    return found.fault.code, found.fault.params.get("ring")


def test_a_square_with_a_hole_is_kept_to_the_metre() -> None:
    [found] = read(feature(SQUARE, HOLE, name=" 东湾镇 ", code=990101001))
    assert (found.number, found.name, found.code) == (1, "东湾镇", "990101001")
    kept = outline(found)
    assert kept.polygons == ((tuple(map(tuple, SQUARE)), tuple(map(tuple, HOLE))),)
    side, wide = 1113.2, 1113.2 * cos(radians(30.6))
    assert kept.extent == pytest.approx(side * wide * (1 - 0.04), rel=1e-4)
    assert kept.points == 8
    assert outline_of(json.loads(kept.text())) == kept


@pytest.mark.parametrize("datum", [Datum.GCJ02, Datum.BD09])
def test_declared_coordinates_are_brought_to_wgs_84(datum: Datum) -> None:
    shifted = [list(from_wgs84(Point(*pair), datum)) for pair in SQUARE]
    assert hypot(shifted[0][0] - SQUARE[0][0], shifted[0][1] - SQUARE[0][1]) > 1e-3
    [found] = read(feature(shifted), datum=datum)
    for (x, y), (a, b) in zip(outline(found).polygons[0][0], SQUARE, strict=True):
        assert hypot(x - a, y - b) < 2e-6


def test_each_fault_names_its_ring_and_its_mend() -> None:
    swapped = [[y, x] for x, y in SQUARE]
    assert fault(swapped) == ("geojson.swapped", 1)
    assert fault(SQUARE, [[y, x] for x, y in HOLE]) == ("geojson.swapped", 2)
    assert fault([[41_500_000.0, 3_400_000.0]] * 5) == ("geojson.projected", 1)
    assert fault([[2.35, 48.85]] * 5) == ("geojson.outside", 1)
    assert fault(SQUARE[:-1]) == ("geojson.unclosed", 1)
    assert fault(SQUARE, HOLE[:-1]) == ("geojson.unclosed", 2)
    assert fault([SQUARE[0], SQUARE[1], SQUARE[0]]) == ("geojson.few_points", 1)
    assert fault([]) == ("geojson.no_rings", None)
    assert fault(["x", [1, 2]]) == ("geojson.not_numbers", 1)
    assert fault([[123.6, True], [1, 2]]) == ("geojson.not_numbers", 1)
    flat = [[123.6, 30.6], [123.61, 30.6], [123.62, 30.6], [123.6, 30.6]]
    assert fault(flat)[0] in ("geojson.no_extent", "geojson.crosses")
    away = [[x + 0.1, y] for x, y in HOLE]
    assert fault(SQUARE, away) == ("geojson.hole_outside", 2)


def test_a_bow_tie_is_told_where_it_crosses() -> None:
    [found] = read(feature([SQUARE[0], SQUARE[2], SQUARE[1], SQUARE[3], SQUARE[0]], name="东湾镇"))
    assert found.fault == Reason(
        "geojson.crosses", {"number": 1, "name": "东湾镇", "ring": 1, "x": "123.60500", "y": "30.60500"}
    )


def test_other_features_are_read_beside_a_faulty_one() -> None:
    point = {"type": "Feature", "properties": None, "geometry": {"type": "Point", "coordinates": [123.6, 30.6]}}
    found = read(point, feature(SQUARE, kind="MultiPolygon"), None, {"type": "Feature"})
    assert [f.fault.code if f.fault else "" for f in found] == ["geojson.not_polygon", "", *["geojson.not_polygon"] * 2]
    assert [f.number for f in found] == [1, 2, 3, 4]


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"no json", "not_json"),
        (b"\xff\xfe\x00", "not_json"),
        (b"[" * 200_000, "not_json"),
        (b"[]", "not_features"),
        (b'{"type": "Topology"}', "not_features"),
        (b'{"type": "FeatureCollection", "features": []}', "empty"),
        (b'{"type": "FeatureCollection", "features": [%s1]}' % (b"1," * 2000), "many"),
    ],
)
def test_a_file_that_is_no_geojson_is_refused(data: bytes, code: str) -> None:
    with pytest.raises(FeigongError) as refused:
        read_geojson(data)
    assert refused.value.reason.code == f"error.geojson.{code}"
    for language in LANGUAGES:
        assert Words(language).say(refused.value.reason)


def test_a_coordinate_system_in_metres_is_refused_by_its_name() -> None:
    crs = {"type": "name", "properties": {"name": "urn:ogc:def:crs:EPSG::4526"}}
    with pytest.raises(FeigongError) as refused:
        read(feature(SQUARE), crs=crs)
    assert refused.value.reason.params["found"] == "urn:ogc:def:crs:EPSG::4526"
    degrees = {"type": "name", "properties": {"name": "urn:ogc:def:crs:OGC:1.3:CRS84"}}
    assert read(feature(SQUARE), crs=degrees)[0].fault is None


def test_gbk_text_is_read() -> None:
    document = {"type": "FeatureCollection", "features": [feature(SQUARE, 名称="东湾镇")]}
    assert read_geojson(json.dumps(document, ensure_ascii=False).encode("gbk"))[0].name == "东湾镇"


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.sampled_from(
        ["type", "features", "geometry", "coordinates", "properties", "name", "crs"]), inner, max_size=4),
    max_leaves=20,
)  # fmt: skip


@given(json_values, json_values)
def test_nothing_that_is_json_breaks_the_reader(geometry: Any, properties: Any) -> None:
    """Every feature ends with an outline or with a fault that can be said."""
    one = {"type": "Feature", "geometry": geometry, "properties": properties}
    two = feature()
    two["geometry"]["coordinates"] = geometry
    for found in read(one, two):
        assert (found.outline is None) != (found.fault is None)
        assert found.fault is None or Words().say(found.fault)


angles = st.lists(st.floats(300, 3000), min_size=4, max_size=400)


def star(radii: list[float], x: float = 123.6, y: float = 30.6) -> list[list[float]]:
    """A ring round a middle: it never crosses itself."""
    around = [2 * pi * i / len(radii) for i in range(len(radii))]
    wide = 111_320 * cos(radians(y))
    ring = [[x + r * cos(a) / wide, y + r * sin(a) / 111_320] for r, a in zip(radii, around, strict=True)]
    return [*ring, ring[0]]


@given(angles)
def test_sound_outlines_stay_sound_and_become_light(radii: list[float]) -> None:
    ring = star(radii)
    kept = outline(read(feature(ring))[0])
    assert kept.points <= MOST_DRAWN
    assert all(crossing(r) is None for polygon in kept.polygons for r in polygon)
    assert outline_of(json.loads(kept.text())) == kept
    if len(radii) <= 60:
        whole = square_metres(tuple((x, y) for x, y in ring))
        edge = sum(hypot(*(a - b for a, b in zip(p, q, strict=True))) for p, q in pairwise(ring))
        assert abs(kept.extent - whole) <= 2 * 5.0 * edge * 111_320 + 1  # no farther than five metres from the line


points = st.lists(st.tuples(st.integers(0, 12), st.integers(0, 12)), min_size=3, max_size=9, unique=True)


@given(points)
def test_crossings_are_those_that_exact_arithmetic_finds(corners: list[tuple[int, int]]) -> None:
    ring = [(123.6 + x / 1000, 30.6 + y / 1000) for x, y in corners]
    whole = [*corners, corners[0]]
    count = len(corners)
    pairs = [(i, j) for i in range(count) for j in range(i + 2, count) if (i, j) != (0, count - 1)]
    proper = any(_proper(whole[i], whole[i + 1], whole[j], whole[j + 1]) for i, j in pairs)
    touching = any(_touching(whole[i], whole[i + 1], whole[j], whole[j + 1]) for i, j in pairs)
    found = crossing((*ring, ring[0]))
    if proper:
        assert found is not None
    elif not touching:
        assert found is None


def _side(a: tuple[int, int], b: tuple[int, int], c: tuple[int, int]) -> Fraction:
    return Fraction((b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0]))


def _proper(a: Any, b: Any, c: Any, d: Any) -> bool:
    return _side(a, b, c) * _side(a, b, d) < 0 and _side(c, d, a) * _side(c, d, b) < 0


def _touching(a: Any, b: Any, c: Any, d: Any) -> bool:
    return 0 in (_side(a, b, c), _side(a, b, d), _side(c, d, a), _side(c, d, b))
