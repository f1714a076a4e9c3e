"""Who keeps, gets and gives up which enterprises."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from feigong.core.coverage.handing import Handed, Move, by_officer, handed


def test_every_enterprise_has_its_move() -> None:
    planned = {1: 10, 2: 10, 3: 20, 4: 20}
    now = {1: {10}, 3: {10}, 4: {10, 20}, 5: {20}, 6: {20}}
    assert handed(planned, now, {1, 2, 3, 4, 5}) == (
        Handed(1, Move.KEEP, 10, (10,)), Handed(2, Move.GAIN, 10), Handed(3, Move.TAKE, 20, (10,)),
        Handed(4, Move.TAKE, 20, (10, 20)), Handed(5, Move.END, None, (20,)),
    )  # fmt: skip


def test_each_officer_has_a_side() -> None:
    changes = handed({1: 10, 2: 10, 3: 20, 4: 20}, {1: {10}, 3: {10}, 4: {10, 20}, 5: {20}}, {5})
    sides = by_officer(changes)
    ten, twenty = sides[10], sides[20]
    numbers = [[c.enterprise for c in part] for part in (ten.keeps, ten.gains, ten.loses, ten.ends)]
    assert numbers == [[1], [2], [3, 4], []]
    assert [[c.enterprise for c in part] for part in (twenty.keeps, twenty.gains, twenty.ends)] == [[4], [3], [5]]
    assert (ten.load, ten.load_now, twenty.load, twenty.load_now) == (2, 3, 2, 2)


OWNERS = st.dictionaries(st.integers(1, 12), st.integers(1, 4))


@given(OWNERS, OWNERS)
def test_loads_add_up(planned: dict[int, int], held: dict[int, int]) -> None:
    changes = handed(planned, {one: {officer} for one, officer in held.items()}, set(held))
    sides = by_officer(changes).values()
    assert sum(side.load for side in sides) == len(planned)
    assert sum(side.load_now for side in sides) == len(held)
