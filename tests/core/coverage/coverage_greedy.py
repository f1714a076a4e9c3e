"""A plain greedy solver of the array problem, so that the steps around it can be tested without the real one."""

from __future__ import annotations

import numpy as np

from feigong.core.coverage.joint.values import Group, JointInstance, JointSolution
from feigong.core.work import Executor, Progress, Stop


def greedy(
    instance: JointInstance, *, seed: int, stop: Stop, progress: Progress, executor: Executor, gap_goal: float
) -> JointSolution:
    """Kept groups first, then for every seed in order the cheapest guests that fit, until there are members enough."""
    free = np.ones(instance.n, np.bool_)
    groups: list[Group] = []
    for number, items, cost in instance.kept:
        owner = int(instance.seed_owner[number])
        groups.append(_group(instance, number, [owner, *(i for i in items if i != owner)], cost))
        free[list(items)] = False
    for number in range(instance.seeds):
        owner = int(instance.seed_owner[number])
        if not free[owner]:
            continue
        found = _grow(instance, number, owner, free)
        if found is not None:
            groups.append(found)
            free[list(found.items)] = False
    covered = int(instance.at_stake[~free].sum())
    cost = sum(g.cost for g in groups)
    at_stake = int(instance.at_stake.sum())
    return JointSolution(
        tuple(sorted(groups, key=lambda g: g.items)), covered, at_stake, at_stake,
        cost, min(0.0, cost), ~free, np.zeros(instance.n), False, False, {},
    )  # fmt: skip


def _group(instance: JointInstance, number: int, items: list[int], cost: float) -> Group:
    mask = int(np.bitwise_and.reduce(instance.masks[items]))
    return Group(number, tuple(items), (mask & -mask).bit_length() - 1, cost)


def _grow(instance: JointInstance, number: int, owner: int, free: np.ndarray) -> Group | None:
    arcs = slice(instance.arc_start[number], instance.arc_start[number + 1])
    mask, items, cost = int(instance.masks[owner]), [owner], float(instance.seed_cost[number])
    for item, metres in zip(instance.arc_item[arcs].tolist(), instance.arc_cost[arcs].tolist(), strict=True):
        enough = int(instance.members[items].sum()) >= instance.least and len(items) > 1
        if enough or len(items) > instance.seed_room[number]:
            break
        if free[item] and mask & int(instance.masks[item]):
            mask &= int(instance.masks[item])
            items.append(item)
            cost += metres
    if len(items) < 2 or int(instance.members[items].sum()) < instance.least:
        return None
    return _group(instance, number, items, cost)
