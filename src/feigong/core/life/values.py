"""Kinds of activity as data, an organisation over time, what it held, and what is due."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from feigong.core.reasons import Reason
from feigong.core.regulations.values import Words
from feigong.core.roll.values import OrganisationKind


class Whose(StrEnum):
    """Who is called together."""

    MEMBERS = "members"
    COMMITTEE = "committee"
    GROUP = "group"  # every group by itself


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure of a rule, looked up on the day."""

    rule: str
    quantity: str = "value"


@dataclass(frozen=True, slots=True)
class Activity:
    """A kind of activity. ``rhythm``: a figure in months (at least once in so many) or in times a year."""

    code: str
    title: Words
    rhythm: Figure
    duty_of: frozenset[OrganisationKind]  # kinds that owe it; others may hold it
    whose: Whose
    each: bool = False  # owed to every member, not to the organisation as one
    quorum: Figure | None = None  # share of those due that must be present
    passes: Figure | None = None  # share of those due that a decision needs more than
    usual_quarter: Figure | None = None


@dataclass(frozen=True, slots=True)
class Spell:
    """What an organisation was from ``since`` until the day before ``until``."""

    since: date
    until: date
    kind: OrganisationKind
    members: int  # probationary ones too
    committee: int = 0  # who sits on its committee; 0: there is none
    groups: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Held:
    """An activity that took place. ``makes_up``: a day of the period it was held for, where that is an earlier one."""

    activity: str
    on: date
    group: str = ""
    persons: frozenset[int] = frozenset()  # with whom, where it is owed to each
    makes_up: date | None = None

    @property
    def counts_for(self) -> date:
        return self.makes_up or self.on


@dataclass(frozen=True, slots=True)
class Excuse:
    """From the first day to the last nothing of this kind is owed. ``activity`` empty: nothing at all."""

    first: date
    last: date
    why: str
    activity: str = ""


class DueState(StrEnum):
    COMING = "coming"
    DUE = "due"
    DONE = "done"
    OVERDUE = "overdue"
    EXEMPT = "exempt"


@dataclass(frozen=True, slots=True)
class Due:
    """One thing owed in one period, both days included."""

    activity: str
    first: date
    last: date
    state: DueState
    need: int = 1
    got: int = 0
    group: str = ""
    late: bool = False  # made up after the period
    usual: date | None = None  # from this day on it is usually held
    why: Reason | None = None  # of an exemption
