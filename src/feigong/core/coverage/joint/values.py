"""Joint branches as an array problem, for any size and any source of distances.

*Items* are enterprises. A *group* is grown from a *seed*: its owner item, where the group meets, plus at most
``room`` items reached by the seed's arcs. An enterprise that may gather its neighbours by area or its trade by
industry owns two seeds. An existing organisation that can take others in is one item with ``at_stake`` 0 that owns
a seed with the room it has left.

A group is valid when it has at least one item besides the owner, its members are at least ``least`` and all its
items' masks share a slot. Its cost is the seed's cost plus its arcs' costs. Every item is in at most one group;
each member ``at_stake`` that is in none costs ``price`` (large: coverage comes before travel)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

Ints = npt.NDArray[np.int64]
Index = npt.NDArray[np.int32]
Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class JointInstance:
    """Shapes: n items, s seeds, a arcs. Masks have up to 63 bits, ``least`` is at most 3, ``room`` at most 9."""

    members: Ints  # (n,) full members of each item, at least 1
    at_stake: Ints  # (n,) members that count as uncovered when the item is in no group (0: may stay out for free)
    masks: Ints  # (n,) free slots
    seed_owner: Index  # (s,) the item where the group meets
    seed_room: Ints  # (s,) how many items may be added to the owner
    seed_cost: Floats  # (s,) cost of using the seed at all
    arc_start: Ints  # (s + 1,) arcs of seed h: arc_item[arc_start[h]:arc_start[h + 1]]
    arc_item: Index  # (a,)
    arc_cost: Floats  # (a,) metres less affinity plus prices
    least: int = 3
    price: float = 20_000.0
    kept: tuple[tuple[int, tuple[int, ...], float], ...] = ()
    """Disjoint groups of the plan in force that are still valid: (seed, its items, its cost with the reward for
    keeping)."""

    @property
    def n(self) -> int:
        return len(self.members)

    @property
    def seeds(self) -> int:
        return len(self.seed_room)


@dataclass(frozen=True, slots=True)
class Group:
    """One group of a solution: ``items`` begins with the owner; ``slot`` is the lowest slot free for all."""

    seed: int
    items: tuple[int, ...]
    slot: int
    cost: float


@dataclass(frozen=True, slots=True)
class JointSolution:
    """Bounds: no solution covers more members than ``bound_covered``; none that covers at least ``covered`` costs
    less than ``bound_cost``. ``coverable`` marks items that some group can contain. ``dual`` is each item's price
    in the last bound: what covering it is worth, in metres."""

    groups: tuple[Group, ...]
    covered: int
    at_stake: int
    bound_covered: int
    cost: float
    bound_cost: float
    coverable: Bools
    dual: Floats
    optimal: bool
    stopped_early: bool
    stats: dict[str, Any]

    @property
    def gap(self) -> float:
        """(cost - bound) / cost, never negative."""
        return max(0.0, (self.cost - self.bound_cost) / self.cost) if self.cost > 0 else 0.0
