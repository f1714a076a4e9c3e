"""What single change would give an enterprise that must recruit first a joint branch that can meet."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from feigong.core.coverage.facts import Facts
from feigong.core.coverage.joint.values import Bools, Floats, Index, Ints, JointSolution
from feigong.core.coverage.near import Measure, Site, keys_of
from feigong.core.coverage.pool import Pool
from feigong.core.coverage.values import Alternative, Basis, Outcome
from feigong.core.reasons import reason
from feigong.core.roll.places.distance import neighbours

LOOK = 3.0  # how many times the usual limit we look
NEAREST = 64  # partners looked at on each basis
_BLOCK = 256  # enterprises whose neighbours are found at once


@dataclass(frozen=True)
class _Partners:
    """With whom a group could be made: others that are left, groups of the plan with room, organisations with room.
    The last two are enough by themselves."""

    sites: tuple[Site, ...]
    slots: Bools  # (p, slots)
    members: Ints
    size: Ints  # enterprises
    keys: dict[Basis, Index]  # (p, 2), -1: none


@dataclass(frozen=True)
class _Found:
    """The best of one kind. ``value``: what is compared, less is better."""

    value: tuple[float, ...]
    alternative: Alternative


def what_it_takes(
    pool: Pool, left: Sequence[int], solution: JointSolution, facts: Facts, measure: Measure
) -> dict[int, tuple[Alternative, ...]]:
    """For items in no group: what would have to be known, another free slot, farther travel, or so many members near.

    Looked at are groups that meet at the enterprise, of others that are left, and existing groups and organisations
    that have room; each alternative is one change that is enough, all else as it is. An hour that is arranged costs
    nobody travel: it is named before metres, and metres before people. Names of others are not told: who reads of one
    enterprise need not see the others.
    """
    if not left:
        return {}
    partners = _partners(pool, left, solution, measure)
    found: dict[int, tuple[Alternative, ...]] = {}
    for place, others, metres in _near(pool, left, partners, measure):
        found[left[place]] = _of(place, left[place], pool, partners, others, metres, facts, measure)
    return found


def _partners(pool: Pool, left: Sequence[int], solution: JointSolution, measure: Measure) -> _Partners:
    most, least = measure.parameters.most_enterprises, pool.instance.least
    masks = [int(m) for m in pool.instance.masks]
    rows = [(pool.sites[i], masks[i], int(pool.instance.members[i]), 1) for i in left]
    only: dict[int, Basis] = {}  # what all of a group share with its host: whoever joins must share it too
    taken: set[int] = set()
    for group in solution.groups:
        owner = pool.seed_item[group.seed]
        taken.add(owner)
        common = masks[owner]
        for item in group.items:
            common &= masks[item]
        room = int(pool.instance.seed_room[group.seed]) - (len(group.items) - 1)
        if room > 0 and common:
            size = len(group.items) if owner < pool.n else most - int(pool.instance.seed_room[group.seed])
            only[len(rows)] = pool.seed_basis[group.seed]
            rows.append((pool.sites[owner], common, least, size))
    for number, standing in enumerate(pool.organisations):
        item = pool.n + number
        if item not in taken:
            rows.append((pool.sites[item], masks[item], least, len(standing.covers)))
    bits = max(1, 21 * measure.parameters.cycle_weeks)
    sites = tuple(r[0] for r in rows)
    return _Partners(
        sites,
        np.array([[mask >> bit & 1 for bit in range(bits)] for _, mask, _, _ in rows], np.bool_),
        np.array([r[2] for r in rows], np.int64),
        np.array([r[3] for r in rows], np.int64),
        {basis: _coded(sites, basis, measure, only) for basis in measure.parameters.bases},
    )


def _coded(sites: Sequence[Site], basis: Basis, measure: Measure, only: Mapping[int, Basis]) -> Index:
    names: dict[str, int] = {}
    found = np.full((len(sites), 2), -1, np.int32)
    for row, site in enumerate(sites):
        if only.get(row, basis) is not basis:
            continue
        for column, key in enumerate(keys_of(site, basis, measure)):
            found[row, column] = names.setdefault(key, len(names))
    return found


def _near(
    pool: Pool, left: Sequence[int], partners: _Partners, measure: Measure
) -> Iterator[tuple[int, Ints, Floats]]:  # fmt: skip
    """For each that is left the others at a known distance, the nearest first."""
    places = [site.place for site in partners.sites]
    radius = max(measure.widest(), LOOK * measure.parameters.travel_m)
    for at in range(0, len(left), _BLOCK):
        block = range(at, min(at + _BLOCK, len(left)))
        known = neighbours(
            [places[n] for n in block], places, radius, measure.parameters.distances, measure.kinds
        )  # fmt: skip
        for row, place in enumerate(block):
            cut = slice(int(known.start[row]), int(known.start[row + 1]))
            other = known.index[cut] != place
            yield place, known.index[cut][other].astype(np.int64), np.asarray(known.metres[cut][other], np.float64)


def _of(
    place: int, item: int, pool: Pool, partners: _Partners, others: Ints, metres: Floats, facts: Facts, measure: Measure
) -> tuple[Alternative, ...]:
    if facts.enterprises[pool.usccs[item]].slots is None:
        return _asked(_within(place, partners, others, metres, measure))
    best: dict[str, _Found] = {}
    need = int(pool.instance.least - pool.instance.members[item])
    for basis, shared in _shared(place, partners, others):
        near, far = others[shared][:NEAREST], metres[shared][:NEAREST]
        for kind, found in _changes(place, partners, near, far, need, measure.limit(basis), measure):
            if kind not in best or found.value < best[kind].value:
                best[kind] = found
    if "possible" in best:
        return ()  # others had more need of those near: why it was left says so
    return tuple(best[kind].alternative for kind in ("slot", "metres", "members") if kind in best) or (_NOBODY,)


def _shared(place: int, partners: _Partners, others: Ints) -> Iterator[tuple[Basis, Bools]]:
    for basis, keys in partners.keys.items():
        mine, theirs = keys[place], keys[others]
        same = np.zeros(len(others), np.bool_)
        for column in (0, 1):
            if mine[column] >= 0:
                same |= (theirs == mine[column]).any(axis=1)
        if same.any():
            yield basis, same


def _within(place: int, partners: _Partners, others: Ints, metres: Floats, measure: Measure) -> int:
    near = np.zeros(len(others), np.bool_)
    for basis, same in _shared(place, partners, others):
        near |= same & (metres <= measure.limit(basis))
    return int(near.sum())


_NOBODY = Alternative(Outcome.JOINT, reason("takes.nobody"))


def _asked(number: int) -> tuple[Alternative, ...]:
    return (Alternative(Outcome.JOINT, reason("takes.ask_slots", neighbours=number)) if number else _NOBODY,)


def _changes(
    place: int, partners: _Partners, near: Ints, metres: Floats, need: int, limit: float, measure: Measure
) -> Iterator[tuple[str, _Found]]:  # fmt: skip
    """What would be enough on one basis. ``near``: those who share it, the nearest first."""
    free = partners.slots[place]
    with_me = partners.slots[near] * partners.members[near][:, None]
    together = np.maximum.accumulate if measure.parameters.most_enterprises == 2 else np.add.accumulate
    have = together(with_me, axis=0)
    enough = have >= need
    there = enough.any(axis=0)
    first = enough.argmax(axis=0)
    reach = np.where(there, metres[first], np.inf)
    if (reach[free] <= limit).any():
        yield "possible", _Found((), _NOBODY)
        return
    slots = np.where(~free, reach, np.inf)
    slot = int(slots.argmin())
    if slots[slot] <= limit:
        params = {"slot": slot, "cycle_weeks": measure.parameters.cycle_weeks, "metres": float(slots[slot])}
        why = reason("takes.slot", enterprises=_count(partners, near, slot, int(first[slot]), need), **params)
        yield "slot", _Found((float(slots[slot]), slot), Alternative(Outcome.JOINT, why))
    farther = np.where(free, reach, np.inf)
    slot = int(farther.argmin())
    if np.isfinite(farther[slot]):
        excess = float(farther[slot]) - limit
        params = {"metres": float(farther[slot]), "excess": excess, "limit": limit}
        why = reason("takes.metres", enterprises=_count(partners, near, slot, int(first[slot]), need), **params)
        yield "metres", _Found((excess,), Alternative(Outcome.JOINT, why, excess))
    here = int((metres <= limit).sum())
    most = int(have[here - 1][free].max(initial=0)) if here else 0
    if 0 < most < need:
        why = reason("takes.members", missing=need - most, enterprises=here)
        yield "members", _Found((need - most,), Alternative(Outcome.JOINT, why, None, need - most))


def _count(partners: _Partners, near: Ints, slot: int, last: int, need: int) -> int:
    """Enterprises it would be together with: the last one alone where that is enough."""
    taken = near[: last + 1][partners.slots[near[: last + 1], slot]]
    if partners.members[near[last]] >= need:
        taken = near[last : last + 1]
    return int(partners.size[taken].sum())
