"""Rules and figures of regulations as dated values, each with its source. The data is in `feigong/data/regulations`."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

Scalar = int | float | str


class Confidence(StrEnum):
    """How sure the source is."""

    HIGH = "H"  # read in the provision
    HIGH_MINUS = "H-"  # text read, article number to be checked
    MEDIUM = "M"  # secondary or local source
    LOW = "L"  # from memory: never shown as a sourced rule


class Sense(StrEnum):
    """What a figure says about the thing it measures."""

    EXACTLY = "exactly"
    AT_LEAST = "at_least"
    AT_MOST = "at_most"
    MORE_THAN = "more_than"


@dataclass(frozen=True, slots=True)
class Words:
    """A title or remark that comes with the data, in both languages."""

    zh: str
    en: str


@dataclass(frozen=True, slots=True)
class Source:
    """Regulation and article, or item of an opinion (both empty: not known, or the whole text)."""

    regulation: Words
    articles: tuple[str, ...] = ()
    item: str = ""


@dataclass(frozen=True, slots=True)
class Quantity:
    """One figure or choice of a rule.

    A district may override a figure within ``least`` .. ``most`` and a choice within ``options``; where neither is
    given the regulation fixes it.
    """

    name: str  # "value" where the rule has one figure only
    value: Scalar
    unit: str = ""  # a code: full_members, months, share …
    sense: Sense = Sense.EXACTLY
    least: float | None = None
    most: float | None = None
    options: tuple[str, ...] = ()
    title: Words | None = None

    def admits(self, value: Scalar) -> bool:
        """Whether a district may put ``value`` here: same kind, and within range or options."""
        if isinstance(value, bool):
            return False
        if isinstance(value, str) or isinstance(self.value, str):
            return value in self.options
        if isinstance(self.value, int) and not float(value).is_integer():
            return False
        return self.least is not None and self.most is not None and self.least <= value <= self.most

    @property
    def fixed(self) -> bool:
        """Whether no district may change it."""
        return self.least is None and not self.options


@dataclass(frozen=True, slots=True)
class Band:
    """One band of a scale: up to and including ``up_to`` (None: no upper end) the figure is ``value``."""

    up_to: float | None
    value: float


@dataclass(frozen=True, slots=True)
class Item:
    """One entry of an ordered list that a rule prescribes: a step, a category, a column."""

    code: str
    title: Words
    value: float | None = None


@dataclass(frozen=True, slots=True)
class Rule:
    """One version of a rule. In force from ``valid_from`` until the day before ``valid_to`` (None: still in force)."""

    id: str
    title: Words
    confidence: Confidence
    valid_from: date
    valid_to: date | None = None
    source: Source | None = None
    quantities: tuple[Quantity, ...] = ()
    bands: tuple[Band, ...] = ()
    bands_unit: str = ""
    items: tuple[Item, ...] = ()
    general: bool = False  # 一般: warn, never block
    local: bool = False  # a preset that a district can choose, never a default law
    note: Words | None = None

    @property
    def sourced(self) -> bool:
        """Whether it may be shown with a source: not when it is only remembered."""
        return self.source is not None and self.confidence is not Confidence.LOW

    def in_force(self, on: date) -> bool:
        return self.valid_from <= on and (self.valid_to is None or on < self.valid_to)

    def quantity(self, name: str) -> Quantity:
        """The figure called ``name``; KeyError where the rule has none of that name (a slip in code, not in data)."""
        for quantity in self.quantities:
            if quantity.name == name:
                return quantity
        raise KeyError(f"{self.id} has no figure {name!r}")


@dataclass(frozen=True, slots=True)
class Override:
    """A district's own value for one figure: why, by whom, from which day (``until``: first day it no longer holds)."""

    rule: str
    value: Scalar
    reason: str
    by: str
    since: date
    name: str = "value"
    until: date | None = None

    def in_force(self, on: date) -> bool:
        return self.since <= on and (self.until is None or on < self.until)


@dataclass(frozen=True, slots=True)
class RuleInForce:
    """A rule as it holds on a day, together with what the district changed: both are shown wherever the rule is."""

    rule: Rule
    on: date
    overrides: tuple[Override, ...] = ()

    @property
    def id(self) -> str:
        return self.rule.id

    def override(self, name: str = "value") -> Override | None:
        """The district's override of this figure, if there is one."""
        return next((o for o in self.overrides if o.name == name), None)

    def original(self, name: str = "value") -> Scalar:
        """The figure as the regulation has it."""
        return self.rule.quantity(name).value

    def value(self, name: str = "value") -> Scalar:
        """The figure in force: the district's where it set one."""
        override = self.override(name)
        return self.original(name) if override is None else override.value

    def number(self, name: str = "value") -> float:
        """The figure in force where it is one that can be reckoned with; TypeError where it is a choice."""
        value = self.value(name)
        if isinstance(value, str):
            raise TypeError(f"{self.id}.{name} is not a figure")
        return value

    def whole(self, name: str = "value") -> int:
        """`number` as an int; ValueError where it is not whole."""
        number = self.number(name)
        if not float(number).is_integer():
            raise ValueError(f"{self.id}.{name} is not whole")
        return int(number)

    def band(self, amount: float) -> Band:
        """The band that ``amount`` falls into (its upper end belongs to it)."""
        for band in self.rule.bands:
            if band.up_to is None or amount <= band.up_to:
                return band
        raise KeyError(f"{self.id} has no band for {amount}")
