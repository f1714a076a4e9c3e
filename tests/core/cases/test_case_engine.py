"""Steps and clocks of cases, on kinds made here and on those that come with the program."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feigong.core.cases import engine
from feigong.core.cases.values import CaseKind, Position, Standing
from feigong.core.errors import FeigongError
from feigong.exchange.cases_file import kind_from, load_kinds
from feigong.exchange.rules_file import load_rules

BOOK = load_rules(None)
OWN = load_kinds()["branch_own"]
DAY = date(2026, 3, 2)
TODAY = date(2026, 12, 1)


def go(position: Position, ending: str, on: date, kind: CaseKind = OWN, **answers: object) -> engine.Advance:
    return engine.advanced(kind, position, ending, answers, BOOK, on=on, today=TODAY)


def refused(position: Position, ending: str, on: date, **answers: object) -> str:
    with pytest.raises(FeigongError) as fault:
        go(position, ending, on, **answers)
    return fault.value.reason.code


def at(step: str, on: date = DAY) -> Position:
    return Position(Standing.OPEN, step, on, None)


ELECTED = {"met_on": "2026-03-02", "due": "5", "present": "4", "secretary": "沈从云", "votes": "3"}


def test_from_proposal_to_filing() -> None:
    position = engine.opened(OWN, BOOK, DAY)
    assert (position.step, position.due_on) == ("talk", date(2026, 4, 1))
    position = go(position, "agreed", date(2026, 3, 9), with_whom="贺总", noted="同意").position
    assert (position.step, position.step_on, position.due_on) == ("apply", date(2026, 3, 9), date(2026, 4, 8))
    position = go(position, "submitted", date(2026, 3, 31), applied_on="2026-03-30", full_members="5").position
    assert (position.step, position.due_on) == ("reply", date(2026, 4, 30))  # a month by the rule; April has 30 days
    position = go(position, "approved", date(2026, 4, 20), number="云东委〔2026〕3号").position
    done = go(position, "elected", date(2026, 4, 28), **{**ELECTED, "met_on": "2026-04-28"})
    assert done.answers == {"met_on": "2026-04-28", "due": 5, "present": 4, "secretary": "沈从云", "votes": 3}
    end = go(done.position, "filed", date(2026, 5, 6), organisation_name="中共启帆支部委员会", superior="")
    assert (end.position.standing, end.position.outcome, end.ending.effect) == (
        Standing.CLOSED, "filed", "organisation.found",
    )  # fmt: skip
    assert end.position.due_on is None
    assert refused(end.position, "filed", TODAY) == "error.case.closed"


def test_a_step_can_begin_again() -> None:
    position = go(at("talk"), "again", date(2026, 3, 20), with_whom="贺总", noted="再想想").position
    assert (position.step, position.step_on, position.due_on) == ("talk", date(2026, 3, 20), date(2026, 4, 19))


def test_what_is_late_is_said_and_can_be_done() -> None:
    late = Position(Standing.OPEN, "reply", DAY, date(2026, 4, 2))
    done = go(late, "approved", date(2026, 4, 12))
    assert [(w.code, dict(w.params)) for w in done.warnings] == [("case.late", {"days": 10})]
    assert engine.overdue(late, date(2026, 4, 2)) == 0
    assert engine.overdue(late, date(2026, 4, 3)) == 1


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"present": "6"}, "error.case.too_many"),
        ({"present": "3"}, "error.case.too_few"),  # four fifths of five are four
        ({"votes": "5"}, "error.case.too_many"),  # more ballots than voters
        ({"present": ""}, "error.case.answer_missing"),
        ({"present": "四"}, "error.case.count"),
        ({"due": "0", "present": "0"}, "error.case.count"),
        ({"met_on": "2026-13-01"}, "error.case.date"),
        ({"met_on": "2027-01-01"}, "error.case.future"),
        ({"stranger": "1"}, "error.case.answer_unknown"),
        ({"secretary": "长" * 2001}, "error.case.too_long"),
    ],
)
def test_bad_answers_are_refused(change: dict[str, str], code: str) -> None:
    assert refused(at("elect"), "elected", DAY, **{**ELECTED, **change}) == code


def test_a_failed_election_needs_no_quorum() -> None:
    done = go(at("elect"), "failed", DAY, **{**ELECTED, "present": "2"})
    assert done.position.step == "elect"
    assert "secretary" not in done.answers


def test_days_are_within_the_step_and_not_ahead() -> None:
    assert refused(at("apply"), "withdrawn", DAY - timedelta(days=1)) == "error.case.day_early"
    assert refused(at("apply"), "withdrawn", TODAY + timedelta(days=1)) == "error.case.day_late"
    assert refused(at("apply"), "filed", DAY) == "error.case.ending"


def test_on_hold_the_clock_stands_still() -> None:
    position = engine.opened(OWN, BOOK, DAY)
    held = engine.held(position, on=date(2026, 3, 12), until=date(2026, 5, 1))
    assert engine.overdue(held, TODAY) == 0
    assert refused(held, "agreed", date(2026, 3, 13)) == "error.case.held"
    again = engine.resumed(held, on=date(2026, 5, 1))
    assert again.due_on == date(2026, 5, 21)  # 20 days were left
    for wrong in (lambda: engine.resumed(again, on=TODAY), lambda: engine.held(held, on=TODAY, until=None)):
        with pytest.raises(FeigongError):
            wrong()


def test_a_closed_case_can_be_taken_up_again() -> None:
    closed = go(at("apply"), "withdrawn", date(2026, 3, 9)).position
    again = engine.reopened(OWN, closed, BOOK, on=date(2026, 6, 1))
    assert (again.standing, again.step, again.outcome, again.due_on) == (
        Standing.OPEN, "apply", "", date(2026, 7, 1),
    )  # fmt: skip


@given(
    days=st.lists(st.tuples(st.integers(0, 40), st.booleans(), st.integers(1, 60)), max_size=12),
    choices=st.lists(st.integers(0, 9), min_size=12, max_size=12),
)
def test_whatever_is_done_time_goes_forward(days: list[tuple[int, bool, int]], choices: list[int]) -> None:
    """A step never begins before the one before it, and a case is closed exactly by an ending that leads nowhere."""
    position, on = engine.opened(OWN, BOOK, date(2024, 1, 31)), date(2024, 1, 31)
    for (forward, hold, length), choice in zip(days, choices, strict=False):
        on += timedelta(days=forward)
        if hold:
            left = position.due_on and position.due_on - on
            position = engine.resumed(engine.held(position, on=on, until=None), on=on + timedelta(days=length))
            on += timedelta(days=length)
            assert (position.due_on and position.due_on - on) == left
        step = OWN.step(position.step)
        ending = step.endings[choice % len(step.endings)]
        answers = {a.name: _fitting(a.kind.value, on) for a in step.asked(ending)}
        done = engine.advanced(OWN, position, ending.code, answers, BOOK, on=on, today=on)
        assert done.position.step_on == (on if ending.then else position.step_on)
        assert (done.position.standing is Standing.CLOSED) == (not ending.then)
        position = done.position
        if position.standing is Standing.CLOSED:
            break
    assert position.standing in Standing


def _fitting(kind: str, on: date) -> str:
    return {"date": on.isoformat(), "count": "3", "organisation": "7", "worker": "7"}.get(kind, "如述")


def test_slips_in_a_file_are_named() -> None:
    raw = {
        "kind": "x", "title": {"zh": "甲", "en": "a"},
        "steps": [{
            "code": "one", "zh": "一", "en": "one", "help": {"zh": "甲", "en": "a"}, "roles": ["township"],
            "endings": [{"code": "go", "zh": "去", "en": "go", "then": "nowhere"}],
        }],
    }  # fmt: skip
    with pytest.raises(FeigongError) as fault:
        kind_from(raw, "x.yaml")
    assert fault.value.reason.code == "error.case.file"
    assert fault.value.reason.params["found"] == "nowhere"


@pytest.mark.parametrize("code", load_kinds())
def test_every_kind_can_be_gone_through(code: str) -> None:
    """Each step can be reached from the first, and from each the case can be closed."""
    kind = load_kinds()[code]
    ways = {s.code: {e.then for e in s.endings} for s in kind.steps}
    reached, grown = {kind.steps[0].code}, True
    while grown:
        more = {then for step in reached for then in ways[step] if then} - reached
        reached, grown = reached | more, bool(more)
    assert reached == set(ways)
    closing = {step for step, then in ways.items() if "" in then}
    for _ in ways:
        closing |= {step for step, then in ways.items() if then & closing}
    assert closing == set(ways)
    for step in kind.steps:
        if step.clock is not None and step.clock.rule:
            assert BOOK.at(step.clock.rule, DAY).whole() > 0
