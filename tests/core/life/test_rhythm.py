"""The calendar of a year, also against a count day by day."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feigong.core.life.rhythm import calendar, periods
from feigong.core.life.values import Due, DueState, Excuse, Held, Spell
from feigong.core.roll.values import OrganisationKind
from feigong.exchange.life_file import load_life
from feigong.exchange.rules_file import load_rules

RULES, BOOK = load_life(), load_rules(None)
FOREVER = date(9999, 12, 31)
BRANCH, COMMITTEE = OrganisationKind.BRANCH, OrganisationKind.COMMITTEE
ALWAYS = Spell(date(2020, 1, 1), FOREVER, BRANCH, members=5)


def year(
    *held: Held, spells: tuple[Spell, ...] = (ALWAYS,), excuses: tuple[Excuse, ...] = (), on: date = date(2026, 5, 20)
) -> list[Due]:
    share = RULES.least_share
    return list(calendar(RULES.activities, spells, held, excuses, BOOK, 2026, on, least_share=share))


def states(dues: list[Due], activity: str, group: str = "") -> list[str]:
    return [due.state.value for due in dues if (due.activity, due.group) == (activity, group)]


def test_a_small_branch_owes_what_the_rules_say() -> None:
    dues = year()
    owed = {a.code: len(states(dues, a.code)) for a in RULES.activities}
    assert owed == {
        "members_meeting": 4, "committee_meeting": 12, "group_meeting": 0, "theme_day": 12, "lecture": 1,
        "organisation_life": 1, "review": 1, "talk": 1,
    }  # fmt: skip
    assert states(dues, "theme_day") == ["overdue"] * 4 + ["due"] + ["coming"] * 7
    assert states(dues, "members_meeting") == ["overdue", "due", "coming", "coming"]
    assert set(states(dues, "committee_meeting")) == {"exempt"}  # it has none
    assert states(dues, "lecture") == ["exempt"]
    life = next(due for due in dues if due.activity == "organisation_life")
    assert (life.state, life.usual) == (DueState.DUE, date(2026, 10, 1))


def test_a_committee_owes_its_meetings_and_a_lecture() -> None:
    there = Spell(date(2020, 1, 1), FOREVER, COMMITTEE, members=120, committee=7)
    dues = year(Held("lecture", date(2026, 3, 1)), spells=(there,))
    assert states(dues, "lecture") == ["done"]
    assert states(dues, "committee_meeting")[:5] == ["overdue"] * 4 + ["due"]
    assert set(states(dues, "theme_day")) == {"exempt"}


def test_every_group_owes_its_own() -> None:
    there = Spell(date(2020, 1, 1), FOREVER, BRANCH, members=20, committee=3, groups=("二组", "一组"))
    dues = year(Held("group_meeting", date(2026, 1, 5), group="一组"), spells=(there,))
    assert states(dues, "group_meeting", "一组")[:2] == ["done", "overdue"]
    assert states(dues, "group_meeting", "二组")[0] == "overdue"


def test_made_up_later_counts_for_its_own_period_and_is_called_late() -> None:
    makes_up = Held("theme_day", date(2026, 2, 3), makes_up=date(2026, 1, 31))
    dues = [due for due in year(makes_up, Held("theme_day", date(2026, 2, 20))) if due.activity == "theme_day"]
    assert [(d.state, d.late) for d in dues[:2]] == [(DueState.DONE, True), (DueState.DONE, False)]


def test_what_is_not_yet_held_counts_for_nothing() -> None:
    assert states(year(Held("theme_day", date(2026, 5, 21))), "theme_day")[4] == "due"


def test_talks_are_owed_to_everybody_once() -> None:
    talks = (
        Held("talk", date(2026, 2, 1), persons=frozenset({1, 2})),
        Held("talk", date(2026, 3, 1), persons=frozenset({2})),
    )
    due = next(due for due in year(*talks) if due.activity == "talk")
    assert (due.need, due.got, due.state) == (5, 2, DueState.DUE)


@pytest.mark.parametrize(("since", "state"), [(date(2026, 1, 16), "overdue"), (date(2026, 1, 17), "exempt")])
def test_set_up_within_a_month(since: date, state: str) -> None:
    dues = year(spells=(Spell(since, FOREVER, BRANCH, members=3),))
    assert states(dues, "theme_day")[0] == state


def test_before_it_was_set_up_nothing_is_said() -> None:
    dues = year(spells=(Spell(date(2026, 3, 1), FOREVER, BRANCH, members=3),))
    assert min(due.first for due in dues if due.activity == "theme_day") == date(2026, 3, 1)


def test_an_excuse_is_said_with_its_reason() -> None:
    peak = Excuse(date(2026, 1, 10), date(2026, 2, 28), "春节前赶订单", "theme_day")
    dues = year(excuses=(peak,))
    assert states(dues, "theme_day")[:3] == ["exempt", "exempt", "overdue"]
    january = next(due for due in dues if due.activity == "theme_day")
    assert january.why is not None
    assert (january.why.code, january.why.params["why"]) == ("life.exempt.excused", "春节前赶订单")
    assert states(dues, "members_meeting")[0] == "overdue"


@pytest.mark.parametrize("months", [1, 2, 3, 4, 5, 6, 7, 12])
def test_periods_are_the_year_once(months: int) -> None:
    days = [p.first + timedelta(days=i) for p in periods(2028, months) for i in range(p.days)]
    assert days == [date(2028, 1, 1) + timedelta(days=i) for i in range(366)]


DAYS = st.dates(date(2025, 11, 1), date(2027, 2, 1))


@given(
    cuts=st.lists(DAYS, min_size=1, max_size=3, unique=True).map(sorted),
    kinds=st.lists(st.sampled_from([BRANCH, COMMITTEE]), min_size=3, max_size=3),
    held=st.lists(st.builds(Held, st.just("theme_day"), DAYS), max_size=8),
    free=st.lists(st.tuples(DAYS, DAYS), max_size=2),
    on=DAYS,
)
def test_as_counted_day_by_day(
    cuts: list[date], kinds: list[OrganisationKind], held: list[Held], free: list[tuple[date, date]], on: date
) -> None:
    ends = [*cuts[1:], FOREVER]
    spells = tuple(Spell(a, b, k, members=4) for a, b, k in zip(cuts, ends, kinds, strict=False))
    excuses = tuple(Excuse(min(pair), max(pair), "休产") for pair in free)
    dues = year(*held, spells=spells, excuses=excuses, on=on)
    found = {due.first: due.state.value for due in dues if due.activity == "theme_day"}
    assert found == {
        first: state for first in (date(2026, m, 1) for m in range(1, 13))
        if (state := _by_days(first, spells, held, excuses, on))
    }  # fmt: skip


def _by_days(first: date, spells: tuple[Spell, ...], held: list[Held], excuses: tuple[Excuse, ...], on: date) -> str:
    days = [first + timedelta(days=i) for i in range(31) if (first + timedelta(days=i)).month == first.month]
    kinds = [next((s.kind for s in spells if s.since <= day < s.until), None) for day in days]
    if not any(kinds):
        return ""
    if any(h.on in days and h.on <= on for h in held):
        return "done"
    owed = [
        day for day, kind in zip(days, kinds, strict=True)
        if kind is BRANCH and not any(e.first <= day <= e.last for e in excuses)
    ]  # fmt: skip
    if len(owed) < RULES.least_share * len(days):
        return "exempt"
    return "coming" if on < days[0] else "due" if on <= days[-1] else "overdue"
