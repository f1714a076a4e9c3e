"""Rules are looked up by id and day; a district's override shows both figures; what does not fit is refused."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feigong.core.errors import FeigongError
from feigong.core.regulations import (
    Band,
    Confidence,
    Override,
    Quantity,
    Rule,
    RuleBook,
    Sense,
    Source,
    Words,
)

TITLE = Words("名称", "Title")


def rule(
    start: date,
    end: date | None = None,
    *,
    value: float | str = 5,
    allowed: tuple[float, float] | None = (2, 10),
    options: tuple[str, ...] = (),
    id: str = "joint.max_units",
) -> Rule:
    least, most = allowed or (None, None)
    quantity = Quantity("value", value, "units", Sense.AT_MOST, least, most, options)
    return Rule(id, TITLE, Confidence.HIGH, start, end, Source(TITLE, ("5",)), (quantity,))


def override(value: float | str, since: date = date(2020, 1, 1), until: date | None = None, **other: str) -> Override:
    return Override(
        other.get("rule", "joint.max_units"), value, "楼宇集中", "区里", since, other.get("name", "value"), until
    )


OLD, NEW = rule(date(2010, 1, 1), date(2018, 10, 28), value=8), rule(date(2018, 10, 28))
BOOK = RuleBook((NEW, OLD))


@pytest.mark.parametrize(
    ("on", "value"),
    [(date(2010, 1, 1), 8), (date(2018, 10, 27), 8), (date(2018, 10, 28), 5), (date(2030, 1, 1), 5)],
)
def test_the_version_of_the_day(on: date, value: int) -> None:
    found = BOOK.at("joint.max_units", on)
    assert found.whole() == value
    assert found.on == on
    assert found.override() is None


def test_before_the_first_version() -> None:
    with pytest.raises(FeigongError) as error:
        BOOK.at("joint.max_units", date(2009, 12, 31))
    assert error.value.reason.code == "error.rules.not_in_force"
    assert error.value.reason.params["first"] == "2010-01-01"


def test_an_unknown_id() -> None:
    with pytest.raises(FeigongError) as error:
        BOOK.at("joint.min_units", date(2020, 1, 1))
    assert error.value.reason.code == "error.rules.unknown"


def test_an_override_shows_both_figures() -> None:
    book = BOOK.with_overrides([override(6, date(2024, 1, 1), date(2025, 1, 1))])
    before, within, after = (book.at("joint.max_units", date(year, 6, 1)) for year in (2023, 2024, 2025))
    assert (before.whole(), within.whole(), after.whole()) == (5, 6, 5)
    assert within.original() == 5
    shown = within.override()
    assert shown is not None
    assert (shown.reason, shown.by) == ("楼宇集中", "区里")
    assert BOOK.at("joint.max_units", date(2024, 6, 1)).whole() == 5  # the book it was made from is as it was


@pytest.mark.parametrize(
    ("rules", "overrides", "code"),
    [
        ((rule(date(2010, 1, 1)), rule(date(2018, 1, 1))), (), "error.rules.overlap"),
        ((rule(date(2010, 1, 1), date(2019, 1, 1)), rule(date(2018, 1, 1))), (), "error.rules.overlap"),
        ((rule(date(2010, 1, 1), date(2010, 1, 1)),), (), "error.rules.period"),
        ((NEW,), (override(11),), "error.rules.override_range"),
        ((NEW,), (override(1.9),), "error.rules.override_range"),
        ((NEW,), (override(5.5),), "error.rules.override_range"),
        ((NEW,), (override("many"),), "error.rules.override_range"),
        ((NEW,), (override(6, rule="joint.min_units"),), "error.rules.unknown"),
        ((NEW,), (override(6, name="least"),), "error.rules.unknown_value"),
        ((rule(date(2018, 1, 1), allowed=None),), (override(6),), "error.rules.override_fixed"),
        ((NEW,), (override(6), override(7, date(2021, 1, 1))), "error.rules.overlap"),
        ((NEW,), (override(6, date(2021, 1, 1), date(2020, 1, 1)),), "error.rules.period"),
    ],
)
def test_what_does_not_fit_is_refused(rules: tuple[Rule, ...], overrides: tuple[Override, ...], code: str) -> None:
    with pytest.raises(FeigongError) as error:
        RuleBook(rules, overrides)
    assert error.value.reason.code == code


def test_a_choice_is_overridden_within_its_options() -> None:
    choice = rule(date(2020, 7, 13), value="due", allowed=None, options=("due", "present"), id="elect.win")
    book = RuleBook((choice,), (override("present", rule="elect.win"),))
    found = book.at("elect.win", date(2026, 1, 1))
    assert (found.value(), found.original()) == ("present", "due")
    with pytest.raises(TypeError):
        found.number()
    with pytest.raises(FeigongError):
        RuleBook((choice,), (override("some", rule="elect.win"),))


def test_the_order_of_rules_changes_nothing() -> None:
    other = rule(date(2000, 1, 1), id="branch.max")
    on = date(2026, 1, 1)
    assert RuleBook((NEW, OLD, other)).in_force(on) == RuleBook((other, OLD, NEW)).in_force(on)
    assert [r.id for r in RuleBook((NEW, OLD, other)).in_force(on)] == ["branch.max", "joint.max_units"]


@pytest.mark.parametrize(
    ("amount", "rate"), [(0, 0.005), (3000, 0.005), (3000.01, 0.01), (10_000, 0.01), (10_001, 0.02)]
)
def test_bands_include_their_upper_end(amount: float, rate: float) -> None:
    bands = (Band(3000, 0.005), Band(10_000, 0.01), Band(None, 0.02))
    dues = Rule("dues.rate", TITLE, Confidence.HIGH, date(2008, 4, 1), bands=bands, bands_unit="yuan_a_month")
    assert RuleBook((dues,)).at("dues.rate", date(2026, 1, 1)).band(amount).value == rate


def test_what_is_remembered_is_not_sourced() -> None:
    sure = rule(date(2018, 1, 1))
    remembered = Rule("a.b", TITLE, Confidence.LOW, date(2018, 1, 1), source=Source(TITLE, ("5",)))
    assert sure.sourced
    assert not remembered.sourced


@given(st.lists(st.integers(0, 4000), min_size=1, max_size=6, unique=True), st.integers(0, 5000))
def test_versions_that_abut_leave_no_gap(days: list[int], asked: int) -> None:
    """Whatever the day, exactly the last version that has begun is found."""
    first = date(2010, 1, 1)
    starts = [first + timedelta(d) for d in sorted(days)]
    rules = tuple(
        rule(start, end, value=2 + n) for n, (start, end) in enumerate(zip(starts, [*starts[1:], None], strict=True))
    )
    on = first + timedelta(asked)
    begun = [n for n, start in enumerate(starts) if start <= on]
    book = RuleBook(rules)
    if begun:
        assert book.at("joint.max_units", on).whole() == 2 + begun[-1]
    else:
        with pytest.raises(FeigongError):
            book.at("joint.max_units", on)
