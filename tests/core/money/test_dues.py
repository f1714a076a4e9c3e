"""Dues by the bands, months one by one, payments spread; amounts as people write them."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feigong.core.errors import FeigongError
from feigong.core.life.elections import months_later
from feigong.core.money.amounts import FEN, amount
from feigong.core.money.dues import Fixed, Free, MonthState, account, deductible, monthly, refund, spread
from feigong.core.regulations.values import Override
from feigong.exchange.rules_file import load_rules

BOOK, ON = load_rules(None), date(2026, 10, 20)
FOREVER = date(9999, 12, 31)
SINCE = date(2026, 1, 15)
TWENTY = Fixed(date(2026, 1, 1), FOREVER, Decimal("20.00"))


@pytest.mark.parametrize(
    ("base", "dues", "retired"),
    [
        ("0", "0.00", "0.00"), ("3000", "15.00", "15.00"), ("3000.01", "30.00", "15.00"), ("5000", "50.00", "25.00"),
        ("5000.01", "75.00", "50.00"), ("10000", "150.00", "100.00"), ("10000.50", "200.01", "100.01"),
    ],
)  # fmt: skip
def test_the_whole_base_at_one_rate(base: str, dues: str, retired: str) -> None:
    assert monthly(Decimal(base), BOOK, ON) == Decimal(dues)
    assert monthly(Decimal(base), BOOK, ON, retired=True) == Decimal(retired)


def test_no_base_below_nothing() -> None:
    with pytest.raises(ValueError, match="below nothing"):
        monthly(Decimal(-1), BOOK, ON)


def test_months_one_by_one() -> None:
    ill = Free(date(2026, 6, 1), date(2026, 7, 31), "病休")
    told = ((date(2026, 1, 20), 20), (date(2026, 2, 1), 20), (date(2026, 2, 1), -20), (date(2026, 5, 9), 5))
    paid = [(month, Decimal(yuan)) for month, yuan in told]
    found = account(SINCE, FOREVER, [TWENTY], [ill], paid, BOOK, ON)
    assert [m.state.value for m in found] == [
        "paid", "too_old", "too_old", "open", "part", "free", "free", "open", "open", "open"
    ]  # fmt: skip
    assert sum(m.missing for m in found) == Decimal(20 * 6 + 15)
    assert found[5].why == "病休"


def test_no_amount_was_fixed_or_the_membership_ended() -> None:
    late = Fixed(date(2026, 3, 1), FOREVER, Decimal(20))
    found = account(SINCE, date(2026, 4, 2), [late], [], [], BOOK, ON)
    assert [(m.month.month, m.state) for m in found] == [
        (1, MonthState.UNKNOWN), (2, MonthState.UNKNOWN), (3, MonthState.TOO_OLD)
    ]  # fmt: skip


@given(st.decimals(0, 300, places=2), st.lists(st.decimals(0, 30, places=2), min_size=10, max_size=10))
def test_a_payment_is_spread_and_nothing_is_lost(given_: Decimal, before: list[Decimal]) -> None:
    paid = [(months_later(date(2026, 1, 1), i), part) for i, part in enumerate(before)]
    months = account(SINCE, FOREVER, [TWENTY], [], paid, BOOK, ON)
    parts, left = spread(given_, months)
    assert sum(part for _, part in parts) + left == given_
    assert left >= 0
    after = account(SINCE, FOREVER, [TWENTY], [], [*paid, *parts], BOOK, ON)
    assert all(m.paid <= max(Decimal(20), b) for m, b in zip(after, before, strict=True))
    assert left == 0 or not [m for m in after if m.state in (MonthState.OPEN, MonthState.PART)]


def test_what_is_given_back_is_the_districts_ratio() -> None:
    assert refund(Decimal("123.45"), BOOK, ON) == Decimal("123.45")
    half = Override("dues.refund", 0.5, "区里规定", "区委组织部", date(2026, 1, 1))
    assert refund(Decimal("123.45"), BOOK.with_overrides([half]), ON) == Decimal("61.73")


def test_deductible_up_to_one_hundredth_of_wages() -> None:
    assert deductible(Decimal(1_000_000), Decimal(12_000), BOOK, ON) == Decimal("10000.00")
    assert deductible(Decimal(1_000_000), Decimal(800), BOOK, ON) == Decimal(800)


@pytest.mark.parametrize(("text", "value"), [("１２０．５元", "120.50"), ("1,200", "1200.00"), ("-3.10", "-3.10")])
def test_amounts_as_people_write_them(text: str, value: str) -> None:
    assert amount(text) == Decimal(value)
    assert amount(text).as_tuple().exponent == FEN.as_tuple().exponent


@pytest.mark.parametrize(
    ("text", "code"),
    [("十二", "not_an_amount"), ("", "not_an_amount"), ("NaN", "not_an_amount"), ("1e3", "not_an_amount"),
     ("0.005", "places"), ("9999999999", "size")],
)  # fmt: skip
def test_what_is_not_an_amount(text: str, code: str) -> None:
    with pytest.raises(FeigongError) as refused:
        amount(text)
    assert refused.value.reason.code == f"error.money.{code}"
