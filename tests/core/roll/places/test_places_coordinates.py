"""Datums against published test points, and what is visibly wrong with coordinates."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feigong.core.roll.places.coordinates import Box, PointState, from_wgs84, inside, state_of, to_wgs84, usual_box
from feigong.core.roll.places.values import Datum, Point


@pytest.mark.parametrize(
    ("wgs", "gcj"),
    [  # the test points of eviltransform (longitude, latitude)
        ((121.5272106, 31.1774276), (121.531541859215, 31.17530398364597)),
        ((113.912316, 22.543847), (113.9171764808363, 22.540796131694766)),
        ((116.377817, 39.911954), (116.38404722455657, 39.91334545536069)),
    ],
)
def test_gcj02(wgs: tuple[float, float], gcj: tuple[float, float]) -> None:
    assert from_wgs84(Point(*wgs), Datum.GCJ02) == pytest.approx(gcj, abs=1e-6)
    back = to_wgs84(*gcj, Datum.GCJ02)
    assert (back.longitude, back.latitude) == pytest.approx(wgs, abs=1e-7)


def test_bd09_on_gcj02() -> None:
    # coordtransform: GCJ-02 (116.404, 39.915) is BD-09 (116.41036949371029, 39.92133699351021)
    point = to_wgs84(116.404, 39.915, Datum.GCJ02)
    assert from_wgs84(point, Datum.BD09) == pytest.approx((116.41036949371029, 39.92133699351021), abs=1e-8)
    again = to_wgs84(116.41036949371029, 39.92133699351021, Datum.BD09)
    assert (again.longitude, again.latitude) == pytest.approx((point.longitude, point.latitude), abs=1e-8)


@given(st.floats(75, 134), st.floats(18, 53), st.sampled_from(list(Datum)))
def test_there_and_back(longitude: float, latitude: float, datum: Datum) -> None:
    there = from_wgs84(Point(longitude, latitude), datum)
    back = to_wgs84(*there, datum)
    assert (back.longitude, back.latitude) == pytest.approx((longitude, latitude), abs=1e-7)


def test_no_shift_where_there_is_none() -> None:
    assert to_wgs84(2.35, 48.85, Datum.GCJ02) == Point(2.35, 48.85)
    assert to_wgs84(121.5, 31.2, Datum.CGCS2000) == Point(121.5, 31.2)


def test_state_of_numbers() -> None:
    box = Box(121.0, 38.5, 122.0, 39.5)
    assert state_of(121.5, 38.9) is PointState.FINE
    assert state_of(121.5, 38.9, box) is PointState.FINE
    assert state_of(38.9, 121.5, box) is PointState.SWAPPED
    assert state_of(41514123.5, 4312345.0) is PointState.PROJECTED
    assert state_of(118.5, 38.9, box) is PointState.OUTSIDE
    assert state_of(0.0, 0.0) is PointState.OUTSIDE


def test_box_of_most_points() -> None:
    points = [Point(121.5 + i / 1000, 38.9 + i / 1000) for i in range(40)]
    box = usual_box([*points, Point(116.4, 39.9)])
    assert box is not None
    assert all(inside(p, box) for p in points)
    assert not inside(Point(116.4, 39.9), box)
    assert usual_box(points[:9]) is None
