"""Terms, and elections judged: figures that cannot be, quorum, surplus, majority, ties."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feigong.core.life.elections import Ballot, Term, TermState, count, months_later, term
from feigong.core.regulations.values import Override
from feigong.core.roll.values import OrganisationKind
from feigong.exchange.rules_file import load_rules

BOOK, ON = load_rules(None), date(2026, 11, 1)
BALLOT = Ballot(
    seats=3, due=10, present=9, issued=9, returned=9, valid=8, votes={"甲": 8, "乙": 7, "丙": 6, "丁": 3}, candidates=4
)


@pytest.mark.parametrize(
    ("day", "months", "expected"),
    [
        (date(2024, 2, 29), 12, date(2025, 2, 28)), (date(2026, 8, 31), -6, date(2026, 2, 28)),
        (date(2026, 12, 1), 1, date(2027, 1, 1)), (date(2026, 1, 31), -1, date(2025, 12, 31)),
    ],
)  # fmt: skip
def test_months_later(day: date, months: int, expected: date) -> None:
    assert months_later(day, months) == expected


def test_the_term_of_a_branch() -> None:
    found = term(OrganisationKind.JOINT_BRANCH, date(2024, 3, 15), BOOK)
    assert found == Term(
        date(2024, 3, 15), date(2027, 3, 15), date(2026, 9, 15), date(2026, 3, 15), date(2028, 3, 15)
    )  # fmt: skip
    assert [found.state(on) for on in (date(2026, 9, 14), date(2026, 9, 15), date(2027, 3, 16))] == [
        TermState.RUNNING, TermState.NEAR, TermState.OVERDUE
    ]  # fmt: skip
    held = (date(2026, 9, 14), date(2026, 9, 15), date(2027, 3, 15), date(2027, 3, 16))
    assert [found.needs_approval(on) for on in held] == [True, False, False, True]
    assert [found.allowed(on) for on in (date(2026, 3, 14), date(2028, 3, 15), date(2028, 3, 16))] == [
        False, True, False
    ]  # fmt: skip


def test_five_years_for_a_committee_none_for_a_temporary_branch() -> None:
    committee = term(OrganisationKind.COMMITTEE, date(2017, 5, 4), BOOK)
    assert committee is not None
    assert committee.ends == date(2022, 5, 4)
    assert term(OrganisationKind.TEMPORARY, date(2024, 3, 15), BOOK) is None


def test_who_has_more_than_half_of_those_due_is_elected() -> None:
    found = count(BALLOT, BOOK, ON)
    assert (found.elected, found.vacant, found.needed, found.tied, found.faults) == (("甲", "乙", "丙"), 0, 6, (), ())
    short = count(replace(BALLOT, votes={"甲": 8, "乙": 5, "丙": 5, "丁": 5}), BOOK, ON)
    assert (short.elected, short.vacant) == (("甲",), 2)


def test_a_district_may_count_on_those_present() -> None:
    present = Override("elect.win", "present", "按选举办法", "区委组织部", date(2026, 1, 1))
    found = count(
        replace(BALLOT, votes={"甲": 8, "乙": 5, "丙": 5, "丁": 5}), BOOK.with_overrides([present]), ON
    )  # fmt: skip
    assert (found.needed, found.elected, found.tied, found.vacant) == (5, ("甲",), ("丁", "丙", "乙"), 2)


def test_five_of_five_seats_need_six_candidates() -> None:
    five = replace(BALLOT, seats=5, candidates=5, votes={})
    assert [fault.code for fault in count(five, BOOK, ON).faults] == ["life.ballot.surplus"]
    assert count(replace(five, candidates=6), BOOK, ON).faults == ()
    assert count(replace(five, seats=1, candidates=1), BOOK, ON).faults == ()  # a secretary of a small branch


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"present": 11}, "life.ballot.present"),
        ({"present": 7, "issued": 7, "returned": 7, "valid": 7, "votes": {}}, "life.ballot.quorum"),
        ({"issued": 10}, "life.ballot.issued"),
        ({"returned": 10}, "life.ballot.returned"),
        ({"valid": 10}, "life.ballot.valid"),
        ({"votes": {"甲": 9}}, "life.ballot.votes"),
        ({"votes": {"甲": 8, "乙": 8, "丙": 8, "丁": 1}}, "life.ballot.cast"),
        ({"candidates": 3}, "life.ballot.surplus"),
    ],
)
def test_what_cannot_be_or_does_not_hold(change: dict[str, object], code: str) -> None:
    found = count(replace(BALLOT, **change), BOOK, ON)  # type: ignore[arg-type]
    assert code in [fault.code for fault in found.faults]
    assert found.elected == ()


NAMES = st.text("甲乙丙丁戊己庚", min_size=1, max_size=2)


@given(
    seats=st.integers(1, 5),
    due=st.integers(1, 40),
    votes=st.dictionaries(NAMES, st.integers(0, 40), max_size=7),
)
def test_nobody_with_fewer_votes_before_one_with_more(seats: int, due: int, votes: dict[str, int]) -> None:
    cut = {name: min(n, due) for name, n in votes.items()}
    found = count(Ballot(seats, due, due, due, due, due, cut, 99), BOOK, ON)
    if found.faults:
        assert [fault.code for fault in found.faults] == ["life.ballot.cast"]
        return
    winners = {name for name, n in cut.items() if 2 * n > due}
    assert set(found.elected) | set(found.tied) <= winners
    assert len(found.elected) + found.vacant == seats
    below = winners - set(found.elected) - set(found.tied)
    assert all(cut[w] > cut[b] for w in found.elected for b in below)
    assert not found.tied or len(found.elected) + len(found.tied) > seats
    assert found.vacant == 0 or found.tied or winners == set(found.elected)
