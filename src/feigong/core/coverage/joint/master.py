"""The linear programme over known groups (set partitioning with slack) and its growth by column generation and
cuts."""

from __future__ import annotations

from dataclasses import dataclass, field

import highspy
import numpy as np

from feigong.core.coverage.joint.block import Block
from feigong.core.coverage.joint.columns import Columns, make_columns, stack
from feigong.core.coverage.joint.cuts import Cuts, no_cuts, pick, right_hand_sides
from feigong.core.coverage.joint.cuts import stack as stack_cuts
from feigong.core.coverage.joint.kernels import bound_of, sum_over, sweep
from feigong.core.coverage.joint.kernels_cuts import coefficients, sweep_cuts
from feigong.core.coverage.joint.values import Bools, Floats, Ints

PRIMAL, DUAL = 4, 1


def quiet_highs() -> highspy.Highs:
    """One thread, no output: tasks are parallel outside, and a run must be repeatable."""
    highs = highspy.Highs()  # type: ignore[no-untyped-call]
    highs.setOptionValue("output_flag", False)
    highs.setOptionValue("threads", 1)
    return highs


@dataclass
class Prices:
    """Duals that gave the best bound so far: of items, of cuts, and that bound."""

    u: Floats
    sigma: Floats
    bound: float


@dataclass
class Fractional:
    """A solved master: value, duals, and how much of every column and slack it takes."""

    value: float
    u: Floats
    sigma: Floats
    x: Floats
    slack: Floats

    @property
    def broken(self) -> int:
        """Columns that are taken in part."""
        return int((np.minimum(self.x, 1 - self.x) > 1e-6).sum())


@dataclass
class Master:
    """Grows; keeps the solver warm. Columns are never in twice."""

    block: Block
    words: Ints
    columns: Columns
    cuts: Cuts = field(default_factory=no_cuts)

    def __post_init__(self) -> None:
        self._build()

    def _build(self) -> None:
        columns, n = self.columns, len(self.block.members)
        self.highs = quiet_highs()
        self.highs.setOptionValue("presolve", "off")
        self.strategy = PRIMAL
        none, empty = np.zeros(0, np.int32), np.zeros(0)
        self.highs.addRows(n, np.ones(n), np.ones(n), 0, np.zeros(n, np.int32), none, empty)
        if len(self.cuts.items):
            count = len(self.cuts.items)
            low = np.full(count, -highspy.kHighsInf)
            self.highs.addRows(
                count, low, right_hand_sides(self.cuts, self.block.members), 0, np.zeros(count, np.int32), none, empty
            )
        every = np.arange(n, dtype=np.int32)
        self.highs.addCols(n, self.block.cap, np.zeros(n), np.full(n, highspy.kHighsInf), n, every, every, np.ones(n))
        self.columns = columns.pick(np.zeros(0, np.int64))
        self.known: set[int] = set()
        self.add(columns)

    def add(self, new: Columns) -> int:
        """Add those not known yet; how many."""
        fresh = new.pick(np.array([k not in self.known for k in new.key.tolist()], np.bool_))
        if not len(fresh):
            return 0
        self.known.update(fresh.key.tolist())
        n, k = len(self.block.members), len(fresh)
        inside = fresh.items >= 0
        row, index = np.repeat(np.arange(k), inside.sum(1)), fresh.items[inside]
        value = np.ones(len(index))
        if len(self.cuts.items):
            more, cut, coefficient = coefficients(self.block.members, fresh.items, self.cuts)
            row, index = np.concatenate([row, more]), np.concatenate([index, n + cut])
            value = np.concatenate([value, coefficient])
            order = np.argsort(row, kind="stable")
            row, index, value = row[order], index[order], value[order]
        start = np.searchsorted(row, np.arange(k)).astype(np.int32)
        top = np.full(k, highspy.kHighsInf)
        self.highs.addCols(k, fresh.cost, np.zeros(k), top, len(index), start, index.astype(np.int32), value)
        self.columns = stack(self.columns, fresh)
        return k

    def cut(self, cuts: Cuts) -> None:
        n, count = len(self.block.members), len(cuts.items)
        column, cut, value = coefficients(self.block.members, self.columns.items, cuts)
        order = np.argsort(cut, kind="stable")
        column, cut, value = column[order], cut[order], value[order]
        start = np.searchsorted(cut, np.arange(count)).astype(np.int32)
        low = np.full(count, -highspy.kHighsInf)
        self.highs.addRows(
            count,
            low,
            right_hand_sides(cuts, self.block.members),
            len(column),
            start,
            (n + column).astype(np.int32),
            value,
        )
        self.cuts = stack_cuts(self.cuts, cuts)
        self.strategy = DUAL

    def solve(self) -> Fractional:
        self.highs.setOptionValue("simplex_strategy", self.strategy)
        self.strategy = PRIMAL
        self.highs.run()
        info, solution, n = self.highs.getInfo(), self.highs.getSolution(), len(self.block.members)
        dual, x = np.array(solution.row_dual), np.array(solution.col_value)
        return Fractional(info.objective_function_value, dual[:n].copy(), np.maximum(0.0, -dual[n:]), x[n:], x[:n])

    def reduced_costs(self, columns: Columns, u: Floats, sigma: Floats) -> Floats:
        out = columns.cost - sum_over(columns.items, u)
        if (sigma > 1e-9).any():
            active = np.flatnonzero(sigma > 1e-9)
            row, cut, value = coefficients(self.block.members, columns.items, pick(self.cuts, active))
            np.add.at(out, row, value * sigma[active][cut])
        return out

    def shrink(self, columns: Bools, cuts: Bools) -> None:
        """Forget columns and cuts that no longer matter; the solver starts anew."""
        self.cuts = pick(self.cuts, cuts)
        self.columns = self.columns.pick(columns)
        self._build()

    def price(self, u: Floats, sigma: Floats, capacity: int) -> tuple[float, Columns]:
        """The Lagrangian bound of these prices and each seed's best groups under them."""
        block = self.block
        u = np.minimum(u, block.cap)
        items, seeds = np.empty((capacity, block.width), np.int32), np.empty(capacity, np.int32)
        active = sigma > 1e-9
        if active.any():
            cuts, prices = pick(self.cuts, active), np.ascontiguousarray(sigma[active])
            value, count = sweep_cuts(block, u, cuts, prices, items, seeds, 1e-3)
            bound = bound_of(block, u, value) - float((prices * right_hand_sides(cuts, block.members)).sum())
        else:
            value, count = sweep(block, u, np.empty(0), items, seeds, 1e-3)
            bound = bound_of(block, u, value)
        return bound, make_columns(block, items[:count], self.words)


def generate(
    master: Master, best: Prices, *, smoothing: float, tolerance: float, rounds: int
) -> tuple[Fractional, Prices, int]:
    """Column generation with Wentges smoothing until the master and the bound agree within ``tolerance``.

    Returns the last fractional solution, the best prices and the rounds used.
    """
    now = master.solve()
    capacity = 22 * len(master.block.owner)
    used = 0
    while used < rounds:
        used += 1
        u = smoothing * best.u + (1 - smoothing) * now.u
        sigma = smoothing * best.sigma + (1 - smoothing) * now.sigma
        bound, found = master.price(u, sigma, capacity)
        if bound > best.bound:
            best = Prices(np.minimum(u, master.block.cap), sigma, bound)
        if now.value - best.bound <= tolerance * abs(now.value):
            break
        if master.add(found) == 0:
            if smoothing == 0:
                break
            smoothing = 0.0 if smoothing < 0.2 else smoothing / 2
            continue
        now = master.solve()
    return now, best, used
