"""Random small instances for hypothesis: towns on a grid (many ties), trades, organisations, plans in force."""

from __future__ import annotations

from math import hypot

import numpy as np
from brute import arcs_of, seed_groups
from hypothesis import strategies as st

from feigong.core.coverage.joint.values import JointInstance

Seed = tuple[int, int, float, list[tuple[int, float]]]
"""Owner, room, cost, arcs as (item, cost)."""


def build(
    members: list[int],
    at_stake: list[int],
    masks: list[int],
    seeds: list[Seed],
    least: int = 3,
    price: float = 20_000.0,
) -> JointInstance:
    arcs = [arc for seed in seeds for arc in sorted(seed[3], key=lambda a: (a[1], a[0]))]
    return JointInstance(
        members=np.array(members, np.int64),
        at_stake=np.array(at_stake, np.int64),
        masks=np.array(masks, np.int64),
        seed_owner=np.array([s[0] for s in seeds], np.int32),
        seed_room=np.array([s[1] for s in seeds], np.int64),
        seed_cost=np.array([s[2] for s in seeds], np.float64),
        arc_start=np.cumsum([0, *(len(s[3]) for s in seeds)]).astype(np.int64),
        arc_item=np.array([a[0] for a in arcs], np.int32),
        arc_cost=np.array([a[1] for a in arcs], np.float64),
        least=least,
        price=price,
    )


def with_kept(instance: JointInstance, picks: list[tuple[int, int, float]]) -> JointInstance:
    """Add disjoint groups in force: each pick is (seed, which of its valid groups, reward), if it can be."""
    taken: set[int] = set()
    used: set[int] = set()
    kept = []
    for seed, which, reward in picks:
        groups = sorted((tuple(sorted(items)), cost) for items, cost in seed_groups(instance, seed).items())
        groups = [g for g in groups if not taken & set(g[0])]
        if groups and seed not in used:
            items, cost = groups[which % len(groups)]
            taken |= set(items)
            used.add(seed)
            kept.append((seed, items, cost - reward))
    return JointInstance(**{**instance.__dict__, "kept": tuple(kept)})


def permuted(instance: JointInstance, items: list[int], seeds: list[int]) -> JointInstance:
    """The same instance with item ``items[k]`` in place k and seed ``seeds[k]`` in place k."""
    place = {old: new for new, old in enumerate(items)}
    seat = {old: new for new, old in enumerate(seeds)}
    moved: list[Seed] = [
        (
            place[int(instance.seed_owner[h])],
            int(instance.seed_room[h]),
            float(instance.seed_cost[h]),
            [(place[i], c) for i, c in arcs_of(instance, h).items()],
        )
        for h in seeds
    ]
    other = build(
        [int(instance.members[i]) for i in items],
        [int(instance.at_stake[i]) for i in items],
        [int(instance.masks[i]) for i in items],
        moved,
        instance.least,
        instance.price,
    )
    kept = tuple((seat[h], tuple(sorted(place[i] for i in group)), cost) for h, group, cost in instance.kept)
    return JointInstance(**{**other.__dict__, "kept": kept})


masks = st.sampled_from([7, 7, 7, 3, 3, 6, 6, 5, 1, (1 << 20) | 1, (1 << 62) | 4, 0])
seldom = st.sampled_from([False] * 7 + [True])  # integers would favour their ends
on_grid = st.integers(0, 8).map(float)
in_metres = st.floats(0, 2000, width=32).map(lambda v: round(v, 1))


@st.composite
def instances(draw: st.DrawFn, most_items: int = 8) -> JointInstance:
    """Ordinary enterprises, some with a second seed by trade, some that can stay out for free, some organisations."""
    n = draw(st.sampled_from([7, 6, 5, 4, 8, 3, 2, 1]).filter(lambda v: v <= most_items))
    place = draw(st.sampled_from([on_grid, on_grid, in_metres]))
    unit = 1.0 if place is on_grid else 250.0
    x, y = (draw(st.lists(place, min_size=n, max_size=n)) for _ in range(2))
    members = draw(st.lists(st.sampled_from([1, 1, 1, 2, 2, 3]), min_size=n, max_size=n))
    free = draw(st.lists(masks, min_size=n, max_size=n))
    optional = draw(st.lists(seldom, min_size=n, max_size=n))
    organisation = draw(st.lists(seldom, min_size=n, max_size=n))
    limit, wide = (unit * draw(st.sampled_from([5, 4, 6, 8, 3, 2, 0])) for _ in range(2))
    seeds: list[Seed] = []
    for i in range(n):
        far = {j: hypot(x[i] - x[j], y[i] - y[j]) for j in range(n) if j != i and not organisation[j]}
        room = draw(st.integers(1, 4))
        cost = draw(st.sampled_from([0.0, 0.0, 0.0, 2.0, -3.0])) * unit
        near = [(j, d) for j, d in far.items() if d <= limit]
        if not organisation[i] and draw(seldom):
            trade = [(j, d + unit) for j, d in far.items() if d <= wide and (i + j) % 2 == 0]
            seeds.append((i, room, cost, trade))
        if not draw(seldom):
            seeds.append((i, room, cost, near))
    at_stake = [0 if optional[i] or organisation[i] else members[i] for i in range(n)]
    instance = build(members, at_stake, free, seeds, least=draw(st.sampled_from([3, 3, 3, 2, 1])))
    if not seeds:
        return instance
    pick = st.tuples(st.integers(0, len(seeds) - 1), st.integers(0, 30), st.integers(0, 12).map(lambda v: v * unit))
    return with_kept(instance, draw(st.lists(pick, max_size=2) if draw(st.booleans()) else st.just([])))


def medium(seed: int, n: int) -> JointInstance:
    """One district of ``n`` enterprises in a few towns; a trade seed for every fourth; a plan in force for some."""
    rng = np.random.default_rng(seed)
    centre = rng.uniform(-3000, 3000, (4, 2))
    town = rng.integers(0, 4, n)
    p = centre[town] + rng.normal(0, 500, (n, 2))
    p[: n // 5] = p[n // 5 : 2 * (n // 5)]  # the same building
    members = rng.integers(1, 3, n)
    free = rng.integers(1, 1 << 21, n) & rng.integers(1, 1 << 21, n) & rng.integers(1, 1 << 21, n)
    seeds: list[Seed] = []
    for i in range(n):
        d = np.hypot(*(p - p[i]).T)
        near = np.flatnonzero((d <= 2000) & (np.arange(n) != i))
        seeds.append((i, 4, 0.0, [(int(j), float(d[j])) for j in near]))
        if i % 4 == 0:
            trade = np.flatnonzero((np.arange(n) % 8 == i % 8) & (d <= 6000) & (np.arange(n) != i))
            seeds.append((i, 4, 0.0, [(int(j), float(d[j]) + 500.0) for j in trade]))
    stake = np.where(rng.random(n) < 0.1, 0, members)
    instance = build(members.tolist(), stake.tolist(), free.tolist(), seeds)
    picks = [(int(h), int(rng.integers(1000)), 800.0) for h in rng.integers(0, len(seeds), 6)]
    return with_kept(instance, picks)


def tiny(seed: int) -> JointInstance:
    """Like `instances`, but always dense enough to be a puzzle: 6 to 9 items that mostly can meet."""
    rng = np.random.default_rng(seed)
    n = int(rng.integers(6, 10))
    p = rng.integers(0, 7, (n, 2)).astype(float) if seed % 2 else np.round(rng.uniform(0, 2000, (n, 2)), 1)
    limit = 5.0 if seed % 2 else 1400.0
    members = rng.choice([1, 1, 1, 2], n)
    free = rng.choice([7, 3, 6, 5, 13, 12, 1 << 40 | 4], n)
    seeds: list[Seed] = []
    for i in range(n):
        d = np.hypot(*(p - p[i]).T)
        near = [(int(j), float(d[j])) for j in range(n) if j != i and d[j] <= limit]
        seeds.append((i, int(rng.integers(1, 5)), 0.0, near))
        if rng.random() < 0.3:
            trade = [(int(j), float(d[j]) + limit / 4) for j in range(n) if j != i and (i + j) % 2 == 0]
            seeds.append((i, 4, float(rng.choice([0.0, limit / 2])), trade))
    stake = np.where(rng.random(n) < 0.15, 0, members)
    instance = build(members.tolist(), stake.tolist(), free.tolist(), seeds)
    return with_kept(instance, [(int(rng.integers(len(seeds))), int(rng.integers(100)), limit / 3) for _ in range(2)])
