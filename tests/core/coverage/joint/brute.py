"""The best joint branches by trying everything: plain Python, written from the definitions in `joint/values.py` alone.

Only for tiny instances. The planner shares nothing with this file, so that a mistake in one shows in the other.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from math import hypot

from feigong.core.coverage.joint.values import Group, JointInstance, JointSolution

Groups = dict[frozenset[int], float]
"""The least cost of every set of items that makes a valid group."""


@dataclass(frozen=True)
class Optimum:
    """``covered`` at the most, ``cost`` the least at that; ``cheapest[c]`` the least cost of covering exactly ``c``."""

    covered: int
    cost: float
    cheapest: Mapping[int, float]

    def cost_of_covering(self, least: int) -> float:
        """What covering at least so many costs at the least."""
        return min(cost for covered, cost in self.cheapest.items() if covered >= least)


def arcs_of(instance: JointInstance, seed: int) -> dict[int, float]:
    at = range(int(instance.arc_start[seed]), int(instance.arc_start[seed + 1]))
    return {int(instance.arc_item[k]): float(instance.arc_cost[k]) for k in at}


def common(masks: Sequence[int]) -> int:
    shared = -1
    for mask in masks:
        shared &= mask
    return shared


def seed_groups(instance: JointInstance, seed: int) -> Groups:
    owner, arcs = int(instance.seed_owner[seed]), arcs_of(instance, seed)
    found: Groups = {}
    for size in range(1, int(instance.seed_room[seed]) + 1):
        for others in combinations(sorted(arcs), size):
            items = (owner, *others)
            if sum(int(instance.members[i]) for i in items) < instance.least:
                continue
            if common([int(instance.masks[i]) for i in items]) == 0:
                continue
            found[frozenset(items)] = float(instance.seed_cost[seed]) + sum(arcs[i] for i in others)
    return found


def all_groups(instance: JointInstance) -> Groups:
    best: Groups = {}
    for seed in range(instance.seeds):
        for items, cost in seed_groups(instance, seed).items():
            best[items] = min(cost, best.get(items, cost))
    for _, kept, cost in instance.kept:
        best[frozenset(kept)] = min(cost, best.get(frozenset(kept), cost))
    return best


def array_groups(
    x: Sequence[float], y: Sequence[float], members: Sequence[int], slots: Sequence[int], area: Sequence[int],
    *, travel_m: float, least: int, most: int,
) -> Groups:  # fmt: skip
    """The valid groups of the arrays problem by the scorer's definition, each with its best host."""
    found: Groups = {}
    for size in range(2, most + 1):
        for items in combinations(range(len(x)), size):
            if len({area[i] for i in items}) > 1 or common([slots[i] for i in items]) == 0:
                continue
            if sum(members[i] for i in items) < least:
                continue
            for host in items:
                ways = [hypot(x[i] - x[host], y[i] - y[host]) for i in items]
                if max(ways) <= travel_m:
                    found[frozenset(items)] = min(sum(ways), found.get(frozenset(items), float("inf")))
    return found


def pack(groups: Groups, worth: Sequence[int]) -> Optimum:
    """The best choice of disjoint groups, covering item ``i`` being worth ``worth[i]``: dynamic programme over sets."""
    by_lowest: dict[int, list[tuple[int, float, int]]] = {}
    for items, cost in groups.items():
        bits = sum(1 << i for i in items)
        by_lowest.setdefault(bits & -bits, []).append((bits, cost, sum(worth[i] for i in items)))
    known: dict[int, dict[int, float]] = {0: {0: 0.0}}

    def within(free: int) -> dict[int, float]:
        if free not in known:
            lowest = free & -free
            table = dict(within(free ^ lowest))
            for bits, cost, gain in by_lowest.get(lowest, ()):
                if bits & ~free == 0:
                    for covered, before in within(free ^ bits).items():
                        table[covered + gain] = min(before + cost, table.get(covered + gain, float("inf")))
            known[free] = table
        return known[free]

    cheapest = within((1 << len(worth)) - 1)
    covered = max(cheapest)
    return Optimum(covered, cheapest[covered], cheapest)


def optimum(instance: JointInstance) -> Optimum:
    return pack(all_groups(instance), [int(v) for v in instance.at_stake])


def group_faults(instance: JointInstance, group: Group) -> list[str]:
    """What is wrong with one group of a solution, in words; empty: nothing."""
    owner, arcs, others = int(instance.seed_owner[group.seed]), arcs_of(instance, group.seed), group.items[1:]
    shared = common([int(instance.masks[i]) for i in group.items])
    faults = []
    if group.items[0] != owner:
        faults.append("does not begin with the owner of its seed")
    if not 1 <= len(others) <= instance.seed_room[group.seed]:
        faults.append(f"{len(others)} items besides the owner")
    if len(set(group.items)) < len(group.items):
        faults.append("an item twice")
    if sum(int(instance.members[i]) for i in group.items) < instance.least:
        faults.append("too few members")
    if shared == 0 or group.slot != (shared & -shared).bit_length() - 1:
        faults.append(f"slot {group.slot} of {shared:b}")
    if not set(others) <= arcs.keys():
        return [*faults, "an item that no arc reaches"]
    costs = [float(instance.seed_cost[group.seed]) + sum(arcs[i] for i in others)]
    costs += [cost for seed, kept, cost in instance.kept if seed == group.seed and set(kept) == set(group.items)]
    if abs(group.cost - min(costs)) > 1e-6:
        faults.append(f"cost {group.cost}, not {min(costs)}")
    return faults


def faults(instance: JointInstance, solution: JointSolution) -> list[str]:
    """Everything that is wrong with a solution and with the figures it gives of itself."""
    found = [f"{g.items}: {fault}" for g in solution.groups for fault in group_faults(instance, g)]
    taken = [i for g in solution.groups for i in g.items]
    if len(set(taken)) < len(taken):
        found.append("an item in two groups")
    if solution.covered != sum(int(instance.at_stake[i]) for i in set(taken)):
        found.append(f"says {solution.covered} members are covered")
    if solution.at_stake != int(instance.at_stake.sum()):
        found.append(f"says {solution.at_stake} members are at stake")
    if abs(solution.cost - sum(g.cost for g in solution.groups)) > 1e-6:
        found.append(f"says it costs {solution.cost}")
    if solution.covered > solution.bound_covered:
        found.append("covers more than its bound")
    if solution.bound_cost > solution.cost + 1e-6:
        found.append("costs less than its bound")
    if not all(solution.coverable[i] for i in taken):
        found.append("covers what it calls not coverable")
    return found
