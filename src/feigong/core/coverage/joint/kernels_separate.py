"""Compiled separation: cuts that a fractional solution breaks (see `cuts` for what a cut is)."""

from __future__ import annotations

import numpy as np
from numba import njit

from feigong.core.coverage.joint.cuts import WIDEST_CUT
from feigong.core.coverage.joint.values import Floats, Index, Ints


@njit(cache=True, nogil=True)
def _pairs(n: int, columns: Index, x: Floats) -> tuple[Ints, Ints, Floats, Ints, Ints]:
    """How much of the solution holds two items together: rows (start, other sorted, weight); and each item's
    columns."""
    start = np.zeros(n + 1, np.int64)
    for k in range(len(columns)):
        for q in range(columns.shape[1]):
            if columns[k, q] < 0:
                break
            start[columns[k, q] + 1] += 1
    for i in range(n):
        start[i + 1] += start[i]
    fill, column = start.copy(), np.empty(start[n], np.int64)
    for k in range(len(columns)):
        for q in range(columns.shape[1]):
            if columns[k, q] < 0:
                break
            column[fill[columns[k, q]]] = k
            fill[columns[k, q]] += 1
    weight, near_start = np.zeros(n), np.zeros(n + 1, np.int64)
    near, amount = [np.int64(0) for _ in range(0)], [0.0 for _ in range(0)]
    for i in range(n):
        mine = [np.int64(0) for _ in range(0)]
        for e in range(start[i], start[i + 1]):
            for q in range(columns.shape[1]):
                j = columns[column[e], q]
                if j < 0:
                    break
                if j != i:
                    if weight[j] == 0.0:
                        mine.append(np.int64(j))
                    weight[j] += x[column[e]]
        mine.sort()
        for j in mine:
            near.append(j)
            amount.append(weight[j])
            weight[j] = 0.0
        near_start[i + 1] = len(near)
    return near_start, np.array(near), np.array(amount), start, column


@njit(cache=True, nogil=True)
def _together(i: int, j: int, start: Ints, near: Ints, amount: Floats) -> float:
    low, high = start[i], start[i + 1]
    while low < high:
        mid = (low + high) // 2
        if near[mid] < j:
            low = mid + 1
        else:
            high = mid
    return amount[low] if low < start[i + 1] and near[low] == j else 0.0


@njit(cache=True, nogil=True)
def find_threes(n: int, columns: Index, x: Floats, least: float) -> tuple[Index, Floats]:
    """Cuts of three items violated by more than ``least`` in the fractional solution ``x``, worst first."""
    start, near, amount, col_start, column = _pairs(n, columns, x)
    triple, violation = [(0, 0, 0) for _ in range(0)], [0.0 for _ in range(0)]
    for i in range(n):
        for a in range(start[i], start[i + 1]):
            for c in range(a + 1, start[i + 1]):
                j, k = near[a], near[c]
                third = _together(j, k, start, near, amount)
                if third > 1e-7 and (i > j or i > k):
                    continue  # seen from the smallest of the three
                v = amount[a] + amount[c] + third - 1.0
                if v <= least:
                    continue
                whole = 0.0
                for e in range(col_start[i], col_start[i + 1]):
                    both = 0
                    for q in range(columns.shape[1]):
                        g = columns[column[e], q]
                        if g in (j, k):
                            both += 1
                    if both == 2:
                        whole += x[column[e]]
                v -= 2 * whole
                if v > least:
                    triple.append((i, int(j), int(k)))
                    violation.append(v)
    order = np.argsort(-np.array(violation), kind="mergesort")
    cuts, value = np.full((len(order), WIDEST_CUT), -1, np.int32), np.empty(len(order))
    for at in range(len(order)):
        t = triple[order[at]]
        cuts[at, 0], cuts[at, 1], cuts[at, 2] = t[0], t[1], t[2]
        value[at] = violation[order[at]]
    return cuts, value


@njit(cache=True, nogil=True)
def grow(columns: Index, x: Floats, weight: Ints, divisor: int, widest: int, least: float) -> tuple[Index, Floats]:
    """Cuts of many items, grown greedily from every item that is held in part.

    Where every item is wholly held, a set is violated by what its weight leaves when divided, less what the weights
    of the columns in it leave. The set takes in, again and again, the neighbour that makes the columns leave least.
    Items of weight 0 stay out."""
    n = len(weight)
    _s, _n, _a, start, column = _pairs(n, columns, x)
    alone = np.ones(n)
    for i in range(n):
        for e in range(start[i], start[i + 1]):
            alone[i] -= x[column[e]]
    load, state = np.zeros(len(columns), np.int64), np.zeros(n, np.int64)
    near, held = np.empty(n, np.int64), np.empty(widest, np.int64)
    cuts, value = np.full((n, WIDEST_CUT), -1, np.int32), np.full(n, -1.0)
    for first in range(n):
        if start[first + 1] - start[first] < 2 or weight[first] == 0:
            continue
        found, size, left, total, best, added = 0, 0, 0.0, 0, least, first
        while added >= 0:
            held[size] = added
            size += 1
            state[added] = 2
            total += weight[added]
            left += _leaves(added, start, column, load, x, alone, weight, divisor)
            for e in range(start[added], start[added + 1]):
                load[column[e]] += weight[added]
                for q in range(columns.shape[1]):
                    g = columns[column[e], q]
                    if g < 0:
                        break
                    if state[g] == 0 and weight[g] > 0:
                        state[g] = 1
                        near[found] = g
                        found += 1
            violation = (total % divisor - left) / divisor
            if size >= 3 and violation > best + 1e-9:
                best = violation
                cuts[first, :size] = np.sort(held[:size])
                cuts[first, size:] = -1
                value[first] = violation
            added, lowest_change = -1, 1e300
            for z in range(found if size < widest else 0):
                if state[near[z]] == 1:
                    change = _leaves(near[z], start, column, load, x, alone, weight, divisor)
                    if change < lowest_change - 1e-12:
                        added, lowest_change = near[z], change
        for z in range(found):
            state[near[z]] = 0
        for z in range(size):
            state[held[z]] = 0
            for e in range(start[held[z]], start[held[z] + 1]):
                load[column[e]] = 0
    order = np.argsort(-value, kind="mergesort")
    return cuts[order], value[order]


@njit(cache=True, nogil=True)
def _leaves(
    item: int, start: Ints, column: Ints, load: Ints, x: Floats, alone: Floats, weight: Ints, divisor: int
) -> float:
    """How much more the columns leave when divided, once the item is in the set."""
    change = alone[item] * weight[item]
    for e in range(start[item], start[item + 1]):
        now = load[column[e]]
        change += x[column[e]] * ((now + weight[item]) % divisor - now % divisor)
    return float(change)


@njit(cache=True, nogil=True)
def thin_out(n: int, cuts: Index, value: Floats, least: float, most: int, per_item: int) -> Index:
    """Of the cuts' items: the worst ``most`` cuts, no item in more than ``per_item`` of them and none twice."""
    used, taken = np.zeros(n, np.int64), np.empty(min(most, len(cuts)), np.int64)
    kept = 0
    for k in range(len(cuts)):
        if kept >= most or value[k] <= least:
            break
        fine = True
        for q in range(cuts.shape[1]):
            if cuts[k, q] < 0:
                break
            if used[cuts[k, q]] >= per_item:
                fine = False
        for e in range(kept):
            same = True
            for q in range(cuts.shape[1]):
                if cuts[taken[e], q] != cuts[k, q]:
                    same = False
            if same:
                fine = False
        if fine:
            taken[kept] = k
            kept += 1
            for q in range(cuts.shape[1]):
                if cuts[k, q] < 0:
                    break
                used[cuts[k, q]] += 1
    return cuts[taken[:kept]]
