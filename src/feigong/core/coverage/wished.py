"""Wishes put into the array problem: what stands fixed, who stays out, who is never together."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date

from feigong.core.coverage.branches import meeting
from feigong.core.coverage.facts import Facts
from feigong.core.coverage.ladder import Rungs
from feigong.core.coverage.near import Measure
from feigong.core.coverage.pool import Kept, Pool, build
from feigong.core.coverage.values import BranchState, CoveragePlan, JointBranch, Proof
from feigong.core.coverage.wishes import Draft, Wish, same, settle
from feigong.core.errors import FeigongError

NO_PROOF = Proof(0, 0, 0, 0, 0.0, 0.0, 0.0, 0.0, False)


@dataclass(frozen=True)
class Wished:
    """The pool as the wishes leave it. ``begin``: the plan in force with its branches as wished."""

    draft: Draft
    begin: CoveragePlan | None
    pool: Pool
    pinned: tuple[Kept, ...]
    apart: tuple[frozenset[int], ...]

    @property
    def open_pool(self) -> Pool:
        """The pool without what is pinned: other groups of an enterprise are looked for among the rest."""
        return _without_time(self.pool, {i for k in self.pinned for i in k.items})


def as_wished(
    wishes: Sequence[Wish],
    previous: CoveragePlan | None,
    on: date,
    facts: Facts,
    rungs: Rungs,
    measure: Measure,
) -> Wished:
    """Build the pool from the plan in force as wished.

    Raises
    ------
    FeigongError
        ``error.wish_impossible`` with the key of a wished branch that cannot be.
    """
    draft = settle(wishes, previous)
    begin = previous
    if wishes:
        begin = replace(previous or CoveragePlan(on, (), (), NO_PROOF), branches=draft.branches)
    pool = build(facts, rungs, measure, begin)
    pinned = tuple(k for k in pool.kept if k.branch.key in draft.held)
    possible = {k.branch.key for k in pinned if k.branch.key not in draft.timed or _meets(k, pool, measure)}
    for key in sorted(draft.held - possible):
        raise FeigongError("error.wish_impossible", branch=key)
    number = {u: i for i, u in enumerate(pool.usccs)}
    number |= {s.key: pool.n + i for i, s in enumerate(pool.organisations)}
    names = [usccs | ({organisation} - {""}) for usccs, organisation in draft.apart]
    return Wished(
        draft=draft,
        begin=begin,
        pool=_without_time(pool, {number[u] for u in draft.alone if u in number}),
        pinned=pinned,
        apart=tuple(frozenset(number[n] for n in some) for some in names if some <= number.keys()),
    )


def marked(branches: Iterable[JointBranch], previous: CoveragePlan | None) -> tuple[JointBranch, ...]:
    """The branches with their state as seen from the plan that the wishes were made to."""
    before = {b.key: b for b in previous.branches} if previous is not None else {}
    return tuple(replace(b, state=_state(b, before.get(b.key))) for b in branches)


def _state(branch: JointBranch, old: JointBranch | None) -> BranchState:
    if old is None:
        return BranchState.NEW
    return BranchState.KEPT if same(branch, old) else BranchState.CHANGED


def _meets(kept: Kept, pool: Pool, measure: Measure) -> bool:
    """Whether all are free at the slot that is wished."""
    masks = [int(pool.instance.masks[i]) for i in kept.items]
    wished = kept.branch.slot, kept.branch.cycle_weeks
    return meeting(masks, measure.parameters.cycle_weeks, kept.branch) == wished


def _without_time(pool: Pool, items: set[int]) -> Pool:
    """The pool in which these items can meet nobody."""
    if not items:
        return pool
    masks = pool.instance.masks.copy()
    masks[sorted(items)] = 0
    return replace(pool, instance=replace(pool.instance, masks=masks))
