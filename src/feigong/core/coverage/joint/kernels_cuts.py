"""Compiled kernels with cuts: exact pricing and enumeration by reduced cost. Each unit that a group counts in a cut
costs the cut's dual ``sigma``."""

from __future__ import annotations

import numpy as np
from numba import njit

from feigong.core.coverage.joint.block import Block
from feigong.core.coverage.joint.cuts import THIRDS, Cuts
from feigong.core.coverage.joint.kernels import LOW, lowest
from feigong.core.coverage.joint.values import Floats, Index, Ints


@njit(cache=True, nogil=True)
def cuts_of_items(n: int, cuts: Cuts) -> tuple[Ints, Ints]:
    """For each item the cuts that hold it: (start (n + 1,), cut)."""
    start = np.zeros(n + 1, np.int64)
    for k in range(len(cuts.items)):
        for q in range(cuts.items.shape[1]):
            if cuts.items[k, q] < 0:
                break
            start[cuts.items[k, q] + 1] += 1
    for i in range(n):
        start[i + 1] += start[i]
    fill, cut = start.copy(), np.empty(start[n], np.int64)
    for k in range(len(cuts.items)):
        for q in range(cuts.items.shape[1]):
            i = cuts.items[k, q]
            if i < 0:
                break
            cut[fill[i]] = k
            fill[i] += 1
    return start, cut


@njit(cache=True, nogil=True)
def coefficients(members: Ints, columns: Index, cuts: Cuts) -> tuple[Ints, Ints, Floats]:
    """Nonzero coefficients of the cuts in the columns: (column, cut, coefficient), sorted by column."""
    start, cut = cuts_of_items(len(members), cuts)
    count, seen = np.zeros(len(cuts.items), np.int64), np.zeros(len(cuts.items), np.int64)
    row, at, value = [np.int64(0) for _ in range(0)], [np.int64(0) for _ in range(0)], [0.0 for _ in range(0)]
    for k in range(len(columns)):
        touched = 0
        for q in range(columns.shape[1]):
            i = columns[k, q]
            if i < 0:
                break
            for e in range(start[i], start[i + 1]):
                if count[cut[e]] == 0:
                    seen[touched] = cut[e]
                    touched += 1
                count[cut[e]] += members[i] if cuts.divisor[cut[e]] == THIRDS else 1
        for e in range(touched):
            whole = count[seen[e]] // cuts.divisor[seen[e]]
            count[seen[e]] = 0
            if whole > 0:
                row.append(np.int64(k))
                at.append(seen[e])
                value.append(float(whole))
    return np.array(row), np.array(at), np.array(value)


@njit(cache=True, nogil=True)
def _enter(b: Block, item: int, count: Ints, start: Ints, cut: Ints, cuts: Cuts, sigma: Floats) -> float:
    paid = 0.0
    for e in range(start[item], start[item + 1]):
        k = cut[e]
        before = count[k] // cuts.divisor[k]
        count[k] += b.members[item] if cuts.divisor[k] == THIRDS else 1
        paid += sigma[k] * (count[k] // cuts.divisor[k] - before)
    return paid


@njit(cache=True, nogil=True)
def _leave(b: Block, item: int, count: Ints, start: Ints, cut: Ints, cuts: Cuts) -> None:
    for e in range(start[item], start[item + 1]):
        count[cut[e]] -= b.members[item] if cuts.divisor[cut[e]] == THIRDS else 1


@njit(cache=True, nogil=True)
def _candidates(b: Block, u: Floats, h: int, highest: float, slack: float, item: Index, value: Floats) -> int:
    """Neighbours of seed h that can be in a group of value above -slack, best first; their number."""
    o = b.owner[h]
    base, reach = u[o] - b.seed_cost[h], 0.0
    for k in range(b.arc_start[h], b.arc_start[h + 1]):
        if highest - b.arc_cost[k] <= reach:
            break
        reach = max(reach, u[b.arc_item[k]] - b.arc_cost[k])
    floor = min(0.0, -slack - base - reach) - 1e-9
    if slack > 0:  # up to room positive items may come with one at the floor
        floor -= reach * (b.room[h] - 1)
    found = 0
    for k in range(b.arc_start[h], b.arc_start[h + 1]):
        if highest - b.arc_cost[k] <= floor:
            break
        r = u[b.arc_item[k]] - b.arc_cost[k]
        if r > floor:
            item[found] = b.arc_item[k]
            value[found] = r
            found += 1
    order = np.argsort(-value[:found], kind="mergesort")
    item[:found] = item[:found][order]
    value[:found] = value[:found][order]
    return found


@njit(cache=True, nogil=True)
def _hope(worth: float, r: Floats, j: int, m: int, room: int) -> float:
    """The most a group of this worth could reach by candidate j and the best after it; LOW where there is none."""
    if j >= m or room <= 0:
        return LOW
    worth += r[j]
    for q in range(j + 1, min(m, j + room)):
        if r[q] <= 0:
            break
        worth += r[q]
    return worth


@njit(cache=True, nogil=True)
def sweep_cuts(
    b: Block, u: Floats, cuts: Cuts, sigma: Floats, columns: Index, seeds: Index, least_value: float
) -> tuple[float, int]:
    """`kernels.sweep` where cuts have prices too: exact, by depth-first search with an optimistic bound.

    The caller's Lagrangian bound is ``sum(min(u, cap)) - sum(sigma * rhs) - value``.
    """
    n = len(b.members)
    start, cut = cuts_of_items(n, cuts)
    count = np.zeros(len(cuts.items) + 1, np.int64)
    item, value = np.empty(n, np.int32), np.empty(n)
    some, r = np.empty(n, np.int32), np.empty(n)
    picked, best_picked = np.empty(b.width, np.int64), np.empty(b.width, np.int64)
    worth, weight = np.empty(b.width + 1), np.empty(b.width + 1, np.int64)
    highest = u.max() if n > 0 else 0.0
    total, written = 0.0, 0
    for o in range(n):
        owner_best = 0.0
        for h in range(b.owner_start[o], b.owner_start[o + 1]):
            found = _candidates(b, u, h, highest, 0.0, item, value)
            room, slots = b.room[h], b.masks[o]
            while slots != 0:
                s = lowest(slots)
                slots &= slots - 1
                m = 0
                for k in range(found):
                    if (b.masks[item[k]] >> s) & 1:
                        some[m] = item[k]
                        r[m] = value[k]
                        m += 1
                best, size = least_value, 0
                worth[0] = u[o] - b.seed_cost[h] - _enter(b, o, count, start, cut, cuts, sigma)
                weight[0] = b.members[o]
                depth, j = 0, 0
                while True:
                    hope = _hope(worth[depth], r, j, m, room - depth)
                    if hope > best:
                        i = some[j]
                        worth[depth + 1] = worth[depth] + r[j] - _enter(b, i, count, start, cut, cuts, sigma)
                        weight[depth + 1] = weight[depth] + b.members[i]
                        picked[depth] = j
                        depth += 1
                        if weight[depth] >= b.least and worth[depth] > best:
                            best, size = worth[depth], depth
                            best_picked[:depth] = picked[:depth]
                        j += 1
                    else:
                        if depth == 0:
                            break
                        depth -= 1
                        _leave(b, some[picked[depth]], count, start, cut, cuts)
                        j = picked[depth] + 1
                _leave(b, o, count, start, cut, cuts)
                if size > 0:
                    owner_best = max(owner_best, best)
                    if written < len(columns):
                        columns[written, :] = -1
                        columns[written, 0] = o
                        for q in range(size):
                            columns[written, q + 1] = some[best_picked[q]]
                        seeds[written] = h
                        written += 1
            owner_best = max(owner_best, _kept_value(b, h, u, count, start, cut, cuts, sigma))
        total += owner_best
    return total, written


@njit(cache=True, nogil=True)
def _kept_value(b: Block, h: int, u: Floats, count: Ints, start: Ints, cut: Ints, cuts: Cuts, sigma: Floats) -> float:
    kept = b.kept_at[h]
    if kept < 0:
        return LOW
    value, size = -b.kept_cost[kept], 0
    while size < b.width and b.kept_items[kept, size] >= 0:
        i = b.kept_items[kept, size]
        value += u[i] - _enter(b, i, count, start, cut, cuts, sigma)
        size += 1
    for q in range(size):
        _leave(b, b.kept_items[kept, q], count, start, cut, cuts)
    return float(value)


@njit(cache=True, nogil=True)
def enumerate_groups(
    b: Block, u: Floats, cuts: Cuts, sigma: Floats, slack: float, most: int, nodes: int, columns: Index, seeds: Index
) -> tuple[int, bool]:
    """Groups of reduced cost at most ``slack`` (value at least -slack), at most ``most`` best ones a seed (0: all).

    Returns the number written and whether that is all of them: not cut short by ``most``, by ``nodes`` of search or
    by the room in ``columns``. Kept groups are not among them: they are columns from the beginning."""
    n = len(b.members)
    start, cut = cuts_of_items(n, cuts)
    count = np.zeros(len(cuts.items) + 1, np.int64)
    item, r = np.empty(n, np.int32), np.empty(n)
    picked = np.empty(b.width, np.int64)
    worth, weight = np.empty(b.width + 1), np.empty(b.width + 1, np.int64)
    free = np.empty(b.width + 1, np.int64)
    highest = u.max() if n > 0 else 0.0
    limit = most if most > 0 else len(columns)
    held = np.empty(most if most > 0 else 1)
    written, whole = 0, True
    for h in range(len(b.owner)):
        o = b.owner[h]
        m = _candidates(b, u, h, highest, slack, item, r)
        room, first, spent, barrier = b.room[h], written, 0, -slack
        worth[0] = u[o] - b.seed_cost[h] - _enter(b, o, count, start, cut, cuts, sigma)
        weight[0], free[0] = b.members[o], b.masks[o]
        depth, j = 0, 0
        while True:
            hope = _hope(worth[depth], r, j, m, room - depth)
            if hope >= barrier and spent < nodes:
                i = item[j]
                spent += 1
                if free[depth] & b.masks[i] == 0:
                    j += 1
                    continue
                free[depth + 1] = free[depth] & b.masks[i]
                worth[depth + 1] = worth[depth] + r[j] - _enter(b, i, count, start, cut, cuts, sigma)
                weight[depth + 1] = weight[depth] + b.members[i]
                picked[depth] = j
                depth += 1
                if weight[depth] >= b.least and worth[depth] >= barrier:
                    slot = -1
                    if written - first < limit and written < len(columns):
                        slot = written
                        written += 1
                    else:
                        whole = False
                        if most > 0 and written > first:
                            slot = first + int(np.argmin(held[: written - first]))
                    if slot >= 0:
                        if most > 0:
                            held[slot - first] = worth[depth]
                            if written - first == most:
                                barrier = max(barrier, held.min() + 1e-9)
                        columns[slot, :] = -1
                        columns[slot, 0] = o
                        for q in range(depth):
                            columns[slot, q + 1] = item[picked[q]]
                        seeds[slot] = h
                j += 1
            else:
                if hope >= barrier:
                    whole = False
                if depth == 0:
                    break
                depth -= 1
                _leave(b, item[picked[depth]], count, start, cut, cuts)
                j = picked[depth] + 1
        _leave(b, o, count, start, cut, cuts)
    return written, whole
