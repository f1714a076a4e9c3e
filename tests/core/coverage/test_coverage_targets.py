"""Who counts and why not; a target split, checked, and followed against the calendar."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.coverage.rolls import branch, firm, members, place, roll
from feigong.core.coverage.facts import Exclusion, count, exclusion
from feigong.core.coverage.rates import rates
from feigong.core.coverage.targets import Amount, Course, Pace, check, course, split
from feigong.core.roll.values import ControlType, FlagCode, OrganisationKind, UnitKind

LEAST = 10


@pytest.mark.parametrize(
    ("unit", "why"),
    [
        (firm("A", staff=10), None),
        (firm("A", staff=9), Exclusion.FEW_STAFF),
        (firm("A", staff=None), Exclusion.STAFF_UNKNOWN),
        (firm("A", place(None, None, None), staff=None), Exclusion.NO_PREMISES),
        (firm("A", None, 1, FlagCode.BRANCH_OFFICE, staff=None), Exclusion.BRANCH_OFFICE),
        (firm("A", None, 1, FlagCode.BRANCH_OFFICE, control=ControlType.STATE), Exclusion.STATE),
        (firm("A", control=ControlType.COLLECTIVE), None),
        (firm("A", kind=UnitKind.SELF_EMPLOYED, control=ControlType.STATE), Exclusion.NOT_ENTERPRISE),
        (firm("A", None, 1, FlagCode.DORMANT, kind=UnitKind.OTHER), Exclusion.DORMANT),
        (firm("A", None, 1, FlagCode.DORMANT, FlagCode.CLOSED), Exclusion.CLOSED),
        (firm("A", None, 1, FlagCode.STATE_OWNED), None),  # a doubt leaves nobody out
    ],
)
def test_the_first_reason_that_holds(unit: object, why: Exclusion | None) -> None:
    assert exclusion(unit, LEAST) is why  # type: ignore[arg-type]


def test_own_and_joint() -> None:
    """Own: alone in an organisation that is no joint branch. Both is own."""
    firms = [firm(name) for name in "ABCDEFG"] + [firm("H", staff=3)]
    bodies = (
        branch("a", "A"), branch("b", "B", kind=OrganisationKind.JOINT_BRANCH), branch("cd", "C", "D"),
        branch("wide", "D", "E", kind=OrganisationKind.BRANCH), branch("e", "E"), branch("h", "H"),
    )  # fmt: skip
    people = [*members("F", 0, 1), *members("A", 2)]
    found = rates(count(roll(firms, people, bodies), date(2026, 10, 31)), LEAST, {"A", "G", "H"})
    assert found.own == {"A", "E"}
    assert found.joint == {"B", "C", "D"}
    assert found.excluded == {"H": Exclusion.FEW_STAFF}
    assert found.rate == pytest.approx(5 / 7)
    assert found.memberless == {"B", "C", "D", "E", "G"}
    assert found.looked_after == {"G"}
    assert found.of("EGH").rate == 1 / 2
    assert found.of("H").rate is None


def test_a_number_is_split_to_the_last_one() -> None:
    assert split(10, {"a": 1, "b": 1, "c": 1}, share=False) == {"a": 4, "b": 3, "c": 3}
    assert split(7, {"a": 10, "b": 0, "c": 25}, share=False) == {"a": 2, "b": 0, "c": 5}
    assert split(3, {"a": 0, "b": 0}, share=False) == {"a": 2, "b": 1}
    assert split(8500, {"a": 3, "b": 9}, share=True) == {"a": 8500, "b": 8500}
    assert split(5, {}, share=False) == {}


@given(st.integers(0, 10_000), st.dictionaries(st.integers(0, 50), st.integers(0, 500), min_size=1), st.booleans())
def test_what_is_split_adds_up(total: int, weights: dict[int, int], share: bool) -> None:
    parts = split(total, weights, share)
    assert set(parts) == set(weights)
    assert check(total, parts, weights, share).difference == 0
    whole = sum(weights.values())
    if whole and not share:
        assert all(abs(parts[key] - total * weight / whole) < 1 for key, weight in weights.items())


def test_shares_are_added_up_by_weight() -> None:
    assert check(8500, {"a": 9000, "b": 8000}, {"a": 10, "b": 10}, share=True).difference == 0
    assert check(8500, {"a": 9000, "b": 8000}, {"a": 30, "b": 10}, share=True).together == 8750
    assert check(8500, {"a": 9000}, {"a": 10, "b": 10}, share=True).difference == -4000
    assert check(7, {"a": 5, "b": 3}, {}, share=False).difference == 1


def test_what_a_target_asks_for() -> None:
    amount = Amount(40, 101)
    assert (amount.needed(8500), amount.missing(8500)) == (86, 46)
    assert (amount.value, Amount(0, 0).value, Amount(3).value) == (3960, None, 3)
    assert Amount(101, 101).missing(10_000) == 0
    assert Amount(5).missing(7) == 2


START = date(2026, 1, 1), Amount(40, 100)


@pytest.mark.parametrize(
    ("now", "on", "found"),
    [
        (Amount(40, 100), date(2026, 1, 1), Course(Pace.ON_COURSE, 40)),
        (Amount(59, 100), date(2026, 7, 2), Course(Pace.BEHIND, 60, 1)),  # half of the way from 40 to 80
        (Amount(60, 100), date(2026, 7, 2), Course(Pace.ON_COURSE, 60)),
        (Amount(80, 100), date(2026, 2, 1), Course(Pace.REACHED, 80)),
        (Amount(79, 100), date(2026, 12, 31), Course(Pace.BEHIND, 80, 1)),
        (Amount(70, 100), date(2027, 5, 1), Course(Pace.BEHIND, 80, 10)),
        (Amount(0, 0), date(2026, 7, 2), Course(Pace.UNKNOWN)),
        (Amount(90, 100), date(2025, 12, 1), Course(Pace.UNKNOWN)),
    ],
)
def test_the_calendar(now: Amount, on: date, found: Course) -> None:
    assert course(8000, START, now, on, 2026) == found


def test_a_number_begins_where_it_was() -> None:
    begun = date(2026, 1, 1), Amount(10)
    assert course(22, begun, Amount(15), date(2026, 7, 2), 2026) == Course(Pace.BEHIND, 16, 1)
    assert course(8, begun, Amount(7), date(2026, 7, 2), 2026) == Course(Pace.BEHIND, 8, 1)  # no more than the target
    assert course(8, None, Amount(8), date(2026, 7, 2), 2026) == Course(Pace.UNKNOWN)
