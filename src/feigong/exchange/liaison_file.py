"""Reads what is asked about visits, and how often to come."""

from __future__ import annotations

from functools import lru_cache
from importlib.resources import files
from typing import Annotated

from pydantic import Field

from feigong.core.coverage.rungs import Rung
from feigong.core.coverage.visits import Option, Rhythm, VisitRules
from feigong.core.regulations.values import Words
from feigong.exchange.yaml_file import Shape, parse, shaped

Text = Annotated[str, Field(min_length=1)]
Code = Annotated[str, Field(pattern=r"^[a-z][a-z_]*$", max_length=24)]
Days = Annotated[int, Field(ge=1, le=3660)]


class _Words(Shape):
    zh: Text
    en: Text

    def value(self) -> Words:
        return Words(self.zh, self.en)


class _Option(_Words):
    code: Code
    fails: bool = False

    def option(self) -> Option:
        return Option(self.code, self.value(), self.fails)


class _ByRung(Shape):
    none: Days
    known: Days
    enough: Days
    organisation: Days


class _Rhythm(Shape):
    source: _Words
    first: Days
    again: Days
    by_rung: _ByRung


class _File(Shape):
    purposes: Annotated[tuple[_Option, ...], Field(strict=False, min_length=1)]
    met: Annotated[tuple[_Option, ...], Field(strict=False, min_length=1)]
    rhythm: _Rhythm


@lru_cache(maxsize=1)
def load_visit_rules() -> VisitRules:
    """What comes with the program."""
    text = (files("feigong") / "data" / "liaison.yaml").read_text(encoding="utf-8")
    read = shaped(_File, parse(text, "liaison.yaml"), "liaison.yaml")
    by_rung = {rung: getattr(read.rhythm.by_rung, rung.value) for rung in Rung}
    rhythm = Rhythm(by_rung, read.rhythm.first, read.rhythm.again, read.rhythm.source.value())
    return VisitRules(tuple(p.option() for p in read.purposes), tuple(m.option() for m in read.met), rhythm)
