"""Reads what targets can be set for, and the figure of the denominator's rule."""

from __future__ import annotations

from datetime import date
from functools import lru_cache
from importlib.resources import files
from typing import Annotated

from pydantic import Field

from feigong.core.coverage.targets import Counts, Measure
from feigong.core.regulations import Words
from feigong.exchange.rules_file import load_rules
from feigong.exchange.yaml_file import Shape, parse, shaped

DENOMINATOR = "cover.denominator"


class _Words(Shape):
    zh: str
    en: str

    def value(self) -> Words:
        return Words(self.zh, self.en)


class _Measure(Shape):
    code: Annotated[str, Field(pattern=r"^[a-z_]{1,32}$")]
    title: _Words
    note: _Words
    counts: Annotated[Counts, Field(strict=False)]
    share: bool = False
    kinds: Annotated[tuple[str, ...], Field(strict=False)] = ()
    rule: str | None = None
    members: bool = False
    list: str
    part: str
    whole: str = ""
    rest: str = ""

    def value(self) -> Measure:
        return Measure(
            self.code, self.title.value(), self.note.value(), self.counts, self.share, self.kinds, self.rule,
            self.members, self.list, self.part, self.whole, self.rest,
        )  # fmt: skip


class _File(Shape):
    measures: Annotated[tuple[_Measure, ...], Field(strict=False, min_length=1)]


@lru_cache(maxsize=1)
def load_measures() -> tuple[Measure, ...]:
    """All measures in the order of the file."""
    file = files("feigong") / "data" / "targets.yaml"
    read = shaped(_File, parse(file.read_text(encoding="utf-8"), file.name), file.name)
    return tuple(one.value() for one in read.measures)


@lru_cache(maxsize=512)
def operating_staff(on: date) -> int:
    """Staff from which an enterprise counts on a day; before the rule, as its first version has it."""
    rules = load_rules(None)
    return rules.at(DENOMINATOR, max(on, rules.versions(DENOMINATOR)[0].valid_from)).whole()
