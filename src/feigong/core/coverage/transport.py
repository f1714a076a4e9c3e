"""A transportation problem with hubs, solved exactly: few columns at first, more where their price says so."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

import numpy as np
from scipy.optimize import linprog
from scipy.sparse import csr_matrix

from feigong.core.coverage.joint.values import Floats, Ints

NEAREST = 8  # arcs of each enterprise at first
EPS = 1e-6


@dataclass(frozen=True)
class Transport:
    """n enterprises, m officers. Known distances in compressed rows; a pair without one may go over a hub.

    ``hub_in`` and ``hub_out`` are (district, has coordinates): a pair of one district may use a hub at ``assumed_m`` unless both
    have coordinates. Serving nobody costs ``unserved`` (n,). Each unit of load above ``fair`` (m,) costs ``above_fair_m``; no load is
    above ``most`` (m,). Keeping ``last`` (n, officer or -1) earns ``change_price_m``.
    """

    start: Ints  # (n + 1,)
    to: Ints  # (a,)
    metres: Floats  # (a,)
    hub_in: list[tuple[str, bool]]
    hub_out: list[tuple[str, bool]]
    assumed_m: float
    last: Ints
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

    def distance(self, i: int, j: int) -> float | None:
        """Metres, or None where unknown."""
        lo, hi = int(self.start[i]), int(self.start[i + 1])
        at = np.flatnonzero(self.to[lo:hi] == j)
        return float(self.metres[lo + at[0]]) if len(at) else None


def transport(problem: Transport) -> Ints:
    """The officer of each enterprise, -1 where it waits; optimal.

    Columns start with the nearest officers of each enterprise. After each solution every known pair is priced with the dual
    values, and those that could improve it are added, until none can: then no missing pair matters.
    """
    row = np.repeat(np.arange(problem.n, dtype=np.int64), np.diff(problem.start))
    cost = _costs(problem, row)
    active = _nearest(problem, row, cost)
    model = _Model(problem, row, cost)
    while True:
        x, out_price, in_price = model.solve(active)
        reduced = cost - out_price[row] - in_price[problem.to]
        better = (reduced < -EPS) & ~active
        if not better.any():
            break
        active |= better
    return model.read(active, x)


def _costs(problem: Transport, row: Ints) -> Floats:
    return problem.metres - np.where(problem.last[row] == problem.to, problem.change_price_m, 0.0)


def _nearest(problem: Transport, row: Ints, cost: Floats) -> np.ndarray:
    """Marks the cheapest arcs of each enterprise. Where many officers are equally far the choice is spread over them."""
    spread = (problem.to * 2654435761 + row * 40503) % 65536
    order = np.lexsort((spread, cost, row))
    place = np.empty(len(row), np.int64)
    place[order] = np.arange(len(row)) - problem.start[row[order]]
    return np.asarray(place < NEAREST)


class _Model:
    """The linear programme. Columns: active arcs, last officers whose distance is unknown, ways into hubs, ways out of hubs,
    loads above the fair share, waiting."""

    def __init__(self, problem: Transport, row: Ints, cost: Floats) -> None:
        self.p = problem
        self.row = row
        self.cost = cost
        self.hubs = sorted(set(problem.hub_out))
        number = {h: k for k, h in enumerate(self.hubs)}
        ways = [
            (i, number[(d, point)])
            for i, (d, has) in enumerate(problem.hub_in)
            for point in (False, True)
            if not (has and point) and (d, point) in number
        ]
        self.way_in = np.array(ways, np.int64).reshape(-1, 2)
        self.way_out = np.array([(j, number[h]) for j, h in enumerate(problem.hub_out)], np.int64).reshape(-1, 2)
        known = set(
            zip(
                row[problem.last[row] == problem.to].tolist(),
                problem.to[problem.last[row] == problem.to].tolist(),
                strict=True,
            )
        )
        self.blind = np.array(
            [
                (i, j)
                for i, j in enumerate(problem.last.tolist())
                if j >= 0 and (i, j) not in known and problem.hub_in[i][0] == problem.hub_out[j][0]
            ],
            np.int64,
        ).reshape(-1, 2)

    def solve(self, active: np.ndarray) -> tuple[Floats, Floats, Floats]:
        p, n, m, k = self.p, self.p.n, self.p.m, len(self.hubs)
        arcs = np.flatnonzero(active)
        blocks = [len(arcs), len(self.blind), len(self.way_in), len(self.way_out), m, n]
        at = np.concatenate([[0], np.cumsum(blocks)])
        column = [np.arange(at[b], at[b + 1]) for b in range(6)]
        cost = np.concatenate(
            [
                self.cost[arcs],
                np.full(blocks[1], p.assumed_m - p.change_price_m),
                np.full(blocks[2], p.assumed_m),
                np.zeros(blocks[3]),
                np.full(m, p.above_fair_m),
                p.unserved,
            ]
        )
        equal = [
            (self.row[arcs], column[0], 1.0),
            (self.blind[:, 0], column[1], 1.0),
            (self.way_in[:, 0], column[2], 1.0),
            (np.arange(n), column[5], 1.0),
            (n + self.way_in[:, 1], column[2], 1.0),
            (n + self.way_out[:, 1], column[3], -1.0),
        ]
        below = [
            (p.to[arcs], column[0], 1.0),
            (self.blind[:, 1], column[1], 1.0),
            (self.way_out[:, 0], column[3], 1.0),
            (np.arange(m), column[4], -1.0),
        ]
        top = np.concatenate(
            [
                np.full(at[3], np.inf),
                p.most.astype(np.float64),
                (p.most - p.fair).astype(np.float64),
                np.full(n, np.inf),
            ]
        )
        found = linprog(
            cost,
            A_eq=_matrix(equal, n + k, at[6]),
            b_eq=np.concatenate([np.ones(n), np.zeros(k)]),
            A_ub=_matrix(below, m, at[6]),
            b_ub=p.fair.astype(np.float64),
            bounds=np.column_stack([np.zeros(at[6]), top]),
            method="highs-ds",
        )
        return np.rint(found.x), np.asarray(found.eqlin.marginals[:n]), np.asarray(found.ineqlin.marginals)

    def read(self, active: np.ndarray, x: Floats) -> Ints:
        """The officer of each enterprise; ways over a hub are shared out in order of area."""
        to = np.full(self.p.n, -1, np.int64)
        arcs = np.flatnonzero(active)
        used = arcs[x[: len(arcs)] > 0.5]
        to[self.row[used]] = self.p.to[used]
        a = len(arcs)
        blind = self.blind[x[a : a + len(self.blind)] > 0.5]
        to[blind[:, 0]] = blind[:, 1]
        a += len(self.blind)
        into: dict[int, list[int]] = defaultdict(list)
        for (i, hub), v in zip(self.way_in.tolist(), x[a : a + len(self.way_in)].tolist(), strict=True):
            if v > 0.5:
                into[hub].append(i)
        a += len(self.way_in)
        out: dict[int, list[int]] = defaultdict(list)
        for (j, hub), v in zip(self.way_out.tolist(), x[a : a + len(self.way_out)].tolist(), strict=True):
            out[hub] += [j] * int(v)
        for hub, rows in into.items():
            for i, j in zip(rows, out[hub], strict=True):
                to[i] = j
        return to


def _matrix(parts: list[tuple[Ints, Ints, float]], rows: int, columns: int) -> csr_matrix:
    value = np.concatenate([np.full(len(r), v) for r, _, v in parts])
    return csr_matrix(
        (value, (np.concatenate([p[0] for p in parts]), np.concatenate([p[1] for p in parts]))),
        shape=(rows, int(columns)),
    )
