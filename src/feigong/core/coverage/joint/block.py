"""One component in the form the compiled kernels read: local indices, seeds sorted by owner, costs also as a dense
table."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from feigong.core.coverage.joint.values import Bools, Floats, Index, Ints, JointInstance

WIDEST = 10
"""Most items of a group that the kernels provide for (joint.max_units is 5, practice goes up to 10)."""


class Block(NamedTuple):
    """n items, s seeds sorted by owner, a arcs sorted by (cost, item) within a seed; ``width`` items at most in a
    group."""

    members: Ints
    masks: Ints
    cap: Floats  # (n,) what leaving the item out costs
    owner: Index  # (s,)
    owner_start: Ints  # (n + 1,) seeds of item i: owner_start[i]:owner_start[i + 1]
    room: Ints  # (s,)
    seed_cost: Floats  # (s,)
    arc_start: Ints  # (s + 1,)
    arc_item: Index
    arc_cost: Floats
    dense: npt.NDArray[np.float32]  # (s, n) arc cost, inf where there is no arc
    kept_at: Index  # (s,) kept group grown from the seed, or -1
    kept_of: Index  # (n,) kept group that holds the item, or -1
    kept_items: Index  # (k, width) owner first, padded with -1
    kept_cost: Floats  # (k,)
    least: int
    width: int


def take_block(whole: JointInstance, items: Ints, price: float, *, width: int = 0, dense: bool = True) -> Block:
    """The block of ``items`` (sorted global indices) with the seeds they own and the arcs that stay inside.

    ``width`` 0: as wide as the widest of its seeds. ``dense`` False: without the dense table, for kernels that read
    arcs only.
    """
    n = len(items)
    local = np.full(whole.n, -1, np.int64)
    local[items] = np.arange(n)
    seeds = np.flatnonzero(local[whole.seed_owner] >= 0)
    seeds = seeds[np.lexsort((seeds, local[whole.seed_owner[seeds]]))]
    return _assemble(whole, items, local, seeds, price, width, dense)


def _assemble(
    whole: JointInstance, items: Ints, local: Ints, seeds: Ints, price: float, width: int, dense: bool
) -> Block:
    n, s = len(items), len(seeds)
    owner = local[whole.seed_owner[seeds]].astype(np.int32)
    begin, end = whole.arc_start[seeds], whole.arc_start[seeds + 1]
    length = end - begin
    row = np.repeat(np.arange(s), length)
    at = np.arange(len(row)) - np.repeat(np.cumsum(length) - length, length) + np.repeat(begin, length)
    item, cost = local[whole.arc_item[at]], whole.arc_cost[at]
    fine = item >= 0
    fine &= (whole.masks[items][item] & whole.masks[items][owner[row]]) != 0
    row, item, cost = row[fine], item[fine], cost[fine]
    order = np.lexsort((item, cost, row))
    row, item, cost = row[order], item[order], at_most_single(cost[order])
    table = np.full((s, n) if dense else (0, 0), np.inf, np.float32)
    if dense:
        table[row, item] = cost
    width = width or int(min(WIDEST, 1 + (whole.seed_room[seeds].max() if s else 1)))
    kept_at, kept_of, kept_items, kept_cost = _kept(whole, local, seeds, n, width)
    return Block(
        members=np.ascontiguousarray(whole.members[items]),
        masks=np.ascontiguousarray(whole.masks[items]),
        cap=price * whole.at_stake[items].astype(float),
        owner=owner,
        owner_start=np.searchsorted(owner, np.arange(n + 1)).astype(np.int64),
        room=whole.seed_room[seeds].astype(np.int64),
        seed_cost=whole.seed_cost[seeds].astype(float),
        arc_start=np.searchsorted(row, np.arange(s + 1)).astype(np.int64),
        arc_item=item.astype(np.int32),
        arc_cost=np.ascontiguousarray(cost),
        dense=table,
        kept_at=kept_at,
        kept_of=kept_of,
        kept_items=kept_items,
        kept_cost=kept_cost,
        least=whole.least,
        width=width,
    )


def at_most_single(cost: Floats) -> Floats:
    """The costs in single precision, never above what they were: the dense table and the arcs then agree to the
    last bit, and what is proven for these costs holds for the true ones."""
    single = cost.astype(np.float32)
    return np.where(single > cost, np.nextafter(single, np.float32(-np.inf)), single).astype(float)


def _kept(whole: JointInstance, local: Ints, seeds: Ints, n: int, width: int) -> tuple[Index, Index, Index, Floats]:
    place = {int(h): k for k, h in enumerate(seeds)}
    mine = [(place[h], g, c) for h, g, c in whole.kept if h in place and all(local[i] >= 0 for i in g)]
    kept_at, kept_of = np.full(len(seeds), -1, np.int32), np.full(n, -1, np.int32)
    kept_items, kept_cost = np.full((len(mine), width), -1, np.int32), np.zeros(len(mine))
    for k, (h, group, cost) in enumerate(mine):
        first = int(whole.seed_owner[seeds[h]])
        ordered = [first, *(i for i in sorted(group) if i != first)]
        kept_items[k, : len(ordered)] = local[ordered]
        kept_cost[k], kept_at[h] = cost, k
        kept_of[local[ordered]] = k
    return kept_at, kept_of, kept_items, kept_cost


def without(block: Block, keep: Bools, *, dense: bool = True) -> tuple[Block, Ints]:
    """The block of the items to ``keep`` and their indices in ``block``; arcs and kept groups that lose an item go
    too."""
    index = np.flatnonzero(keep)
    whole = JointInstance(
        members=block.members,
        at_stake=block.cap.astype(np.int64),
        masks=block.masks,
        seed_owner=block.owner,
        seed_room=block.room,
        seed_cost=block.seed_cost,
        arc_start=block.arc_start,
        arc_item=block.arc_item,
        arc_cost=block.arc_cost,
        least=block.least,
        kept=_kept_values(block),
    )
    smaller = take_block(whole, index, 1.0, width=block.width, dense=dense)
    return smaller._replace(cap=np.ascontiguousarray(block.cap[index])), index


def _kept_values(block: Block) -> tuple[tuple[int, tuple[int, ...], float], ...]:
    seeds = {int(k): h for h, k in enumerate(block.kept_at) if k >= 0}
    return tuple(
        (seeds[k], tuple(int(i) for i in row if i >= 0), float(block.kept_cost[k]))
        for k, row in enumerate(block.kept_items)
    )
