"""Compiled kernels: the best group of every seed under item prices, and the Lagrangian bound by a subgradient walk.

Prices ``u`` say what covering an item is worth. The best group of a seed in a slot is its owner and the best
neighbours by price less arc cost, with as many of one member and of two as reach the least number: exact without
enumeration, because members count as 1 or "2 and more", the owner has at least one, and ``least`` is at most 3."""

from __future__ import annotations

import numpy as np
from numba import njit
from numba.cpython.unsafe.numbers import trailing_zeros

from feigong.core.coverage.joint.block import Block
from feigong.core.coverage.joint.values import Bools, Floats, Index, Ints

LOW = -1e300


@njit(cache=True, nogil=True)
def lowest(mask: int) -> int:
    """Number of the lowest bit that is set."""
    return int(trailing_zeros(mask))  # type: ignore[call-arg]


@njit(cache=True, nogil=True)
def coverable(b: Block) -> Bools:
    """Which items some valid group contains; exact."""
    n = len(b.members)
    found = np.zeros(n, np.bool_)
    ones, twos = np.zeros(64, np.int64), np.zeros(64, np.int64)
    for h in range(len(b.owner)):
        o = b.owner[h]
        need = b.least - b.members[o]
        ones[:] = 0
        twos[:] = 0
        for k in range(b.arc_start[h], b.arc_start[h + 1]):
            i = b.arc_item[k]
            common = b.masks[i] & b.masks[o]
            while common != 0:
                s = lowest(common)
                common &= common - 1
                if b.members[i] >= 2:
                    twos[s] += 1
                else:
                    ones[s] += 1
        for k in range(b.arc_start[h], b.arc_start[h + 1]):
            i = b.arc_item[k]
            common = b.masks[i] & b.masks[o]
            mine = min(b.members[i], 2)
            while common != 0:
                s = lowest(common)
                common &= common - 1
                two = twos[s] - (1 if mine == 2 else 0)
                one = ones[s] - (1 if mine == 1 else 0)
                left = b.room[h] - 1
                some = min(left, two)
                if need - mine - 2 * some - min(left - some, one) <= 0:
                    found[i] = True
                    found[o] = True
    return found


@njit(cache=True, nogil=True)
def _insert(value: Floats, item: Index, room: int, r: float, i: int) -> None:
    q = room - 1
    if r <= value[q]:
        return
    while q > 0 and value[q - 1] < r:
        value[q] = value[q - 1]
        item[q] = item[q - 1]
        q -= 1
    value[q] = r
    item[q] = i


@njit(cache=True, nogil=True)
def _choose(one: Floats, two: Floats, room: int, need: int) -> tuple[float, int, int]:
    """Best sum of a first ones and c first twos, 1 <= a + c <= room, a + 2c >= need; (LOW, 0, 0) if there is none."""
    best, best_a, best_c = LOW, 0, 0
    sum_two = 0.0
    for c in range(room + 1):
        if c > 0:
            if two[c - 1] == LOW:
                break
            sum_two += two[c - 1]
        total = sum_two
        for a in range(room - c + 1):
            if a > 0:
                if one[a - 1] == LOW:
                    break
                total += one[a - 1]
            if a + c > 0 and a + 2 * c >= need and total > best:
                best, best_a, best_c = total, a, c
    return best, best_a, best_c


@njit(cache=True, nogil=True)
def sweep(b: Block, u: Floats, usage: Floats, columns: Index, seeds: Index, least_value: float) -> tuple[float, int]:
    """Best group of every seed in every slot under prices ``u``.

    Returns the sum over owners of their best value (never below 0) and the number of groups written to ``columns``
    (cap, width) with their ``seeds``: those of value above ``least_value``. ``usage`` (n,) is reduced by one for
    each item of each owner's best group; pass length 0 not to ask for it."""
    n = len(b.members)
    width = b.width
    one, two = np.empty((64, width)), np.empty((64, width))
    one_item, two_item = np.empty((64, width), np.int32), np.empty((64, width), np.int32)
    best_group = np.empty(width, np.int32)
    highest = u.max() if n > 0 else 0.0
    total, written = 0.0, 0
    for o in range(n):
        best_value, best_size = 0.0, 0
        for h in range(b.owner_start[o], b.owner_start[o + 1]):
            base, room, need = u[o] - b.seed_cost[h], b.room[h], b.least - b.members[o]
            reach = 0.0
            for k in range(b.arc_start[h], b.arc_start[h + 1]):
                if highest - b.arc_cost[k] <= reach:
                    break
                reach = max(reach, u[b.arc_item[k]] - b.arc_cost[k])
            # an item below this can be in no group of positive value (least_value < 0 asks for near misses too)
            floor = min(0.0, min(0.0, least_value) - (base + reach)) - 1e-9
            left = b.masks[o]
            while left != 0:
                s = lowest(left)
                left &= left - 1
                one[s, :] = LOW
                two[s, :] = LOW
            for k in range(b.arc_start[h], b.arc_start[h + 1]):
                if highest - b.arc_cost[k] <= floor:
                    break
                i = b.arc_item[k]
                r = u[i] - b.arc_cost[k]
                if r <= floor:
                    continue
                common = b.masks[i] & b.masks[o]
                while common != 0:
                    s = lowest(common)
                    common &= common - 1
                    if b.members[i] >= 2:
                        _insert(two[s], two_item[s], room, r, i)
                    else:
                        _insert(one[s], one_item[s], room, r, i)
            left = b.masks[o]
            while left != 0:
                s = lowest(left)
                left &= left - 1
                extra, a, c = _choose(one[s], two[s], room, need)
                value = base + extra
                if value > best_value:
                    best_value, best_size = value, 1 + a + c
                    best_group[0] = o
                    best_group[1 : 1 + a] = one_item[s, :a]
                    best_group[1 + a : 1 + a + c] = two_item[s, :c]
                if value > least_value and written < len(columns):
                    columns[written, :] = -1
                    columns[written, 0] = o
                    columns[written, 1 : 1 + a] = one_item[s, :a]
                    columns[written, 1 + a : 1 + a + c] = two_item[s, :c]
                    seeds[written] = h
                    written += 1
            kept = b.kept_at[h]
            if kept >= 0:
                value = -b.kept_cost[kept]
                size = 0
                while size < width and b.kept_items[kept, size] >= 0:
                    value += u[b.kept_items[kept, size]]
                    size += 1
                if value > best_value:
                    best_value, best_size = value, size
                    best_group[:size] = b.kept_items[kept, :size]
        total += best_value
        if len(usage) > 0:
            for q in range(best_size):
                usage[best_group[q]] -= 1.0
    return total, written


@njit(cache=True, nogil=True)
def bound_of(b: Block, u: Floats, value: float) -> float:
    """The Lagrangian bound of prices ``u`` whose sweep gave ``value``: no solution of the block costs less."""
    total = -value
    for i in range(len(u)):
        total += min(u[i], b.cap[i])
    return total


@njit(cache=True, nogil=True)
def walk(b: Block, u: Floats, target: float, steps: int, pace: float, momentum: float) -> tuple[float, int]:
    """Deflected subgradient steps towards ``target`` (Polyak's step); ``u`` ends at the best prices seen.

    Returns the best bound and the steps used.
    """
    n = len(u)
    usage, speed, best_u = np.empty(n), np.zeros(n), u.copy()
    none, no_seeds = np.empty((0, b.width), np.int32), np.empty(0, np.int32)
    best, idle, used = LOW, 0, 0
    for _ in range(steps):
        used += 1
        usage[:] = 1.0
        value, _w = sweep(b, u, usage, none, no_seeds, 0.0)
        bound = bound_of(b, u, value)
        if bound > best:
            idle = 0 if bound > best + 1e-4 * abs(best) else idle + 1
            best = bound
            best_u[:] = u
        else:
            idle += 1
        if idle >= 6:
            pace *= 0.8
            idle = 0
            if bound < best - 0.02 * abs(best):
                u[:] = best_u
                speed[:] = 0.0
                continue
        norm = 0.0
        for i in range(n):
            speed[i] = momentum * speed[i] + usage[i]
            norm += speed[i] * speed[i]
        if norm < 1e-9 or pace < 1e-3:
            break
        step = pace * max(target - bound, 1e-4 * abs(target)) / norm
        for i in range(n):
            u[i] = min(u[i] + step * speed[i], b.cap[i])
    u[:] = best_u
    return best, used


@njit(cache=True, nogil=True)
def _arc(b: Block, h: int, item: int) -> float:
    """Cost of the arc from seed h to an item, inf where there is none; by the dense table where the block has it."""
    if b.dense.shape[0] > 0:
        return float(b.dense[h, item])
    for k in range(b.arc_start[h], b.arc_start[h + 1]):
        if b.arc_item[k] == item:
            return float(b.arc_cost[k])
    return np.inf


@njit(cache=True, nogil=True)
def group_cost(b: Block, items: Index, size: int) -> tuple[float, int]:
    """Cheapest way to run a set of items as one group: (cost, seed), or (inf, -1) where it cannot meet."""
    mask, members = np.int64(-1), 0
    for q in range(size):
        mask &= b.masks[items[q]]
        members += b.members[items[q]]
    best, seed = np.inf, -1
    if size < 2 or mask == 0 or members < b.least:
        return best, seed
    for q in range(size):
        o = items[q]
        for h in range(b.owner_start[o], b.owner_start[o + 1]):
            if size - 1 > b.room[h]:
                continue
            cost = b.seed_cost[h]
            for p in range(size):
                if p != q:
                    cost += _arc(b, h, items[p])
            if cost < best:
                best, seed = cost, h
    kept = b.kept_of[items[0]]
    if kept >= 0:
        count = 0
        for q in range(size):
            if b.kept_of[items[q]] == kept:
                count += 1
        if count == size and (size == b.width or b.kept_items[kept, size] < 0) and b.kept_cost[kept] < best:
            best = b.kept_cost[kept]
            for h in range(b.owner_start[b.kept_items[kept, 0]], b.owner_start[b.kept_items[kept, 0] + 1]):
                if b.kept_at[h] == kept:
                    seed = h
    return best, seed


@njit(cache=True, nogil=True)
def cost_groups(b: Block, columns: Index, costs: Floats, seeds: Index) -> None:
    """`group_cost` of every row of ``columns`` (k, width), padded with -1."""
    for k in range(len(columns)):
        size = 0
        while size < b.width and columns[k, size] >= 0:
            size += 1
        costs[k], seeds[k] = group_cost(b, columns[k], size)


@njit(cache=True, nogil=True)
def sum_over(columns: Index, values: Floats) -> Floats:
    """Sum of ``values`` over the items of every row."""
    out = np.zeros(len(columns))
    for k in range(len(columns)):
        for q in range(columns.shape[1]):
            if columns[k, q] < 0:
                break
            out[k] += values[columns[k, q]]
    return out


@njit(cache=True, nogil=True)
def keys_of(columns: Index, words: Ints) -> Ints:
    """A key for the set of items in each row: the sum of random 64-bit ``words``, the same in any order."""
    out = np.zeros(len(columns), np.int64)
    for k in range(len(columns)):
        for q in range(columns.shape[1]):
            if columns[k, q] < 0:
                break
            out[k] += words[columns[k, q]]
    return out
