"""What a plan changes about who looks after whom: who keeps, gets and gives up which enterprises."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from enum import StrEnum


class Move(StrEnum):
    KEEP = "keep"
    GAIN = "gain"  # nobody had it
    TAKE = "take"  # somebody else had it
    END = "end"  # the plan gives it to nobody any more


@dataclass(frozen=True, slots=True)
class Handed:
    """One enterprise. ``officer``: whose it is by the plan, None where it ends; ``before``: whose it is now."""

    enterprise: int
    move: Move
    officer: int | None
    before: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class OfficerChange:
    """One officer's side. ``loses``: to others; ``ends``: to nobody."""

    officer: int
    keeps: tuple[Handed, ...] = ()
    gains: tuple[Handed, ...] = ()
    loses: tuple[Handed, ...] = ()
    ends: tuple[Handed, ...] = ()

    @property
    def load(self) -> int:
        return len(self.keeps) + len(self.gains)

    @property
    def load_now(self) -> int:
        return len(self.keeps) + len(self.loses) + len(self.ends)


def handed(
    planned: Mapping[int, int], now: Mapping[int, Collection[int]], decided: Collection[int]
) -> tuple[Handed, ...]:
    """Every enterprise that has an officer by the plan or now, in the order of identities.

    Parameters
    ----------
    planned
        Officer by enterprise, as the plan proposes.
    now
        Officers by enterprise, as they are.
    decided
        Enterprises of which the plan says anything. Of others it says nothing: they stay out.
    """
    found = []
    for one in sorted({*planned, *(firm for firm in now if firm in decided)}):
        officer, before = planned.get(one), tuple(sorted(now.get(one, ())))
        if officer is None:
            move = Move.END
        elif before == (officer,):
            move = Move.KEEP
        else:
            move = Move.TAKE if before else Move.GAIN
        if officer is not None or before:
            found.append(Handed(one, move, officer, before))
    return tuple(found)


def by_officer(changes: Collection[Handed]) -> dict[int, OfficerChange]:
    """The same by officer, each enterprise with the one who gets it and with those who give it up."""
    sides: dict[int, tuple[list[Handed], list[Handed], list[Handed], list[Handed]]] = {}
    for one in changes:
        for officer in {*one.before, *(() if one.officer is None else (one.officer,))}:
            keeps, gains, loses, ends = sides.setdefault(officer, ([], [], [], []))
            if one.officer == officer:
                (keeps if officer in one.before else gains).append(one)
            else:
                (loses if one.officer is not None else ends).append(one)
    return {officer: OfficerChange(officer, *map(tuple, sides[officer])) for officer in sorted(sides)}
