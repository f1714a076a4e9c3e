"""Reads the regulations that come with the program, and a district's overrides."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from functools import lru_cache
from importlib.resources import files
from pathlib import Path
from typing import Annotated

from pydantic import Field, model_validator

from feigong.core.errors import FeigongError
from feigong.core.regulations import (
    Band,
    Confidence,
    Item,
    Override,
    Quantity,
    Rule,
    RuleBook,
    Sense,
    Source,
    Words,
)
from feigong.exchange.yaml_file import Shape, parse, read, shaped

SOURCES = "sources.yaml"
Text = Annotated[str, Field(min_length=1)]
Number = int | float
RuleId = Annotated[str, Field(pattern=r"^[a-z][a-z_]*\.[a-z0-9_]+$")]


class _Words(Shape):
    zh: Text
    en: Text

    def value(self) -> Words:
        return Words(self.zh, self.en)


class _Source(Shape):
    regulation: Text
    article: Text | None = None
    articles: Annotated[tuple[Text, ...], Field(strict=False)] = ()
    item: str = ""

    def value(self, regulation: _Words) -> Source:
        articles = (self.article,) if self.article else self.articles
        return Source(regulation.value(), articles, self.item)


class _Quantity(Shape):
    value: Number | str = Field(alias="is")
    unit: str = ""
    sense: Annotated[Sense, Field(strict=False)] = Sense.EXACTLY
    range: Annotated[tuple[Number, Number], Field(strict=False)] | None = None
    options: Annotated[tuple[str, ...], Field(strict=False)] = ()
    title: _Words | None = None

    @model_validator(mode="after")
    def _fits(self) -> _Quantity:
        if isinstance(self.value, str):
            if self.value not in self.options or self.range is not None:
                raise ValueError("a choice must be one of its options and has no range")
        elif self.options:
            raise ValueError("a figure has a range, not options")
        elif self.range is not None and not self.range[0] <= self.value <= self.range[1]:
            raise ValueError("the figure is outside of its own range")
        return self

    def named(self, name: str) -> Quantity:
        least, most = self.range or (None, None)
        title = self.title.value() if self.title else None
        return Quantity(name, self.value, self.unit, self.sense, least, most, self.options, title)


class _Band(Shape):
    value: Number
    up_to: Number | None = None


class _Bands(Shape):
    unit: Text
    steps: Annotated[tuple[_Band, ...], Field(min_length=1, strict=False)]

    @model_validator(mode="after")
    def _rising(self) -> _Bands:
        ends = [b.up_to for b in self.steps]
        closed = [e for e in ends[:-1] if e is not None]
        if len(closed) != len(ends) - 1 or closed != sorted(set(closed)):
            raise ValueError("bands must rise, and only the last may have no upper end")
        if ends[-1] is not None:
            raise ValueError("the last band must have no upper end")
        return self


class _Item(Shape):
    code: Text
    zh: Text
    en: Text
    value: Number | None = None


class _Rule(Shape):
    id: RuleId
    title: _Words
    confidence: Annotated[Confidence, Field(strict=False)]
    valid_from: date
    valid_to: date | None = None
    source: _Source | None = None
    value: _Quantity | None = None
    values: dict[str, _Quantity] = Field(default_factory=dict)
    bands: _Bands | None = None
    items: Annotated[tuple[_Item, ...], Field(strict=False)] = ()
    general: bool = False
    local: bool = False
    note: _Words | None = None

    @model_validator(mode="after")
    def _whole(self) -> _Rule:
        if self.value is not None and "value" in self.values:
            raise ValueError("value is given twice")
        if len(self.values) > 1 and any(q.title is None for q in self.values.values()):
            raise ValueError("each of several values needs a title")
        if len({i.code for i in self.items}) != len(self.items):
            raise ValueError("two items have one code")
        if self.source is None and self.confidence in (Confidence.HIGH, Confidence.HIGH_MINUS):
            raise ValueError("a confidence of H or H- needs a source")
        return self

    def rule(self, sources: Mapping[str, _Words], file: str) -> Rule:
        source = None
        if self.source is not None:
            if self.source.regulation not in sources:
                raise FeigongError(
                    "error.rules.unknown_source", file=file, id=self.id, regulation=self.source.regulation
                )
            source = self.source.value(sources[self.source.regulation])
        figures = {"value": self.value, **self.values} if self.value else self.values
        return Rule(
            id=self.id,
            title=self.title.value(),
            confidence=self.confidence,
            valid_from=self.valid_from,
            valid_to=self.valid_to,
            source=source,
            quantities=tuple(q.named(name) for name, q in figures.items()),
            bands=tuple(Band(b.up_to, b.value) for b in self.bands.steps) if self.bands else (),
            bands_unit=self.bands.unit if self.bands else "",
            items=tuple(Item(i.code, Words(i.zh, i.en), i.value) for i in self.items),
            general=self.general,
            local=self.local,
            note=self.note.value() if self.note else None,
        )


class _RuleFile(Shape):
    rules: Annotated[tuple[_Rule, ...], Field(strict=False)]


class _Sources(Shape):
    sources: dict[str, _Words]


class _Override(Shape):
    rule: RuleId
    value: Number | str
    reason: Text
    by: Text
    since: date
    until: date | None = None
    name: str = "value"


class _OverrideFile(Shape):
    overrides: Annotated[tuple[_Override, ...], Field(strict=False)]


def rules_from(texts: Mapping[str, str]) -> RuleBook:
    """The book of rules from YAML texts by file name; ``sources.yaml`` among them names the regulations.

    Raises
    ------
    FeigongError
        ``error.yaml.*`` for a file that is not as it must be, ``error.rules.*`` for rules that do not fit together.
    """
    sources = shaped(_Sources, {"sources": parse(texts[SOURCES], SOURCES)}, SOURCES).sources
    rules: list[Rule] = []
    for file, text in sorted(texts.items()):
        if file != SOURCES:
            rules.extend(r.rule(sources, file) for r in shaped(_RuleFile, parse(text, file), file).rules)
    return RuleBook(tuple(rules))


@lru_cache(maxsize=1)
def _shipped() -> RuleBook:
    folder = files("feigong") / "data" / "regulations"
    return rules_from({f.name: f.read_text(encoding="utf-8") for f in folder.iterdir() if f.name.endswith(".yaml")})


def load_overrides(path: Path) -> tuple[Override, ...]:
    """A district's overrides: ``overrides:`` with entries of rule, value, reason, by, since (name, until as needed).

    Raises
    ------
    FeigongError
        ``error.yaml.*`` naming the place; whether a value is allowed is checked by the book that takes it in.
    """
    entries: Iterable[_Override] = shaped(_OverrideFile, read(path), path.name).overrides
    return tuple(Override(e.rule, e.value, e.reason, e.by, e.since, e.name, e.until) for e in entries)


def load_rules(overrides: Path | None = None) -> RuleBook:
    """The regulations that come with the program, with a district's overrides from a file if one is given."""
    book = _shipped()
    return book if overrides is None else book.with_overrides(load_overrides(overrides))
