"""Whether a change by hand keeps the rules, at once: what is broken and by how much, and what it does to others.

It reads as much of the roll as the wish is about (see `concerned`): a district need not be read to move one enterprise.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from feigong.core.coverage.branches import meeting
from feigong.core.coverage.eligibility import sort_out
from feigong.core.coverage.facts import Facts, count
from feigong.core.coverage.health import examine, meet
from feigong.core.coverage.ladder import Rungs, climb
from feigong.core.coverage.near import Measure, Site, shares
from feigong.core.coverage.parameters import CoverageParameters
from feigong.core.coverage.pool import room_of
from feigong.core.coverage.values import Basis, CoveragePlan, JointBranch, Outcome
from feigong.core.coverage.wishes import Draft, Host, Move, Pin, Slot, Wish, holds, members_of, named_by, settle
from feigong.core.reasons import Reason, reason
from feigong.core.roll.slots import SLOTS_A_WEEK
from feigong.core.roll.values import Roll

_NOT_IN_POOL = {
    Outcome.KEEP: "wish.has_organisation",
    Outcome.OWN: "wish.enough_for_own",
    Outcome.LIAISON: "wish.no_members",
    Outcome.REPAIR: "wish.in_repair",
    Outcome.UNDECIDED: "wish.undecided",
}


@dataclass(frozen=True)
class Ground:
    """The roll as wishes are judged on it; read once for any number of them."""

    facts: Facts
    rungs: Rungs
    measure: Measure

    def name(self, uscc: str) -> str:
        found = self.facts.enterprises.get(uscc)
        return found.name if found is not None else uscc


def concerned(
    wish: Wish, previous: CoveragePlan | None, wishes: Sequence[Wish] = ()
) -> tuple[frozenset[str], frozenset[str]]:
    """Enterprises and organisations that judging a wish needs, with all that those organisations cover and whose
    membership they hold."""
    usccs, organisations = named_by(wish, previous)
    before, after = settle(wishes, previous), settle((*wishes, wish), previous)
    for branch in _altered(before, after):
        usccs |= {s.uscc for s in branch.seats}
        organisations |= {branch.joins} if branch.joins else set()
    return frozenset(usccs), frozenset(organisations)


def check_wish(
    wish: Wish,
    roll: Roll,
    parameters: CoverageParameters,
    *,
    on: date,
    previous: CoveragePlan | None,
    wishes: Sequence[Wish] = (),
) -> tuple[Reason, ...]:
    """What a wish would break.

    Parameters
    ----------
    wish
        The change.
    roll
        The roll on the day, or the part of it that `concerned` names.
    parameters, on
        As the plan was made with.
    previous
        The plan that is changed.
    wishes
        Changes made to it before this one.

    Returns
    -------
    tuple of Reason
        Empty where `plan_coverage` can hold the wish.
    """
    return broken_by(wish, ground_of(roll, parameters, on), previous, wishes)


def broken_by(
    wish: Wish, ground: Ground, previous: CoveragePlan | None, wishes: Sequence[Wish]
) -> tuple[Reason, ...]:
    """`check_wish`, on ground that is read already."""
    absent = tuple(_absent(wish, previous, ground))
    if absent:
        return absent
    draft = settle((*wishes, wish), previous)
    if not holds(wish, draft):
        return (reason("wish.too_few_enterprises"),)
    branch = _branch_of(wish, draft)
    return () if branch is None else tuple(_faults(branch, branch.key in draft.timed, ground))


def effects_of_wish(
    wish: Wish,
    roll: Roll,
    parameters: CoverageParameters,
    *,
    on: date,
    previous: CoveragePlan | None,
    wishes: Sequence[Wish] = (),
) -> tuple[Reason, ...]:
    """What a wish does to branches that it is not about: what is left of them, and whether that can stand."""
    ground = ground_of(roll, parameters, on)
    before, after = settle(wishes, previous), settle((*wishes, wish), previous)
    about = _branch_of(wish, after)
    found: list[Reason] = []
    for branch in before.branches:
        if about is not None and branch.key == about.key:
            continue
        now = after.branch(branch.key)
        left = _left(branch, now, after)
        if left == members_of(branch):
            continue
        members = sum(ground.facts.full.get(u, 0) for u in left)
        host = ground.name(branch.host)
        if branch.joins:
            continue
        if now is None:
            found.append(reason("wish.breaks_up", host=host, enterprises=len(left), members=members))
        elif members < parameters.least_members:
            found.append(
                reason("wish.rest_below_least", host=host, members=members, missing=parameters.least_members - members)
            )
        else:
            found.append(reason("wish.rest_stands", host=host, enterprises=len(left), members=members))
    return tuple(found)


def best_host(usccs: Sequence[str], roll: Roll, parameters: CoverageParameters, on: date) -> str:
    """The enterprise where these would meet with least travel that the rules allow; where none is allowed, with least
    travel as far as known."""
    facts = count(roll, on)
    measure = Measure(parameters, facts.kinds)

    def price(host: str) -> tuple[bool, int, float, str]:
        ways = [measure.between(facts.enterprises[host].place, facts.enterprises[u].place) for u in usccs if u != host]
        known = [w for w in ways if w is not None]
        bad = any(True for _ in _places(host, [u for u in usccs if u != host], facts, measure))
        return bad, len(ways) - len(known), sum(known), host

    return min(price(u) for u in sorted(usccs) if u in facts.enterprises)[3]


def meeting_place(organisation: str, roll: Roll, parameters: CoverageParameters, on: date) -> str:
    """The enterprise at which an organisation that can take others in meets; empty where it cannot."""
    ground = ground_of(roll, parameters, on)
    standing = ground.rungs.standing.get(organisation) or ground.rungs.waiting.get(organisation)
    return "" if standing is None else meet(standing.covers, ground.facts, ground.measure).host or ""


def free_times(
    branch: JointBranch, roll: Roll, parameters: CoverageParameters, on: date
) -> tuple[tuple[int, int], ...]:
    """When a branch could meet, as (slot, weeks of its cycle): every week first, then in one week of the cycle."""
    return times_of(branch, ground_of(roll, parameters, on))


def times_of(branch: JointBranch, ground: Ground) -> tuple[tuple[int, int], ...]:
    """`free_times`, on ground that is read already."""
    weeks = ground.measure.parameters.cycle_weeks
    common = (1 << SLOTS_A_WEEK * weeks) - 1
    for uscc in (branch.host, *members_of(branch)):
        common &= (ground.facts.mask(uscc, weeks) or 0) if uscc in ground.facts.enterprises else 0
    every = [s for s in range(SLOTS_A_WEEK) if all(common >> SLOTS_A_WEEK * k + s & 1 for k in range(weeks))]
    once = [s for s in range(SLOTS_A_WEEK * weeks) if common >> s & 1 and s % SLOTS_A_WEEK not in every]
    return (*((s, 1) for s in every), *((s, weeks) for s in once if weeks > 1))


def ground_of(roll: Roll, parameters: CoverageParameters, on: date) -> Ground:
    facts = count(roll, on)
    measure = Measure(parameters, facts.kinds)
    healths = {key: examine(key, facts, measure) for key in facts.organisations}
    return Ground(facts, climb(facts, sort_out(facts), healths, measure), measure)


def _altered(before: Draft, after: Draft) -> list[JointBranch]:
    old = {b.key: b for b in before.branches}
    new = {b.key: b for b in after.branches}
    keys = [
        k
        for k in sorted(old.keys() | new.keys())
        if old.get(k) != new.get(k) or (k in before.held) != (k in after.held)
    ]
    return [b for k in keys for b in (old.get(k), new.get(k)) if b is not None]


def _left(branch: JointBranch, now: JointBranch | None, after: Draft) -> set[str]:
    """Who is left of a branch: those in no other branch now, and not to be alone."""
    elsewhere = {u for b in after.branches if b.key != branch.key for u in members_of(b)}
    return members_of(now) if now is not None else members_of(branch) - elsewhere - after.alone


def _branch_of(wish: Wish, draft: Draft) -> JointBranch | None:
    """The branch that a wish makes stand."""
    match wish:
        case Pin(usccs, host, _, _, joins):
            wanted = (set(usccs), host, joins)
            return next((b for b in draft.branches if (members_of(b), b.host, b.joins or "") == wanted), None)
        case Move(_, key) | Host(key, _) | Slot(key, _, _):
            return draft.branch(key)
    return None


def _absent(wish: Wish, previous: CoveragePlan | None, ground: Ground) -> Iterator[Reason]:
    """What a wish names that is not there, or not what it must be."""
    keys = {b.key: b for b in previous.branches} if previous is not None else {}
    usccs, _ = named_by(wish, previous)
    for uscc in sorted(usccs - ground.facts.enterprises.keys()):
        yield reason("wish.not_on_roll", enterprise=uscc)
    match wish:
        case Move(_, key) | Host(key, _) | Slot(key, _, _) if key and key not in keys:
            yield reason("wish.no_such_branch", branch=key)
        case Host(key, _) if keys[key].joins:
            yield reason("wish.meets_at_organisation", organisation=_organisation(keys[key].joins or "", ground))
        case Host(key, uscc) if uscc not in members_of(keys[key]):
            yield reason("wish.host_not_in_branch", enterprise=ground.name(uscc))
        case Pin(usccs_, host, _, _, joins) if not joins and host not in usccs_:
            yield reason("wish.host_not_in_branch", enterprise=ground.name(host))
        case Pin(_, _, _, _, joins) if joins and joins not in ground.facts.organisations:
            yield reason("wish.no_such_organisation", organisation=joins)
        case Pin(usccs_, host, _, _, joins) if joins and host in usccs_:
            yield reason("wish.meets_at_organisation", organisation=_organisation(joins, ground))
        case Slot(_, slot, weeks) if not _is_slot(slot, weeks, ground):
            yield reason("wish.slot_unknown", slot=slot)
        case Pin(_, _, slot, weeks, _) if slot is not None and not _is_slot(slot, weeks, ground):
            yield reason("wish.slot_unknown", slot=slot)
        case _:
            pass


def _is_slot(slot: int, weeks: int, ground: Ground) -> bool:
    return weeks in (1, ground.measure.parameters.cycle_weeks) and 0 <= slot < SLOTS_A_WEEK * weeks


def _organisation(key: str, ground: Ground) -> str:
    found = ground.facts.organisations.get(key)
    return found.name if found is not None else key


def _faults(branch: JointBranch, timed: bool, ground: Ground) -> Iterator[Reason]:
    """Every rule that a branch breaks."""
    usccs = sorted(members_of(branch))
    unfit = [r for u in usccs for r in _unfit(u, ground)]
    yield from unfit
    if branch.joins:
        taker = list(_taker(branch, usccs, ground))
        yield from taker
        if taker:
            return
        attending = [branch.host, *usccs]
    else:
        yield from _size(usccs, ground)
        attending = usccs
    if any(u not in ground.facts.enterprises for u in attending):
        return
    yield from _times(branch, attending, timed, ground)
    yield from _places(branch.host, [u for u in usccs if u != branch.host], ground.facts, ground.measure)


def _unfit(uscc: str, ground: Ground) -> Iterator[Reason]:
    """Why an enterprise is none of those who look for a joint branch."""
    verdict = ground.rungs.verdicts.get(uscc)
    if verdict is None:
        yield reason("wish.not_in_business", enterprise=ground.name(uscc))
    elif verdict.outcome is not None:
        code = _NOT_IN_POOL[verdict.outcome]
        yield reason(code, enterprise=ground.name(uscc), members=ground.facts.full.get(uscc, 0))


def _size(usccs: Sequence[str], ground: Ground) -> Iterator[Reason]:
    parameters = ground.measure.parameters
    members = sum(ground.facts.full.get(u, 0) for u in usccs)
    if len(usccs) < 2:
        yield reason("wish.too_few_enterprises")
    if len(usccs) > parameters.most_enterprises:
        most = parameters.most_enterprises
        yield reason("wish.too_many", enterprises=len(usccs), most=most, excess=len(usccs) - most)
    if members < parameters.least_members:
        least = parameters.least_members
        yield reason("wish.below_least", members=members, least=least, missing=least - members)


def _taker(branch: JointBranch, usccs: Sequence[str], ground: Ground) -> Iterator[Reason]:
    """Whether an organisation can take these in, where it meets."""
    key = branch.joins or ""
    name = _organisation(key, ground)
    standing = ground.rungs.standing.get(key) or ground.rungs.waiting.get(key)
    if standing is None:
        yield reason("wish.organisation_cannot", organisation=name)
        return
    room = room_of(standing, ground.facts, ground.measure)
    meeting_ = meet(standing.covers, ground.facts, ground.measure)
    known = {s.uscc for s in branch.seats[1:] if s.members}
    if not meeting_.host or not meeting_.mask or meeting_.unknown:
        yield reason("wish.organisation_cannot", organisation=name)
    elif meeting_.host != branch.host:
        yield reason("wish.meets_at_organisation", organisation=name)
    elif len(usccs) > room:
        yield reason("wish.organisation_full", organisation=name, room=room, excess=len(usccs) - room)
    elif key in ground.rungs.waiting and not set(usccs) <= known:
        yield reason("wish.organisation_waits", organisation=name)


def _times(branch: JointBranch, usccs: Sequence[str], timed: bool, ground: Ground) -> Iterator[Reason]:
    weeks = ground.measure.parameters.cycle_weeks
    masks = {u: ground.facts.mask(u, weeks) for u in usccs}
    if branch.joins:  # it meets when all that it covers can
        standing = ground.rungs.standing.get(branch.joins) or ground.rungs.waiting[branch.joins]
        masks[branch.host] = meet(standing.covers, ground.facts, ground.measure).mask
    unknown = [u for u in usccs if masks[u] is None]
    yield from (reason("wish.slots_unknown", enterprise=ground.name(u)) for u in unknown)
    common = (1 << SLOTS_A_WEEK * weeks) - 1
    for mask in masks.values():
        common &= common if mask is None else mask
    if not common:
        yield reason("wish.no_common_slot", enterprises=len(usccs))
    elif timed and not unknown:
        when = branch.slot, branch.cycle_weeks
        busy = [u for u in usccs if not masks[u] or meeting([masks[u] or 0], weeks, branch) != when]
        for uscc in busy:
            yield reason("wish.slot_not_free", enterprise=ground.name(uscc), slot=when[0], cycle_weeks=when[1])


def _places(host: str, guests: Sequence[str], facts: Facts, measure: Measure) -> Iterator[Reason]:
    """Whether all can come to the host on one basis, and by how much they cannot."""
    firms = facts.enterprises
    here = Site(firms[host].place, firms[host].industry)
    fine: dict[str, set[Basis]] = {}
    for uscc in guests:
        there = Site(firms[uscc].place, firms[uscc].industry)
        metres = measure.between(here.place, there.place)
        shared = [b for b in measure.parameters.bases if shares(here, there, b, measure)]
        fine[uscc] = {b for b in shared if metres is not None and metres <= measure.limit(b)}
        if metres is None:
            yield reason("wish.distance_unknown", enterprise=firms[uscc].name, host=firms[host].name)
        elif not shared:
            yield reason("wish.no_shared_basis", enterprise=firms[uscc].name, host=firms[host].name)
        elif not fine[uscc]:
            limit = max(measure.limit(b) for b in shared)
            yield reason("wish.too_far", enterprise=firms[uscc].name, metres=metres, limit=limit, excess=metres - limit)
    if all(fine.values()) and guests and not set.intersection(*fine.values()):
        yield reason("wish.no_one_basis", host=firms[host].name)
