"""Joint branches from plain arrays: coordinates in metres, one basis (the area), pure travel. For any size."""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy.spatial import cKDTree

from feigong.core.coverage.joint.solve import Part, Recipe, prove, run_passes
from feigong.core.coverage.joint.values import Floats, Index, Ints, JointInstance
from feigong.core.work import Executor, Progress, Stop


@dataclass(frozen=True)
class ArrayPlan:
    """``group`` (n,) -1 or a number; ``host`` (n,) index of the meeting enterprise, ``slot`` (n,), -1 where no group.

    ``bound_covered``: no plan covers more members. ``bound_travel_m``: any plan that covers at least as many
    members as this one travels at least so far."""

    group: Ints
    host: Ints
    slot: Ints
    covered: int
    travel_m: float
    bound_covered: int
    bound_travel_m: float
    optimal: bool
    stopped_early: bool
    stats: dict[str, Any]

    @property
    def gap(self) -> float:
        return max(0.0, (self.travel_m - self.bound_travel_m) / self.travel_m) if self.travel_m > 0 else 0.0


@dataclass(frozen=True)
class AreaRecipe:
    """One area; the arcs are made where the task runs and forgotten after it."""

    x: Floats
    y: Floats
    members: Ints
    slots: Ints
    travel_m: float
    least: int
    most: int
    price: float

    def __call__(self) -> JointInstance:
        row, item, metres = pairs_within(self.x, self.y, self.travel_m)
        fine = (self.slots[row] & self.slots[item]) != 0
        row, item, metres = row[fine], item[fine], metres[fine]
        n = len(self.x)
        return JointInstance(
            members=self.members,
            at_stake=self.members,
            masks=self.slots,
            seed_owner=np.arange(n, dtype=np.int32),
            seed_room=np.full(n, self.most - 1, np.int64),
            seed_cost=np.zeros(n),
            arc_start=np.searchsorted(row, np.arange(n + 1)).astype(np.int64),
            arc_item=item,
            arc_cost=metres,
            least=self.least,
            price=self.price,
        )


def pairs_within(x: Floats, y: Floats, limit: float) -> tuple[Index, Index, Floats]:
    """All ordered pairs of different points at most ``limit`` apart, sorted by the first: (first, second,
    distance)."""
    pairs = cKDTree(np.c_[x, y]).query_pairs(limit, output_type="ndarray").astype(np.int32)
    row, item = np.concatenate([pairs[:, 0], pairs[:, 1]]), np.concatenate([pairs[:, 1], pairs[:, 0]])
    order = np.argsort(row, kind="stable")
    row, item = row[order], item[order]
    return row, item, np.hypot(x[row] - x[item], y[row] - y[item])


def plan_joint_arrays(
    x: Floats,
    y: Floats,
    members: Ints,
    slots: Ints,
    area: Ints,
    *,
    travel_m: float,
    least: int,
    most: int,
    seed: int,
    stop: Stop,
    progress: Progress,
    executor: Executor,
    gap_goal: float,
) -> ArrayPlan:
    """Plan joint branches of enterprises given as arrays.

    Parameters
    ----------
    x, y : (n,) metres
    members : (n,) full members, at least 1
    slots : (n,) masks of free slots, at most 63 bits
    area : (n,) number of the area; groups never cross areas
    travel_m : farthest to the host, metres
    least, most : members at least (at most 3) and enterprises at most (2 to 10) in a group
    seed, stop, progress, executor, gap_goal : as in `solve_joint`

    Returns
    -------
    ArrayPlan
        The order of rows changes nothing but the numbering.
    """
    order = np.lexsort((slots, members, y, x, area))
    edge = np.flatnonzero(np.r_[True, np.diff(area[order]) != 0, True]) if len(order) else np.zeros(1, np.int64)
    pieces = [order[a:b] for a, b in itertools.pairwise(edge)]
    price = 7.0 * travel_m
    recipes: list[Recipe] = [
        AreaRecipe(
            x=np.ascontiguousarray(x[piece], float),
            y=np.ascontiguousarray(y[piece], float),
            members=np.ascontiguousarray(members[piece], np.int64),
            slots=np.ascontiguousarray(slots[piece], np.int64),
            travel_m=travel_m,
            least=least,
            most=most,
            price=price,
        )
        for piece in pieces
    ]
    done = run_passes(recipes, [len(p) for p in pieces], seed, stop, progress, executor, gap_goal)
    return _gather(x, y, members, pieces, done, price)


def _gather(x: Floats, y: Floats, members: Ints, pieces: list[Ints], done: list[Part], price: float) -> ArrayPlan:
    n = len(x)
    group, host, slot = np.full(n, -1, np.int64), np.full(n, -1, np.int64), np.full(n, -1, np.int64)
    count, able = 0, 0
    for piece, part in zip(pieces, done, strict=True):
        able += int(members[piece[part.coverable]].sum())
        for found in part.groups:
            held = piece[list(found.items)]
            group[held], host[held], slot[held] = count, held[0], found.slot
            count += 1
    inside = group >= 0
    travel = float(np.hypot(x[inside] - x[host[inside]], y[inside] - y[host[inside]]).sum())
    proof = prove(done, price)
    covered = int(members[inside].sum())
    return ArrayPlan(
        group,
        host,
        slot,
        covered,
        travel,
        able - proof.least_uncovered,
        max(0.0, min(proof.cost, travel)),
        proof.closed,
        any(p.stopped for p in done),
        {"spent": sum(p.spent for p in done), "groups": count, "areas": len(pieces)},
    )
