"""One component from nothing to a plan and its proof: anneal, prices, columns, cuts, whole solutions, exact
finish."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from feigong.core.coverage.joint.block import Block
from feigong.core.coverage.joint.columns import (
    Columns,
    columns_of_labels,
    join,
    kept_columns,
    labels_of_columns,
    make_columns,
    value_of,
    words_for,
)
from feigong.core.coverage.joint.cuts import pick
from feigong.core.coverage.joint.dive import dive, violated
from feigong.core.coverage.joint.kernels import sweep, walk
from feigong.core.coverage.joint.kernels_anneal import anneal, nearest
from feigong.core.coverage.joint.master import Master, Prices, generate
from feigong.core.coverage.joint.search import Neighbourhoods, Whole, integer_programme, near_optimal, solve_rest
from feigong.core.coverage.joint.values import Floats, Index
from feigong.core.work import Stop

HASTY_STEPS, HASTY_TRIES = (40, 20), 40
"""What is done even where there is no time left."""


@dataclass(frozen=True, slots=True)
class Effort:
    """How hard to try; figures measured, see docs/decisions."""

    anneal_tries: int = 60  # per item, for the first upper bound
    walk_steps: tuple[int, int] = (250, 100)
    tolerances: tuple[float, float] = (2e-4, 1e-4)  # of column generation before and after cuts
    cut_rounds: int = 25
    wide_from: int = 1  # round of cuts from which cuts of more than three items are sought
    dives: tuple[float, ...] = (0.8, 0.6, 0.95)  # from which share a dive takes a column
    pool_per_seed: int = 8
    fix_nodes: int = 20  # of branch and bound over what the fractional solution left open; 0: not at all
    polish_tries: int = 200  # per item, annealing from the whole solution
    exact_columns: int = 20_000  # most columns of an exact finish; 0: none
    exact_nodes: int = 200
    hoods: tuple[int, float] = (20, 0.15)  # neighbourhoods tried: so many, and so many per item
    hood_size: int = 140
    hood_nodes: int = 10


@dataclass
class Found:
    """The state of a component's work: the best plan, the best bound, and what was done for them."""

    block: Block
    plan: Whole
    bound: float
    u: Floats
    spent: int = 0
    stopped: bool = False

    @property
    def closed(self) -> bool:
        """Proven optimal, to a thousandth of a metre."""
        return self.plan.value - self.bound <= 1e-3

    @property
    def gap(self) -> float:
        return (self.plan.value - self.bound) / max(abs(self.plan.value), 1e-9)

    def better(self, plan: Whole) -> None:
        if plan.value < self.plan.value - 1e-9:
            self.plan = plan


def solve_block(block: Block, start: Index, *, seed: int, stop: Stop, goal: float, effort: Effort) -> Found:
    """Plan and bound of a block whose items are all coverable. Ends at ``goal``, when nothing helps, or when
    ``stop`` says.

    ``start`` (n,) labels the groups of a plan to begin from, -1: none.
    """
    work = _Component(block, seed, stop, goal, effort)
    work.first_plan(start)
    work.prices()
    for phase in (
        work.generate,
        work.cut,
        work.dive,
        work.polish,
        work.fix,
        work.exact,
        work.hoods,
        work.exact,
    ):
        if work.done():
            break
        phase()
    work.wind_up()
    return work.found


def bound_block(block: Block, enough: float, *, seed: int, stop: Stop, effort: Effort) -> float:
    """Only a lower bound of the block, until it is above ``enough`` or nothing helps."""
    work = _Component(block, seed, stop, 0.0, effort)
    work.enough = enough
    work.first_plan(np.full(len(block.members), -1, np.int32))
    for phase in (work.prices, work.generate, work.cut):
        if work.done():
            break
        phase()
    return work.found.bound


class _Component:
    def __init__(self, block: Block, seed: int, stop: Stop, goal: float, effort: Effort) -> None:
        self.block, self.seed, self.stop, self.goal, self.effort = block, seed, stop, goal, effort
        self.n = len(block.members)
        self.words = words_for(self.n)
        nothing = kept_columns(block, self.words)
        self.found = Found(block, Whole(nothing, value_of(block, nothing)), -np.inf, np.full(self.n, 150.0))
        self.enough = np.inf
        self.tried = np.inf  # the gap at which the exact finish was tried last
        self.dived: Whole | None = None
        self.grown = False  # there is a master

    def spend(self, sweeps: float) -> None:
        self.found.spent += max(1, int(sweeps * self.n))

    def done(self) -> bool:
        found = self.found
        if found.bound > self.enough:
            return True
        if found.bound > -np.inf and found.plan.value - found.bound <= 1e-6 + self.goal * abs(found.plan.value):
            return True
        found.stopped = found.stopped or self.stop(found.spent)
        return found.stopped

    def whole(self, columns: Columns) -> Whole:
        return Whole(columns, value_of(self.block, columns))

    def first_plan(self, start: Index) -> None:
        block = self.block
        if (start >= 0).any():  # numbered from 0: the kernel's tables are as long as the block
            start = np.where(start >= 0, np.unique(start, return_inverse=True)[1], -1).astype(np.int32)
        else:
            start = labels_of_columns(self.n, self.found.plan.columns)
        u = np.minimum(self.found.u, block.cap)
        anneal(block, start, u, nearest(block, u, 40), self.effort.anneal_tries * self.n, 300.0, 1.0, self.seed)
        self.first = columns_of_labels(block, start, self.words)
        self.found.better(self.whole(self.first))
        self.spend(self.effort.anneal_tries / 4)

    def prices(self) -> None:
        block, u = self.block, np.minimum(self.found.u, self.block.cap)
        value = self.found.plan.value
        steps = HASTY_STEPS if self.done() else self.effort.walk_steps  # a plan without any bound says too little
        bound, used = walk(block, u, value * 0.97, steps[0], 1.0, 0.7)
        again, more = walk(block, u, min(value, bound + 0.03 * abs(bound)), steps[1], 0.7, 0.7)
        self.best = Prices(u, np.zeros(0), max(bound, again))
        self.raise_bound()
        self.spend(used + more)

    def raise_bound(self) -> None:
        if self.best.bound > self.found.bound:
            self.found.bound, self.found.u = self.best.bound, self.best.u

    def generate(self) -> None:
        block = self.block
        items = np.empty((22 * len(block.owner), block.width), np.int32)
        seeds = np.empty(len(items), np.int32)
        _value, count = sweep(block, self.best.u, np.empty(0), items, seeds, -30.0)
        known = join(join(self.first, kept_columns(block, self.words)), make_columns(block, items[:count], self.words))
        self.master = Master(block, self.words, known)
        self.grown = True
        self.now, self.best, used = generate(
            self.master, self.best, smoothing=0.8, tolerance=self.effort.tolerances[0], rounds=100
        )
        self.raise_bound()
        self.spend(used * 3)

    def cut(self) -> None:
        before, still = self.now.value, 0
        patience = max(3, 1500 // self.n)  # rounds are cheap where items are few
        for round_ in range(self.effort.cut_rounds * patience // 3):
            if self.now.broken == 0 or self.done():
                break
            cuts = violated(self.master, self.now, wide=round_ >= self.effort.wide_from)
            if not len(cuts.items):
                break
            self.master.cut(cuts)
            self.best = Prices(self.best.u, np.r_[self.best.sigma, np.zeros(len(cuts.items))], self.best.bound)
            self.now, self.best, used = generate(
                self.master, self.best, smoothing=0.3, tolerance=self.effort.tolerances[1], rounds=40
            )
            self.raise_bound()
            self.spend(used * 6)
            still = still + 1 if self.now.value - before < 1e-4 * abs(before) else 0
            before = self.now.value
            if still >= patience:
                break
            self.forget()

    def forget(self) -> None:
        """Drop cuts without a price, now and in the best prices, and dear columns when they are many."""
        active = (self.now.sigma > 1e-6) | (self.best.sigma > 1e-9)
        if len(self.master.columns) <= 12 * self.n and (~active).sum() <= 50 + 0.4 * len(active):
            return
        reduced = self.master.reduced_costs(self.master.columns, self.now.u, self.now.sigma)
        keep = reduced <= max(200.0, 3 * abs(self.now.value) / self.n)
        self.best = Prices(self.best.u, self.best.sigma[active], self.best.bound)
        self.master.shrink(keep, active)
        self.now = self.master.solve()

    def dive(self) -> None:
        for sure in self.effort.dives:
            plan = dive(self.master, self.best, self.now.x, sure)
            if self.dived is None or plan.value < self.dived.value:
                self.dived = plan
            self.found.better(plan)
            self.spend(5)
            if self.done():
                break

    def fix(self) -> None:
        if not self.effort.fix_nodes:
            return
        pool = join(self.master.columns, self.near(self.effort.pool_per_seed)[0])
        cuts = pick(self.master.cuts, self.now.sigma > 1e-6)
        plan = solve_rest(self.master, self.now.x, pool, cuts, self.found.plan, self.effort.fix_nodes)
        self.found.better(plan)
        self.spend(30)

    def near(self, most: int) -> tuple[Columns, bool]:
        # Complete only by the bound of these very prices, even where a better one is known from elsewhere.
        slack = max(0.0, self.found.plan.value - self.best.bound) + 1e-3
        if most:
            slack = max(slack, 0.03 * abs(self.found.bound))
        room = 30 * len(self.block.owner) if most else 10 * self.effort.exact_columns  # the same set by several seeds
        return near_optimal(self.master, self.best, slack, most, room, 200_000)

    def polish(self) -> None:
        """Annealing from the plan under the final prices."""
        self.anneal_from(self.dived or self.found.plan, self.effort.polish_tries, 20.0, 1)
        self.anneal_from(self.found.plan, self.effort.polish_tries, 60.0, 2)

    def anneal_from(self, plan: Whole, tries: int, hot: float, salt: int) -> None:
        u = np.minimum(self.best.u, self.block.cap)
        label = labels_of_columns(self.n, plan.columns)
        anneal(self.block, label, u, nearest(self.block, u, 60), tries * self.n, hot, 1.0, self.seed + salt)
        self.found.better(self.whole(columns_of_labels(self.block, label, self.words)))
        self.spend(tries / 4)

    def wind_up(self) -> None:
        """Told to stop before there was a whole plan from the prices: make one, at little cost."""
        if not self.found.stopped or self.dived is not None:
            return
        if self.grown:
            self.dived = dive(self.master, self.best, self.now.x, self.effort.dives[0])
            self.found.better(self.dived)
        self.anneal_from(self.dived or self.found.plan, HASTY_TRIES, 20.0, 1)

    def exact(self) -> None:
        """All columns that a better plan could hold, if they are few enough; their best choice is the best plan."""
        if not self.effort.exact_columns or self.found.gap >= self.tried:
            return
        self.tried = self.found.gap
        pool, whole = self.near(0)
        if not whole or len(pool) > self.effort.exact_columns:
            return
        pool = join(pool, kept_columns(self.block, self.words))
        every = np.ones(self.n, np.bool_)
        cuts = pick(self.master.cuts, self.best.sigma > 1e-6)
        best = integer_programme(
            self.block, pool, every, self.found.plan.columns, cuts, nodes=self.effort.exact_nodes, gap=self.goal / 2
        )
        self.found.better(best)
        self.found.bound = max(self.found.bound, min(best.least, self.found.plan.value))
        self.spend(50)

    def hoods(self) -> None:
        if not any(self.effort.hoods):
            return
        pool = join(self.master.columns, self.near(25)[0])
        hoods = Neighbourhoods(self.master, pool, self.best, np.random.default_rng(self.seed))
        size, failed = self.effort.hood_size, 0
        for _ in range(int(self.effort.hoods[0] + self.effort.hoods[1] * self.n)):
            if self.done():
                break
            better = hoods.improve(self.found.plan, size, self.effort.hood_nodes)
            self.spend(20 * size / self.n)
            failed = 0 if better else failed + 1
            if better:
                self.found.better(better)
            if failed >= 5:
                if size >= min(self.n, 5 * self.effort.hood_size):
                    break
                size, failed = int(size * 1.6), 0
                hoods.visited[:] = 0
