"""Seeded instances of the arrays problem and a scorer of plans that shares nothing with the planner.

Arrays: ``x``, ``y`` (metres), ``members`` (1 or 2), ``slots`` (int64 mask of 21 weekly slots), ``area``, ``building``,
``industry``. The draws follow one fixed order: a seed gives the same instance for ever.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

SLOTS = 21
Array = npt.NDArray[Any]
Instance = dict[str, Array]
DAYTIME = ((2, 5, 8, 11, 14, 16, 17, 18, 19, 20), (0, 3, 6, 9, 12, 15), (1, 4, 7, 10, 13, 18))
"""Slots (day * 3 + morning, afternoon, evening) of three shift patterns."""


def make_instance(
    n: int,
    seed: int = 1,
    mean_area: int = 400,
    multi_tenant: float = 0.55,
    scattered: float = 0.12,
    one_member: float = 0.70,
) -> Instance:
    """Clustered townships with heavy-tailed multi-tenant buildings and three shift patterns.

    Parameters
    ----------
    n : enterprises with one or two members.
    mean_area : enterprises an area has on average; sizes are log-normal.
    multi_tenant, scattered : shares in shared buildings, and alone anywhere in the area.
    one_member : share with one member; the others have two.
    """
    rng = np.random.default_rng(seed)
    areas = max(2, round(n / mean_area))
    share = rng.lognormal(0, 0.8, areas)
    share /= share.sum()
    counts = rng.multinomial(n - 3 * areas, share) + 3 if n > 6 * areas else rng.multinomial(n, share)
    side = int(np.ceil(np.sqrt(areas)))
    parts: list[tuple[Array, Array, Array]] = []
    buildings = 0
    for a in range(areas):
        corner = (a % side) * 7000.0 + rng.uniform(-500, 500), (a // side) * 7000.0 + rng.uniform(-500, 500)
        town, buildings = _town(rng, int(counts[a]), corner, buildings, multi_tenant, scattered)
        parts += [(xy, home, np.full(len(home), a)) for xy, home in town]
    place = np.round(np.concatenate([p for p, _, _ in parts]), 1)
    building, area = (np.concatenate(column) for column in ([b for _, b, _ in parts], [a for _, _, a in parts]))
    order = np.lexsort((rng.random(len(area)), area))
    place, building, area = place[order], building[order], area[order]
    members = np.where(rng.random(len(area)) < one_member, 1, 2).astype(np.int64)
    slots = _free_slots(rng, len(area))
    industry = rng.integers(0, 20, len(area))
    x, y = np.ascontiguousarray(place[:, 0]), np.ascontiguousarray(place[:, 1])
    return {
        "x": x,
        "y": y,
        "members": members,
        "slots": slots,
        "area": area,
        "building": building,
        "industry": industry,
    }


def _town(
    rng: np.random.Generator, m: int, corner: tuple[float, float], buildings: int, multi_tenant: float, scattered: float
) -> tuple[list[tuple[Array, Array]], int]:
    """Places and building numbers of one town's enterprises, and the next building's number."""
    k = int(rng.integers(1, 5))
    centre, spread = rng.uniform(-2500, 2500, (k, 2)), rng.uniform(250, 700, k)
    lone, left = round(m * scattered), round(m * multi_tenant)
    rest = m - left - lone
    parts: list[tuple[Array, Array]] = []
    while left > 0:
        size = min(left, int(min(300, 2 + rng.pareto(1.1) * 2)))
        c = int(rng.integers(0, k))
        p = centre[c] + rng.normal(0, spread[c], 2)
        parts.append((np.tile(p, (size, 1)), np.full(size, buildings)))
        buildings += 1
        left -= size
    if rest > 0:
        at = rng.integers(0, k, rest)
        parts.append((centre[at] + rng.normal(0, 1, (rest, 2)) * spread[at][:, None], np.arange(rest) + buildings))
        buildings += rest
    if lone > 0:
        parts.append((rng.uniform(-3500, 3500, (lone, 2)), np.arange(lone) + buildings))
        buildings += lone
    return [(np.array(corner) + p, b) for p, b in parts], buildings


def _free_slots(rng: np.random.Generator, n: int) -> Array:
    """Half of the slots of one's shift pattern, and now and then another."""
    patterns = np.array([sum(1 << s for s in slots) for slots in DAYTIME])
    base = patterns[rng.choice(3, n, p=[0.5, 0.3, 0.2])]
    keep, extra = np.zeros(n, np.int64), np.zeros(n, np.int64)
    for s in range(SLOTS):
        keep |= (rng.random(n) < 0.5).astype(np.int64) << s
        extra |= (rng.random(n) < 0.05).astype(np.int64) << s
    slots: Array = (base & keep) | extra
    slots[slots == 0] = base[slots == 0]
    return slots


@dataclass(frozen=True, slots=True)
class Score:
    """``covered`` counts members in groups that can meet; travel only of those groups."""

    groups: int
    broken: int
    covered: int
    total: int
    travel_km: float

    @property
    def covered_pct(self) -> float:
        return 100 * self.covered / self.total if self.total else 0.0


def score(
    instance: Instance,
    group: Array,
    host: Array,
    slot: Array,
    *,
    travel: float = 3000.0,
    least: int = 3,
    most: int = 5,
) -> Score:
    """Score a plan on the area basis with pure travel.

    ``group[i]`` is -1 or a group id; ``host[i]`` and ``slot[i]`` are the host's index and the slot of i's group.
    A group is broken unless it has 2 to ``most`` enterprises, ``least`` members, one area, one host inside it, one slot
    free for all, and everyone within ``travel`` metres of the host.
    """
    total = int(instance["members"].sum())
    index = np.flatnonzero(group >= 0)
    if not len(index):
        return Score(0, 0, 0, total, 0.0)
    index = index[np.argsort(group[index], kind="stable")]
    start = np.flatnonzero(np.r_[True, np.diff(group[index]) != 0])
    size = np.diff(np.r_[start, len(index)])
    first = np.repeat(index[start], size)
    here = (host[index] >= 0) & (host[index] < len(host))
    h, s = np.where(here, host[index], 0), slot[index]
    d = np.hypot(instance["x"][index] - instance["x"][h], instance["y"][index] - instance["y"][h])
    fine = (h == host[first]) & (s == slot[first]) & (instance["area"][index] == instance["area"][first])
    fine &= here & (d <= travel + 1e-6) & (s >= 0) & (s < SLOTS)
    fine &= (instance["slots"][index] >> np.clip(s, 0, SLOTS - 1)) & 1 == 1
    members = np.add.reduceat(instance["members"][index], start)
    hosts = np.add.reduceat((index == h).astype(int), start)
    ok = (np.add.reduceat(fine.astype(int), start) == size) & (hosts == 1)
    ok &= (size >= 2) & (size <= most) & (members >= least)
    travel_m = float(np.add.reduceat(d, start)[ok].sum())
    return Score(len(start), int((~ok).sum()), int(members[ok].sum()), total, travel_m / 1000)
