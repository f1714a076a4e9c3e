"""The book of rules: looked up by id and day, with the district's overrides."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from itertools import pairwise

from feigong.core.errors import FeigongError
from feigong.core.regulations.values import Override, Quantity, Rule, RuleInForce


@dataclass(frozen=True)
class RuleBook:
    """All versions of all rules, and what the district overrides.

    Raises on construction, as `FeigongError`: ``error.rules.overlap`` where two versions of one rule (or two overrides
    of one figure) hold on the same day, ``error.rules.period`` where one ends before it begins, ``error.rules.unknown``
    and ``error.rules.unknown_value`` for an override of nothing, ``error.rules.override_fixed`` and
    ``error.rules.override_range`` for a value that a district may not set.
    """

    rules: tuple[Rule, ...]
    overrides: tuple[Override, ...] = ()
    _versions: dict[str, tuple[Rule, ...]] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        versions: dict[str, list[Rule]] = {}
        for rule in self.rules:
            versions.setdefault(rule.id, []).append(rule)
        for id_, of_id in versions.items():
            of_id.sort(key=lambda r: r.valid_from)
            _refuse_overlap(id_, ((r.valid_from, r.valid_to) for r in of_id))
        object.__setattr__(self, "_versions", {id_: tuple(of_id) for id_, of_id in sorted(versions.items())})
        by_figure: dict[tuple[str, str], list[Override]] = {}
        for override in self.overrides:
            self._check(override)
            by_figure.setdefault((override.rule, override.name), []).append(override)
        for (id_, _), of_figure in by_figure.items():
            _refuse_overlap(id_, ((o.since, o.until) for o in sorted(of_figure, key=lambda o: o.since)))

    @property
    def ids(self) -> tuple[str, ...]:
        """Ids of all rules, sorted, whatever the day."""
        return tuple(self._versions)

    def with_overrides(self, overrides: Iterable[Override]) -> RuleBook:
        """The same rules with the district's overrides added."""
        return RuleBook(self.rules, (*self.overrides, *overrides))

    def versions(self, id: str) -> tuple[Rule, ...]:
        """All versions of a rule, oldest first.

        Raises
        ------
        FeigongError
            ``error.rules.unknown``: no rule has this id.
        """
        if id not in self._versions:
            raise FeigongError("error.rules.unknown", id=id)
        return self._versions[id]

    def at(self, id: str, on: date) -> RuleInForce:
        """The rule as it holds on a day.

        Parameters
        ----------
        id : str
            Such as ``"org.min_full_members"``.
        on : date
            The day asked about.

        Raises
        ------
        FeigongError
            ``error.rules.unknown``: no rule has this id. ``error.rules.not_in_force``: it has no version on that day.
        """
        versions = self.versions(id)
        for rule in versions:
            if rule.in_force(on):
                return self._joined(rule, on)
        raise FeigongError(
            "error.rules.not_in_force", id=id, on=on.isoformat(), first=versions[0].valid_from.isoformat()
        )

    def in_force(self, on: date) -> tuple[RuleInForce, ...]:
        """Every rule that holds on a day, sorted by id."""
        found = (rule for of_id in self._versions.values() for rule in of_id if rule.in_force(on))
        return tuple(self._joined(rule, on) for rule in found)

    def _joined(self, rule: Rule, on: date) -> RuleInForce:
        mine = tuple(o for o in self.overrides if o.rule == rule.id and o.in_force(on))
        return RuleInForce(rule, on, mine)

    def _check(self, override: Override) -> None:
        """An override must fit every version that it touches: the range may change with the regulation."""
        touched = [
            v
            for v in self.versions(override.rule)
            if (v.valid_to is None or override.since < v.valid_to)
            and (override.until is None or v.valid_from < override.until)
        ]
        for version in touched:
            quantity = next((q for q in version.quantities if q.name == override.name), None)
            if quantity is None:
                names = ", ".join(q.name for q in version.quantities)
                raise FeigongError("error.rules.unknown_value", id=override.rule, name=override.name, known=names)
            if quantity.fixed:
                raise FeigongError("error.rules.override_fixed", id=override.rule, found=override.value)
            if not quantity.admits(override.value):
                raise FeigongError(
                    "error.rules.override_range", id=override.rule, found=override.value, allowed=_allowed(quantity)
                )


def _allowed(quantity: Quantity) -> str:
    if quantity.options:
        return " / ".join(quantity.options)
    return f"{quantity.least:g} – {quantity.most:g}"


def _refuse_overlap(id: str, periods: Iterable[tuple[date, date | None]]) -> None:
    """Periods come sorted by their first day; each ends (exclusive) before the next begins."""
    whole = list(periods)
    for start, end in whole:
        if end is not None and end <= start:
            raise FeigongError("error.rules.period", id=id, start=start.isoformat(), end=end.isoformat())
    for (_, end), (start, _) in pairwise(whole):
        if end is None or start < end:
            raise FeigongError("error.rules.overlap", id=id, on=start.isoformat())
