"""What it takes: each change named is enough when it is made, and only then."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st
from rolls import ON, PARAMETERS, branch, firm, members, place, roll, small_rolls, with_members

from feigong.core.coverage.parameters import CoverageParameters
from feigong.core.coverage.plan import plan_coverage
from feigong.core.coverage.values import Basis, CoveragePlan, Outcome
from feigong.core.roll.places.values import Point
from feigong.core.roll.slots import FreeSlots
from feigong.core.roll.values import Enterprise, Roll

MON, TUE = 1, 2


def plan(book: Roll, parameters: CoverageParameters = PARAMETERS) -> CoveragePlan:
    return plan_coverage(book, parameters, on=ON)


def takes(made: CoveragePlan, uscc: str) -> list[tuple[str, dict[str, object]]]:
    (decision,) = (d for d in made.decisions if d.uscc == uscc)
    assert decision.outcome is Outcome.RECRUIT
    reasons = [a.reason for a in decision.alternatives if a.reason.code.startswith("takes.")]
    return [(r.code, dict(r.params)) for r in reasons]


def test_one_more_slot() -> None:
    book = with_members({firm("甲", slots=MON): 1, firm("乙", place("东街", 9), TUE): 2})
    assert takes(plan(book), "甲") == [
        ("takes.slot", {"enterprises": 1, "slot": 1, "cycle_weeks": 2, "metres": 80.0})
    ]  # fmt: skip
    assert takes(plan(book), "乙")[0][1]["slot"] == 0


def test_so_many_metres_more() -> None:
    book = with_members({firm("甲"): 1, firm("乙", place("东街", 401)): 1, firm("丙", place("东街", 421)): 1})
    assert takes(plan(book), "甲") == [
        ("takes.metres", {"enterprises": 2, "metres": 4200.0, "excess": 1200.0, "limit": 3000.0})
    ]
    assert takes(plan(book), "丙")[0][1]["excess"] == 1200.0
    wider = plan(book, replace(PARAMETERS, travel_m=4200))
    assert [d.outcome for d in wider.decisions] == [Outcome.JOINT] * 3


def test_one_more_member_near() -> None:
    book = with_members({firm("甲"): 1, firm("乙", place("东街", 9)): 1})
    assert takes(plan(book), "甲") == [("takes.members", {"missing": 1, "enterprises": 1})]


def test_what_must_be_known_comes_alone() -> None:
    book = with_members({firm("甲", slots=None): 1, firm("乙"): 2})
    assert takes(plan(book), "甲") == [("takes.ask_slots", {"neighbours": 1})]


def test_nobody_near() -> None:
    assert takes(plan(with_members({firm("甲"): 2})), "甲") == [("takes.nobody", {})]


def test_an_organisation_with_room_is_enough() -> None:
    book = roll(
        [firm("甲", slots=MON), firm("乙", place("东街", 9), TUE)],
        [*members("甲", 1), *members("乙", 3, organisation="乙支部")],
        (branch("乙支部", "乙"),),
    )
    assert takes(plan(book), "甲") == [
        ("takes.slot", {"enterprises": 1, "slot": 1, "cycle_weeks": 2, "metres": 80.0})
    ]  # fmt: skip


def freer(one: Enterprise, slot: int) -> Enterprise:
    assert one.slots is not None
    weeks = one.slots.weeks if len(one.slots.weeks) == 2 else one.slots.weeks * 2
    changed = tuple(mask | (1 << slot % 21 if week == slot // 21 else 0) for week, mask in enumerate(weeks))
    return replace(one, slots=FreeSlots(changed))


@settings(max_examples=150, deadline=None, phases=[Phase.generate])
@given(small_rolls(), st.integers(2, 4))
def test_what_is_named_is_enough(book: Roll, most: int) -> None:
    """Done, it covers members who had nothing: a new group, or a place in one that stands."""
    book = replace(book, organisations=())
    parameters = replace(PARAMETERS, most_enterprises=most, bases=(Basis.STREET, Basis.AREA, Basis.INDUSTRY))
    made = plan(book, parameters)
    named = [
        (d.uscc, a)
        for d in made.decisions
        if d.outcome is Outcome.RECRUIT
        for a in d.alternatives
        if a.reason.code in ("takes.slot", "takes.metres")
    ]
    for uscc, alternative in named:
        params = alternative.reason.params
        if alternative.reason.code == "takes.slot":
            slot = params["slot"]
            assert isinstance(slot, int)
            firms = tuple(freer(e, slot) if e.uscc == uscc else e for e in book.enterprises)
            after = plan(replace(book, enterprises=firms), parameters)
        else:
            metres = params["metres"]
            assert isinstance(metres, float)
            wide = {"travel_m": max(metres, 3000.0), "industry_travel_m": max(metres, 8000.0)}
            after = plan(book, replace(parameters, **wide))  # type: ignore[arg-type]
        assert after.proof.covered_members > made.proof.covered_members


@pytest.mark.parametrize("number", [70, 300])
def test_many_that_are_left(number: int) -> None:
    """More than are looked at together, none of whom can meet another."""
    spots = [place(None, None, point=Point(121.0 + n * 0.0001, 30.0)) for n in range(number)]
    firms = {firm(f"厂{n:03d}", spot, 1 << n % 21): 1 for n, spot in enumerate(spots)}
    made = plan(with_members(firms), replace(PARAMETERS, least_members=3, travel_m=50))
    assert {d.outcome for d in made.decisions} <= {Outcome.RECRUIT, Outcome.JOINT}
    assert all(a.reason.code.startswith("takes.") for d in made.decisions for a in d.alternatives[:1])
