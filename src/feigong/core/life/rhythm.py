"""The calendar of a year: what an organisation owes, what it held, what stands out.

An activity is owed once in every period of its rhythm (month, quarter, year …) in which the organisation was there, of
a kind that owes it, with those who are to be called together, and not excused, for at least ``least_share`` of the
days. Who is there for less is exempt, and the reason is said.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from feigong.core.life.values import Activity, Due, DueState, Excuse, Held, Spell, Whose
from feigong.core.reasons import Reason, reason
from feigong.core.regulations.book import RuleBook

MONTHS = 12
_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Period:
    """From the first day to the last, both included."""

    first: date
    last: date

    def holds(self, day: date) -> bool:
        return self.first <= day <= self.last

    @property
    def days(self) -> int:
        return (self.last - self.first).days + 1


def periods(year: int, months: int) -> tuple[Period, ...]:
    """The year in parts of so many months; what does not divide it is cut off at its end."""
    firsts = [date(year, month, 1) for month in range(1, MONTHS + 1, months)]
    return tuple(
        Period(first, (firsts[i + 1] if i + 1 < len(firsts) else date(year + 1, 1, 1)) - _DAY)
        for i, first in enumerate(firsts)
    )


def rhythm(activity: Activity, book: RuleBook, on: date) -> tuple[int, int]:
    """Length of a period in months, and how often the activity is owed in it.

    Raises
    ------
    FeigongError
        ``error.rules.unknown``, ``error.rules.not_in_force``.
    """
    rule = book.at(activity.rhythm.rule, on)
    figure = rule.whole(activity.rhythm.quantity)
    if rule.rule.quantity(activity.rhythm.quantity).unit == "months":
        return figure, 1
    return (MONTHS // figure, 1) if MONTHS % figure == 0 else (MONTHS, figure)


def calendar(
    activities: Iterable[Activity],
    spells: Sequence[Spell],
    held: Iterable[Held],
    excuses: Sequence[Excuse],
    book: RuleBook,
    year: int,
    on: date,
    *,
    least_share: float,
) -> tuple[Due, ...]:
    """What an organisation owes in a year, as it stands at the end of a day.

    Parameters
    ----------
    spells
        What it was, in the order of days and without overlap; for days to come the last one goes on.
    held
        What took place; later than ``on`` counts for nothing yet.
    least_share
        Share of a period's days, 0 to 1; see above.

    Returns
    -------
    By first day, then in the order of ``activities``, then by group.
    """
    done: dict[tuple[str, str], list[Held]] = {}
    for one in held:
        if one.on <= on:
            done.setdefault((one.activity, one.group), []).append(one)
    found: list[Due] = []
    for activity in activities:
        months, times = rhythm(activity, book, min(max(on, date(year, 1, 1)), date(year, 12, 31)))
        for period in periods(year, months):
            judged = _Judged(activity, period, times, spells, excuses, book, on, least_share)
            found += (judged.due(group, done.get((activity.code, group), ())) for group in judged.groups())
    return tuple(sorted(found, key=lambda due: due.first))


@dataclass(frozen=True)
class _Judged:
    """One activity in one period."""

    activity: Activity
    period: Period
    times: int
    spells: Sequence[Spell]
    excuses: Sequence[Excuse]
    book: RuleBook
    on: date
    least_share: float

    def groups(self) -> tuple[str, ...]:
        """What is owed by itself: every group that there was; else the organisation as one."""
        if self.activity.whose is not Whose.GROUP:
            return ("",) if any(self._parts()) else ()
        return tuple(sorted({group for spell, _ in self._parts() for group in spell.groups}))

    def due(self, group: str, held: Sequence[Held]) -> Due:
        activity, period = self.activity, self.period
        mine = [one for one in held if period.holds(one.counts_for)]
        need, got = self._need(), self._got(mine)
        why = self._exempt(group)
        if got >= need:
            state, why = DueState.DONE, None
        elif why is not None:
            state = DueState.EXEMPT
        elif self.on < period.first:
            state = DueState.COMING
        else:
            state = DueState.DUE if self.on <= period.last else DueState.OVERDUE
        late = state is DueState.DONE and self._got([one for one in mine if one.on <= period.last]) < need
        return Due(
            activity.code, period.first, period.last, state, need, got, group, late, self._usual(), why
        )  # fmt: skip

    def _parts(self) -> list[tuple[Spell, Period]]:
        """Spells of the period, cut to it."""
        found = []
        for at, spell in enumerate(self.spells):
            goes_on = at + 1 == len(self.spells) and spell.until > self.on
            first = max(spell.since, self.period.first)
            last = self.period.last if goes_on else min(spell.until - _DAY, self.period.last)
            if first <= last:
                found.append((spell, Period(first, last)))
        return found

    def _need(self) -> int:
        if not self.activity.each:
            return self.times
        there = self._parts()
        today = [spell for spell, part in there if part.first <= self.on]
        return self.times * (today[-1] if today else there[0][0]).members

    def _got(self, held: Iterable[Held]) -> int:
        if not self.activity.each:
            return sum(1 for _ in held)
        often: dict[int, int] = {}
        for person in (p for one in held for p in one.persons):
            often[person] = often.get(person, 0) + 1
        return sum(min(times, self.times) for times in often.values())

    def _exempt(self, group: str) -> Reason | None:
        """Why nothing is owed; None: it is."""
        owing = [(spell, part) for spell, part in self._parts() if self._owes(spell, group)]
        there = sum(part.days for _, part in owing)
        if there < self.least_share * self.period.days:
            whole = sum(part.days for _, part in self._parts())
            if whole < self.least_share * self.period.days:
                return reason("life.exempt.not_there", days=whole)
            return reason("life.exempt.not_owed")
        free, why = self._excused([part for _, part in owing])
        if there - free < self.least_share * self.period.days:
            return reason("life.exempt.excused", why=why)
        return None

    def _owes(self, spell: Spell, group: str) -> bool:
        if spell.kind not in self.activity.duty_of:
            return False
        if self.activity.whose is Whose.COMMITTEE:
            return spell.committee > 0
        return self.activity.whose is Whose.MEMBERS or group in spell.groups

    def _excused(self, parts: Sequence[Period]) -> tuple[int, str]:
        """How many of these days are excused, each counted once; and by what first."""
        days: set[int] = set()
        said = ""
        for excuse in self.excuses:
            if excuse.activity not in ("", self.activity.code):
                continue
            for part in parts:
                first, last = max(excuse.first, part.first), min(excuse.last, part.last)
                if first <= last:
                    days.update(range(first.toordinal(), last.toordinal() + 1))
                    said = said or excuse.why
        return len(days), said

    def _usual(self) -> date | None:
        figure = self.activity.usual_quarter
        if figure is None:
            return None
        quarter = self.book.at(figure.rule, max(self.on, self.period.first)).whole(figure.quantity)
        return date(self.period.first.year, 3 * quarter - 2, 1)
