"""Hours of a year: counted up to a day, cut for those who came or left, new secretaries first."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from feigong.core.life.training import Attended, Hours, Trainee, hours
from feigong.exchange.rules_file import load_rules

BOOK = load_rules(None)
FOREVER = date(9999, 12, 31)
LONG_AGO = date(2015, 1, 1)


def of(trainee: Trainee, *attended: Attended, on: date = date(2022, 12, 31)) -> list[Hours]:
    return hours([trainee], attended, BOOK, 2022, on)


def was(on: date, many: str, person: int = 1) -> Attended:
    return Attended(person, on, Decimal(many))


def test_what_was_attended_by_the_day_counts() -> None:
    seen = (
        was(date(2022, 3, 1), "3.5"),
        was(date(2022, 9, 1), "4"),
        was(date(2021, 9, 1), "9"),
        was(date(2022, 3, 1), "5", 2),
    )
    (found,) = of(Trainee(1, LONG_AGO, FOREVER), *seen, on=date(2022, 8, 31))
    assert (found.needed, found.got, found.missing) == (Decimal(32), Decimal("3.5"), Decimal("28.5"))
    (later,) = of(Trainee(1, LONG_AGO, FOREVER), *seen)
    assert later.got == Decimal("7.5")


@pytest.mark.parametrize(
    ("since", "until", "needed"),
    [
        (date(2022, 1, 1), FOREVER, 32),
        (date(2022, 3, 15), FOREVER, 24),
        (LONG_AGO, date(2022, 7, 1), 16),
        (date(2022, 12, 2), FOREVER, 0),
    ],
)
def test_who_came_or_left_owes_whole_months(since: date, until: date, needed: int) -> None:
    (found,) = of(Trainee(1, since, until))
    assert found.needed == needed


@pytest.mark.parametrize(("since", "until"), [(date(2023, 1, 1), FOREVER), (LONG_AGO, date(2022, 1, 1))])
def test_who_was_not_there_owes_nothing(since: date, until: date) -> None:
    assert of(Trainee(1, since, until)) == []


def test_a_new_secretary_is_trained_within_half_a_year() -> None:
    new = Trainee(1, date(2021, 10, 31), FOREVER, secretary=True)
    (late,) = of(new, was(date(2022, 5, 1), "8"))
    assert (late.needed, late.first_by, late.first_done) == (Decimal(56), date(2022, 4, 30), False)
    (in_time,) = of(new, was(date(2021, 12, 1), "8"))
    assert (in_time.first_done, in_time.got) == (True, Decimal(0))
    (old,) = of(Trainee(1, date(2021, 6, 1), FOREVER, secretary=True))
    assert (old.first_by, old.first_done) == (None, True)
