"""Diving: take the columns the fractional solution is surest of, solve what is left anew, again, until all is
decided."""

from __future__ import annotations

import numpy as np

from feigong.core.coverage.joint.block import Block, without
from feigong.core.coverage.joint.columns import make_columns, stack, uncovered, value_of, words_for
from feigong.core.coverage.joint.cuts import HALVES, THIRDS, WIDEST_CUT, Cuts
from feigong.core.coverage.joint.kernels import coverable
from feigong.core.coverage.joint.kernels_separate import find_threes, grow, thin_out
from feigong.core.coverage.joint.master import Fractional, Master, Prices, generate
from feigong.core.coverage.joint.search import Whole
from feigong.core.coverage.joint.values import Floats, Index, Ints

ROUNDS = 12
HALF_WIDTH = 21


def violated(master: Master, now: Fractional, *, wide: bool) -> Cuts:
    """Cuts that the fractional solution breaks: of three items, and of more where asked or where those are few."""
    n, members = len(master.block.members), master.block.members
    taken = now.x > 1e-6
    columns, x = np.ascontiguousarray(master.columns.items[taken]), now.x[taken]
    most = max(50, n // 2)
    halves = thin_out(n, *find_threes(n, columns, x, 0.02), 0.02, most, 6)
    thirds = halves[:0]
    if wide or len(halves) < n // 20:
        one = np.ones(n, np.int64)
        halves = np.concatenate([halves, thin_out(n, *grow(columns, x, one, HALVES, HALF_WIDTH, 0.02), 0.02, most, 4)])
        weight = np.where(master.block.cap > 0, members, 0)
        width = min(WIDEST_CUT, max(HALF_WIDTH, 40_000 // n))
        thirds = thin_out(n, *grow(columns, x, weight, THIRDS, width, 0.02), 0.02, most, 4)
    divisor = np.repeat([HALVES, THIRDS], [len(halves), len(thirds)])
    return Cuts(np.concatenate([halves, thirds]), divisor)


def dive(master: Master, best: Prices, x: Floats, sure: float) -> Whole:
    """A whole solution near the fractional one ``x`` of ``master``; columns are taken from ``sure`` on."""
    block = master.block
    n = len(block.members)
    chosen = master.columns.pick(x >= sure)
    pool = master.columns
    u = best.u
    while (rest := uncovered(n, chosen)).any():
        sub, index = without(block, rest)
        can = coverable(sub)
        if not can.any():
            break
        rest[index[~can]] = False
        sub, index = without(block, rest)
        inside = pool.pick(np.r_[rest, True][pool.items].all(1))
        small, now = _solve_sub(sub, inside.items, index, n, u[index], sure)
        take = now.x >= sure
        if not take.any():
            if now.x.max(initial=0.0) <= 1e-6:
                break
            take[np.lexsort((small.columns.key, -np.round(now.x, 6)))[0]] = True
        found = np.where(small.columns.items >= 0, index[small.columns.items], -1).astype(np.int32)
        chosen = stack(chosen, make_columns(block, np.ascontiguousarray(found[take]), master.words))
    return Whole(chosen, value_of(block, chosen))


def _solve_sub(sub: Block, items: Index, index: Ints, n: int, u: Floats, sure: float) -> tuple[Master, Fractional]:
    local = np.full(n + 1, -1, np.int32)
    local[index] = np.arange(len(index))
    words = words_for(len(index))
    master = Master(sub, words, make_columns(sub, np.ascontiguousarray(local[items]), words))
    best = Prices(np.minimum(u, sub.cap), np.zeros(0), -np.inf)
    now, best, _used = generate(master, best, smoothing=0.5, tolerance=1e-3, rounds=ROUNDS)
    for _ in range(2):
        if not now.broken or (now.x >= sure).any():
            break
        cuts = violated(master, now, wide=True)
        if not len(cuts.items):
            break
        master.cut(cuts)
        best = Prices(best.u, np.r_[best.sigma, np.zeros(len(cuts.items))], best.bound)
        now, best, _used = generate(master, best, smoothing=0.3, tolerance=1e-3, rounds=ROUNDS)
    return master, now
