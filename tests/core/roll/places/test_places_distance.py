"""Distances from points, else from keys, else unknown; all neighbours as one by one."""

from __future__ import annotations

import random

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from feigong.core.roll.places.distance import (
    NEARNESS,
    Distance,
    DistanceTable,
    Nearness,
    between_points,
    measure,
    neighbours,
)
from feigong.core.roll.places.values import AreaKind, Place, Point

TABLE = DistanceTable(
    building_m=50,
    street_step_m=4,
    street_least_m=150,
    street_unnumbered_m=1500,
    village_m=1000,
    sub_district_m=2000,
    township_m=4000,
    park_m=2500,
)
KINDS = {"910102001": AreaKind.SUBDISTRICT, "910102100": AreaKind.TOWNSHIP, "910102400": AreaKind.PARK}
KINDS |= {"910102500": AreaKind.OTHER, "910102": AreaKind.DISTRICT}


def street(number: int | None, key: str = "s") -> Place:
    return Place(street_key=key, house_number=number)


@pytest.mark.parametrize(
    ("a", "b", "metres", "by"),
    [
        (Place(building_key="x"), Place(building_key="x"), 50, Nearness.BUILDING),
        (Place(building_key="x"), Place(building_key="y"), None, Nearness.UNKNOWN),
        (street(10), street(12), 150, Nearness.STREET),
        (street(10), street(510), 2000, Nearness.STREET),
        (street(10), street(None), 1500, Nearness.STREET),
        (street(10), street(10, "t"), None, Nearness.UNKNOWN),
        (Place(village_key="v"), Place(village_key="v"), 1000, Nearness.VILLAGE),
        (Place(area="910102001"), Place(area="910102001"), 2000, Nearness.AREA),
        (Place(area="910102100"), Place(area="910102100"), 4000, Nearness.AREA),
        (Place(area="910102400"), Place(area="910102400"), 2500, Nearness.AREA),
        (Place(area="910102500"), Place(area="910102500"), None, Nearness.UNKNOWN),
        (Place(area="910102"), Place(area="910102"), None, Nearness.UNKNOWN),
        (Place(area="910102009"), Place(area="910102009"), None, Nearness.UNKNOWN),
        (Place(), Place(), None, Nearness.UNKNOWN),
        (Place(area="910102001", point=Point(121, 39)), Place(area="910102001"), 2000, Nearness.AREA),
    ],
)
def test_measure(a: Place, b: Place, metres: float | None, by: Nearness) -> None:
    assert measure(a, b, TABLE, KINDS) == measure(b, a, TABLE, KINDS) == Distance(metres, by)


def test_points_come_first() -> None:
    near = Place(building_key="x", point=Point(121.0, 39.0))
    far = Place(building_key="x", point=Point(121.0, 40.0))
    found = measure(near, far, TABLE, KINDS)
    assert found.by is Nearness.POINTS
    assert found.metres == pytest.approx(111_195, rel=1e-4)  # a degree of the mean sphere


def test_between_points_is_symmetric_and_zero_at_home() -> None:
    assert between_points(121.3, 38.9, 121.3, 38.9) == 0.0
    assert between_points(121.3, 38.9, 121.4, 39.0) == between_points(121.4, 39.0, 121.3, 38.9)


PLACES = st.builds(
    Place,
    building_key=st.sampled_from([None, "b1", "b2"]),
    street_key=st.sampled_from([None, "s1", "s2"]),
    house_number=st.sampled_from([None, 1, 7, 400, 900]),
    village_key=st.sampled_from([None, "v1"]),
    area=st.sampled_from([None, "910102", "910102001", "910102100", "910102500"]),
    point=st.one_of(st.none(), st.builds(Point, st.floats(121.0, 121.05), st.floats(39.0, 39.05))),
)


@settings(max_examples=200, deadline=None)
@given(
    st.lists(PLACES, max_size=12), st.lists(PLACES, max_size=12), st.sampled_from([0.0, 50.0, 1500.0, 3000.0, 9000.0])
)
def test_neighbours_are_those_of_measure(hosts: list[Place], others: list[Place], limit: float) -> None:
    found = neighbours(hosts, others, limit, TABLE, KINDS)
    assert len(found.start) == len(hosts) + 1
    for i, host in enumerate(hosts):
        measured = [
            (d.metres, j, d.by)
            for j, o in enumerate(others)
            if (d := measure(host, o, TABLE, KINDS)).metres is not None
        ]
        expected = sorted((m, j, by) for m, j, by in measured if m is not None and m <= limit)
        row = slice(int(found.start[i]), int(found.start[i + 1]))
        got = list(zip(found.metres[row], found.index[row], (NEARNESS[b] for b in found.by[row]), strict=True))
        assert [(j, by) for _, j, by in got] == [(j, by) for _, j, by in expected]
        assert [m for m, _, _ in got] == pytest.approx([m for m, _, _ in expected], abs=1e-6)


def test_only_the_nearest() -> None:
    places = [street(n) for n in (1, 2, 300, 400)] + [Place(village_key="v")]
    found = neighbours(places, places, 3000, TABLE, KINDS, most=2)
    assert found.start.tolist() == [0, 2, 4, 6, 8, 9]
    assert found.index.tolist() == [0, 1, 0, 1, 2, 3, 3, 2, 4]


def test_fifty_thousand_places() -> None:
    """Done at all only where not every pair is measured; a few hosts are held against every pair."""
    rng = random.Random(1)
    places = [
        Place(
            building_key=f"b{rng.randrange(20_000)}",
            street_key=f"s{rng.randrange(1500)}" if rng.random() < 0.7 else None,
            house_number=rng.randrange(1, 2000),
            area="910102",
            point=Point(121 + rng.random(), 39 + rng.random()) if rng.random() < 0.5 else None,
        )
        for _ in range(50_000)
    ]
    found = neighbours(places, places, 1000, TABLE, KINDS)
    assert len(found.index) == found.start[-1] > 50_000
    assert np.all(found.metres <= 1000)
    for i in (7, 12_345):
        one_by_one = (measure(places[i], o, TABLE, KINDS).metres for o in places)
        near = {j for j, metres in enumerate(one_by_one) if metres is not None and metres <= 1000}
        assert set(found.index[found.start[i] : found.start[i + 1]].tolist()) == near
