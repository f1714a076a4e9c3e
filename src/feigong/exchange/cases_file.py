"""Reads the kinds of cases that come with the program: steps, clocks, what is asked, what follows."""

from __future__ import annotations

from functools import lru_cache
from importlib.resources import files
from typing import Annotated, Any

from pydantic import Field

from feigong.core.cases.values import Asked, AskedKind, CaseKind, Check, Clock, Ending, StepRule
from feigong.core.errors import FeigongError
from feigong.core.regulations.values import Words
from feigong.exchange.yaml_file import Shape, parse, shaped

Text = Annotated[str, Field(min_length=1)]
Code = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_.]*$")]


class _Words(Shape):
    zh: Text
    en: Text

    def value(self) -> Words:
        return Words(self.zh, self.en)


class _Option(_Words):
    code: Code


class _Asked(_Words):
    name: Code
    kind: Annotated[AskedKind, Field(strict=False)] = AskedKind.TEXT
    required: bool = False
    options: Annotated[tuple[_Option, ...], Field(strict=False)] = ()
    least: int = 0
    fact: str = ""

    def asked(self) -> Asked:
        options = tuple((o.code, o.value()) for o in self.options)
        return Asked(self.name, self.value(), self.kind, self.required, options, self.least, self.fact)


class _Clock(Shape):
    days: int | None = None
    rule: str = ""
    general: bool = False
    until: str = ""


class _Check(Shape):
    part: Code
    whole: Code
    rule: str = ""
    quantity: str = "value"
    warns: bool = False
    endings: Annotated[tuple[Code, ...], Field(strict=False)] = ()


class _Ending(_Words):
    code: Code
    then: str = ""
    effect: str = ""
    calls: str = ""
    confirm: bool = False
    asks: Annotated[tuple[Code, ...], Field(strict=False)] = ()

    def ending(self) -> Ending:
        return Ending(self.code, self.value(), self.then, self.effect, self.calls, self.confirm, self.asks)


class _Step(_Words):
    code: Code
    help: _Words
    roles: Annotated[tuple[Code, ...], Field(strict=False)]
    clock: _Clock | None = None
    asks: Annotated[tuple[_Asked, ...], Field(strict=False)] = ()
    checks: Annotated[tuple[_Check, ...], Field(strict=False)] = ()
    documents: Annotated[tuple[Code, ...], Field(strict=False)] = ()
    endings: Annotated[tuple[_Ending, ...], Field(strict=False, min_length=1)]

    def step(self) -> StepRule:
        return StepRule(
            self.code, self.value(), self.help.value(), self.roles, tuple(e.ending() for e in self.endings),
            None if self.clock is None else Clock(**self.clock.model_dump()),
            tuple(a.asked() for a in self.asks),
            tuple(Check(c.part, c.whole, c.rule, c.quantity, c.warns, c.endings) for c in self.checks), self.documents,
        )  # fmt: skip


class _Kind(Shape):
    kind: Code
    title: _Words
    steps: Annotated[tuple[_Step, ...], Field(strict=False, min_length=1)]


def kind_from(raw: Any, file: str) -> CaseKind:
    """A kind of case from the plain values of a file.

    Raises
    ------
    FeigongError
        ``error.yaml.…`` with the place; ``error.case.file`` where a step leads to one that is not there, or a check or
        an ending names what is not asked for.
    """
    read = shaped(_Kind, raw, file)
    kind = CaseKind(read.kind, read.title.value(), tuple(s.step() for s in read.steps))
    codes = [s.code for s in kind.steps]
    all_names = {a.name for s in kind.steps for a in s.asks}
    for step in kind.steps:
        names = {a.name for a in step.asks}
        wrong = {e.then for e in step.endings if e.then} - set(codes)
        wrong |= {n for e in step.endings for n in e.asks} - names
        wrong |= {n for c in step.checks for n in (c.part, c.whole)} - names
        wrong |= {e for c in step.checks for e in c.endings if step.ending(e) is None}
        if step.clock is not None and step.clock.until:
            wrong |= {step.clock.until} - all_names
        if codes.count(step.code) > 1:
            wrong.add(step.code)
        if wrong:
            raise FeigongError("error.case.file", file=file, step=step.code, found=min(wrong))
    return kind


@lru_cache(maxsize=1)
def load_kinds() -> dict[str, CaseKind]:
    """All kinds of cases, by code."""
    folder = files("feigong") / "data" / "cases"
    found = {}
    for entry in sorted(folder.iterdir(), key=lambda e: e.name):
        if entry.name.endswith(".yaml"):
            kind = kind_from(parse(entry.read_text(encoding="utf-8"), entry.name), entry.name)
            found[kind.code] = kind
    return found
