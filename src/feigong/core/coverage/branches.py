"""Groups of the array problem as joint branches: key, meeting place, slot, basis, travel, chance of survival."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Sequence

from feigong.core.coverage.facts import Facts
from feigong.core.coverage.joint.values import Group
from feigong.core.coverage.near import Measure, Site, shares
from feigong.core.coverage.pool import Pool
from feigong.core.coverage.survival import survival
from feigong.core.coverage.values import Basis, BranchState, CoveragePlan, JointBranch, Seat
from feigong.core.reasons import Reason, reason
from feigong.core.roll.slots import ALL_SLOTS, SLOTS_A_WEEK, FreeSlots


def branch_key(usccs: Iterable[str]) -> str:
    """A key made of the enterprises of a new branch."""
    return "LH-" + hashlib.sha256("|".join(sorted(usccs)).encode()).hexdigest()[:12].upper()


def make_branches(
    pool: Pool, groups: Sequence[Group], facts: Facts, measure: Measure, previous: CoveragePlan | None
) -> tuple[JointBranch, ...]:
    """The joint branches of a solution, sorted by key. Branches of the plan in force keep their key, and their slot
    if it is still free for all."""
    in_force = {(k.seed, k.items): k.branch for k in pool.kept}
    taken = {b.key for g in groups if (b := in_force.get((g.seed, tuple(sorted(g.items)))))}
    successors = _successors(pool, groups, previous, taken)
    made: list[JointBranch] = []
    for group in groups:
        old = in_force.get((group.seed, tuple(sorted(group.items))))
        made.append(_branch(pool, group, facts, measure, old or successors.get(group), old is not None))
    return tuple(sorted(made, key=lambda b: b.key))


def newcomers(pool: Pool, group: Group) -> list[str]:
    """Enterprises of a group that are in the pool (an organisation's pseudo-item is not)."""
    return [pool.usccs[i] for i in group.items if i < pool.n]


def _successors(
    pool: Pool, groups: Sequence[Group], previous: CoveragePlan | None, taken: set[str]
) -> dict[Group, JointBranch]:
    """For groups that are not kept: the branch in force each continues (most enterprises in common, at least two)."""
    if previous is None:
        return {}
    holding = {s.uscc: b for b in previous.branches if b.key not in taken for s in b.seats}
    common: list[tuple[int, int, str, Group, JointBranch]] = []
    for group in groups:
        shared: dict[str, list[JointBranch]] = defaultdict(list)
        for uscc in newcomers(pool, group):
            branch = holding.get(uscc)
            if branch is not None and branch.joins == _joins(pool, group):
                shared[branch.key].append(branch)
        for key, found in shared.items():
            if len(found) >= 2 or found[0].joins:
                common.append((-len(found), group.items[0], key, group, found[0]))
    result: dict[Group, JointBranch] = {}
    used: set[str] = set()
    for _, _, key, group, branch in sorted(common, key=lambda c: c[:3]):
        if group not in result and key not in used:
            result[group] = branch
            used.add(key)
    return result


def _joins(pool: Pool, group: Group) -> str | None:
    owner = pool.seed_item[group.seed]
    return pool.organisations[owner - pool.n].key if owner >= pool.n else None


def _branch(
    pool: Pool, group: Group, facts: Facts, measure: Measure, old: JointBranch | None, kept: bool
) -> JointBranch:
    parameters = measure.parameters
    owner = pool.seed_item[group.seed]
    joins = _joins(pool, group)
    usccs = newcomers(pool, group)
    seats = [
        Seat(pool.usccs[i], facts.full[pool.usccs[i]], pool.metres(group.seed, i) or 0.0)
        for i in group.items
        if i != owner
    ]
    seats.sort(key=lambda s: (s.travel_m, s.uscc))
    # An organisation that takes others in has one seat: all its members, at its meeting place.
    seats.insert(0, Seat(pool.hosts[owner], int(pool.instance.members[owner]), 0.0))
    members = int(pool.instance.members[list(group.items)].sum())
    chance = survival(members, parameters.turnover, parameters.least_members)
    state = BranchState.NEW if old is None else BranchState.KEPT if kept else BranchState.CHANGED
    basis = _basis(pool, group, owner, seats, measure)
    slot, cycle_weeks = meeting((int(pool.instance.masks[i]) for i in group.items), parameters.cycle_weeks, old)
    return JointBranch(
        key=old.key if old is not None else branch_key([*usccs, *([joins] if joins else [])]),
        host=pool.hosts[owner],
        slot=slot,
        cycle_weeks=cycle_weeks,
        basis=basis,
        seats=tuple(seats),
        survival=chance,
        state=state,
        joins=joins,
        reasons=_reasons(members, chance, joins, facts, parameters.least_members),
    )


def meeting(masks: Iterable[int], weeks: int, old: JointBranch | None = None) -> tuple[int, int]:
    """When to meet: (slot, weeks of its cycle). As in the plan in force while all are free then; else every week in the
    first slot free in all weeks; else the first of the cycle. ``masks`` have ``21 * weeks`` bits and share one."""
    common = (1 << SLOTS_A_WEEK * weeks) - 1
    for mask in masks:
        common &= mask
    weekly = FreeSlots(tuple(common >> SLOTS_A_WEEK * k & ALL_SLOTS for k in range(weeks))).folded(1)
    if old is not None and old.cycle_weeks in (1, weeks):
        free = weekly if old.cycle_weeks == 1 else common
        if free >> old.slot & 1:
            return old.slot, old.cycle_weeks
    if weekly:
        return (weekly & -weekly).bit_length() - 1, 1
    return (common & -common).bit_length() - 1, weeks


def _basis(pool: Pool, group: Group, owner: int, seats: Sequence[Seat], measure: Measure) -> Basis:
    """The most preferred basis that every enterprise shares with the host, within that basis's limit."""
    here = pool.sites[owner]
    there = [pool.sites[i] for i in group.items if i != owner]
    return (
        best_basis(here, there, max((s.travel_m for s in seats), default=0.0), measure) or pool.seed_basis[group.seed]
    )


def best_basis(here: Site, there: Sequence[Site], farthest: float, measure: Measure) -> Basis | None:
    """The first allowed basis all share with ``here`` where ``farthest`` is within the limit."""
    for basis in measure.parameters.bases:
        if farthest <= measure.limit(basis) and all(shares(here, site, basis, measure) for site in there):
            return basis
    return None


def _reasons(members: int, chance: float, joins: str | None, facts: Facts, least: int) -> tuple[Reason, ...]:
    found = [reason("joint.members", members=members, least=least)]
    if joins is not None:
        found = [reason("join.members", members=members, organisation=facts.organisations[joins].name)]
    if members == least:
        found.append(reason("joint.tight", survival=chance))
    return tuple(found)
