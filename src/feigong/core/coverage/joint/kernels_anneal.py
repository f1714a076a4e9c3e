"""Compiled annealing: force one promising group, regroup what it broke exactly, accept as the temperature allows."""

from __future__ import annotations

from typing import NamedTuple

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


class Groups(NamedTuple):
    """A parting of n items into groups and singles, in tables with rows to spare."""

    label: Index  # (n,) row of each item
    size: Ints
    cost: Floats
    held: Index  # (rows, width) items of each row
    free: Ints  # rows not in use, a stack
    frees: Ints  # (1,) height of the stack


@njit(cache=True, nogil=True)
def anneal(b: Block, label: Index, u: Floats, near: Index, tries: int, hot: float, cold: float, seed: int) -> float:
    """Improve ``label`` (n,), -1 for none, in place; returns the cost of the best solution seen.

    A try picks a seed whose group looks dear under prices ``u``, forces a new group from its nearest neighbours,
    and parts the items of the groups it broke (and of some next to them) by an exact table over subsets.
    """
    np.random.seed(seed)
    groups, total = _tables(b, label)
    best, best_label = total, label.copy()
    subset_cost, subset_best, choice = np.empty(512), np.empty(512), np.empty(512, np.int64)
    group, broken = np.empty(b.width, np.int32), np.empty(2 * b.width, np.int32)
    loose = np.empty(b.width * b.width + BROKEN, np.int32)
    for t in range(tries):
        heat = hot * (cold / hot) ** (t / tries)
        count = _draft(b, groups, u, near, heat, group)
        if count == 0:
            continue
        parts, loosened, now = _break_up(groups, group, count, broken, loose)
        if parts == 1 and loosened == 0:
            continue
        forced, _seed = group_cost(b, group, count)
        if forced > now + 8 * heat or loosened > BROKEN:
            continue
        parts, loosened, more = _reach_out(b, groups, near, group, count, broken, parts, loose, loosened)
        now += more
        after = forced
        if loosened > 0:
            after += _regroup(b, loose, loosened, subset_cost, subset_best, choice)
        change = after - now
        if not (change <= 0 or np.random.random() < np.exp(-change / heat)):
            continue
        total += change
        for z in range(parts):
            _give_back(groups, broken[z])
        _take(groups, group, count, (1 << count) - 1, forced)
        left = (1 << loosened) - 1
        while left > 0:
            _take(groups, loose, loosened, choice[left], subset_cost[choice[left]])
            left ^= choice[left]
        if total < best - 1e-6 and t > tries // 2:
            best = total
            best_label[:] = label
    if total < best - 1e-6:
        best = total
        best_label[:] = label
    label[:] = best_label
    _singles_out(label, len(groups.size))
    return best


@njit(cache=True, nogil=True)
def _tables(b: Block, label: Index) -> tuple[Groups, float]:
    """The tables of a labelling, in which singles get rows of their own; and its cost."""
    n = len(label)
    rows = 2 * n + BROKEN + 2
    size, cost, free = np.zeros(rows, np.int64), np.zeros(rows), np.empty(rows, np.int64)
    held, frees = np.full((rows, b.width), -1, np.int32), np.zeros(1, np.int64)
    used = label.max() + 1 if n > 0 else 0
    for i in range(n):
        if label[i] < 0:
            label[i] = used
            used += 1
        held[label[i], size[label[i]]] = i
        size[label[i]] += 1
    total = 0.0
    for g in range(rows - 1, -1, -1):
        if size[g] == 0:
            free[frees[0]] = g
            frees[0] += 1
        else:
            cost[g] = b.cap[held[g, 0]] if size[g] == 1 else group_cost(b, held[g], size[g])[0]
            total += cost[g]
    return Groups(label, size, cost, held, free, frees), total


@njit(cache=True, nogil=True)
def _draft(b: Block, groups: Groups, u: Floats, near: Index, heat: float, group: Index) -> int:
    """A new group of a random seed and some of its nearest neighbours into ``group``; its size, 0 for none."""
    h = np.random.randint(len(b.owner))
    o = b.owner[h]
    if near[h, 0] < 0:
        return 0
    own = groups.label[o]
    dear = groups.cost[own]
    for q in range(groups.size[own]):
        dear -= u[groups.held[own, q]]
    if dear < 2 * heat + 2 and np.random.random() < 0.9:
        return 0
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
    return count if count >= 2 and members >= b.least else 0


@njit(cache=True, nogil=True)
def _break_up(groups: Groups, group: Index, count: int, broken: Index, loose: Index) -> tuple[int, int, float]:
    """The groups that ``group`` breaks, the items it leaves loose, and what these groups cost."""
    parts, loosened, cost = 0, 0, 0.0
    for q in range(count):
        g = groups.label[group[q]]
        if _among(broken, parts, g):
            continue
        broken[parts] = g
        parts += 1
        cost += groups.cost[g]
        for z in range(groups.size[g]):
            if not _among(group, count, groups.held[g, z]):
                loose[loosened] = groups.held[g, z]
                loosened += 1
    return parts, loosened, cost


@njit(cache=True, nogil=True)
def _reach_out(
    b: Block,
    groups: Groups,
    near: Index,
    group: Index,
    count: int,
    broken: Index,
    parts: int,
    loose: Index,
    loosened: int,
) -> tuple[int, int, float]:
    """Break up to three more groups next to loose items, so that these find company: now broken, loose, the cost."""
    cost = 0.0
    for _ in range(3):
        if loosened == 0 or loosened >= BROKEN - 2 or parts >= 8:
            break
        e = loose[np.random.randint(loosened)]
        h = b.owner_start[e]
        if b.owner_start[e + 1] == h:
            continue
        i = near[h, np.random.randint(min(10, near.shape[1]))]
        if i < 0 or _among(group, count, i):
            continue
        g = groups.label[i]
        if _among(broken, parts, g) or loosened + groups.size[g] > BROKEN:
            continue
        broken[parts] = g
        parts += 1
        cost += groups.cost[g]
        for z in range(groups.size[g]):
            loose[loosened] = groups.held[g, z]
            loosened += 1
    return parts, loosened, cost


@njit(cache=True, nogil=True)
def _give_back(groups: Groups, g: int) -> None:
    groups.size[g] = 0
    groups.free[groups.frees[0]] = g
    groups.frees[0] += 1


@njit(cache=True, nogil=True)
def _take(groups: Groups, items: Index, count: int, chosen: int, cost: float) -> None:
    """A row for those of ``items`` whose bit is set in ``chosen``."""
    groups.frees[0] -= 1
    g = groups.free[groups.frees[0]]
    groups.size[g], groups.cost[g] = 0, cost
    for q in range(count):
        if (chosen >> q) & 1:
            groups.held[g, groups.size[g]] = items[q]
            groups.size[g] += 1
            groups.label[items[q]] = g


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
