"""Ways to ask for rows. A value that makes no sense asks for nothing; what is asked for stands as a chip."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Q

from feigong.apps.roll.searching import matching
from feigong.web.lists.spec import Ask, Rows

Given = Mapping[str, Sequence[str]]
Chips = list[tuple[str, str, str]]
Options = Sequence[tuple[str, str]]


def _one(given: Given, name: str) -> str:
    return next(iter(given.get(name, ())), "")


def _number(text: str) -> int | None:
    return int(text) if text.isdecimal() and len(text) <= 9 else None


def _labelled(ask: Ask, label: str, text: str) -> str:
    return ask.words.word("web.lists.chip", name=ask.words.word(label), value=text)


@dataclass(frozen=True, slots=True)
class Search:
    """Words of a name, code or pinyin. Asked for while one types."""

    label: str  # what can be found by
    code: str = "q"
    template: str = "lists/filters/search.html"
    folded: bool = False

    @property
    def params(self) -> tuple[str, ...]:
        return (self.code,)

    def apply(self, rows: Rows, given: Given, ask: Ask) -> Rows:
        text = _one(given, self.code)
        return rows.filter(matching(text)) if text else rows

    def chips(self, given: Given, ask: Ask) -> Chips:
        text = _one(given, self.code)
        return [(self.code, text, ask.words.word("web.lists.chip_search", text=text))] if text else []

    def field(self, given: Given, ask: Ask) -> Mapping[str, Any]:
        return {"name": self.code, "value": _one(given, self.code), "label": ask.words.word(self.label)}


@dataclass(frozen=True, slots=True)
class Choice:
    """One or several of a field's values; ``options`` by family of words or looked up (already within one's sight)."""

    code: str
    options: tuple[str, ...] | Callable[[Ask], Options]
    column: str = ""
    family: str = ""
    word: str = ""
    folded: bool = True
    where: Callable[[Rows, Sequence[str], Ask], Rows] | None = None  # where a column is not enough
    template: str = "lists/filters/choice.html"

    @property
    def params(self) -> tuple[str, ...]:
        return (self.code,)

    def _options(self, ask: Ask) -> Options:
        if callable(self.options):
            return self.options(ask)
        return [(value, ask.words.word(f"{self.family}.{value}")) for value in self.options]

    def _asked(self, given: Given, ask: Ask) -> list[tuple[str, str]]:
        wanted = given.get(self.code, ())
        return [(v, w) for v, w in self._options(ask) if v in wanted] if wanted else []

    def apply(self, rows: Rows, given: Given, ask: Ask) -> Rows:
        wanted = given.get(self.code, ())
        if not wanted:
            return rows
        if self.where is not None:
            return self.where(rows, wanted, ask)
        return rows.filter(**{f"{self.column or self.code}__in": wanted})

    def chips(self, given: Given, ask: Ask) -> Chips:
        label = self.word or f"field.{self.code}"
        found = [(self.code, v, _labelled(ask, label, w.strip("　 "))) for v, w in self._asked(given, ask)]
        unknown = set(given.get(self.code, ())) - {v for _, v, _ in found}
        return [*found, *((self.code, v, _labelled(ask, label, v)) for v in sorted(unknown))]

    def field(self, given: Given, ask: Ask) -> Mapping[str, Any]:
        wanted = given.get(self.code, ())
        options = [(v, w, v in wanted) for v, w in self._options(ask)]
        label = ask.words.word(self.word or f"field.{self.code}")
        return {"name": self.code, "label": label, "options": options, "many": len(wanted) > 1, "wanted": wanted}


@dataclass(frozen=True, slots=True)
class YesNo:
    """Whether something is so: by a condition that rows may meet, given the sight."""

    code: str
    condition: Callable[[Ask], Q]
    word: str
    yes: str = "value.yes"
    no: str = "value.no"
    folded: bool = True
    template: str = "lists/filters/choice.html"

    @property
    def params(self) -> tuple[str, ...]:
        return (self.code,)

    def _said(self, given: Given) -> str:
        said = _one(given, self.code)
        return said if said in ("yes", "no") else ""

    def _options(self, ask: Ask) -> Options:
        return (("yes", ask.words.word(self.yes)), ("no", ask.words.word(self.no)))

    def apply(self, rows: Rows, given: Given, ask: Ask) -> Rows:
        said = self._said(given)
        if not said:
            return rows
        return rows.filter(self.condition(ask)) if said == "yes" else rows.exclude(self.condition(ask))

    def chips(self, given: Given, ask: Ask) -> Chips:
        said = self._said(given)
        return [(self.code, said, _labelled(ask, self.word, dict(self._options(ask))[said]))] if said else []

    def field(self, given: Given, ask: Ask) -> Mapping[str, Any]:
        said = self._said(given)
        options = [(v, w, v == said) for v, w in self._options(ask)]
        return {"name": self.code, "label": ask.words.word(self.word), "options": options, "many": False}


@dataclass(frozen=True, slots=True)
class Range:
    """From and to, both included. Whoever asks for a number asks for rows where it is known."""

    code: str
    column: str = ""
    word: str = ""
    folded: bool = True
    template: str = "lists/filters/range.html"

    @property
    def params(self) -> tuple[str, ...]:
        return (f"{self.code}_from", f"{self.code}_to")

    def apply(self, rows: Rows, given: Given, ask: Ask) -> Rows:
        column = self.column or self.code
        for name, test in zip(self.params, ("gte", "lte"), strict=True):
            number = _number(_one(given, name))
            if number is not None:
                rows = rows.filter(**{f"{column}__{test}": number})
        return rows

    def chips(self, given: Given, ask: Ask) -> Chips:
        label = self.word or f"field.{self.code}"
        found: Chips = []
        for name, sign in zip(self.params, ("≥", "≤"), strict=True):
            text = _one(given, name)
            if _number(text) is not None:
                found.append((name, text, f"{ask.words.word(label)} {sign} {text}"))
        return found

    def field(self, given: Given, ask: Ask) -> Mapping[str, Any]:
        low, high = self.params
        label = ask.words.word(self.word or f"field.{self.code}")
        return {"label": label, "low": low, "high": high, "from": _one(given, low), "to": _one(given, high)}


@dataclass(frozen=True, slots=True)
class Days:
    """From one day to another, both included. Whoever asks for a day asks for rows where it is known."""

    code: str
    column: str = ""
    word: str = ""
    folded: bool = True
    template: str = "lists/filters/days.html"

    @property
    def params(self) -> tuple[str, ...]:
        return (f"{self.code}_from", f"{self.code}_to")

    def _asked(self, given: Given) -> list[tuple[str, str, date]]:
        """(parameter, lookup, day) of what can be read as a day."""
        found = []
        for name, test in zip(self.params, ("gte", "lte"), strict=True):
            try:
                found.append((name, test, date.fromisoformat(_one(given, name))))
            except ValueError:
                continue
        return found

    def apply(self, rows: Rows, given: Given, ask: Ask) -> Rows:
        for _, test, day in self._asked(given):
            rows = rows.filter(**{f"{self.column or self.code}__{test}": day})
        return rows

    def chips(self, given: Given, ask: Ask) -> Chips:
        label = ask.words.word(self.word or f"field.{self.code}")
        signs = {"gte": "≥", "lte": "≤"}
        return [(n, _one(given, n), f"{label} {signs[test]} {day.isoformat()}") for n, test, day in self._asked(given)]

    def field(self, given: Given, ask: Ask) -> Mapping[str, Any]:
        low, high = self.params
        label = ask.words.word(self.word or f"field.{self.code}")
        return {"label": label, "low": low, "high": high, "from": _one(given, low), "to": _one(given, high)}


@dataclass(frozen=True, slots=True)
class Related:
    """By another thing: one of it (``<code>_id``, from a link) or by words of its name (``<code>``, typed)."""

    code: str
    things: Callable[[Ask], Rows]  # rows with ``search``, ``name`` and the column ``key``
    key: str
    where: Callable[[Any, Ask], Q]  # from the keys (a query or a list) to a condition on rows
    word: str
    folded: bool = True
    template: str = "lists/filters/related.html"

    @property
    def params(self) -> tuple[str, ...]:
        return (self.code, f"{self.code}_id")

    def apply(self, rows: Rows, given: Given, ask: Ask) -> Rows:
        text, one = _one(given, self.code), _number(_one(given, self.params[1]))
        if text:
            found = self.things(ask).filter(matching(text)).order_by().values(self.key)
            rows = rows.filter(self.where(found, ask))
        if one is not None:
            found = self.things(ask).filter(**{self.key: one}).order_by().values(self.key)
            rows = rows.filter(self.where(found, ask))
        return rows

    def chips(self, given: Given, ask: Ask) -> Chips:
        text, one = _one(given, self.code), _number(_one(given, self.params[1]))
        found: Chips = []
        if text:
            found.append((self.code, text, _labelled(ask, self.word, text)))
        if one is not None:
            name = self.things(ask).filter(**{self.key: one}).order_by().values_list("name", flat=True).first()
            unknown = ask.words.word("web.lists.not_in_sight")
            found.append((self.params[1], str(one), _labelled(ask, self.word, name or unknown)))
        return found

    def field(self, given: Given, ask: Ask) -> Mapping[str, Any]:
        return {
            "name": self.code,
            "value": _one(given, self.code),
            "label": ask.words.word(self.word),
            "kept": (self.params[1], _one(given, self.params[1])),
        }


@dataclass(frozen=True, slots=True)
class Found:
    """Exactly these, by their identities: what a recorded search found. Has no field, only a chip."""

    column: str
    code: str = "found"
    word: str = "web.lists.found_by_number"
    folded: bool = True
    template: str = "lists/filters/kept.html"

    @property
    def params(self) -> tuple[str, ...]:
        return (self.code,)

    def _ids(self, given: Given) -> list[int]:
        return [int(t) for t in _one(given, self.code).split(",") if _number(t) is not None]

    def apply(self, rows: Rows, given: Given, ask: Ask) -> Rows:
        return rows.filter(**{f"{self.column}__in": self._ids(given)}) if self.code in given else rows

    def chips(self, given: Given, ask: Ask) -> Chips:
        value = _one(given, self.code)
        return [(self.code, value, ask.words.word(self.word))] if value else []

    def field(self, given: Given, ask: Ask) -> Mapping[str, Any]:
        return {"name": self.code, "value": _one(given, self.code)}
