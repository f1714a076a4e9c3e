"""Dues: what a member pays a month, which months are open, and what may still be paid back.

The whole base is charged at one rate (dues.rate, dues.retired). The amount is fixed for a year; an exemption is a
decision over months. A month is written as its first day.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

from feigong.core.life.elections import months_later
from feigong.core.money.amounts import rounded
from feigong.core.regulations.book import RuleBook


def monthly(base: Decimal, book: RuleBook, on: date, *, retired: bool = False) -> Decimal:
    """Dues of a month in yuan for an after-tax base, by the rule of the day.

    Raises
    ------
    FeigongError
        ``error.rules.not_in_force``: before there was a rule.
    ValueError
        A base below nothing.
    """
    if base < 0:
        raise ValueError("a base is not below nothing")
    rule = book.at("dues.retired" if retired else "dues.rate", on)
    return rounded(base * Decimal(str(rule.band(float(base)).value)))


@dataclass(frozen=True, slots=True)
class Fixed:
    """An amount a month from the first month until the day before ``until``."""

    since: date
    until: date
    amount: Decimal


@dataclass(frozen=True, slots=True)
class Free:
    """Months that were exempted by decision, or in which dues went to another organisation; both days included."""

    first: date
    last: date
    why: str


class MonthState(StrEnum):
    PAID = "paid"
    PART = "part"  # less than the amount
    OPEN = "open"
    FREE = "free"
    UNKNOWN = "unknown"  # no amount was fixed
    TOO_OLD = "too_old"  # open, and longer ago than is generally paid back


@dataclass(frozen=True, slots=True)
class DuesMonth:
    month: date
    state: MonthState
    amount: Decimal | None  # owed; None: not fixed
    paid: Decimal
    why: str = ""

    @property
    def missing(self) -> Decimal:
        if self.amount is None or self.state is MonthState.FREE:
            return Decimal(0)
        return max(Decimal(0), self.amount - self.paid)


def account(
    since: date, until: date, fixed: Sequence[Fixed], free: Sequence[Free], paid: Iterable[tuple[date, Decimal]],
    book: RuleBook, on: date,
) -> list[DuesMonth]:  # fmt: skip
    """A member's months from the one the membership began in to that of ``on``, or the last one of the membership.

    Parameters
    ----------
    since, until
        When the membership here began, and the day it ended (the month of that day is not owed here).
    paid
        Month (any day of it) and amount of each payment; counter-entries are negative.
    """
    got: dict[date, Decimal] = {}
    for month, amount in paid:
        first = month.replace(day=1)
        got[first] = got.get(first, Decimal(0)) + amount
    back = months_later(on.replace(day=1), -book.at("dues.backpay", on).whole())
    found = []
    month = since.replace(day=1)
    while month <= on.replace(day=1) and month < until.replace(day=1):
        found.append(_month(month, fixed, free, got.get(month, Decimal(0)), back))
        month = months_later(month, 1)
    return found


def _month(month: date, fixed: Sequence[Fixed], free: Sequence[Free], paid: Decimal, back: date) -> DuesMonth:
    owed = next((f.amount for f in fixed if f.since <= month < f.until), None)
    exempt = next((f for f in free if f.first <= month <= f.last), None)
    if exempt is not None and paid <= 0:
        return DuesMonth(month, MonthState.FREE, owed, paid, exempt.why)
    if owed is None:
        return DuesMonth(month, MonthState.UNKNOWN, None, paid)
    if paid >= owed:
        return DuesMonth(month, MonthState.PAID, owed, paid)
    if month < back:
        return DuesMonth(month, MonthState.TOO_OLD, owed, paid)
    return DuesMonth(month, MonthState.PART if paid > 0 else MonthState.OPEN, owed, paid)


def spread(amount: Decimal, months: Iterable[DuesMonth]) -> tuple[list[tuple[date, Decimal]], Decimal]:
    """A payment over open months, the oldest first; and what is left of it."""
    parts, left = [], amount
    for month in months:
        if month.state in (MonthState.OPEN, MonthState.PART) and left > 0:
            part = min(left, month.missing)
            parts.append((month.month, part))
            left -= part
    return parts, left


def refund(paid: Decimal, book: RuleBook, on: date) -> Decimal:
    """What the district gives back of dues paid, by its ratio."""
    return rounded(paid * Decimal(str(book.at("dues.refund", on).number())))


def deductible(wages: Decimal, spent: Decimal, book: RuleBook, on: date) -> Decimal:
    """What an enterprise may deduct of its Party-work spending in a year, of yearly wages."""
    return min(spent, rounded(wages * Decimal(str(book.at("fund.tax", on).number()))))
