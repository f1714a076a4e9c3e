"""Days that are agreed on: asked for, and what the next step is due by."""

from __future__ import annotations

from datetime import date

import pytest

from feigong.core.cases import engine
from feigong.core.cases.values import Position, Standing
from feigong.core.errors import FeigongError
from feigong.exchange.cases_file import kind_from, load_kinds
from feigong.exchange.rules_file import load_rules

BOOK = load_rules(None)
RECRUIT = load_kinds()["recruit"]
DAY, TODAY = date(2026, 3, 2), date(2026, 3, 10)
AGREED = {"with_whom": "贺总", "target": "3", "by": "2026-09-30", "way": "hire"}


def go(position: Position, ending: str, on: date = DAY, **answers: object) -> engine.Advance:
    return engine.advanced(RECRUIT, position, ending, answers, BOOK, on=on, today=TODAY)


def test_the_day_agreed_on_is_when_it_is_due() -> None:
    done = go(engine.opened(RECRUIT, BOOK, DAY), "agreed", **AGREED)
    assert (done.position.step, done.position.due_on) == ("follow", date(2026, 9, 30))
    assert (done.answers["target"], done.answers["by"]) == (3, "2026-09-30")
    later = go(done.position, "later", target="3", by="2026-12-31", why="招工推迟")
    assert (later.position.step, later.position.due_on) == ("follow", date(2026, 12, 31))
    assert engine.overdue(later.position, date(2027, 1, 1)) == 1


@pytest.mark.parametrize("by", ["2026-03-10", "2026-03-09"])
def test_a_day_that_has_come_cannot_be_agreed_on(by: str) -> None:
    with pytest.raises(FeigongError) as fault:
        go(engine.opened(RECRUIT, BOOK, DAY), "agreed", **{**AGREED, "by": by})
    assert fault.value.reason.code == "error.case.past"


def test_without_that_answer_the_days_count() -> None:
    closed = Position(Standing.CLOSED, "follow", DAY, None, outcome="dropped")
    assert engine.reopened(RECRUIT, closed, BOOK, on=TODAY).due_on == date(2026, 9, 6)  # 180 days


def test_a_clock_names_an_answer_that_is_asked_for() -> None:
    raw = {
        "kind": "x", "title": {"zh": "甲", "en": "a"},
        "steps": [
            {
                "code": "one", "zh": "一", "en": "one", "help": {"zh": "一", "en": "one"}, "roles": ["township"],
                "clock": {"until": "nowhere"}, "endings": [{"code": "done", "zh": "完", "en": "done"}],
            }
        ],
    }  # fmt: skip
    with pytest.raises(FeigongError) as fault:
        kind_from(raw, "x.yaml")
    assert fault.value.reason.params["found"] == "nowhere"
