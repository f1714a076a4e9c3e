"""Reads what an organisation does in a year: kinds of activity, and whose duty they are."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from typing import Annotated

from pydantic import Field

from feigong.core.life.values import Activity, Figure, Whose
from feigong.core.regulations import Words
from feigong.core.roll.values import OrganisationKind
from feigong.exchange.yaml_file import Shape, parse, shaped


class _Words(Shape):
    zh: str
    en: str


class _Figure(Shape):
    rule: str
    quantity: str = "value"

    def value(self) -> Figure:
        return Figure(self.rule, self.quantity)


class _Activity(Shape):
    code: Annotated[str, Field(pattern=r"^[a-z_]{1,32}$")]
    title: _Words
    rhythm: _Figure
    duty_of: Annotated[tuple[Annotated[OrganisationKind, Field(strict=False)], ...], Field(strict=False, min_length=1)]
    whose: Annotated[Whose, Field(strict=False)]
    each: bool = False
    quorum: _Figure | None = None
    passes: _Figure | None = None
    usual_quarter: _Figure | None = None

    def value(self) -> Activity:
        figures = (one.value() if one is not None else None for one in (self.quorum, self.passes, self.usual_quarter))
        quorum, passes, usual = figures
        title, duty_of = Words(self.title.zh, self.title.en), frozenset(self.duty_of)
        return Activity(self.code, title, self.rhythm.value(), duty_of, self.whose, self.each, quorum, passes, usual)


class _File(Shape):
    least_share: Annotated[float, Field(gt=0, le=1)]
    activities: Annotated[tuple[_Activity, ...], Field(strict=False, min_length=1)]


@dataclass(frozen=True, slots=True)
class LifeRules:
    activities: tuple[Activity, ...]
    least_share: float  # of a period's days


@lru_cache(maxsize=1)
def load_life() -> LifeRules:
    """All kinds of activity in the order of the file."""
    file = files("feigong") / "data" / "life.yaml"
    read = shaped(_File, parse(file.read_text(encoding="utf-8"), file.name), file.name)
    return LifeRules(tuple(one.value() for one in read.activities), read.least_share)
