"""Compiled annealing: force one promising group, regroup what it broke exactly, accept as the temperature allows."""

from __future__ import annotations

import numpy as np
from numba import njit

from feigong.core.coverage.joint.block import Block
from feigong.core.coverage.joint.kernels import group_cost, lowest
from feigong.core.coverage.joint.values import Floats, Index, Ints

BROKEN = 9
"""Most items regrouped exactly: subsets of 9 are a table of 512."""


@njit(cache=True, nogil=True)
def nearest(b: Block, u: Floats, most: int) -> Index:
    """For each seed its ``most`` best neighbours by arc cost less price, padded with -1: (s, most)."""
    out = np.full((len(b.owner), most), -1, np.int32)
    for h in range(len(b.owner)):
        first, last = b.arc_start[h], b.arc_start[h + 1]
        worth = np.empty(last - first)
        for k in range(first, last):
            worth[k - first] = b.arc_cost[k] - u[b.arc_item[k]]
        order = np.argsort(worth, kind="mergesort")
        for q in range(min(most, last - first)):
            out[h, q] = b.arc_item[first + order[q]]
    return out


@njit(cache=True, nogil=True)
def _regroup(b: Block, item: Index, count: int, cost: Floats, best: Floats, choice: Ints) -> float:
    """Cheapest way to part ``count`` items into groups and singles; ``choice[S]`` is the part of S with its lowest
    item."""
    mask, members = np.empty(512, np.int64), np.empty(512, np.int64)
    mask[0], members[0] = -1, 0
    row = np.empty(BROKEN, np.int32)
    for chosen in range(1, 1 << count):
        low = lowest(chosen)
        mask[chosen] = mask[chosen & (chosen - 1)] & b.masks[item[low]]
        members[chosen] = members[chosen & (chosen - 1)] + b.members[item[low]]
        cost[chosen] = np.inf
        size, left = 0, chosen
        while left:
            row[size] = item[lowest(left)]
            size += 1
            left &= left - 1
        if size == 1:
            cost[chosen] = b.cap[item[low]]
        elif size <= b.width and mask[chosen] != 0 and members[chosen] >= b.least:
            cost[chosen], _seed = group_cost(b, row, size)
    best[0] = 0.0
    for chosen in range(1, 1 << count):
        low = chosen & -chosen
        rest = chosen ^ low
        best[chosen] = np.inf
        some = rest
        while True:
            part = some | low
            if cost[part] < np.inf:
                value = cost[part] + best[chosen ^ part]
                if value < best[chosen]:
                    best[chosen] = value
                    choice[chosen] = part
            if some == 0:
                break
            some = (some - 1) & rest
    return float(best[(1 << count) - 1])


@njit(cache=True, nogil=True)
def anneal(b: Block, label: Index, u: Floats, near: Index, tries: int, hot: float, cold: float, seed: int) -> float:
    """Improve ``label`` (n,), -1 for none, in place; returns the cost of the best solution seen.

    A try picks a seed whose group looks dear under prices ``u``, forces a new group from its nearest neighbours,
    and parts the items of the groups it broke (and of some next to them) by an exact table over subsets."""
    np.random.seed(seed)
    n, width = len(label), b.width
    rows = 2 * n + BROKEN + 2
    size, cost = np.zeros(rows, np.int64), np.zeros(rows)
    held, free = np.full((rows, width), -1, np.int32), np.empty(rows, np.int64)
    used = label.max() + 1 if n > 0 else 0
    for i in range(n):
        if label[i] < 0:
            label[i] = used
            used += 1
        held[label[i], size[label[i]]] = i
        size[label[i]] += 1
    frees, total = 0, 0.0
    for g in range(rows - 1, -1, -1):
        if size[g] == 0:
            free[frees] = g
            frees += 1
        else:
            cost[g] = b.cap[held[g, 0]] if size[g] == 1 else group_cost(b, held[g], size[g])[0]
            total += cost[g]
    best, best_label = total, label.copy()
    subset_cost, subset_best, choice = np.empty(512), np.empty(512), np.empty(512, np.int64)
    group, broken, loose = np.empty(width, np.int32), np.empty(64, np.int32), np.empty(64, np.int32)
    owners = len(b.owner)
    for t in range(tries):
        heat = hot * (cold / hot) ** (t / tries)
        h = np.random.randint(owners)
        o = b.owner[h]
        if near[h, 0] < 0:
            continue
        own = label[o]
        dear = cost[own]
        for q in range(size[own]):
            dear -= u[held[own, q]]
        if dear < 2 * heat + 2 and np.random.random() < 0.9:
            continue
        slot = _random_slot(b.masks[o])
        draw = np.random.random()
        want = min(3 if draw < 0.30 else 4 if draw < 0.5 else 5 if draw < 0.62 else 2, b.room[h] + 1)
        group[0], count, members, looked = o, 1, b.members[o], 0
        for q in range(near.shape[1]):
            i = near[h, q]
            if i < 0 or looked > 14:
                break
            if not (b.masks[i] >> slot) & 1:
                continue
            looked += 1
            if np.random.random() < 0.45:
                continue
            group[count] = i
            count += 1
            members += b.members[i]
            if (count >= want and members >= b.least) or count > b.room[h]:
                break
        if count < 2 or members < b.least:
            continue
        parts, loosened, now = 0, 0, 0.0
        for q in range(count):
            g = label[group[q]]
            if _among(broken, parts, g):
                continue
            broken[parts] = g
            parts += 1
            now += cost[g]
            for z in range(size[g]):
                if not _among(group, count, held[g, z]):
                    loose[loosened] = held[g, z]
                    loosened += 1
        if parts == 1 and loosened == 0:
            continue
        forced, _seed = group_cost(b, group, count)
        if forced > now + 8 * heat or loosened > BROKEN:
            continue
        for _ in range(3):
            if loosened == 0 or loosened >= BROKEN - 2 or parts >= 8:
                break
            e = loose[np.random.randint(loosened)]
            hs = b.owner_start[e]
            if b.owner_start[e + 1] == hs:
                continue
            i = near[hs, np.random.randint(min(10, near.shape[1]))]
            if i < 0 or _among(group, count, i):
                continue
            g = label[i]
            if _among(broken, parts, g) or loosened + size[g] > BROKEN:
                continue
            broken[parts] = g
            parts += 1
            now += cost[g]
            for z in range(size[g]):
                loose[loosened] = held[g, z]
                loosened += 1
        after = forced
        if loosened > 0:
            after += _regroup(b, loose, loosened, subset_cost, subset_best, choice)
        change = after - now
        if not (change <= 0 or np.random.random() < np.exp(-change / heat)):
            continue
        total += change
        for z in range(parts):
            size[broken[z]] = 0
            free[frees] = broken[z]
            frees += 1
        frees -= 1
        g = free[frees]
        size[g], cost[g] = count, forced
        for q in range(count):
            held[g, q] = group[q]
            label[group[q]] = g
        left = (1 << loosened) - 1
        while left > 0:
            part = choice[left]
            frees -= 1
            g = free[frees]
            size[g], cost[g] = 0, subset_cost[part]
            for q in range(loosened):
                if (part >> q) & 1:
                    held[g, size[g]] = loose[q]
                    size[g] += 1
                    label[loose[q]] = g
            left ^= part
        if total < best - 1e-6 and t > tries // 2:
            best = total
            best_label[:] = label
    if total < best - 1e-6:
        best = total
        best_label[:] = label
    label[:] = best_label
    _singles_out(label, rows)
    return best


@njit(cache=True, nogil=True)
def _random_slot(mask: int) -> int:
    count, left = 0, mask
    while left:
        count += 1
        left &= left - 1
    skip, left = np.random.randint(count), mask
    for _ in range(skip):
        left &= left - 1
    return lowest(left)


@njit(cache=True, nogil=True)
def _among(values: Index, count: int, value: int) -> bool:
    for q in range(count):  # noqa: SIM110 - compiled code knows no generators
        if values[q] == value:
            return True
    return False


@njit(cache=True, nogil=True)
def _singles_out(label: Index, rows: int) -> None:
    count = np.zeros(rows, np.int64)
    for g in label:
        count[g] += 1
    for i in range(len(label)):
        if count[label[i]] == 1:
            label[i] = -1
