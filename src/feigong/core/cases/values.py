"""A kind of case as data, and where one case of it stands."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from feigong.core.reasons import Param, Reason
from feigong.core.regulations.values import Words


class Standing(StrEnum):
    OPEN = "open"
    HELD = "held"  # its clock stands still
    CLOSED = "closed"


class AskedKind(StrEnum):
    TEXT = "text"
    DATE = "date"  # a day that has come
    COMING = "coming"  # a day that is to come: agreed on
    COUNT = "count"
    CHOICE = "choice"
    YES_NO = "yes_no"
    ORGANISATION = "organisation"  # identity of one on the roll
    WORKER = "worker"  # identity of a Party worker


@dataclass(frozen=True, slots=True)
class Asked:
    """Something that is asked for when a step is done."""

    name: str
    title: Words
    kind: AskedKind
    required: bool = False
    options: tuple[tuple[str, Words], ...] = ()  # of a choice
    least: int = 0  # of a count
    fact: str = ""  # what is known of the case under this name stands in the field already


@dataclass(frozen=True, slots=True)
class Clock:
    """When a step is due, counted from the day it began: days of its own, or the figure of a rule in months.

    ``until``: the day that was agreed on in the answer of this name, where the step before gave it; else the days.
    ``general``: being late is a warning and never keeps anybody from going on. So it is for all clocks; the word is
    what the regulation says (一般).
    """

    days: int | None = None
    rule: str = ""
    general: bool = False
    until: str = ""


@dataclass(frozen=True, slots=True)
class Check:
    """One answer against another: ``part`` at most ``whole``, or at least a rule's share of it (``quantity``).

    ``warns``: said, but the step can be done. ``endings``: only where the step ends so; none named: always.
    """

    part: str
    whole: str
    rule: str = ""
    quantity: str = "value"
    warns: bool = False
    endings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Ending:
    """A way a step can end. ``then``: the next step; empty: the case is closed with this outcome."""

    code: str
    title: Words
    then: str = ""
    effect: str = ""  # what it changes on the roll: the code of a registered effect
    calls: str = ""  # another one that leaves the roll as it is: what must be so, or a case opened after this one
    confirm: bool = False  # asked again before it is done
    asks: tuple[str, ...] = ()  # names asked for only where the step ends so; all others are asked for always


@dataclass(frozen=True, slots=True)
class StepRule:
    code: str
    title: Words
    help: Words
    roles: tuple[str, ...]  # who does it; an office may do every step
    endings: tuple[Ending, ...]
    clock: Clock | None = None
    asks: tuple[Asked, ...] = ()
    checks: tuple[Check, ...] = ()
    documents: tuple[str, ...] = ()

    def ending(self, code: str) -> Ending | None:
        return next((e for e in self.endings if e.code == code), None)

    def asked(self, ending: Ending) -> tuple[Asked, ...]:
        """What is asked for where the step ends so."""
        only = {name for e in self.endings for name in e.asks}
        return tuple(a for a in self.asks if a.name not in only or a.name in ending.asks)


@dataclass(frozen=True, slots=True)
class CaseKind:
    """Steps in their usual order; a case begins with the first."""

    code: str
    title: Words
    steps: tuple[StepRule, ...]

    def step(self, code: str) -> StepRule:
        """The step of this code; KeyError where there is none (a slip in code, not in data)."""
        for step in self.steps:
            if step.code == code:
                return step
        raise KeyError(f"{self.code} has no step {code!r}")


@dataclass(frozen=True, slots=True)
class Position:
    """Where a case stands. ``step``: under way, or the last one of a closed case."""

    standing: Standing
    step: str
    step_on: date  # the day it began
    due_on: date | None
    held_on: date | None = None
    held_until: date | None = None  # when to look again; None: until somebody does
    outcome: str = ""  # the ending that closed it


Answers = dict[str, Param]


@dataclass(frozen=True, slots=True)
class Advance:
    """What doing a step leads to."""

    position: Position
    ending: Ending
    answers: Answers  # cleaned
    warnings: tuple[Reason, ...] = ()
