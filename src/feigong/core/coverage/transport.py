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
    hubs = len(set(problem.hub_out))
    root = n + m + hubs
    ways_out, ways_in = _ways(problem)
    last = np.flatnonzero((problem.last >= 0) & ~np.isinf(problem.last_m))
    last_m = np.where(np.isnan(problem.last_m), problem.assumed_m, problem.last_m)[last] - problem.change_price_m
    rows, officers, never = np.arange(n), np.arange(n, n + m), 2
    blocks: list[tuple[Ints, Ints, Floats, Ints]] = [
        (rows, np.full(n, root), problem.unserved, np.full(n, never)),
        (officers, np.full(m, root), np.zeros(m), problem.fair),
        (officers, np.full(m, root), np.full(m, problem.above_fair_m), problem.most - problem.fair),
        (ways_out[:, 0], ways_out[:, 1], np.zeros(m), np.full(m, n + 1)),
        (ways_in[:, 0], ways_in[:, 1], np.full(len(ways_in), problem.assumed_m), np.full(len(ways_in), never)),
        (last, n + problem.last[last], last_m, np.full(len(last), never)),
    ]
    source, target, capacity = (np.concatenate([b[k] for b in blocks]).astype(np.int64) for k in (0, 1, 3))
    cost = _whole(np.concatenate([b[2] for b in blocks]))
    flow, state = np.zeros(len(cost), np.int64), np.full(len(cost), LOWER, np.int64)
    flow[:n] = 1
    _, first = np.unique(ways_out[:, 0], return_index=True)  # each hub's first way out
    first = first + n + 2 * m
    arc = np.concatenate([np.arange(n + m), first, [-1]]).astype(np.int64)
    parent = np.concatenate([np.full(n + m, root), target[first], [-1]]).astype(np.int64)
    depth = np.concatenate([np.ones(n + m), np.full(hubs, 2), [0]]).astype(np.int64)
    state[arc[:root]] = TREE
    price = np.zeros(root + 1, np.int64)
    price[:n] = -cost[:n]
    return Network(source, target, cost, capacity, flow, state, parent, arc, depth, price)


def _ways(problem: Transport) -> tuple[Ints, Ints]:
    """Arcs out of hubs, in order of the officers, and into them."""
    n, m = problem.n, problem.m
    number = {h: n + m + k for k, h in enumerate(sorted(set(problem.hub_out)))}
    out = [(number[h], n + j) for j, h in enumerate(problem.hub_out)]
    into = [
        (i, number[district, point])
        for i, (district, has) in enumerate(problem.hub_in)
        for point in (False, True)
        if not (has and point) and (district, point) in number
    ]
    return np.array(out, np.int64).reshape(-1, 2), np.array(into, np.int64).reshape(-1, 2)


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
