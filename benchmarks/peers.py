"""Other ways to make groups, for comparison. Each gives group labels, and hosts and slots where it knows of them.

Two are libraries (k-means-constrained, spopt) that know neither hosts nor slots, nor does microaggregation (MDAV); see
`benchmarks.meeting` for what is chosen for them. All work area by area: nobody is helped by groups across areas.
"""

from __future__ import annotations

import importlib
from collections.abc import Callable, Iterator
from typing import Any

import numba
import numpy as np

from benchmarks.instances import SLOTS, Array, Instance
from benchmarks.meeting import Grouping, give_hosts

LEAST, MOST = 3, 5


class NotInstalledError(Exception):
    """An optional peer is not there; the message is the command that installs it."""


def load(module: str) -> Any:
    """An optional library, or how to get it."""
    try:
        return importlib.import_module(module)
    except ImportError as error:
        raise NotInstalledError("pip install -r requirements/bench.txt") from error


def areas(instance: Instance) -> Iterator[Array]:
    """Indices of each area's enterprises."""
    order = np.argsort(instance["area"], kind="stable")
    yield from np.split(order, np.flatnonzero(np.diff(instance["area"][order])) + 1)


def kmeans(instance: Instance, travel_m: float) -> Grouping:
    """k-means-constrained on the coordinates: clusters of 3 to 5 enterprises, four on average, one start."""
    library = load("k_means_constrained")

    def labels(place: Array, members: Array) -> Array:
        m = len(place)
        if m <= MOST:  # the library wants more points than a cluster may have
            return np.full(m, 0 if m >= LEAST else -1)
        clusters = min(max(round(m / 4), -(-m // MOST)), m // LEAST)
        model = library.KMeansConstrained(
            clusters, size_min=LEAST, size_max=MOST, n_init=1, max_iter=20, random_state=1
        )
        found: Array = model.fit_predict(place)
        return found

    return give_hosts(instance, _by_area(instance, labels), travel_m)


def maxp(instance: Instance, travel_m: float) -> Grouping:
    """spopt's max-p heuristic: as many regions of three members or more as it finds, contiguous by 8 nearest."""
    weights, region, geo, points = load("libpysal.weights"), load("spopt.region"), load("geopandas"), load("shapely")

    def labels(place: Array, members: Array) -> Array:
        m = len(place)
        if members.sum() < LEAST or m < 3:
            return np.full(m, -1)
        frame = geo.GeoDataFrame(
            {"x": place[:, 0], "y": place[:, 1], "members": members}, geometry=points.points(place), crs=None
        )
        near = weights.KNN.from_array(place, k=min(8, m - 1)).symmetrize()
        np.random.seed(1)
        model = region.MaxPHeuristic(frame, near, ["x", "y"], "members", LEAST, top_n=2)
        model.solve()
        return np.asarray(model.labels_) - 1

    return give_hosts(instance, _by_area(instance, labels), travel_m)


def mdav(instance: Instance, travel_m: float) -> Grouping:
    """Microaggregation (MDAV, Domingo-Ferrer and Torra 2005) with groups of three by distance alone."""
    return give_hosts(instance, _by_area(instance, lambda place, _: _mdav(np.ascontiguousarray(place))), travel_m)


def greedy(instance: Instance, travel_m: float) -> Grouping:
    """Each enterprise in turn, those with the fewest partners first, gathers the nearest who are free in its best slot;
    who is left over joins the nearest group that has room and where it is free."""
    n = len(instance["x"])
    plan = Grouping(*(np.full(n, -1, np.int64) for _ in range(3)))
    for index in areas(instance):
        x, y, members, slots = (np.ascontiguousarray(instance[k][index]) for k in ("x", "y", "members", "slots"))
        host, slot = _greedy(x, y, members, slots, travel_m)
        held = host >= 0
        plan.group[index[held]] = plan.host[index[held]] = index[host[held]]
        plan.slot[index[held]] = slot[held]
    return plan


PEERS: dict[str, Callable[[Instance, float], Grouping]] = {
    "greedy": greedy,
    "mdav": mdav,
    "maxp": maxp,
    "kmeans": kmeans,
}


def _by_area(instance: Instance, labels: Callable[[Array, Array], Array]) -> Array:
    """Group numbers of their own for every area, from labels (-1: none) within each."""
    group = np.full(len(instance["x"]), -1, np.int64)
    place = np.column_stack([instance["x"], instance["y"]])
    begun = 0
    for index in areas(instance):
        found = labels(place[index], instance["members"][index])
        group[index] = np.where(found >= 0, found + begun, -1)
        begun += len(index)
    return group


@numba.njit(cache=True)
def _take(place: Array, free: Array, x: float, y: float, label: int, group: Array) -> int:
    """Give the label to the free point farthest from (x, y) and its two nearest; says which point that is."""
    far, best = -1, -1.0
    for i in range(len(place)):
        if free[i]:
            d = (place[i, 0] - x) ** 2 + (place[i, 1] - y) ** 2
            if d > best:
                far, best = i, d
    for _ in range(LEAST):
        near, least = -1, np.inf
        for i in range(len(place)):
            if free[i]:
                d = (place[i, 0] - place[far, 0]) ** 2 + (place[i, 1] - place[far, 1]) ** 2
                if d < least:
                    near, least = i, d
        group[near] = label
        free[near] = False
    return far


@numba.njit(cache=True)
def _mdav(place: Array) -> Array:
    m = len(place)
    group = np.full(m, -1)
    free = np.ones(m, np.bool_)
    left, label = m, 0
    total_x, total_y = 0.0, 0.0
    while left >= 2 * LEAST:
        total_x, total_y = 0.0, 0.0
        for i in range(m):
            if free[i]:
                total_x += place[i, 0]
                total_y += place[i, 1]
        far = _take(place, free, total_x / left, total_y / left, label, group)
        left, label = left - LEAST, label + 1
        if left >= 2 * LEAST:
            _take(place, free, place[far, 0], place[far, 1], label, group)
            left, label = left - LEAST, label + 1
    if left >= LEAST:
        for i in range(m):
            if free[i]:
                group[i] = label
    return group


@numba.njit(cache=True)
def _greedy(x: Array, y: Array, members: Array, slots: Array, travel_m: float) -> tuple[Array, Array]:
    """Host (index within the area) and slot of each, -1 where left over."""
    m = len(x)
    host, slot = np.full(m, -1), np.full(m, -1)
    size = np.zeros(m, np.int64)
    partners = np.zeros(m, np.int64)
    for i in range(m):
        for j in range(m):
            if slots[i] & slots[j] and (x[i] - x[j]) ** 2 + (y[i] - y[j]) ** 2 <= travel_m**2:
                partners[i] += 1
    for i in np.argsort(partners, kind="mergesort"):
        if host[i] < 0:
            _gather(i, x, y, members, slots, travel_m, host, slot, size)
    for i in range(m):
        if host[i] < 0:
            _join(i, x, y, slots, travel_m, host, slot, size)
    return host, slot


@numba.njit(cache=True)
def _gather(
    i: int, x: Array, y: Array, members: Array, slots: Array, travel_m: float, host: Array, slot: Array, size: Array
) -> None:
    """Make the group of host i with the least travel over all its slots, if there is one."""
    m = len(x)
    way = np.full(m, np.inf)
    for j in range(m):
        if j != i and host[j] < 0 and slots[i] & slots[j]:
            d = np.sqrt((x[i] - x[j]) ** 2 + (y[i] - y[j]) ** 2)
            if d <= travel_m:
                way[j] = d
    near = np.argsort(way, kind="mergesort")
    best, best_slot = np.inf, -1
    for s in range(SLOTS):
        if slots[i] >> s & 1:
            held, total, taken = members[i], 0.0, 1
            for j in near:
                if way[j] == np.inf or (held >= LEAST and taken >= 2) or taken == MOST:
                    break
                if slots[j] >> s & 1:
                    held, total, taken = held + members[j], total + way[j], taken + 1
            if held >= LEAST and taken >= 2 and total < best:
                best, best_slot = total, s
    if best_slot < 0:
        return
    held = members[i]
    host[i], slot[i], size[i] = i, best_slot, 1
    for j in near:
        if held >= LEAST and size[i] >= 2:
            break
        if slots[j] >> best_slot & 1:
            host[j], slot[j] = i, best_slot
            held, size[i] = held + members[j], size[i] + 1


@numba.njit(cache=True)
def _join(i: int, x: Array, y: Array, slots: Array, travel_m: float, host: Array, slot: Array, size: Array) -> None:
    """Let i join the nearest group with room."""
    best, chosen = travel_m, -1
    for h in range(len(x)):
        if host[h] == h and size[h] < MOST and slots[i] >> slot[h] & 1:
            d = np.sqrt((x[i] - x[h]) ** 2 + (y[i] - y[h]) ** 2)
            if d <= best:
                best, chosen = d, h
    if chosen >= 0:
        host[i], slot[i] = chosen, slot[chosen]
        size[chosen] += 1
