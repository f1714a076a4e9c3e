"""A transportation problem with hubs, solved exactly: few pairs at first, more where their price says so."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from feigong.core.coverage.flow import LOWER, TREE, Network
from feigong.core.coverage.joint.values import Bools, Floats, Ints

UNITS_A_METRE = 1000  # costs are whole millimetres, so that the optimum is exact
NEAREST = 12  # pairs of each enterprise at first


@dataclass(frozen=True)
class Pairs:
    """Known distances as they were asked for; no pair twice. Shapes: a pairs."""

    row: Ints  # (a,) enterprise
    to: Ints  # (a,) officer
    metres: Floats  # (a,)


@dataclass(frozen=True)
class Transport:
    """n enterprises, m officers. A pair of one district without a known distance may go over a hub.

    ``hub_in`` and ``hub_out`` are (district, has coordinates): a pair of one district may use a hub at ``assumed_m``
    unless both have coordinates. Serving nobody costs ``unserved`` (n,). Each unit of load above ``fair`` (m,) costs
    ``above_fair_m``; no load is above ``most`` (m,), at least 1. Keeping ``last`` (n, officer or -1; ``last_m`` its
    distance, nan where unknown, infinite where it is in another district) earns ``change_price_m``.
    """

    hub_in: list[tuple[str, bool]]
    hub_out: list[tuple[str, bool]]
    assumed_m: float
    last: Ints
    last_m: Floats
    change_price_m: float
    fair: Ints
    most: Ints
    above_fair_m: float
    unserved: Floats

    @property
    def n(self) -> int:
        return len(self.unserved)

    @property
    def m(self) -> int:
        return len(self.most)


def transport(problem: Transport, pairs: Pairs, more: Callable[[Floats, Floats], Pairs]) -> Ints:
    """The officer of each enterprise, -1 where it waits; optimal.

    Parameters
    ----------
    problem, pairs
        The problem, and for a start the nearest officers of each enterprise.
    more
        Called with what an enterprise (n,) would pay for a place and what an officer's place (m,) costs, in metres;
        gives unlisted pairs nearer than the difference, if there are any.

    Notes
    -----
    The network simplex method starts with the nearest few officers of each enterprise. Every listed pair is then priced
    and those that could improve are added, then unlisted ones, until no pair, listed or not, can improve the plan.
    """
    n, m = problem.n, problem.m
    net = _network(problem)
    arcs = np.zeros(len(pairs.row), np.bool_)  # which pairs are arcs already
    better = _rank(pairs.row, _whole(pairs.metres), _spread(pairs)) < NEAREST
    while True:
        if better.any():
            _add(net, problem, pairs, better)
            arcs |= better
        net.improve()
        reduced = _whole(pairs.metres) + net.price[pairs.row] - net.price[n + pairs.to]
        better = (reduced < 0) & ~arcs
        better &= _rank(pairs.row, np.where(better, reduced, 1), pairs.to) < NEAREST
        if better.any():
            continue
        found = more(-net.price[:n] / UNITS_A_METRE, -net.price[n : n + m] / UNITS_A_METRE)
        gain = _whole(found.metres) + net.price[found.row] - net.price[n + found.to] < 0
        if not gain.any():
            return _read(problem, net)
        pairs = Pairs(*(np.concatenate([getattr(pairs, f), getattr(found, f)[gain]]) for f in ("row", "to", "metres")))
        arcs = np.concatenate([arcs, np.zeros(int(gain.sum()), np.bool_)])
        better = np.concatenate([better, np.ones(int(gain.sum()), np.bool_)])


def _whole(metres: Floats) -> Ints:
    return np.rint(metres * UNITS_A_METRE).astype(np.int64)


def _rank(row: Ints, value: Ints, tie: Ints) -> Ints:
    """Place of each entry within its row, the smallest value first."""
    order = np.lexsort((tie, value, row))
    ordered = row[order]
    place = np.empty(len(row), np.int64)
    place[order] = np.arange(len(row)) - np.searchsorted(ordered, ordered)
    return place


def _spread(pairs: Pairs) -> Ints:
    """Where many officers are equally far the first choice is spread over them."""
    return np.asarray((pairs.to * 2654435761 + pairs.row * 40503) % 65536)


def _add(net: Network, problem: Transport, pairs: Pairs, marked: Bools) -> None:
    count = int(marked.sum())
    net.append(
        pairs.row[marked], problem.n + pairs.to[marked], _whole(pairs.metres[marked]), np.full(count, 2, np.int64)
    )


def _network(problem: Transport) -> Network:
    """Nodes: enterprises, officers, hubs, root. First tree: every enterprise waits; hubs hang from an officer.

    Arcs in order: waiting, fair loads, loads above, ways out of hubs, ways into hubs, last officers.
    """
    n, m = problem.n, problem.m
    hubs = sorted(set(problem.hub_out))
    number = {h: k for k, h in enumerate(hubs)}
    root = n + m + len(hubs)
    out = [(n + m + number[h], n + j) for j, h in enumerate(problem.hub_out)]
    into = [
        (i, n + m + number[(district, point)])
        for i, (district, has) in enumerate(problem.hub_in)
        for point in (False, True)
        if not (has and point) and (district, point) in number
    ]
    last = np.flatnonzero((problem.last >= 0) & ~np.isinf(problem.last_m))
    last_m = np.where(np.isnan(problem.last_m), problem.assumed_m, problem.last_m)[last] - problem.change_price_m
    officers = np.arange(n, n + m)
    ways_out, ways_in = np.array(out, np.int64).reshape(-1, 2), np.array(into, np.int64).reshape(-1, 2)
    much = n + 1
    source = [np.arange(n), officers, officers, ways_out[:, 0], ways_in[:, 0], last]
    target = [
        np.full(n, root),
        np.full(m, root),
        np.full(m, root),
        ways_out[:, 1],
        ways_in[:, 1],
        n + problem.last[last],
    ]
    cost = [
        _whole(problem.unserved), np.zeros(m, np.int64), np.full(m, _whole(np.array([problem.above_fair_m]))[0]),
        np.zeros(len(out), np.int64), np.full(len(into), _whole(np.array([problem.assumed_m]))[0]), _whole(last_m),
    ]  # fmt: skip
    capacity = [
        np.full(n, 2),
        problem.fair,
        problem.most - problem.fair,
        np.full(len(out), much),
        np.full(len(into), 2),
        np.full(len(last), 2),
    ]
    state = np.full(sum(map(len, cost)), LOWER, np.int64)
    state[: n + m] = TREE
    flow = np.zeros(len(state), np.int64)
    flow[:n] = 1
    parent = np.concatenate([np.full(n + m, root), np.empty(len(hubs), np.int64), [-1]])
    arc = np.concatenate([np.arange(n + m), np.empty(len(hubs), np.int64), [-1]])
    depth = np.concatenate([np.ones(n + m, np.int64), np.full(len(hubs), 2), [0]])
    for position, (hub, officer) in reversed(list(enumerate(out))):
        parent[hub], arc[hub] = officer, n + 2 * m + position
    state[arc[n + m : root]] = TREE
    price = np.zeros(root + 1, np.int64)
    price[:n] = -cost[0]
    source_, target_, cost_, capacity_ = (
        np.concatenate(parts).astype(np.int64) for parts in (source, target, cost, capacity)
    )
    return Network(
        source_,
        target_,
        cost_,
        capacity_,
        flow,
        state,
        parent.astype(np.int64),
        arc.astype(np.int64),
        depth.astype(np.int64),
        price,
    )


def _read(problem: Transport, net: Network) -> Ints:
    """The officer of each enterprise; ways over a hub are shared out in order of the rows."""
    n, m = problem.n, problem.m
    to = np.full(n, -1, np.int64)
    used = np.flatnonzero((net.flow > 0) & (net.source < n) & (net.target >= n) & (net.target < n + m))
    to[net.source[used]] = net.target[used] - n
    into: dict[int, list[int]] = defaultdict(list)
    out: dict[int, list[int]] = defaultdict(list)
    for e in np.flatnonzero((net.flow > 0) & (net.target >= n + m) & (net.target < len(net.parent) - 1)).tolist():
        into[int(net.target[e])].append(int(net.source[e]))
    for e in np.flatnonzero((net.flow > 0) & (net.source >= n + m)).tolist():
        out[int(net.source[e])] += [int(net.target[e]) - n] * int(net.flow[e])
    for hub in sorted(into):
        for i, j in zip(sorted(into[hub]), sorted(out[hub]), strict=True):
            to[i] = j
    return to
