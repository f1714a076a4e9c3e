"""At most a share of the untouched joint branches in force may change: the others are held, and the rest is solved
again.

Coverage comes before the price of changes, so a month's newcomers can ask for many changes at once. A district that
has told its branches where they meet wants few of them; which ones wait is chosen by what the plan loses least by.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np

from feigong.core.coverage.facts import Facts
from feigong.core.coverage.joint.values import Group, JointInstance, JointSolution
from feigong.core.coverage.pool import Kept, Pool
from feigong.core.coverage.stability import carried_out, loss, touched
from feigong.core.coverage.values import CoveragePlan

ROUNDS = 4


@dataclass(frozen=True)
class Steady:
    """A solution, and how many branches in force it holds against what would be best."""

    solution: JointSolution
    held: int
    members_lost: int


def solve_steadily(
    pool: Pool,
    previous: CoveragePlan | None,
    facts: Facts,
    changed_share: float,
    solve: Callable[[JointInstance], JointSolution],
    *,
    pinned: Sequence[Kept] = (),
    altered: frozenset[str] = frozenset(),
    most: int | None = None,
) -> Steady:
    """Solve the pool; where too many untouched branches would change, hold some and solve the rest again.

    Parameters
    ----------
    pool, previous, facts, changed_share, solve
        The problem, the plan in force, the roll, the share of untouched branches that may change, the solver.
    pinned
        Branches that stand whatever they cost.
    altered
        Keys of branches that a hand has changed already; they count as touched.
    most
        How many untouched branches may change, in place of the share.

    Notes
    -----
    ``bound_covered`` stays that of the problem in which only the pinned ones are held. ``bound_cost`` holds for plans
    that keep the held branches.
    """
    first = _with_held(pool, pinned, None, solve) if pinned else solve(pool.instance)
    if previous is None:
        return Steady(first, 0, 0)
    before = {d.uscc: d for d in previous.decisions}
    fixed = altered | {k.branch.key for k in pinned}
    free = [
        b for b in previous.branches if b.verified and b.key not in fixed and not carried_out(b, before, facts)
    ]
    untouched = {b.key for b in free if not touched(b, before, facts)}
    possible = [k for k in pool.kept if k.branch.key in untouched]
    lost = len(untouched) - len(possible)
    allowed = max(0, (int(changed_share * len(untouched) + 1e-9) if most is None else most) - lost)
    held: list[Kept] = []
    solution = first
    for last in (False,) * (ROUNDS - 1) + (True,):
        changed = _changed(possible, solution)
        if len(changed) <= allowed:
            break
        changed.sort(key=lambda k: (loss(k, first), k.branch.key))
        held += changed[: len(changed) - allowed]
        if last:  # holding some moves others: now all but those that may change
            may = {k.branch.key for k in changed[len(changed) - allowed :]}
            held = [k for k in possible if k.branch.key not in may]
        solution = _with_held(pool, [*pinned, *held], first, solve)
    return Steady(solution, len(held), first.covered - solution.covered)


def _changed(possible: Sequence[Kept], solution: JointSolution) -> list[Kept]:
    stay = {(g.seed, tuple(sorted(g.items))) for g in solution.groups}
    return [k for k in possible if (k.seed, k.items) not in stay]


def _with_held(
    pool: Pool, held: Sequence[Kept], first: JointSolution | None, solve: Callable[[JointInstance], JointSolution]
) -> JointSolution:
    """The best solution that has these groups: their items have no time for any other. ``first``: the solution with
    more freedom whose bound on coverage stands; None where there is none, and the bounds are of this problem."""
    instance = pool.instance
    items = np.array(sorted(i for k in held for i in k.items), np.int64)
    masks, at_stake = instance.masks.copy(), instance.at_stake.copy()
    masks[items] = 0
    at_stake[items] = 0
    taken = set(items.tolist())
    kept = tuple(k for k in instance.kept if not taken & set(k[1]))
    rest = solve(replace(instance, masks=masks, at_stake=at_stake, kept=kept))
    groups = [*rest.groups, *(_group(pool, k) for k in held)]
    cost = sum(k.cost for k in held)
    stake = int(instance.at_stake[items].sum())
    coverable = rest.coverable.copy()
    coverable[items] = True
    whole = replace(
        rest,
        groups=tuple(sorted(groups, key=lambda g: g.items)),
        covered=rest.covered + stake,
        at_stake=int(instance.at_stake.sum()),
        bound_covered=rest.bound_covered + stake,
        cost=rest.cost + cost,
        bound_cost=rest.bound_cost + cost,
        coverable=coverable,
    )
    if first is None:
        return whole
    dual = rest.dual.copy()
    dual[items] = first.dual[items]
    return replace(
        whole,
        bound_covered=first.bound_covered,
        coverable=first.coverable,
        dual=dual,
        optimal=False,
        stopped_early=first.stopped_early or rest.stopped_early,
    )


def _group(pool: Pool, kept: Kept) -> Group:
    owner = pool.seed_item[kept.seed]
    mask = int(np.bitwise_and.reduce(pool.instance.masks[list(kept.items)]))
    return Group(kept.seed, (owner, *(i for i in kept.items if i != owner)), (mask & -mask).bit_length() - 1, kept.cost)
