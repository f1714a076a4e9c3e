"""Dated rules with their sources, looked up by id and day."""

from feigong.core.regulations.book import RuleBook
from feigong.core.regulations.values import (
    Band,
    Confidence,
    Item,
    Override,
    Quantity,
    Rule,
    RuleInForce,
    Sense,
    Source,
    Words,
)

__all__ = [
    "Band",
    "Confidence",
    "Item",
    "Override",
    "Quantity",
    "Rule",
    "RuleBook",
    "RuleInForce",
    "Sense",
    "Source",
    "Words",
]
