"""How far an enterprise is on the way to an organisation, and since when: told by the roll, never kept beside it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class Rung(StrEnum):
    """The rungs from below: nobody known, somebody, enough full members, an organisation."""

    NONE = "none"
    KNOWN = "known"
    ENOUGH = "enough"
    ORGANISATION = "organisation"

    @property
    def height(self) -> int:
        return list(Rung).index(self)


@dataclass(frozen=True, slots=True)
class Stay:
    """Somebody works there, or something covers it, over ``[first, end)``. ``full``: a full member."""

    first: date
    end: date
    full: bool = False


@dataclass(frozen=True, slots=True)
class Step:
    """From this day on it stood on this rung."""

    on: date
    rung: Rung


@dataclass(frozen=True, slots=True)
class Ladder:
    """All steps up and down until a day; at least one."""

    steps: tuple[Step, ...]

    @property
    def rung(self) -> Rung:
        """Where it stands on the day asked about."""
        return self.steps[-1].rung

    def since(self, rung: Rung) -> date | None:
        """The day from which it has stood on this rung or above it without a break; None: it does not."""
        found = None
        for step in reversed(self.steps):
            if step.rung.height < rung.height:
                break
            found = step.on
        return found


def rungs_of(
    members: Iterable[Stay], covered: Iterable[Stay], *, begin: date, on: date, least: int
) -> Ladder:
    """The ladder of one enterprise.

    Parameters
    ----------
    members
        Who works there, each stretch with whether the membership is full.
    covered
        Stretches over which an organisation covers it.
    begin, on
        The first day asked about and the last, both included.
    least
        Full members that an organisation needs (Party Constitution Art. 30), as of ``on``.
    """
    members, covered = list(members), list(covered)
    days = {begin} | {day for stay in (*members, *covered) for day in (stay.first, stay.end) if begin < day <= on}
    steps: list[Step] = []
    for day in sorted(days):
        rung = _rung(members, covered, day, least)
        if not steps or steps[-1].rung is not rung:
            steps.append(Step(day, rung))
    return Ladder(tuple(steps))


def _rung(members: list[Stay], covered: list[Stay], day: date, least: int) -> Rung:
    if any(stay.first <= day < stay.end for stay in covered):
        return Rung.ORGANISATION
    here = [stay.full for stay in members if stay.first <= day < stay.end]
    if sum(here) >= least:
        return Rung.ENOUGH
    return Rung.KNOWN if here else Rung.NONE
