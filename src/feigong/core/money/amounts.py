"""Amounts in yuan: two places, halves rounded up as a cashier does."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from typing import Final

from feigong.core.errors import FeigongError
from feigong.core.text import fold

FEN: Final = Decimal("0.01")
MOST: Final = Decimal("999999999.99")


def rounded(exact: Decimal) -> Decimal:
    return exact.quantize(FEN, ROUND_HALF_UP)


def amount(text: str) -> Decimal:
    """An amount as somebody wrote it: full-width figures, commas and 元 are understood.

    Raises
    ------
    FeigongError
        ``error.money.not_an_amount``; ``error.money.places``: more than two decimals; ``error.money.size``.
    """
    plain = fold(text).replace(",", "").removesuffix("元").removeprefix("¥").strip()
    try:
        value = Decimal(plain)
    except InvalidOperation as fault:
        raise FeigongError("error.money.not_an_amount", found=text[:40]) from fault
    if not value.is_finite() or "e" in plain.lower():
        raise FeigongError("error.money.not_an_amount", found=text[:40])
    if abs(value) > MOST:
        raise FeigongError("error.money.size", found=text[:40])
    if value != value.quantize(FEN):
        raise FeigongError("error.money.places", found=text[:40])
    return value.quantize(FEN)
