"""How many members no plan can cover: the same columns and cuts with members in the place of metres."""

from __future__ import annotations

import math

import numpy as np

from feigong.core.coverage.joint.block import Block
from feigong.core.coverage.joint.component import Effort, Found, bound_block
from feigong.core.work import Stop


def least_uncovered(found: Found, block: Block, price: float, *, seed: int, stop: Stop, effort: Effort) -> int:
    """The fewest members that any plan of the block leaves out, proven; 0 where that is all that can be said."""
    left = np.ones(len(block.cap), np.bool_)
    held = found.plan.columns.items
    left[held[held >= 0]] = False
    missed = round(float(block.cap[left].sum()) / price)
    if missed == 0:
        return 0
    # Stopped before the first bound: nothing is proven yet.
    by_price = math.ceil((found.bound - most_cost(block)) / price - 1e-6) if found.bound > -np.inf else 0
    if by_price >= missed or block.dense.size == 0 or stop(found.spent):
        return max(0, min(by_price, missed))
    counted = block._replace(
        cap=block.cap / price,
        seed_cost=np.zeros_like(block.seed_cost),
        arc_cost=np.zeros_like(block.arc_cost),
        dense=np.where(np.isfinite(block.dense), np.float32(0), np.float32(np.inf)),
        kept_cost=np.zeros_like(block.kept_cost),
    )
    bound = bound_block(counted, missed - 1 + 1e-4, seed=seed, stop=stop, effort=effort)
    return max(0, by_price, min(missed, math.ceil(bound - 1e-4)))


def most_cost(block: Block) -> float:
    """No plan of the block costs more in groups: every item joins by its dearest arc, every owner pays its dearest
    seed."""
    arcs = np.zeros(len(block.members))
    np.maximum.at(arcs, block.arc_item, block.arc_cost)
    own = np.zeros(len(block.members))
    np.maximum.at(own, block.owner, block.seed_cost)
    return float(arcs.sum() + own.sum())
