"""What else could be done with an enterprise, and its price: the two best alternatives, cheaply."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from feigong.core.coverage.facts import Facts
from feigong.core.coverage.joint.values import JointSolution
from feigong.core.coverage.near import Arcs, Measure, Site
from feigong.core.coverage.pool import Pool, arc_rows
from feigong.core.coverage.values import Alternative, Basis, Decision, Outcome
from feigong.core.reasons import reason

TRIED = 6  # nearest hosts tried for another group


@dataclass(frozen=True)
class Nearest:
    """The nearest organisation with room and, as far as known, a common slot. By uscc: key, name, metres, time is
    known."""

    by_uscc: dict[str, tuple[str, str, float, bool]]


def nearest_organisations(usccs: list[str], pool: Pool, facts: Facts, measure: Measure) -> Nearest:
    """For each enterprise the nearest existing organisation that takes others in, on any allowed basis."""
    if not pool.organisations:
        return Nearest({})
    hosts = list(pool.sites[pool.n :])
    items = [Site(facts.enterprises[u].place, facts.enterprises[u].industry) for u in usccs]
    best: dict[str, tuple[str, str, float, bool]] = {}
    masks = [facts.mask(u, measure.parameters.cycle_weeks) for u in usccs]
    theirs = [int(m) for m in pool.instance.masks[pool.n :]]
    for basis in dict.fromkeys((*measure.parameters.bases, Basis.AREA)):
        arcs: Arcs = measure.arcs(hosts, items, basis)
        for h, i, metres in zip(arcs.host.tolist(), arcs.item.tolist(), arcs.metres.tolist(), strict=True):
            standing = pool.organisations[h]
            uscc = usccs[i]
            mask = masks[i]
            if uscc in standing.covers or (mask is not None and not mask & theirs[h]):
                continue
            old = best.get(uscc)
            if old is None or (metres, standing.key) < (old[2], old[0]):
                best[uscc] = (standing.key, facts.organisations[standing.key].name, metres, mask is not None)
    return Nearest(best)


def other_groups(pool: Pool, solution: JointSolution, wanted: list[int], facts: Facts) -> dict[int, Alternative]:
    """For items in a group: the best group with another host, and what it would cost more.

    The extra price is the group's reduced cost under the last dual values: what the whole plan would lose, at least,
    if this group had to be in it.
    """
    instance = pool.instance
    into = _hosts_of(pool)
    masks = [int(m) for m in instance.masks]
    mine = {i: tuple(sorted(g.items)) for g in solution.groups for i in g.items}
    found: dict[int, Alternative] = {}
    for item in wanted:
        best: tuple[float, tuple[int, ...], int] | None = None
        for seed in into.get(item, ())[:TRIED]:
            grown = _grow(pool, seed, item, masks, solution.dual)
            if grown is None or grown[1] == mine[item]:
                continue
            if best is None or (grown[0], grown[1]) < best[:2]:
                best = (grown[0], grown[1], seed)
        if best is not None:
            found[item] = _another(pool, best, item, facts)
    return found


def _another(pool: Pool, best: tuple[float, tuple[int, ...], int], item: int, facts: Facts) -> Alternative:
    """Another group in words: where it meets, or whom the enterprise would have with it."""
    cost, items, seed = best
    owner = pool.seed_item[seed]
    others = tuple(pool.usccs[i] for i in items if i < pool.n and i != item)
    metres = pool.metres(seed, item) or 0.0
    outcome, count = Outcome.JOINT, len(others) + 1
    if owner == item:
        names = "、".join(facts.enterprises[u].name for u in others)
        why = reason("alt.other_group_hosts", others=names, enterprises=count)
    elif owner < pool.n:
        host = facts.enterprises[pool.usccs[owner]].name
        why = reason("alt.other_group", host=host, enterprises=count, metres=metres)
    else:
        outcome, name = Outcome.JOIN, facts.organisations[pool.organisations[owner - pool.n].key].name
        why = reason("alt.other_organisation", organisation=name, metres=metres)
    return Alternative(outcome, why, max(0.0, cost), 0, others)


def _hosts_of(pool: Pool) -> dict[int, list[int]]:
    """Seeds that reach each item, cheapest first; an item's own seeds come with its cheapest arc."""
    instance = pool.instance
    rows = arc_rows(instance)
    owner = np.array(pool.seed_item, np.int64)
    own = np.flatnonzero((np.diff(instance.arc_start) > 0) & (owner < pool.n)) if len(owner) else np.empty(0, np.int64)
    item = np.concatenate([instance.arc_item.astype(np.int64), owner[own]])
    seed = np.concatenate([rows, own])
    cost = np.concatenate([instance.arc_cost, instance.arc_cost[instance.arc_start[own]]])
    order = np.lexsort((seed, cost, item))
    item, seed = item[order], seed[order]
    if not len(item):
        return {}
    cuts = np.flatnonzero(np.diff(item)) + 1
    firsts = item[np.r_[0, cuts]]
    return {int(i): part[:TRIED].tolist() for i, part in zip(firsts, np.split(seed, cuts), strict=True)}


def _grow(pool: Pool, seed: int, item: int, masks: list[int], dual: np.ndarray) -> tuple[float, tuple[int, ...]] | None:
    """The best group of a seed that contains an item: by price minus cost, in each slot, filled up to the least
    members."""
    instance = pool.instance
    owner = pool.seed_item[seed]
    cut = slice(int(instance.arc_start[seed]), int(instance.arc_start[seed + 1]))
    items, costs = instance.arc_item[cut], instance.arc_cost[cut]
    common = masks[owner] & masks[item]
    base_cost = float(instance.seed_cost[seed]) - float(dual[owner])
    base = [owner]
    room = int(instance.seed_room[seed])
    if item != owner:
        at = np.flatnonzero(items == item)
        if not len(at):
            return None
        base_cost += float(costs[at[0]]) - float(dual[item])
        base.append(item)
        room -= 1
    value = costs - dual[items]
    order = np.argsort(value, kind="stable")
    order = order[items[order] != item][:40]
    need = int(instance.least) - int(instance.members[base].sum())
    best: tuple[float, tuple[int, ...]] | None = None
    while common:
        bit = common & -common
        common ^= bit
        fit = [int(k) for k in order if masks[int(items[k])] & bit]
        taken = _fill(fit, value, instance.members[items], room, need)
        if taken is None or (len(base) + len(taken) < 2):
            continue
        cost = base_cost + float(value[taken].sum()) if taken else base_cost
        group = tuple(sorted([*base, *(int(items[k]) for k in taken)]))
        if best is None or (cost, group) < best:
            best = (cost, group)
    return best


def _fill(fit: list[int], value: np.ndarray, members: np.ndarray, room: int, need: int) -> list[int] | None:
    """What pays, then the cheapest until there are members enough. Close to the best, and a valid group."""
    taken = [k for k in fit if value[k] < 0][:room]
    have = int(members[taken].sum()) if taken else 0
    for k in fit:
        if have >= need or len(taken) >= room:
            break
        if k not in taken:
            taken.append(k)
            have += int(members[k])
    return taken if have >= need else None


def usual(decision: Decision, nearest: Nearest, least: int, *, alone: bool) -> list[Alternative]:
    """Alternatives every enterprise has: join the nearest organisation (if it has members to join with), recruit and
    set up its own, a liaison officer. ``alone``: the organisation it has covers no other enterprise."""
    missing = max(0, least - decision.full_members)
    found: list[Alternative] = []
    near = nearest.by_uscc.get(decision.uscc)
    if decision.full_members and near is not None and near[0] != decision.organisation:
        code = "alt.join_nearest" if near[3] else "alt.join_nearest_check"
        why = reason(code, organisation=near[1], metres=near[2])
        found.append(Alternative(Outcome.JOIN, why, near[2]))
    if decision.outcome is not Outcome.OWN:
        if missing and decision.outcome is not Outcome.RECRUIT:
            found.append(Alternative(Outcome.RECRUIT, reason("alt.recruit", missing=missing), None, missing))
        elif not missing and not alone:
            found.append(Alternative(Outcome.OWN, reason("alt.own", members=decision.full_members)))
    if decision.outcome is not Outcome.LIAISON:
        standing = decision.organisation is not None and decision.branch is None
        found.append(Alternative(Outcome.LIAISON, reason("alt.liaison_instead" if standing else "alt.liaison")))
    else:
        found.append(Alternative(Outcome.RECRUIT, reason("alt.recruit_one"), None, 1))
    return found
