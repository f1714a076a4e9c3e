"""Shares of persons without rounding errors: 0.8 of 5 is 4, not a little more."""

from __future__ import annotations

from fractions import Fraction
from math import ceil, floor

from feigong.core.regulations.values import RuleInForce, Sense


def share_of(rule: RuleInForce, name: str = "value") -> Fraction:
    """A share as the rule writes it."""
    return Fraction(str(rule.number(name)))


def needed(rule: RuleInForce, whole: int, name: str = "value") -> int:
    """The fewest persons that make the share of ``whole``: at least so many, or more than so many."""
    exact = share_of(rule, name) * whole
    if rule.rule.quantity(name).sense is Sense.MORE_THAN:
        return floor(exact) + 1
    return ceil(exact)
