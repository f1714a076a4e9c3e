"""What leaving does to branches, and coming and going by area."""

from __future__ import annotations

from dataclasses import fields

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feigong.core.coverage.movement import (
    Branch,
    Danger,
    Flow,
    Leaving,
    Outlook,
    Way,
    flows,
    outlook,
    outlooks,
    ways,
)
from feigong.core.coverage.survival import survival

BRANCHES = st.builds(Branch, st.integers(0, 9), st.none() | st.integers(0, 9), st.integers(0, 2))
LEAVING = st.lists(st.builds(Leaving, st.just(1), st.booleans(), st.booleans(), st.booleans()), max_size=6)
AREAS = st.lists(st.integers(1, 5), max_size=3, unique=True).map(tuple)
PLACES = st.dictionaries(st.integers(1, 12), AREAS)


@pytest.mark.parametrize(
    ("branch", "leaving", "dangers"),
    [
        (Branch(3), Leaving(1), (Danger.MEMBERS,)),
        (Branch(4), Leaving(1), ()),
        (Branch(3), Leaving(1, full=False), ()),
        (Branch(2), Leaving(1, full=False), ()),  # had too few before: not by this one's leaving
        (Branch(5, host_full=1), Leaving(1, of_host=True), (Danger.HOST,)),
        (Branch(5, host_full=2), Leaving(1, of_host=True), ()),
        (Branch(5, host_full=1), Leaving(1, full=False, of_host=True), ()),
        (Branch(5, host_full=0), Leaving(1, of_host=False), ()),
        (Branch(5, secretaries=1), Leaving(1, secretary=True), (Danger.SECRETARY,)),
        (Branch(5, secretaries=2), Leaving(1, secretary=True), ()),
        (Branch(3, 1, 1), Leaving(1, True, True, True), (Danger.MEMBERS, Danger.HOST, Danger.SECRETARY)),
    ],
)
def test_one_leaves(branch: Branch, leaving: Leaving, dangers: tuple[Danger, ...]) -> None:
    found = outlook(branch, [leaving], 3)
    assert found == Outlook(branch.full, branch.full - leaving.full, 1, dangers)


@given(BRANCHES, LEAVING)
def test_more_leaving_is_never_safer(branch: Branch, leaving: list[Leaving]) -> None:
    some, more = outlook(branch, leaving, 3), outlook(branch, [*leaving, Leaving(1, True, True, True)], 3)
    assert set(some.dangers) <= set(more.dangers)
    assert some.after - more.after == 1
    assert not outlook(branch, [], 3).dangers


@given(st.dictionaries(st.integers(1, 4), BRANCHES), LEAVING, st.floats(0, 0.9), st.floats(0, 1))
def test_turnover_is_reckoned_as_the_planner_does(
    branches: dict[int, Branch], leaving: list[Leaving], turnover: float, safe: float
) -> None:
    found = outlooks(branches, leaving, least=3, turnover=turnover, safe=safe)
    assert found.keys() == branches.keys()
    for number, one in found.items():
        gone = leaving if number == 1 else []
        assert one.after == branches[number].full - sum(g.full for g in gone)
        assert one.chance == survival(max(one.after, 0), turnover, 3)
        assert (Danger.TURNOVER in one.dangers) == (one.chance < safe)
        assert tuple(d for d in one.dangers if d is not Danger.TURNOVER) == outlook(branches[number], gone, 3).dangers


def test_coming_and_going() -> None:
    before = {1: (10, 11), 2: (10, 11), 3: (10, 12), 4: (10, 12), 5: ()}
    after = {1: (10, 11), 2: (10, 12), 3: (20, 21), 5: (10, 11), 6: (10, 12)}
    found = flows(before, after)
    assert found[10] == Flow(start=4, joined=1, moved_in=1, moved_out=1, left=1, end=4)
    assert found[11] == Flow(start=2, joined=0, moved_in=1, moved_out=1, left=0, end=2)
    assert found[12] == Flow(start=2, joined=1, moved_in=1, moved_out=1, left=1, end=2)
    assert found[20] == Flow(moved_in=1, end=1)
    assert found[10].share == 0.5
    assert found[20].share is None
    assert ways(before, after)[10, Way.LEFT] == {4}


@given(PLACES, PLACES)
def test_it_adds_up_and_who_is_how_many(before: dict[int, tuple[int, ...]], after: dict[int, tuple[int, ...]]) -> None:
    who, found = ways(before, after), flows(before, after)
    for area, flow in found.items():
        assert flow.start + flow.joined + flow.moved_in - flow.left - flow.moved_out == flow.end
        assert flow.start == sum(area in places for places in before.values())
        assert flow.end == sum(area in places for places in after.values())
        for one in fields(Flow):
            assert getattr(flow, one.name) == len(who.get((area, Way(one.name)), ()))
    back = flows(after, before)
    assert {a: (f.joined, f.moved_in) for a, f in found.items()} == {a: (f.left, f.moved_out) for a, f in back.items()}
