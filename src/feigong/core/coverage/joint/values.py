"""Joint branches as an array problem, for any size and any source of distances.

*Items* are enterprises. A *group* is grown from a *seed*: the seed's base items, whose meeting place is the seed's, plus at
most ``room`` items reached by the seed's arcs. An ordinary seed has one base item: the host. An existing organisation that can
take others in is a seed whose base is its enterprises. A host that may gather by industry as well is two seeds with one owner.

A group is valid when its members are at least ``least`` and the seed's mask and all its items' masks share a slot. Its cost is
the seed's cost plus its arcs' costs. Every item is in at most one group; a member ``at_stake`` that is in none costs
``price`` (large: coverage comes before travel).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

Ints = npt.NDArray[np.int64]
Index = npt.NDArray[np.int32]
Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class JointInstance:
    """Shapes: n items, s seeds, b base entries, a arcs. Masks have up to 63 bits."""

    members: Ints  # (n,) full members of each item
    at_stake: Ints  # (n,) members that count as uncovered when the item is in no group (0: may stay out for free)
    masks: Ints  # (n,) free slots
    base_start: Ints  # (s + 1,) base items of seed h: base_item[base_start[h]:base_start[h + 1]]
    base_item: Index  # (b,) the owner (host) first
    seed_room: Ints  # (s,) how many items may be added
    seed_cost: Floats  # (s,) cost of the seed itself, may be negative (a reward for keeping it)
    arc_start: Ints  # (s + 1,)
    arc_item: Index  # (a,) each seed's arcs sorted by (cost, item)
    arc_cost: Floats  # (a,) metres less affinity plus prices
    least: int = 3
    price: float = 20_000.0
    kept: tuple[tuple[int, tuple[int, ...], float], ...] = ()
    """Groups of the plan in force that are still valid: (seed, sorted items incl. base, cost with the reward)."""

    @property
    def n(self) -> int:
        return len(self.members)

    @property
    def seeds(self) -> int:
        return len(self.seed_room)


@dataclass(frozen=True, slots=True)
class Group:
    """One group of a solution: ``items`` includes the base, host first; ``slot`` the lowest common slot."""

    seed: int
    items: tuple[int, ...]
    slot: int
    cost: float


@dataclass(frozen=True, slots=True)
class JointSolution:
    """Bounds: no solution covers more members than ``bound_covered``; none that covers at least ``covered`` costs less than
    ``bound_cost``. ``coverable`` marks items that some group can contain. ``dual`` is each item's price in the last bound:
    what covering it is worth, in metres."""

    groups: tuple[Group, ...]
    covered: int
    at_stake: int
    bound_covered: int
    cost: float
    bound_cost: float
    coverable: npt.NDArray[np.bool_]
    dual: Floats
    optimal: bool
    stopped_early: bool
    stats: dict[str, Any]

    @property
    def gap(self) -> float:
        """(cost - bound) / cost, never negative."""
        return max(0.0, (self.cost - self.bound_cost) / self.cost) if self.cost > 0 else 0.0
