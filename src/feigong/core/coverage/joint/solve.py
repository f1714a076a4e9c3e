"""Whole instances: taken apart into components that share nothing, solved as independent tasks, put together with
the proof."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Protocol

import numpy as np
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from feigong.core.coverage.joint.block import Block, take_block, without
from feigong.core.coverage.joint.component import Effort, Found, solve_block
from feigong.core.coverage.joint.covering import least_uncovered
from feigong.core.coverage.joint.kernels import coverable
from feigong.core.coverage.joint.large import LARGE, solve_large
from feigong.core.coverage.joint.values import Bools, Floats, Group, Ints, JointInstance, JointSolution
from feigong.core.work import Executor, Progress, Step, Stop

TASK_ITEMS = 400
"""Small components are put into one task up to this many items, so that handing out tasks costs nothing."""

QUICK = Effort(
    anneal_tries=20,
    walk_steps=(150, 50),
    tolerances=(2e-3, 1e-3),
    cut_rounds=3,
    dives=(0.8,),
    polish_tries=60,
    fix_nodes=0,
    exact_columns=0,
    hoods=(0, 0.0),
)
PASSES = (
    (200_000, QUICK, 0.01),
    (0, Effort(), 0.0),
)
"""(from how many items, effort, goal): large instances get a quick pass everywhere before the full one, so that a
deadline finds a good plan in every part. Measured; see docs/decisions."""


class Recipe(Protocol):
    """Makes a part of an instance where the task runs, so that a large one never stands whole in memory."""

    def __call__(self) -> JointInstance: ...


@dataclass(frozen=True)
class Ready:
    """The recipe that has its instance already."""

    instance: JointInstance

    def __call__(self) -> JointInstance:
        return self.instance


@dataclass(frozen=True)
class Task:
    recipe: Recipe
    items: int
    seed: int
    stop: Stop
    goal: float
    effort: Effort
    start: tuple[tuple[int, ...], ...] = ()  # groups of an earlier pass


@dataclass(frozen=True)
class Part:
    """What became of a task, in the indices of its instance. Values and bounds include the price of uncovered
    members."""

    groups: tuple[Group, ...]
    value: float
    bound: float
    uncovered: int
    least_uncovered: int
    coverable: Bools
    dual: Floats
    stopped: bool
    spent: int
    closed: bool  # every component proven optimal
    covered: int  # members at stake in a group
    metres: float  # cost of the groups without rewards for keeping them


def solve_joint(
    instance: JointInstance, *, seed: int, stop: Stop, progress: Progress, executor: Executor, gap_goal: float
) -> JointSolution:
    """Plan joint branches and prove how good the plan is.

    Parameters
    ----------
    instance : JointInstance
    seed : int
        Same instance, seed and work budget give the same solution.
    stop : Stop
        When to end with the best found; asked between steps of each component.
    progress : Progress
        Told after every task what is covered and how far the bound is.
    executor : Executor
        Carries out independent tasks.
    gap_goal : float
        (cost - bound) / cost at which a component is good enough; 0 goes on to proven optimality where it can.

    Returns
    -------
    JointSolution

    Raises
    ------
    ValueError
        If shapes or ranges break the contract of `JointInstance`.
    """
    check(instance)
    parts = take_apart(instance)
    recipes: list[Recipe] = [Ready(part) for part, _items in parts]
    done = run_passes(recipes, [len(items) for _p, items in parts], seed, stop, progress, executor, gap_goal)
    seeds = [np.flatnonzero(np.isin(instance.seed_owner, items)) for _p, items in parts]
    return put_together(instance, done, [items for _p, items in parts], seeds)


def check(instance: JointInstance) -> None:
    """Raise ValueError where the instance breaks its contract."""
    n, s = instance.n, instance.seeds
    if not (
        len(instance.at_stake) == len(instance.masks) == n and len(instance.seed_owner) == len(instance.seed_cost) == s
    ):
        raise ValueError("arrays of different lengths")
    if len(instance.arc_start) != s + 1 or len(instance.arc_item) != len(instance.arc_cost):
        raise ValueError("arc arrays do not fit together")
    if instance.least > 3 or (n and instance.members.min() < 1):
        raise ValueError("least is at most 3 and every item has a member")
    if s and not (instance.seed_room.min() >= 1 and instance.seed_room.max() <= 9):
        raise ValueError("room is 1 to 9")
    if n and instance.masks.min() < 0:
        raise ValueError("masks have at most 63 bits")
    if not np.isfinite(instance.arc_cost).all():
        raise ValueError("an unknown distance is no arc")


def take_apart(instance: JointInstance) -> list[tuple[JointInstance, Ints]]:
    """Components of "can ever be in one group", gathered into parts of some size; with their items (sorted)."""
    row = np.repeat(instance.seed_owner, np.diff(instance.arc_start))
    fine = (instance.masks[row] & instance.masks[instance.arc_item]) != 0
    graph = coo_array((np.ones(fine.sum(), np.int8), (row[fine], instance.arc_item[fine])), (instance.n, instance.n))
    count, label = connected_components(graph, directed=False)
    order = np.argsort(label, kind="stable")
    edge = np.searchsorted(label[order], np.arange(count + 1))
    parts, some = [], np.zeros(0, np.int64)
    for k in range(count):
        component = order[edge[k] : edge[k + 1]]
        if len(component) == 1:
            continue
        some = np.concatenate([some, component])
        if len(some) >= TASK_ITEMS:
            parts.append(some)
            some = np.zeros(0, np.int64)
    if len(some):
        parts.append(some)
    return [(restrict(instance, np.sort(items)), np.sort(items)) for items in parts]


def restrict(instance: JointInstance, items: Ints) -> JointInstance:
    """The instance of these items, their seeds and the arcs that stay inside, in local indices."""
    local = np.full(instance.n, -1, np.int64)
    local[items] = np.arange(len(items))
    seeds = np.flatnonzero(local[instance.seed_owner] >= 0)
    length = np.diff(instance.arc_start)[seeds]
    row = np.repeat(np.arange(len(seeds)), length)
    at = (
        np.arange(len(row))
        - np.repeat(np.cumsum(length) - length, length)
        + np.repeat(instance.arc_start[seeds], length)
    )
    item = local[instance.arc_item[at]]
    fine = item >= 0
    place = {int(h): k for k, h in enumerate(seeds)}
    kept = tuple(
        (place[h], tuple(int(local[i]) for i in group), cost)
        for h, group, cost in instance.kept
        if h in place and all(local[i] >= 0 for i in group)
    )
    return replace(
        instance,
        members=instance.members[items],
        at_stake=instance.at_stake[items],
        masks=instance.masks[items],
        seed_owner=local[instance.seed_owner[seeds]].astype(np.int32),
        seed_room=instance.seed_room[seeds],
        seed_cost=instance.seed_cost[seeds],
        arc_start=np.searchsorted(row[fine], np.arange(len(seeds) + 1)).astype(np.int64),
        arc_item=item[fine].astype(np.int32),
        arc_cost=instance.arc_cost[at][fine],
        kept=kept,
    )


def run_passes(
    recipes: Sequence[Recipe],
    sizes: Sequence[int],
    seed: int,
    stop: Stop,
    progress: Progress,
    executor: Executor,
    gap_goal: float,
) -> list[Part]:
    """Solve every part, largest first; large instances in more than one pass."""
    total = max(1, sum(sizes))
    done: list[Part | None] = [None] * len(recipes)
    for least, effort, loose in PASSES:
        if total < least:
            continue
        goal = max(gap_goal, loose)
        waiting = [k for k in range(len(recipes)) if _worth(done[k], goal)]
        waiting.sort(key=lambda k: (-_promise(done[k], sizes[k]), k))
        tasks = [
            Task(recipes[k], sizes[k], seed, stop.part(sizes[k] / total), goal, effort, _groups(done[k]))
            for k in waiting
        ]
        for count, (index, part) in enumerate(executor.run(solve_task, tasks), 1):
            k = waiting[index]
            done[k] = part if (before := done[k]) is None else _better(before, part)
            progress(Step("joint", count, len(tasks), _reached(done)))
    return [part for part in done if part is not None]


def _worth(part: Part | None, goal: float) -> bool:
    return part is None or (not part.closed and part.value - part.bound > goal * abs(part.value))


def _promise(part: Part | None, size: int) -> float:
    return float(size) if part is None else part.value - part.bound


def _groups(part: Part | None) -> tuple[tuple[int, ...], ...]:
    return () if part is None else tuple(group.items for group in part.groups)


def _better(before: Part, after: Part) -> Part:
    best = after if after.value <= before.value else before
    return replace(
        best,
        bound=max(before.bound, after.bound),
        least_uncovered=max(before.least_uncovered, after.least_uncovered),
        spent=before.spent + after.spent,
        dual=after.dual if after.bound >= before.bound else before.dual,
        stopped=after.stopped,
        closed=before.closed or after.closed,
    )


def _reached(done: Sequence[Part | None]) -> dict[str, float | int]:
    parts = [p for p in done if p is not None]
    value, bound = sum(p.value for p in parts), sum(p.bound for p in parts)
    return {
        "groups": sum(len(p.groups) for p in parts),
        "covered": sum(p.covered for p in parts),
        "travel": round(sum(p.metres for p in parts)),
        "gap": max(0.0, (value - bound) / value) if value > 0 else 0.0,
    }


def solve_task(task: Task) -> Part:
    """Solve one part: its components one after another."""
    instance = task.recipe()
    whole = take_block(instance, np.arange(instance.n), instance.price, dense=False)
    can = coverable(whole)
    seed_number = np.lexsort((np.arange(instance.seeds), instance.seed_owner))
    groups: list[Group] = []
    dual = np.zeros(instance.n)
    value = bound = 0.0
    uncovered_count = least = spent = 0
    stopped, closed = False, True
    start = np.full(instance.n, -1, np.int32)
    for k, items in enumerate(task.start):
        start[list(items)] = k
    for component in _components(whole, can):
        keep = np.zeros(instance.n, np.bool_)
        keep[component] = True
        large = len(component) > LARGE
        block, index = without(whole, keep, dense=not large)
        stop = task.stop.part(len(index) / max(1, task.items))
        solve = solve_large if large else solve_block
        found = solve(block, start[index], seed=task.seed, stop=stop, goal=task.goal, effort=task.effort)
        fewest = least_uncovered(found, block, instance.price, seed=task.seed, stop=stop, effort=task.effort)
        own_seeds = np.flatnonzero(np.isin(whole.owner, index))
        groups += _to_groups(instance, found, block, index, seed_number[own_seeds])
        dual[index] = found.u
        value, bound, spent = value + found.plan.value, bound + found.bound, spent + found.spent
        uncovered_count, least = uncovered_count + _missed(found, instance.price), least + fewest
        stopped = stopped or found.stopped
        closed = closed and found.closed and fewest == _missed(found, instance.price)
    covered = sum(int(instance.at_stake[list(g.items)].sum()) for g in groups)
    metres = sum(_arcs_cost(instance, g.seed, g.items[1:]) for g in groups)
    return Part(tuple(groups), value, bound, uncovered_count, least, can, dual, stopped, spent, closed, covered, metres)


def _components(block: Block, can: Bools) -> list[Ints]:
    row = np.repeat(block.owner, np.diff(block.arc_start))
    fine = can[row] & can[block.arc_item]
    graph = coo_array((np.ones(fine.sum(), np.int8), (row[fine], block.arc_item[fine])), (len(can), len(can)))
    count, label = connected_components(graph, directed=False)
    order = np.argsort(label, kind="stable")
    edge = np.searchsorted(label[order], np.arange(count + 1))
    pieces = [order[edge[k] : edge[k + 1]] for k in range(count)]
    return [p[can[p]] for p in pieces if can[p].any()]


def _missed(found: Found, price: float) -> int:
    held = found.plan.columns.items
    left = np.ones(len(found.block.cap), np.bool_)
    left[held[held >= 0]] = False
    return round(float(found.block.cap[left].sum()) / price)


def _to_groups(instance: JointInstance, found: Found, block: Block, index: Ints, seeds: Ints) -> list[Group]:
    out = []
    kept = {(seed, tuple(sorted(group))): cost for seed, group, cost in instance.kept}
    for row, number in zip(found.plan.columns.items, found.plan.columns.seed, strict=True):
        held, first, seed = row[row >= 0], int(block.owner[number]), int(seeds[number])
        mask = int(np.bitwise_and.reduce(block.masks[held]))
        others = np.sort(index[held[held != first]])
        items = (int(index[first]), *(int(i) for i in others))
        # The kernels' costs are rounded; a group's is not.
        cost = float(instance.seed_cost[seed]) + _arcs_cost(instance, seed, others)
        cost = min(cost, kept.get((seed, tuple(sorted(items))), cost))
        out.append(Group(seed, items, (mask & -mask).bit_length() - 1, cost))
    return out


def _arcs_cost(instance: JointInstance, seed: int, others: Ints | Sequence[int]) -> float:
    arcs = slice(instance.arc_start[seed], instance.arc_start[seed + 1])
    return float(instance.arc_cost[arcs][np.isin(instance.arc_item[arcs], others)].sum())


def put_together(
    instance: JointInstance, parts: Sequence[Part], items: Sequence[Ints], seeds: Sequence[Ints]
) -> JointSolution:
    """One solution from the parts, in the indices of the whole instance."""
    can, dual = np.zeros(instance.n, np.bool_), np.zeros(instance.n)
    groups: list[Group] = []
    for part, index, numbers in zip(parts, items, seeds, strict=True):
        can[index], dual[index] = part.coverable, part.dual
        groups += [
            Group(int(numbers[g.seed]), tuple(int(index[i]) for i in g.items), g.slot, g.cost) for g in part.groups
        ]
    groups.sort(key=lambda g: g.items)
    covered = sum(int(instance.at_stake[list(g.items)].sum()) for g in groups)
    proof = prove(parts, instance.price)
    at_stake = int(instance.at_stake.sum())
    cost = sum(g.cost for g in groups)
    return JointSolution(
        groups=tuple(groups),
        covered=covered,
        at_stake=at_stake,
        bound_covered=int(instance.at_stake[can].sum()) - proof.least_uncovered,
        cost=cost,
        bound_cost=min(proof.cost, cost),
        coverable=can,
        dual=dual,
        optimal=proof.closed,
        stopped_early=any(p.stopped for p in parts),
        stats={"spent": sum(p.spent for p in parts), "parts": len(parts)},
    )


@dataclass(frozen=True, slots=True)
class TotalProof:
    cost: float
    least_uncovered: int
    closed: bool


def prove(parts: Sequence[Part], price: float) -> TotalProof:
    """The bound on cost of any plan that leaves out no more members than this one.

    Each part's bound with the price P of uncovered members: cost >= bound - P * uncovered. No plan leaves out fewer
    than ``least_uncovered`` in a part; the members this plan leaves out beyond that could be others in another
    plan."""
    least = sum(p.least_uncovered for p in parts)
    beyond = sum(p.uncovered for p in parts) - least
    cost = sum(p.bound for p in parts) - price * (least + beyond)
    return TotalProof(cost, least, all(p.closed for p in parts))
