"""Stacks on a map: nobody is lost, whoever shares a building or a point stands together."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from feigong.core.roll.places.stacking import NEAR_M, Spot, Stack, stacks


def groups(*spots: Spot) -> list[tuple[int, ...]]:
    return sorted(stack.enterprises for stack in stacks(spots))


def test_one_point_is_one_stack() -> None:
    assert groups(Spot(1, 123.6, 30.6), Spot(2, 123.6, 30.6), Spot(3, 123.6, 30.7)) == [(1, 2), (3,)]
    assert groups(Spot(1, 123.600001, 30.6), Spot(2, 123.6, 30.600001)) == [(1, 2)]


def test_one_building_is_one_stack_wherever_its_points_are() -> None:
    [stack] = stacks([Spot(2, 123.602, 30.6, building=9), Spot(1, 123.6, 30.6, building=9)])
    assert stack.enterprises == (1, 2)
    assert abs(stack.longitude - 123.601) < 1e-9


def test_one_house_number_is_one_stack_its_doors_too() -> None:
    west = "云汀区东湾镇和路12号"
    assert groups(Spot(1, 123.6, 30.6, west), Spot(2, 123.6003, 30.6, "云汀区和路12-3号2层"),
                  Spot(3, 123.6003, 30.6001, "云汀区和路12号甲"), Spot(4, 123.6001, 30.6, "云汀区和路13号")) == [
        (1, 2, 3), (4,),
    ]  # fmt: skip
    assert groups(Spot(1, 123.6, 30.6, "和路12号3号楼"), Spot(2, 123.6003, 30.6, "和路12号4号楼")) == [(1,), (2,)]


def test_the_same_address_in_another_town_is_another_stack() -> None:
    away = NEAR_M * 3 / 111_320
    assert groups(Spot(1, 123.6, 30.6, "人民路1号"), Spot(2, 123.6, 30.6 + away, "人民路1号")) == [(1,), (2,)]


spots = st.lists(
    st.tuples(st.integers(0, 5), st.integers(0, 5), st.sampled_from(["", "和路1号", "和路2号甲"]), st.integers(0, 2)),
    max_size=25,
)


@given(spots, st.randoms())
def test_everybody_is_in_one_stack_in_any_order(rows: list[tuple[int, int, str, int]], rng: object) -> None:
    made = [Spot(n, 123.6 + x / 2000, 30.6 + y / 2000, text, b) for n, (x, y, text, b) in enumerate(rows)]
    found: list[Stack] = stacks(made)
    assert sorted(e for stack in found for e in stack.enterprises) == list(range(len(made)))
    places = {(stack.longitude, stack.latitude) for stack in found}
    of = {e: n for n, stack in enumerate(found) for e in stack.enterprises}
    for a in made:
        for b in made:
            if (a.longitude, a.latitude) == (b.longitude, b.latitude) or 0 < a.building == b.building:
                assert of[a.enterprise] == of[b.enterprise]
    shuffled = list(made)
    rng.shuffle(shuffled)  # type: ignore[attr-defined]
    assert stacks(shuffled) == found
    assert len(places) <= len(found)
