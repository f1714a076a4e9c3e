"""Why an enterprise of the pool got no group, and what would make one possible."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from feigong.core.coverage.facts import Facts
from feigong.core.coverage.joint.values import JointSolution
from feigong.core.coverage.near import Measure
from feigong.core.coverage.pool import Pool, arc_rows
from feigong.core.reasons import Reason, reason
from feigong.core.roll.places.distance import neighbours
from feigong.core.roll.places.values import Place

LOOK = 3.0  # how many times the limit we look for the nearest other


def why_left(
    pool: Pool, left: Sequence[int], solution: JointSolution, facts: Facts, measure: Measure
) -> dict[int, tuple[Reason, ...]]:
    """Reasons for each item that is in no group, by item."""
    near = _partners(pool)
    found: dict[int, tuple[Reason, ...]] = {}
    alone: list[int] = []
    for item in left:
        enterprise = facts.enterprises[pool.usccs[item]]
        if solution.coverable[item]:
            found[item] = (reason("pool.left_over_by_best_plan"),)
        elif enterprise.slots is None:
            found[item] = (reason("pool.slots_unknown"),)
        elif not _keyed(enterprise.place):
            found[item] = (reason("pool.distance_unknown"),)
        elif item not in near:
            alone.append(item)
        else:
            found[item] = _among(pool, item, near[item], facts, measure)
    found.update(_alone(pool, alone, facts, measure))
    return found


def _keyed(place: Place) -> bool:
    return (
        any(k is not None for k in (place.point, place.building_key, place.street_key, place.village_key))
        or len(place.area or "") > 6
    )


def _partners(pool: Pool) -> dict[int, set[int]]:
    """Items that share an arc with each enterprise, in either direction."""
    owner = np.array(pool.seed_item, np.int64)
    here = owner[arc_rows(pool.instance)] if len(owner) else np.empty(0, np.int64)
    there = pool.instance.arc_item.astype(np.int64)
    a, b = np.concatenate([here, there]), np.concatenate([there, here])
    order = np.argsort(a, kind="stable")
    a, b = a[order], b[order]
    cuts = np.flatnonzero(np.diff(a)) + 1
    firsts = a[np.r_[0, cuts]] if len(a) else a
    return (
        {int(item): set(part.tolist()) for item, part in zip(firsts, np.split(b, cuts), strict=True)} if len(a) else {}
    )


def _among(pool: Pool, item: int, partners: set[int], facts: Facts, measure: Measure) -> tuple[Reason, ...]:
    """Others are near: do they share a time, and are they enough?"""
    masks = pool.instance.masks
    blank = sum(1 for p in partners if p < pool.n and facts.enterprises[pool.usccs[p]].slots is None)
    shared = [p for p in partners if int(masks[p]) & int(masks[item])]
    found: list[Reason] = []
    if not shared:
        found.append(reason("pool.no_common_slot", neighbours=len(partners)))
    else:
        members = int(pool.instance.members[item] + pool.instance.members[sorted(shared)].sum())
        if members < pool.instance.least:
            found.append(reason("pool.too_few_near", members=members, least=pool.instance.least))
        else:
            found.append(reason("pool.no_group_shares_slot", neighbours=len(shared)))
    if blank:
        found.append(reason("pool.neighbours_slots_unknown", neighbours=blank))
    return tuple(found)


def _alone(pool: Pool, items: list[int], facts: Facts, measure: Measure) -> dict[int, tuple[Reason, ...]]:
    """Nobody near on an allowed basis: how far is the nearest other one?"""
    if not items:
        return {}
    limit = measure.widest()
    places = [site.place for site in pool.sites[: pool.n]]
    known = neighbours([places[i] for i in items], places, LOOK * limit, measure.parameters.distances, measure.kinds)
    found: dict[int, tuple[Reason, ...]] = {}
    for row, item in enumerate(items):
        cut = slice(int(known.start[row]), int(known.start[row + 1]))
        other = known.index[cut] != item
        if not other.any():
            found[item] = (reason("pool.no_neighbour", limit=limit),)
            continue
        metres = np.where(other, known.metres[cut], np.inf)
        at = int(np.argmin(metres))
        name = facts.enterprises[pool.usccs[int(known.index[cut][at])]].name
        allowed = measure.parameters.travel_m
        if metres[at] > allowed:
            found[item] = (
                reason(
                    "pool.nearest_too_far",
                    enterprise=name,
                    metres=float(metres[at]),
                    excess=float(metres[at]) - allowed,
                    limit=allowed,
                ),
            )
        else:
            found[item] = (reason("pool.no_shared_basis", enterprise=name, metres=float(metres[at])),)
    return found
