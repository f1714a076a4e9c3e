"""What becomes of the joint branches of the plan in force: each that is not kept exactly, with its reasons."""

from __future__ import annotations

from collections.abc import Sequence

from feigong.core.coverage.facts import OWN, Facts
from feigong.core.coverage.joint.values import JointSolution
from feigong.core.coverage.near import Measure, Site, shares
from feigong.core.coverage.pool import Kept, Pool
from feigong.core.coverage.values import Basis, BranchState, Change, CoveragePlan, Decision, JointBranch, Outcome
from feigong.core.reasons import Reason, reason
from feigong.core.roll.values import FlagCode

LEAST_SAVING_M = 10.0  # below, a figure says nothing


def changes(
    previous: CoveragePlan | None,
    branches: Sequence[JointBranch],
    decisions: dict[str, Decision],
    pool: Pool,
    solution: JointSolution,
    facts: Facts,
    measure: Measure,
    by_hand: frozenset[str] = frozenset(),
) -> tuple[Change, ...]:
    """One `Change` for every joint branch in force that this plan does not keep exactly, sorted by branch. ``by_hand``:
    keys of those that somebody wished to be otherwise. One that has been set up since is no change."""
    if previous is None:
        return ()
    same = {b.key for b in branches if b.state is BranchState.KEPT}
    before = {d.uscc: d for d in previous.decisions}
    possible = {k.branch.key: k for k in pool.kept}
    found: list[Change] = []
    for branch in sorted(previous.branches, key=lambda b: b.key):
        if branch.key in same or carried_out(branch, before, facts):
            continue
        usccs = tuple(s.uscc for s in branch.seats)
        why = touched(branch, before, facts)
        unchanged = not why
        if branch.key in by_hand:
            why.append(reason("change.by_hand"))
        elif branch.key in possible:
            why += _by_choice(possible[branch.key], pool, solution)
        else:
            why += _impossible(branch, decisions, facts, measure)
        found.append(Change(branch.key, usccs, unchanged, tuple(why) or (reason("change.other"),)))
    return tuple(found)


def touched(branch: JointBranch, before: dict[str, Decision], facts: Facts) -> list[Reason]:
    """How enterprises of the branch changed: members, place, free time, closed, or an organisation that covers them.
    Empty: the branch is untouched. An older plan says nothing of organisations."""
    why: list[Reason] = []
    for uscc in sorted({s.uscc for s in branch.seats} | {branch.host}):
        enterprise = facts.enterprises.get(uscc)
        old = before.get(uscc)
        if enterprise is None:
            why.append(reason("change.gone", uscc=uscc))
        elif enterprise.flagged(FlagCode.CLOSED):
            why.append(reason("change.closed", enterprise=enterprise.name))
        elif enterprise.flagged(FlagCode.DORMANT):
            why.append(reason("change.dormant", enterprise=enterprise.name))
        elif old is not None and old.fingerprint[:OWN] not in ("", facts.fingerprints[uscc][:OWN]):
            full = facts.full.get(uscc, 0)
            if old.full_members != full:
                why.append(reason("change.members", enterprise=enterprise.name, before=old.full_members, now=full))
            else:
                why.append(reason("change.data", enterprise=enterprise.name))
        elif old is not None and old.fingerprint[OWN:] not in ("", facts.fingerprints[uscc][OWN:]):
            why.append(reason("change.organisation", enterprise=enterprise.name))
    return why


def carried_out(branch: JointBranch, before: dict[str, Decision], facts: Facts) -> bool:
    """Whether a branch of the plan in force exists by now: an organisation that its enterprises did not have then
    covers them all; or the one that was to take them in does."""
    if branch.joins is not None:
        return all(branch.joins in facts.covering.get(s.uscc, ()) for s in branch.seats[1:])
    usccs = {s.uscc for s in branch.seats}
    had = {before[u].organisation for u in usccs if u in before}
    new = set(facts.covering.get(branch.host, ())) - had
    return any(usccs <= set(facts.organisations[key].covers) for key in new)


def loss(kept: Kept, solution: JointSolution) -> float:
    """What the plan would lose at least if it kept a branch: the reduced cost under the dual values."""
    return kept.cost - float(solution.dual[list(kept.items)].sum())


def _by_choice(kept: Kept, pool: Pool, solution: JointSolution) -> list[Reason]:
    """It could have stayed, but the plan as a whole is better without it."""
    lost = loss(kept, solution)
    if lost >= pool.instance.price / 2:
        return [reason("change.covers_more")]
    if lost >= LEAST_SAVING_M:
        return [reason("change.pays_by", metres=lost)]
    return [reason("change.pays")]


def _impossible(branch: JointBranch, now: dict[str, Decision], facts: Facts, measure: Measure) -> list[Reason]:
    """Why the branch in force cannot go on as it was."""
    why: list[Reason] = []
    for seat in branch.seats[1:] if branch.joins is not None else branch.seats:
        decision, enterprise = now.get(seat.uscc), facts.enterprises.get(seat.uscc)
        if decision is None or enterprise is None:
            continue
        match decision.outcome:
            case Outcome.KEEP:
                why.append(reason("change.has_organisation", enterprise=enterprise.name))
            case Outcome.OWN:
                why.append(reason("change.own", enterprise=enterprise.name, members=decision.full_members))
            case Outcome.UNDECIDED:
                why.append(reason("change.undecided", enterprise=enterprise.name))
            case Outcome.LIAISON:
                why.append(reason("change.no_members", enterprise=enterprise.name))
            case _:
                pass
    if not why:
        why += _cannot_meet(branch, facts, measure)
    if not branch.verified and not why:
        why.append(reason("change.unverified"))
    return why


def _cannot_meet(branch: JointBranch, facts: Facts, measure: Measure) -> list[Reason]:
    parameters = measure.parameters
    usccs = [branch.host, *(s.uscc for s in branch.seats if s.uscc != branch.host)]
    if any(u not in facts.enterprises for u in usccs):
        return []
    why: list[Reason] = []
    members = sum(facts.full.get(s.uscc, 0) for s in branch.seats)
    if branch.joins is None and members < parameters.least_members:
        why.append(reason("change.below_least", members=members, least=parameters.least_members))
    masks = [facts.mask(u, parameters.cycle_weeks) for u in usccs]
    common = -1
    for mask in masks:
        common &= mask or 0
    if not common:
        why.append(reason("change.no_common_slot"))
    here = facts.enterprises[branch.host]
    for uscc in usccs[1:]:
        there = facts.enterprises[uscc]
        metres = measure.between(here.place, there.place)
        sites = Site(here.place, here.industry), Site(there.place, there.industry)
        bases: list[Basis] = [b for b in parameters.bases if shares(*sites, b, measure)]
        if metres is None:
            why.append(reason("change.distance_unknown", enterprise=there.name))
        elif not any(metres <= measure.limit(b) for b in bases):
            why.append(reason("change.too_far", enterprise=there.name, metres=metres))
    if branch.joins is not None and not why:
        why.append(reason("change.organisation_full"))
    return why
