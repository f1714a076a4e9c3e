"""Free time as data: a week has 21 slots, a shift system repeats after one or several weeks.

Slot ``day * 3 + part``: day 0 is Monday, part 0 morning, 1 afternoon, 2 evening. A mask is an int with bit ``slot`` set
where every member of the enterprise is free.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import lcm

SLOTS_A_WEEK = 21
ALL_SLOTS = (1 << SLOTS_A_WEEK) - 1


@dataclass(frozen=True, slots=True)
class FreeSlots:
    """When an enterprise's members are free: one 21-bit mask for each week of the cycle (one unless shifts rotate)."""

    weeks: tuple[int, ...]

    def __post_init__(self) -> None:
        if not self.weeks:
            raise ValueError("a cycle has at least one week")
        if any(not 0 <= w <= ALL_SLOTS for w in self.weeks):
            raise ValueError("a week's mask has 21 bits")

    @property
    def cycle_weeks(self) -> int:
        return len(self.weeks)

    def folded(self, weeks: int) -> int:
        """One mask of ``21 * weeks`` bits: bit ``week * 21 + slot`` is set where the slot is free in that week of
        *every* pass of the longer common cycle. Never claims a time that is not free."""
        whole = lcm(weeks, len(self.weeks))
        mask = 0
        for week in range(weeks):
            free = ALL_SLOTS
            for k in range(week, whole, weeks):
                free &= self.weeks[k % len(self.weeks)]
            mask |= free << (SLOTS_A_WEEK * week)
        return mask
