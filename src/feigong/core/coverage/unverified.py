"""Second stage, only where a district allows it: groups on what is left whose distance or free time must be checked
(待核实).

Unknown free time is taken as free, an unknown distance inside the same area as the farthest allowed. Such groups are
marked, counted apart, and never part of the proof.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from feigong.core.coverage.branches import best_basis, branch_key, meeting
from feigong.core.coverage.facts import Facts
from feigong.core.coverage.joint.values import Group, JointInstance
from feigong.core.coverage.near import Measure, Site, shares, township
from feigong.core.coverage.survival import survival
from feigong.core.coverage.values import Basis, BranchState, CoveragePlan, JointBranch, Seat
from feigong.core.reasons import Reason, reason
from feigong.core.roll.slots import SLOTS_A_WEEK

ARCS = 40  # candidates of each host: enough for four seats, and nothing is proved here


def optimistic(
    usccs: Sequence[str], previous: CoveragePlan | None, facts: Facts, measure: Measure
) -> tuple[JointInstance, dict[tuple[int, ...], JointBranch]]:
    """The instance of those left over, as good as it could be, and the unverified branches in force it may keep."""
    parameters = measure.parameters
    every = (1 << (SLOTS_A_WEEK * parameters.cycle_weeks)) - 1
    masks = [every if (m := facts.mask(u, parameters.cycle_weeks)) is None else m for u in usccs]
    items: list[np.ndarray] = []
    costs: list[np.ndarray] = []
    groups = _by_area(usccs, facts, measure)
    for i, uscc in enumerate(usccs):
        reach: list[tuple[float, int]] = []
        here = facts.enterprises[uscc].place
        for j in groups[_area(uscc, facts, measure)]:
            if j == i or not masks[i] & masks[j]:
                continue
            metres = measure.between(here, facts.enterprises[usccs[j]].place)
            if metres is None:
                reach.append((parameters.travel_m, j))
            elif metres <= parameters.travel_m:
                reach.append((metres, j))
        reach = sorted(reach)[:ARCS]
        items.append(np.array([j for _, j in reach], np.int32))
        costs.append(np.array([c for c, _ in reach], np.float64))
    n = len(usccs)
    start = np.zeros(n + 1, np.int64)
    np.cumsum([len(a) for a in items], out=start[1:])
    members = np.array([facts.full[u] for u in usccs], np.int64)
    instance = JointInstance(
        members=members,
        at_stake=members,
        masks=np.array(masks, np.int64),
        seed_owner=np.arange(n, dtype=np.int32),
        seed_room=np.full(n, parameters.most_enterprises - 1, np.int64),
        seed_cost=np.zeros(n),
        arc_start=start,
        arc_item=np.concatenate(items) if n else np.empty(0, np.int32),
        arc_cost=np.concatenate(costs) if n else np.empty(0),
        least=parameters.least_members,
    )
    return _with_kept(instance, usccs, previous, parameters.change_price_m)


def _with_kept(
    instance: JointInstance, usccs: Sequence[str], previous: CoveragePlan | None, reward: float
) -> tuple[JointInstance, dict[tuple[int, ...], JointBranch]]:
    """Branches in force that had to be checked stay as well, if they still could be."""
    number = {u: i for i, u in enumerate(usccs)}
    kept: list[tuple[int, tuple[int, ...], float]] = []
    branches: dict[tuple[int, ...], JointBranch] = {}
    for branch in sorted(previous.branches, key=lambda b: b.key) if previous is not None else ():
        rest = [number.get(s.uscc, -1) for s in branch.seats if s.uscc != branch.host]
        host = number.get(branch.host, -1)
        if branch.verified or branch.joins or host < 0 or min(rest, default=-1) < 0:
            continue
        cut = slice(int(instance.arc_start[host]), int(instance.arc_start[host + 1]))
        cost = dict(zip(instance.arc_item[cut].tolist(), instance.arc_cost[cut].tolist(), strict=True))
        members = instance.members[[host, *rest]].sum()
        common = np.bitwise_and.reduce(instance.masks[[host, *rest]])
        if set(rest) <= set(cost) and members >= instance.least and common and len(rest) <= instance.seed_room[host]:
            kept.append((host, tuple(sorted((host, *rest))), sum(cost[i] for i in rest) - reward))
            branches[(host, *sorted(rest))] = branch
    return replace(instance, kept=tuple(kept)), branches


def _area(uscc: str, facts: Facts, measure: Measure) -> str:
    place = facts.enterprises[uscc].place
    return township(place, measure.kinds) or f"?{(place.area or facts.district)[:6]}"


def _by_area(usccs: Sequence[str], facts: Facts, measure: Measure) -> dict[str, list[int]]:
    found: dict[str, list[int]] = defaultdict(list)
    for i, uscc in enumerate(usccs):
        found[_area(uscc, facts, measure)].append(i)
    return found


def to_check(
    usccs: Sequence[str],
    groups: Sequence[Group],
    in_force: dict[tuple[int, ...], JointBranch],
    facts: Facts,
    measure: Measure,
) -> tuple[JointBranch, ...]:
    """The groups of the second stage as joint branches with what must be checked."""
    made: list[JointBranch] = []
    for group in groups:
        branch = _branch([usccs[i] for i in group.items], group, facts, measure)
        old = in_force.get((group.items[0], *sorted(group.items[1:])))
        made.append(branch if old is None else replace(branch, key=old.key, state=BranchState.KEPT))
    return tuple(sorted(made, key=lambda b: b.key))


def _branch(usccs: list[str], group: Group, facts: Facts, measure: Measure) -> JointBranch:
    parameters = measure.parameters
    firms = [facts.enterprises[u] for u in usccs]
    sites = [Site(e.place, e.industry) for e in firms]
    metres = [0.0, *(measure.between(firms[0].place, e.place) for e in firms[1:])]
    travel = [parameters.travel_m if m is None else m for m in metres]
    basis = best_basis(sites[0], sites[1:], max(travel), measure) or Basis.AREA
    one = [True, *(basis in parameters.bases and shares(sites[0], s, basis, measure) for s in sites[1:])]
    seats = [
        Seat(e.uscc, facts.full[e.uscc], t, m is not None and e.slots is not None and same)
        for e, t, m, same in zip(firms, travel, metres, one, strict=True)
    ]
    seats[1:] = sorted(seats[1:], key=lambda s: (s.travel_m, s.uscc))
    members = sum(s.members for s in seats)
    known = [m for u in usccs if (m := facts.mask(u, parameters.cycle_weeks)) is not None]
    slot, cycle_weeks = meeting(known, parameters.cycle_weeks)
    branch = JointBranch(
        key=branch_key(usccs),
        host=usccs[0],
        slot=slot,
        cycle_weeks=cycle_weeks,
        basis=basis,
        seats=tuple(seats),
        survival=survival(members, parameters.turnover, parameters.least_members),
        reasons=(reason("joint.members", members=members, least=parameters.least_members),),
    )
    notes = _to_check(
        slots=sum(e.slots is None for e in firms),
        distance=metres.count(None),
        area=sum(m is not None and not same for m, same in zip(metres, one, strict=True)),
        assumed_m=parameters.travel_m,
    )
    return replace(branch, reasons=(*branch.reasons, *notes))


def _to_check(*, slots: int, distance: int, area: int, assumed_m: float) -> list[Reason]:
    """What of how many enterprises must be checked. Where the distance is unknown, the place is: that is said once."""
    notes = [reason("joint.check_slots", enterprises=slots)] if slots else []
    if distance:
        notes.append(reason("joint.check_distance", enterprises=distance, assumed=assumed_m))
    if area:
        notes.append(reason("joint.check_area", enterprises=area))
    return notes
