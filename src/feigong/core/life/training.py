"""Training hours of a year, from who was there; and who is short."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction

from feigong.core.life.elections import months_later
from feigong.core.life.shares import share_of
from feigong.core.regulations.book import RuleBook

_MONTHS = 12


@dataclass(frozen=True, slots=True)
class Attended:
    """Somebody was at something that trains."""

    person: int
    on: date
    hours: Decimal


@dataclass(frozen=True, slots=True)
class Trainee:
    """Whose hours are counted. ``since``: on the roll (a secretary: in office) from this day."""

    person: int
    since: date
    until: date  # the day it ended
    secretary: bool = False


@dataclass(frozen=True, slots=True)
class Hours:
    """A person's year. ``needed``: of the whole year, or of the months that the person was there for."""

    person: int
    secretary: bool
    needed: Decimal
    got: Decimal
    first_by: date | None = None  # a new secretary is to have been trained by this day …
    first_done: bool = True  # … and was

    @property
    def missing(self) -> Decimal:
        return max(Decimal(0), self.needed - self.got)


def hours(
    trainees: Iterable[Trainee], attended: Iterable[Attended], book: RuleBook, year: int, on: date
) -> list[Hours]:
    """Hours of each, as they stand on a day; nobody's whose time was over before the year or begins after it.

    Parameters
    ----------
    trainees
        A secretary counts as one, not as a member besides.
    on
        What was attended later counts for nothing yet. Rules are those of the last day of the year, or of this one.

    Returns
    -------
    In the order of ``trainees``. ``needed`` is cut to whole months of the year that the person was there for.
    """
    first, last = date(year, 1, 1), date(year, 12, 31)
    mine: dict[int, list[Attended]] = {}
    for one in attended:
        if one.on <= on:
            mine.setdefault(one.person, []).append(one)
    found = []
    for trainee in trainees:
        if trainee.until <= first or trainee.since > last:
            continue
        rule = book.at("train.secretary" if trainee.secretary else "train.member", max(first, min(on, last)))
        got = sum((a.hours for a in mine.get(trainee.person, ()) if first <= a.on <= last), Decimal(0))
        part = Fraction(_months(trainee, first, last), _MONTHS) * share_of(rule)
        by, done = None, True
        if trainee.secretary and (new := months_later(trainee.since, rule.whole("new_within"))) >= first:
            by = new
            done = any(trainee.since <= a.on <= new for a in mine.get(trainee.person, ()))
        found.append(Hours(trainee.person, trainee.secretary, _cut(part), got, by, done))
    return found


def _months(trainee: Trainee, first: date, last: date) -> int:
    """Months of the year that somebody was there for, from the month after that of the first day."""
    begins = trainee.since.month if trainee.since > first else 0
    ends = trainee.until.month - 1 if trainee.until <= last else _MONTHS
    return max(0, ends - begins)


def _cut(hours: Fraction) -> Decimal:
    return Decimal(hours.numerator // hours.denominator)
