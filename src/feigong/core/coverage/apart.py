"""Items that are never all in one group: a small search around whatever solves the array problem without that rule.

What is solved is always a problem with more freedom than the rule leaves, so its bound holds. Where a group of it
breaks the rule, one of its guests among the forbidden must lose the arc from its meeting place: each such problem is
solved in its turn, the most promising first, until the best of all keeps the rule.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from heapq import heappop, heappush

import numpy as np

from feigong.core.coverage.joint.values import Group, JointInstance, JointSolution
from feigong.core.coverage.pool import arc_rows

Solve = Callable[[JointInstance], JointSolution]
Arc = tuple[int, int]  # owner, item
MOST = 12
"""Problems solved before the search is cut short: then the rule is made stricter than asked for, and proved less."""


@dataclass(frozen=True)
class _Node:
    """A problem with fewer arcs, solved. ``value`` and ``bound`` include the price of uncovered members."""

    value: float
    bound: float
    without: frozenset[Arc]
    solution: JointSolution


def keeping_apart(solve: Solve, sets: Sequence[frozenset[int]]) -> Solve:
    """A solver that never puts all items of one of the sets into one group.

    Parameters
    ----------
    solve
        The solver without this rule.
    sets
        Of at least two items each. Two items of which neither may host the other need no search.

    Returns
    -------
    Solve
        Its bounds hold for every solution that keeps the rule.
    """
    if not sets:
        return solve

    def solved(instance: JointInstance) -> JointSolution:
        return _search(_first(instance, sets), sets, solve)

    return solved


def _search(instance: JointInstance, sets: Sequence[frozenset[int]], solve: Solve) -> JointSolution:
    root = _node(instance, frozenset(), 0.0, solve)
    waiting: list[tuple[float, int, _Node]] = [(root.value, 0, root)]
    count = 1
    while True:
        _, _, node = heappop(waiting)
        fault = broken(node.solution.groups, sets)
        if fault is None:
            return _proved(node, [n for _, _, n in waiting], root, instance)
        if count >= MOST:
            strict = _node(instance, _all_arcs(instance, sets), root.bound, solve)
            return _proved(strict, [node, *(n for _, _, n in waiting)], root, instance)
        group, forbidden = fault
        owner = group.items[0]
        for item in sorted(forbidden - {owner}):
            child = _node(instance, node.without | {(owner, item)}, node.bound, solve)
            heappush(waiting, (child.value, count, child))
            count += 1


def _node(instance: JointInstance, without: frozenset[Arc], least: float, solve: Solve) -> _Node:
    found = solve(without_arcs(instance, without))
    stake = int(instance.at_stake.sum())
    value = found.cost + instance.price * (stake - found.covered)
    bound = found.bound_cost + instance.price * (stake - found.covered)
    return _Node(value, max(bound, least) if without else bound, without, found)


def _proved(best: _Node, others: Sequence[_Node], root: _Node, instance: JointInstance) -> JointSolution:
    """The solution of a node with what all that is still open allows to say."""
    found = best.solution
    bound = min([best.bound, *(n.bound for n in others)]) if best is not root else root.bound
    cost = min(found.cost, bound - instance.price * (int(instance.at_stake.sum()) - found.covered))
    reached = found.covered >= root.solution.bound_covered and found.cost - cost <= 1e-6
    return replace(
        found,
        bound_covered=root.solution.bound_covered,
        bound_cost=cost,
        coverable=root.solution.coverable,
        optimal=found.optimal if best is root else reached,
        stopped_early=found.stopped_early or any(n.solution.stopped_early for n in others),
    )


def broken(groups: Sequence[Group], sets: Sequence[frozenset[int]]) -> tuple[Group, frozenset[int]] | None:
    """A group that holds all of a set, with that set; None where the rule is kept."""
    for group in groups:
        for forbidden in sets:
            if forbidden <= set(group.items):
                return group, forbidden
    return None


def _first(instance: JointInstance, sets: Sequence[frozenset[int]]) -> JointInstance:
    """Without what can be said at once: arcs between two that are apart, and groups in force that break the rule."""
    pairs = {(a, b) for s in sets if len(s) == 2 for a in s for b in s if a != b}
    kept = tuple(k for k in instance.kept if not any(s <= set(k[1]) for s in sets))
    return without_arcs(replace(instance, kept=kept), frozenset(pairs))


def _all_arcs(instance: JointInstance, sets: Sequence[frozenset[int]]) -> frozenset[Arc]:
    """For each set one of its items that nobody but itself, or a host that reaches none of the others, may gather."""
    owner = instance.seed_owner[arc_rows(instance)]
    arcs = set(zip(owner.tolist(), instance.arc_item.tolist(), strict=True))
    hosts = {int(o) for o in instance.seed_owner}
    out: set[Arc] = set()
    for forbidden in sets:
        last = max(forbidden)
        for host in hosts:
            guests = sorted(i for i in forbidden - {host} if (host, i) in arcs)
            if len(guests) == len(forbidden - {host}):
                out.add((host, last if last != host else guests[0]))
    return frozenset(out)


def without_arcs(instance: JointInstance, arcs: frozenset[Arc]) -> JointInstance:
    """The instance without some arcs, whatever seed of the owner they belong to, and without groups that need them."""
    if not arcs:
        return instance
    rows = arc_rows(instance)
    owner = instance.seed_owner[rows].astype(np.int64)
    gone = np.isin(owner * instance.n + instance.arc_item, [a * instance.n + b for a, b in sorted(arcs)])
    kept = tuple(k for k in instance.kept if not any((int(instance.seed_owner[k[0]]), i) in arcs for i in k[1]))
    return replace(
        instance,
        arc_start=np.searchsorted(rows[~gone], np.arange(instance.seeds + 1)).astype(np.int64),
        arc_item=instance.arc_item[~gone],
        arc_cost=instance.arc_cost[~gone],
        kept=kept,
    )
