"""When a liaison officer is to come again. The rhythm is a setting; the last visit and the rung say the rest."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from feigong.core.coverage.rungs import Rung
from feigong.core.regulations.values import Words


@dataclass(frozen=True, slots=True)
class Option:
    """Something to choose from. ``fails``: of whom was met: nobody, so that the visit is to be made again soon."""

    code: str
    title: Words
    fails: bool = False


@dataclass(frozen=True, slots=True)
class Rhythm:
    """Days from one visit to the next by rung; after an assignment began; and where nobody was met."""

    by_rung: Mapping[Rung, int]
    first: int
    again: int
    source: Words


@dataclass(frozen=True, slots=True)
class VisitRules:
    purposes: tuple[Option, ...]
    met: tuple[Option, ...]
    rhythm: Rhythm

    def met_nobody(self, code: str) -> bool:
        return any(option.fails for option in self.met if option.code == code)


def due_on(rules: VisitRules, rung: Rung | None, assigned: date, last: date | None, met: str = "") -> date:
    """The day by which the next visit is due.

    Parameters
    ----------
    rung
        None where it may not be told: then as on the lowest one.
    assigned
        When the officer got the enterprise.
    last, met
        The last visit by anybody, and who was met; None: there was none. One before the assignment counts too, but
        a new officer introduces himself all the same.
    """
    rhythm = rules.rhythm
    introduced = assigned + timedelta(days=rhythm.first)
    if last is None or last < assigned:
        return introduced
    days = rhythm.again if rules.met_nobody(met) else rhythm.by_rung[rung or Rung.NONE]
    return last + timedelta(days=days)
