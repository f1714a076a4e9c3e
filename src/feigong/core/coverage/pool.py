"""The pool as an array problem: who looks for a joint branch, who can host whom, which organisations can take others
in."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np

from feigong.core.coverage.facts import Facts
from feigong.core.coverage.health import Meeting, meet
from feigong.core.coverage.joint.values import Floats, Index, Ints, JointInstance
from feigong.core.coverage.ladder import Rungs, Standing
from feigong.core.coverage.near import Arcs, Measure, Site
from feigong.core.coverage.values import Basis, CoveragePlan, JointBranch
from feigong.core.roll.values import OrganisationKind

PRICE_M = 20_000.0  # price of an uncovered member at the usual 3 km; see `_price`
TAKES_OTHERS = (OrganisationKind.BRANCH, OrganisationKind.JOINT_BRANCH, OrganisationKind.TEMPORARY)


@dataclass(frozen=True)
class Kept:
    """A branch of the plan in force that could go on as it is."""

    branch: JointBranch
    seed: int
    items: tuple[int, ...]
    cost: float  # with the reward


@dataclass(frozen=True)
class Pool:
    """The instance, and what its numbers stand for. Items ``0..n-1`` are enterprises by uscc, then one for each
    organisation that takes others in (its members cannot be uncovered, so nothing is at stake there)."""

    usccs: tuple[str, ...]
    organisations: tuple[Standing, ...]
    hosts: tuple[str, ...]  # meeting enterprise of each item
    sites: tuple[Site, ...]
    instance: JointInstance
    seed_basis: tuple[Basis, ...]  # widest basis of the seed's arcs
    seed_item: tuple[int, ...]  # owner
    arc_metres: Floats  # like instance.arc_item
    kept: tuple[Kept, ...]

    @property
    def n(self) -> int:
        return len(self.usccs)

    def metres(self, seed: int, item: int) -> float | None:
        """Travel of an item to a seed's meeting place; None where no arc leads there."""
        at = self._arc(seed, item)
        return None if at is None else float(self.arc_metres[at])

    def cost(self, seed: int, item: int) -> float | None:
        """The same with affinity and prices."""
        at = self._arc(seed, item)
        return None if at is None else float(self.instance.arc_cost[at])

    def _arc(self, seed: int, item: int) -> int | None:
        lo, hi = self.instance.arc_start[seed], self.instance.arc_start[seed + 1]
        found = np.flatnonzero(self.instance.arc_item[lo:hi] == item)
        return int(lo + found[0]) if len(found) else None


@dataclass
class _Seeds:
    """Seeds while they are gathered."""

    item: list[int]
    basis: list[Basis]
    room: list[int]
    arcs: list[tuple[Index, Floats, Floats]]  # item, metres, cost; sorted by (cost, item)


def build(facts: Facts, rungs: Rungs, measure: Measure, previous: CoveragePlan | None) -> Pool:
    """Make the instance of the pool.

    Parameters
    ----------
    facts, rungs
        The roll, counted, and who is in the pool.
    measure
        Distances under the district's parameters.
    previous
        The plan in force; its joint branches that are still possible are kept at a reward of ``change_price_m``.

    Notes
    -----
    "One basis for all" means that every enterprise shares that basis with the host, so a host has one seed for each
    basis; a seed whose arcs another seed of the same host has as well is left out. All bases are in one instance: the
    industry basis couples areas, but as columns of one problem the bound holds for every plan, which a second stage
    could not say.
    """
    usccs = tuple(rungs.pool)
    joined = _joined(previous, rungs)
    open_ = _open(facts, rungs, joined, measure)
    organisations = tuple(s for s, _ in open_)
    hosts = (*usccs, *(str(m.host) for _, m in open_))
    sites = tuple(Site(facts.enterprises[u].place, facts.enterprises[u].industry) for u in hosts)
    room = [measure.parameters.most_enterprises - 1] * len(usccs) + [room_of(s, facts, measure) for s in organisations]
    number = {u: i for i, u in enumerate(usccs)}
    only = {
        len(usccs) + i: sorted(number[u] for u in joined[s.key] if u in number)
        for i, s in enumerate(organisations)
        if s.key in joined
    }
    seeds = _gather(sites, len(usccs), room, measure, only)
    metres = _join([a[1] for a in seeds.arcs], np.float64)
    instance = _instance(facts, usccs, open_, seeds, measure)
    pool = Pool(usccs, organisations, hosts, sites, instance, tuple(seeds.basis), tuple(seeds.item), metres, ())
    kept = tuple(keepable(pool, previous, measure.parameters.change_price_m)) if previous is not None else ()
    return replace_kept(pool, kept)


def _open(
    facts: Facts, rungs: Rungs, joined: Mapping[str, set[str]], measure: Measure
) -> tuple[tuple[Standing, Meeting], ...]:
    """Organisations that can take somebody in, and when and where they meet."""
    standing = rungs.standing | {k: rungs.waiting[k] for k in joined}
    takers = tuple(s for s in (standing[k] for k in sorted(standing)) if room_of(s, facts, measure) > 0)
    meetings = [meet(s.covers, facts, measure) for s in takers]
    return tuple((s, m) for s, m in zip(takers, meetings, strict=True) if m.host and m.mask and not m.unknown)


def _instance(
    facts: Facts, usccs: tuple[str, ...], open_: tuple[tuple[Standing, Meeting], ...], seeds: _Seeds, measure: Measure
) -> JointInstance:
    """The arrays: enterprises of the pool first, then organisations, whose members are not at stake."""
    start = np.zeros(len(seeds.item) + 1, np.int64)
    np.cumsum([len(a[0]) for a in seeds.arcs], out=start[1:])
    full = [facts.full[u] for u in usccs]
    masks = [facts.mask(u, measure.parameters.cycle_weeks) or 0 for u in usccs] + [m.mask or 0 for _, m in open_]
    return JointInstance(
        members=np.array(full + [s.members for s, _ in open_], np.int64),
        at_stake=np.array(full + [0] * len(open_), np.int64),
        masks=np.array(masks, np.int64),
        seed_owner=np.array(seeds.item, np.int32),
        seed_room=np.array(seeds.room, np.int64),
        seed_cost=np.zeros(len(seeds.item)),
        arc_start=start,
        arc_item=_join([a[0] for a in seeds.arcs], np.int32),
        arc_cost=_join([a[2] for a in seeds.arcs], np.float64),
        least=measure.parameters.least_members,
        price=_price(measure),
    )


def _joined(previous: CoveragePlan | None, rungs: Rungs) -> dict[str, set[str]]:
    """Enterprises that the plan in force has join an organisation that now waits for a secretary.

    They may stay, for it goes on and can meet; nobody new is sent there.
    """
    joined: dict[str, set[str]] = {}
    for branch in previous.branches if previous is not None else ():
        if branch.joins is not None and branch.joins in rungs.waiting:
            joined.setdefault(branch.joins, set()).update(s.uscc for s in branch.seats[1:])
    return joined


def room_of(standing: Standing, facts: Facts, measure: Measure) -> int:
    """Enterprises an organisation can still take in."""
    if facts.organisations[standing.key].kind not in TAKES_OTHERS:
        return 0
    return max(0, measure.parameters.most_enterprises - len(standing.covers))


def _price(measure: Measure) -> float:
    """Price of an uncovered member: above what any single group can cost, so that coverage comes before travel."""
    return max(PRICE_M, 1.5 * (measure.parameters.most_enterprises - 1) * measure.widest())


def _join(parts: Sequence[np.ndarray], kind: type) -> np.ndarray:
    return np.concatenate(parts).astype(kind) if parts else np.empty(0, kind)


def _gather(
    sites: tuple[Site, ...], n: int, room: list[int], measure: Measure, only: Mapping[int, Sequence[int]]
) -> _Seeds:
    """One seed for each item and basis, without those another basis of the same item contains. ``only``: the items that
    may come to a host, where not all may."""
    bases = measure.parameters.bases
    by_basis = {basis: measure.arcs(sites, sites[:n], basis) for basis in bases}
    starts = {b: np.searchsorted(a.host, np.arange(len(sites) + 1)) for b, a in by_basis.items()}
    needless = _contained(by_basis, len(sites), n)
    seeds = _Seeds([], [], [], [])
    for item in range(len(sites)):
        for basis in bases:
            lo, hi = starts[basis][item], starts[basis][item + 1]
            if lo == hi or needless[basis][item]:
                continue
            arcs = by_basis[basis]
            price = measure.parameters.join_price_m if item >= n else 0.0
            cost = arcs.cost[lo:hi] + price
            order = np.lexsort((arcs.item[lo:hi], cost))
            if item in only:
                order = order[np.isin(arcs.item[lo:hi][order], only[item])]
            seeds.item.append(item)
            seeds.basis.append(basis)
            seeds.room.append(room[item])
            seeds.arcs.append((arcs.item[lo:hi][order], arcs.metres[lo:hi][order], cost[order]))
    return seeds


def _contained(by_basis: dict[Basis, Arcs], hosts: int, n: int) -> dict[Basis, np.ndarray]:
    """Hosts whose arcs on a basis are all arcs on another one too (of two equal ones the first stays)."""
    pairs = {b: a.host.astype(np.int64) * n + a.item for b, a in by_basis.items()}
    count = {b: np.bincount(a.host, minlength=hosts) for b, a in by_basis.items()}
    needless = {b: np.zeros(hosts, np.bool_) for b in by_basis}
    order = list(by_basis)
    for i, small in enumerate(order):
        for j, large in enumerate(order):
            if i == j:
                continue
            both = np.isin(pairs[small], pairs[large], assume_unique=True)
            common = np.bincount(by_basis[small].host[both], minlength=hosts)
            inside = common == count[small]
            inside &= (count[large] > count[small]) if j > i else True
            needless[small] |= inside & ~needless[large]
    return needless


def keepable(pool: Pool, previous: CoveragePlan, reward: float) -> list[Kept]:
    """Branches of the plan in force that are still possible with exactly their enterprises and meeting place."""
    number = {u: i for i, u in enumerate(pool.usccs)}
    organisation = {s.key: pool.n + i for i, s in enumerate(pool.organisations)}
    seeds_of: dict[int, list[int]] = {}
    for seed, item in enumerate(pool.seed_item):
        seeds_of.setdefault(item, []).append(seed)
    found: list[Kept] = []
    for branch in sorted(previous.branches, key=lambda b: b.key):
        if not branch.verified:
            continue
        owner = organisation.get(branch.joins) if branch.joins else number.get(branch.host)
        others = [number.get(s.uscc) for s in branch.seats if s.uscc != branch.host]
        if owner is None or any(o is None for o in others):
            continue
        rest = [o for o in others if o is not None]
        best = min(filter(None, (_group(pool, seed, rest) for seed in seeds_of.get(owner, []))), default=None)
        if best is not None:
            found.append(Kept(branch, best[1], tuple(sorted((owner, *rest))), best[0] - reward))
    return found


def _group(pool: Pool, seed: int, rest: list[int]) -> tuple[float, int] | None:
    """Cost of a seed with exactly these items, if that is a valid group."""
    costs = [pool.cost(seed, item) for item in rest]
    if not rest or any(c is None for c in costs) or len(rest) > pool.instance.seed_room[seed]:
        return None
    owner = pool.seed_item[seed]
    mask = int(pool.instance.masks[owner])
    for item in rest:
        mask &= int(pool.instance.masks[item])
    members = int(pool.instance.members[owner] + pool.instance.members[rest].sum())
    if not mask or members < pool.instance.least:
        return None
    return sum(c for c in costs if c is not None), seed


def replace_kept(pool: Pool, kept: tuple[Kept, ...]) -> Pool:
    """The pool with the branches in force that may be kept."""
    instance = replace(pool.instance, kept=tuple((k.seed, k.items, k.cost) for k in kept))
    return replace(pool, instance=instance, kept=kept)


def arc_rows(instance: JointInstance) -> Ints:
    """The seed of each arc."""
    return np.repeat(np.arange(instance.seeds, dtype=np.int64), np.diff(instance.arc_start))


def slices(instance: JointInstance) -> list[slice]:
    """The arcs of each seed."""
    return [slice(int(a), int(b)) for a, b in pairwise(instance.arc_start)]
