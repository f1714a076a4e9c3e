"""Good whole solutions from the fractional one: fix what is decided, integer programmes over the rest,
neighbourhoods."""

from __future__ import annotations

from dataclasses import dataclass

import highspy
import numpy as np

from feigong.core.coverage.joint.block import Block
from feigong.core.coverage.joint.columns import Columns, join, make_columns, stack, uncovered, value_of
from feigong.core.coverage.joint.cuts import Cuts, pick, right_hand_sides
from feigong.core.coverage.joint.kernels_cuts import coefficients, enumerate_groups
from feigong.core.coverage.joint.master import Master, Prices, quiet_highs
from feigong.core.coverage.joint.values import Bools, Floats, Index, Ints

CERTAIN = 0.999


@dataclass(frozen=True, slots=True)
class Whole:
    """A solution: its groups, its cost with what is left out, and what no choice of the pool it came from goes
    below."""

    columns: Columns
    value: float
    least: float = -np.inf


def integer_programme(
    block: Block, pool: Columns, items: Bools, start: Columns, cuts: Cuts, *, nodes: int, gap: float
) -> Whole:
    """Best choice of ``pool`` columns that lie inside ``items``; ``start`` is a solution of these items to begin
    from.

    Value and bound count what is left out of ``items``.
    """
    inside = np.r_[items, True][pool.items].all(1)
    columns = join(pool.pick(inside), start)
    index = np.flatnonzero(items)
    local = np.full(len(items) + 1, -1, np.int32)
    local[index] = np.arange(len(index))
    highs = _model(block, columns, index, local)
    if len(cuts.items):
        free = (cuts.items >= 0) & np.r_[items, False][cuts.items]
        _add_cuts(highs, columns, pick(cuts, free.sum(1) >= 3), block.members)
    chosen = np.isin(columns.key, start.key).astype(float)
    solution = highspy.HighsSolution()
    solution.col_value = [*chosen, *uncovered(len(items), start)[index].astype(float)]
    highs.setOptionValue("mip_max_nodes", nodes)
    highs.setOptionValue("mip_rel_gap", gap)
    highs.setSolution(solution)
    highs.run()
    x = np.array(highs.getSolution().col_value)
    best = columns.pick(x[: len(columns)] > 0.5) if len(x) else start
    left = items.copy()
    left[best.items[best.items >= 0]] = False
    value = float(best.cost.sum() + block.cap[left].sum())
    return Whole(best, value, least=min(value, float(highs.getInfo().mip_dual_bound)))


def _model(block: Block, columns: Columns, index: Ints, local: Index) -> highspy.Highs:
    n, k = len(index), len(columns)
    held = columns.items >= 0
    flat = local[columns.items[held]]
    lp = highspy.HighsLp()
    lp.num_col_, lp.num_row_ = k + n, n
    lp.col_cost_ = np.r_[columns.cost, block.cap[index]]
    lp.col_lower_, lp.col_upper_ = np.zeros(k + n), np.ones(k + n)
    lp.row_lower_, lp.row_upper_ = np.ones(n), np.ones(n)
    lp.a_matrix_.format_ = highspy.MatrixFormat.kColwise
    lp.a_matrix_.start_ = np.r_[0, np.cumsum(held.sum(1)), len(flat) + np.arange(1, n + 1)].astype(np.int32)
    lp.a_matrix_.index_ = np.r_[flat, np.arange(n)].astype(np.int32)
    lp.a_matrix_.value_ = np.ones(len(flat) + n)
    lp.integrality_ = [highspy.HighsVarType.kInteger] * (k + n)
    highs = quiet_highs()
    highs.passModel(lp)
    return highs


def _add_cuts(highs: highspy.Highs, columns: Columns, cuts: Cuts, members: Ints) -> None:
    count = len(cuts.items)
    if not count:
        return
    column, cut, value = coefficients(members, columns.items, cuts)
    order = np.argsort(cut, kind="stable")
    column, cut, value = column[order], cut[order], value[order]
    begin = np.searchsorted(cut, np.arange(count)).astype(np.int32)
    low = np.full(count, -highspy.kHighsInf)
    highs.addRows(count, low, right_hand_sides(cuts, members), len(column), begin, column.astype(np.int32), value)


def near_optimal(
    master: Master, best: Prices, slack: float, most: int, capacity: int, nodes: int
) -> tuple[Columns, bool]:
    """Columns of reduced cost at most ``slack`` and whether these are all there are."""
    block = master.block
    items, seeds = np.empty((capacity, block.width), np.int32), np.empty(capacity, np.int32)
    active = best.sigma > 1e-9
    cuts, sigma = pick(master.cuts, active), np.ascontiguousarray(best.sigma[active])
    count, whole = enumerate_groups(block, best.u, cuts, sigma, slack, most, nodes, items, seeds)
    return make_columns(block, items[:count], master.words), whole


def solve_rest(master: Master, x: Floats, pool: Columns, cuts: Cuts, now: Whole, nodes: int) -> Whole:
    """Keep the columns the fractional solution takes whole; choose the rest from ``pool`` by an integer programme."""
    block = master.block
    fixed = master.columns.pick(x >= CERTAIN)
    rest = uncovered(len(block.members), fixed)
    if not rest.any():
        return Whole(fixed, value_of(block, fixed))
    start = now.columns.pick(np.r_[rest, True][now.columns.items].all(1))
    found = integer_programme(block, pool, rest, start, cuts, nodes=nodes, gap=1e-4)
    columns = stack(fixed, found.columns)
    return Whole(columns, value_of(block, columns))


@dataclass
class Neighbourhoods:
    """Frees the items around one that looks dear and chooses them anew, again and again."""

    master: Master
    pool: Columns
    best: Prices
    rng: np.random.Generator

    def __post_init__(self) -> None:
        block = self.master.block
        active = self.best.sigma > 1e-6
        self.cuts = pick(self.master.cuts, active)
        self.sigma = self.best.sigma[active]
        self.reduced = self._reduced(self.pool)
        self.visited = np.zeros(len(block.members))

    def _reduced(self, columns: Columns) -> Floats:
        out = self.master.reduced_costs(columns, self.best.u, self.best.sigma)
        return np.maximum(out, 0.0)

    def improve(self, now: Whole, size: int, nodes: int) -> Whole | None:
        """One neighbourhood of about ``size`` items: a better solution, or None."""
        n = len(self.visited)
        own, dear = self._dearness(now.columns)
        weight = dear * np.exp(-self.visited) + 1e-3
        first = int(self.rng.choice(n, p=weight / weight.sum()))
        free = self._around(first, own, dear, now.columns, size)
        self.visited[free] += 1
        inside = free[now.columns.items[:, 0]]
        mine, rest = now.columns.pick(inside), now.columns.pick(~inside)
        potential = self._potential(mine, free)
        if potential < max(1.0, 1e-6 * now.value):
            self.visited[free] += 2
            return None
        useful = self.pool.pick(self.reduced <= potential + 1e-3)
        found = integer_programme(self.master.block, useful, free, mine, self.cuts, nodes=nodes, gap=1e-4)
        columns = stack(rest, found.columns)
        value = value_of(self.master.block, columns)
        if value >= now.value - 1e-6:
            return None
        self.visited[free] -= 1
        return Whole(columns, value)

    def _dearness(self, columns: Columns) -> tuple[Index, Floats]:
        n = len(self.visited)
        own = np.full(n, -1, np.int32)
        held = columns.items >= 0
        own[columns.items[held]] = np.repeat(np.arange(len(columns)), held.sum(1))
        per_group = np.minimum(self._reduced(columns), 2000.0)
        return own, np.where(own >= 0, np.r_[per_group, 0.0][own], 2000.0)

    def _around(self, first: int, own: Index, dear: Floats, columns: Columns, size: int) -> Bools:
        free = np.zeros(len(own), np.bool_)
        distance = (
            _closeness(self.master.block, first) + self.rng.uniform(0, 200, len(own)) - 0.5 * np.minimum(dear, 1000.0)
        )
        distance[first] = -np.inf
        count = 0
        for i in np.argsort(distance, kind="stable"):
            if count >= size or (not np.isfinite(distance[i]) and i != first):
                break
            group = columns.items[own[i]] if own[i] >= 0 else np.array([i])
            group = group[group >= 0]
            count += int((~free[group]).sum())
            free[group] = True
        return free

    def _potential(self, mine: Columns, free: Bools) -> float:
        """What choosing these items anew could save at most, by the prices."""
        left = free.copy()
        left[mine.items[mine.items >= 0]] = False
        gain = float(self._reduced(mine).sum() + (self.master.block.cap - self.best.u)[left].sum())
        if len(self.cuts.items):
            touched = np.r_[free, False][self.cuts.items].any(1)
            gain += float((self.sigma * right_hand_sides(self.cuts, self.master.block.members))[touched].sum())
        return gain


def _closeness(block: Block, item: int) -> Floats:
    """Cost from an item to every other by any of its seeds, in either direction; inf where they can never meet."""
    first, last = block.owner_start[item], block.owner_start[item + 1]
    out = np.full(len(block.members), np.inf)
    if last > first:
        out = block.dense[first:last].min(0).astype(float)
    np.minimum.at(out, block.owner, block.dense[:, item].astype(float))
    return out
