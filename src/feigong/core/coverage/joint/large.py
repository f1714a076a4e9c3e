"""Components too large for one linear programme: planned in pieces, bounded as a whole.

Pieces are grown along the cheapest arcs up to a size, solved each for itself, then once more around the items that were
left out. Their prices, put together and improved by a walk over the whole component, give a bound that holds for all.
"""

from __future__ import annotations

from itertools import pairwise

import numpy as np
from numba import njit

from feigong.core.coverage.joint.block import Block, without
from feigong.core.coverage.joint.columns import columns_of_labels, uncovered, value_of, words_for
from feigong.core.coverage.joint.component import Effort, Found, solve_block
from feigong.core.coverage.joint.kernels import bound_of, coverable, sweep, walk
from feigong.core.coverage.joint.search import Whole
from feigong.core.coverage.joint.values import Bools, Floats, Index, Ints
from feigong.core.work import Stop

LARGE, PIECE = 6_000, 1_500


def solve_large(block: Block, start: Index, *, seed: int, stop: Stop, goal: float, effort: Effort) -> Found:
    """`component.solve_block` for a block of more than LARGE items, which needs no dense table."""
    n = len(block.members)
    label, u = start.copy(), np.minimum(np.full(n, 150.0), block.cap)
    spent, stopped = 0, False
    for round_ in range(2):
        for piece in _pieces(block) if round_ == 0 else _around(block, label):
            part = stop.part(len(piece) / n / 2)
            found = _solve_piece(block, piece, label, u, seed=seed, stop=part, goal=goal, effort=effort)
            spent, stopped = spent + found.spent, stopped or found.stopped
    bound, steps = _bound(block, u, _plan(block, label).value, 0 if stopped else sum(effort.walk_steps))
    return Found(block, _plan(block, label), bound, u, spent + steps * n, stopped)


def _plan(block: Block, label: Index) -> Whole:
    words = words_for(len(block.members))
    columns = columns_of_labels(block, label, words)
    return Whole(columns, value_of(block, columns))


def _solve_piece(
    block: Block, piece: Ints, label: Index, u: Floats, *, seed: int, stop: Stop, goal: float, effort: Effort
) -> Found:
    """Solve one piece and write its groups into ``label`` and its prices into ``u``."""
    keep = np.zeros(len(label), np.bool_)
    keep[piece] = True
    small, index = without(block, keep)
    able = coverable(small)
    small, inner = without(small, able)
    index = index[inner]
    found = solve_block(small, label[index], seed=seed, stop=stop, goal=goal, effort=effort)
    own = np.full(len(index), -1, np.int32)
    for row in found.plan.columns.items:
        held = row[row >= 0]
        own[held] = index[held[0]]  # a group is named by its first item: unique over all pieces
    label[index], u[index] = own, found.u
    return found


def _bound(block: Block, u: Floats, value: float, steps: int) -> tuple[float, int]:
    nothing, no_seeds = np.empty((0, block.width), np.int32), np.empty(0, np.int32)
    best = bound_of(block, u, sweep(block, u, np.empty(0), nothing, no_seeds, 0.0)[0])
    if not steps:
        return best, 1
    bound, used = walk(block, u, value, steps, 0.7, 0.7)
    return max(best, bound), used


def _pieces(block: Block) -> list[Ints]:
    order = np.argsort(block.arc_cost, kind="stable")
    row = np.repeat(block.owner, np.diff(block.arc_start))
    root = _merge(len(block.members), row[order], block.arc_item[order], PIECE)
    by_root = np.argsort(root, kind="stable")
    edge = np.flatnonzero(np.r_[True, np.diff(root[by_root]) != 0, True])
    return [np.sort(by_root[a:b]) for a, b in pairwise(edge) if b - a > 1]


@njit(cache=True, nogil=True)
def _merge(n: int, first: Index, second: Index, most: int) -> Ints:
    """Join the ends of arcs, in their order, as long as no set grows above ``most``; the set of every item."""
    root, size = np.arange(n), np.ones(n, np.int64)
    for k in range(len(first)):
        a, b = first[k], second[k]
        while root[a] != a:
            root[a] = root[root[a]]
            a = root[a]
        while root[b] != b:
            root[b] = root[root[b]]
            b = root[b]
        if a != b and size[a] + size[b] <= most:
            root[b] = a
            size[a] += size[b]
    for i in range(n):
        a = i
        while root[a] != a:
            a = root[a]
        root[i] = a
    return root


def _around(block: Block, label: Index) -> list[Ints]:
    """Pieces of whole groups around the items that are in none, each item in one piece at most."""
    left = np.flatnonzero(uncovered(len(label), _plan(block, label).columns) & (block.cap > 0))
    used = np.zeros(len(label), np.bool_)
    pieces = []
    for first in left:
        if used[first]:
            continue
        piece = _grow(block, label, int(first), used)
        used[piece] = True
        pieces.append(piece)
    return pieces


def _grow(block: Block, label: Index, first: int, used: Bools) -> Ints:
    arcs = np.concatenate(
        [
            np.arange(block.arc_start[h], block.arc_start[h + 1])
            for h in range(block.owner_start[first], block.owner_start[first + 1])
        ]
    )
    row = np.repeat(block.owner, np.diff(block.arc_start))
    back = np.flatnonzero(block.arc_item == first)
    near = np.concatenate([block.arc_item[arcs], row[back]])
    cost = np.concatenate([block.arc_cost[arcs], block.arc_cost[back]])
    near = near[np.argsort(cost, kind="stable")]
    piece = {first}
    for i in near:
        if len(piece) >= PIECE // 4:
            break
        group = np.flatnonzero(label == label[i]) if label[i] >= 0 else np.array([i])
        if not used[group].any():
            piece.update(int(g) for g in group)
    return np.array(sorted(piece))
