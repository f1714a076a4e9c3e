"""The ladder of an enterprise and its dates; when the next visit is due."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feigong.core.coverage.rungs import Ladder, Rung, Stay, Step, rungs_of
from feigong.core.coverage.visits import due_on
from feigong.core.roll.history import FOREVER
from feigong.exchange.liaison_file import load_visit_rules

BEGIN, ON = date(2026, 1, 1), date(2026, 11, 1)


def day(month: int, of: int = 1) -> date:
    return date(2026, month, of)


def ladder(members: list[Stay], covered: list[Stay] | None = None, on: date = ON) -> Ladder:
    return rungs_of(members, covered or [], begin=BEGIN, on=on, least=3)


def test_each_rung_has_its_date() -> None:
    members = [Stay(day(2), FOREVER, True), Stay(day(3), FOREVER, True), Stay(day(5), FOREVER, True)]
    found = ladder(members, [Stay(day(9), FOREVER)])
    assert found.steps == (
        Step(BEGIN, Rung.NONE), Step(day(2), Rung.KNOWN), Step(day(5), Rung.ENOUGH), Step(day(9), Rung.ORGANISATION)
    )  # fmt: skip
    assert [found.since(rung) for rung in Rung] == [BEGIN, day(2), day(5), day(9)]
    assert ladder(members, [Stay(day(9), FOREVER)], on=day(8)).rung is Rung.ENOUGH


def test_who_falls_back_begins_anew() -> None:
    found = ladder([Stay(day(2), day(4), True), Stay(day(6), FOREVER, False)])
    assert [step.rung for step in found.steps] == [Rung.NONE, Rung.KNOWN, Rung.NONE, Rung.KNOWN]
    assert found.since(Rung.KNOWN) == day(6)
    assert found.since(Rung.ENOUGH) is None


def test_a_rung_that_was_skipped_has_the_day_of_the_next() -> None:
    found = ladder([], [Stay(day(3), FOREVER)])
    assert found.since(Rung.KNOWN) == found.since(Rung.ORGANISATION) == day(3)


def test_probationary_members_are_known_but_not_enough() -> None:
    assert ladder([Stay(BEGIN, FOREVER)] * 5).rung is Rung.KNOWN
    assert ladder([Stay(BEGIN, FOREVER, True)] * 3).steps == (Step(BEGIN, Rung.ENOUGH),)


STAYS = st.lists(
    st.builds(
        lambda first, long, full: Stay(BEGIN + timedelta(first), BEGIN + timedelta(first + long), full),
        st.integers(-30, 300), st.integers(1, 200), st.booleans(),
    ), max_size=6,
)  # fmt: skip


@given(STAYS, STAYS, st.integers(0, 300))
def test_the_ladder_of_any_day_is_the_count_of_that_day(members: list[Stay], covered: list[Stay], days: int) -> None:
    on = BEGIN + timedelta(days)
    found = rungs_of(members, covered, begin=BEGIN, on=on, least=3)
    here = [m.full for m in members if m.first <= on < m.end]
    if any(c.first <= on < c.end for c in covered):
        assert found.rung is Rung.ORGANISATION
    else:
        assert found.rung is (Rung.ENOUGH if sum(here) >= 3 else Rung.KNOWN if here else Rung.NONE)
    earlier = [s for s in found.steps if s.on <= on - timedelta(1)]
    if days and earlier:  # what held the day before is told the same by both
        before = rungs_of(members, covered, begin=BEGIN, on=on - timedelta(1), least=3)
        assert before.steps == tuple(earlier)


@pytest.mark.parametrize(
    ("rung", "last", "met", "days"),
    [
        (Rung.KNOWN, None, "", 14),
        (Rung.KNOWN, day(3), "owner", 14),  # before this officer came
        (Rung.NONE, day(6), "owner", 60),
        (Rung.KNOWN, day(6), "owner", 30),
        (Rung.ENOUGH, day(6), "members", 15),
        (Rung.ORGANISATION, day(6), "owner", 90),
        (Rung.ENOUGH, day(6), "nobody", 7),
        (None, day(6), "owner", 60),
    ],
)  # fmt: skip
def test_the_next_visit(rung: Rung | None, last: date | None, met: str, days: int) -> None:
    assigned = day(5)
    since = last if last and last >= assigned else assigned
    assert due_on(load_visit_rules(), rung, assigned, last, met) == since + timedelta(days)
