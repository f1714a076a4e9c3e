"""A host and a slot for groups whose maker knows of neither: the kindest choice that can be made for them."""

from __future__ import annotations

from dataclasses import dataclass

import numba
import numpy as np

from benchmarks.instances import SLOTS, Array, Instance


@dataclass(frozen=True)
class Grouping:
    """Shapes (n,): group number or -1, index of the group's host, slot."""

    group: Array
    host: Array
    slot: Array


def give_hosts(instance: Instance, group: Array, travel_m: float) -> Grouping:
    """For every group the host in everybody's reach with the least travel in all (where there is none: whose farthest
    guest has the least way) and the slot free for most of its enterprises, the lowest of equals.

    A group in which somebody still cannot come is broken for the scorer: it cannot meet as it was made.
    """
    index = np.flatnonzero(group >= 0)
    index = index[np.argsort(group[index], kind="stable")]
    start = np.flatnonzero(np.r_[True, np.diff(group[index]) != 0]) if len(index) else np.zeros(0, np.int64)
    host, slot = (np.full(len(group), -1, np.int64) for _ in range(2))
    _give(instance["x"], instance["y"], instance["slots"], index, np.r_[start, len(index)], travel_m, host, slot)
    return Grouping(group, host, slot)


@numba.njit(cache=True)
def _give(
    x: Array, y: Array, slots: Array, index: Array, start: Array, travel_m: float, host: Array, slot: Array
) -> None:
    for k in range(len(start) - 1):
        items = index[start[k] : start[k + 1]]
        best, best_way, chosen = np.inf, np.inf, items[0]
        for h in items:
            total, farthest = 0.0, 0.0
            for i in items:
                d = np.sqrt((x[i] - x[h]) ** 2 + (y[i] - y[h]) ** 2)
                total, farthest = total + d, max(farthest, d)
            way = 0.0 if farthest <= travel_m else farthest
            if way < best_way or (way == best_way and total < best):
                best, best_way, chosen = total, way, h
        most, common = -1, 0
        for s in range(SLOTS):
            free = 0
            for i in items:
                free += slots[i] >> s & 1
            if free > most:
                most, common = free, s
        for i in items:
            host[i], slot[i] = chosen, common
