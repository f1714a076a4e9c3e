"""Health of the organisations in being: enough members, a secretary, and for joint branches a time and place to
meet."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from feigong.core.coverage.facts import Facts
from feigong.core.coverage.near import Measure, Site, shares
from feigong.core.coverage.values import Basis
from feigong.core.reasons import Reason, reason
from feigong.core.roll.slots import SLOTS_A_WEEK
from feigong.core.roll.values import FlagCode


@dataclass(frozen=True, slots=True)
class Meeting:
    """How enterprises could meet. ``host`` None: no place known; ``mask`` None: a free time is unknown.

    ``impossible`` holds only what is known to be impossible, ``unknown`` what must be checked.
    """

    host: str | None
    mask: int | None
    impossible: tuple[Reason, ...]
    unknown: tuple[Reason, ...]


@dataclass(frozen=True, slots=True)
class Health:
    """An organisation on the day. ``causes`` are what needs repair; ``failing``: it cannot go on as it is."""

    key: str
    members: int
    covers: tuple[str, ...]  # enterprises of the roll that are in business
    meeting: Meeting
    causes: tuple[Reason, ...]
    notes: tuple[Reason, ...]
    failing: bool

    @property
    def healthy(self) -> bool:
        return not self.causes


def meet(usccs: Sequence[str], facts: Facts, measure: Measure) -> Meeting:
    """Whether enterprises can meet at one of them in one slot. Unknown places and times neither help nor condemn."""
    if len(usccs) < 2:
        host = usccs[0] if usccs else None
        return Meeting(host, facts.mask(host, measure.parameters.cycle_weeks) if host else None, (), ())
    impossible: list[Reason] = []
    unknown: list[Reason] = []
    common = (1 << (SLOTS_A_WEEK * measure.parameters.cycle_weeks)) - 1
    blank = 0
    for uscc in usccs:
        mask = facts.mask(uscc, measure.parameters.cycle_weeks)
        if mask is None:
            blank += 1
        else:
            common &= mask
    if common == 0:
        impossible.append(reason("repair.no_common_slot", enterprises=len(usccs)))
    elif blank:
        unknown.append(reason("check.slots", enterprises=blank))
    host, far, unsure = _place(usccs, facts, measure)
    if host is None:
        impossible.append(reason("repair.too_far", metres=far, limit=measure.widest()))
    elif unsure:
        unknown.append(reason("check.distance", enterprises=unsure))
    return Meeting(host, None if blank else common, tuple(impossible), tuple(unknown))


def _place(usccs: Sequence[str], facts: Facts, measure: Measure) -> tuple[str | None, float, int]:
    """Best meeting place: fewest unknown distances, then least travel. None when every place is known to be too far for
    someone; then the least excess distance is given."""
    best: tuple[int, float, str] | None = None
    nearest_excess = float("inf")
    for host in usccs:
        here = facts.enterprises[host]
        unknown, total, worst = 0, 0.0, 0.0
        for uscc in usccs:
            if uscc == host:
                continue
            there = facts.enterprises[uscc]
            metres = measure.between(here.place, there.place)
            if metres is None:
                unknown += 1
                continue
            total += metres
            if metres > _limit(host, uscc, facts, measure):
                worst = max(worst, metres)
        if worst:
            nearest_excess = min(nearest_excess, worst)
        elif best is None or (unknown, total, host) < best:
            best = (unknown, total, host)
    return (None, nearest_excess, 0) if best is None else (best[2], 0.0, best[0])


def _limit(a: str, b: str, facts: Facts, measure: Measure) -> float:
    if Basis.INDUSTRY in measure.parameters.bases:
        first, second = (Site(facts.enterprises[u].place, facts.enterprises[u].industry) for u in (a, b))
        if shares(first, second, Basis.INDUSTRY, measure):
            return max(measure.parameters.travel_m, measure.parameters.industry_travel_m)
    return measure.parameters.travel_m


def examine(key: str, facts: Facts, measure: Measure) -> Health:
    """Health of one organisation. Only what is known counts against it."""
    organisation = facts.organisations[key]
    least = measure.parameters.least_members
    covers, notes = _covers(key, facts)
    members = facts.organisation_members(key)
    causes: list[Reason] = []
    if members < least:
        causes.append(reason("repair.below_least", members=members, missing=least - members, least=least))
    senders = tuple(u for u in covers if facts.members_from(key, u) or facts.full.get(u, 0)) or covers
    meeting = meet(senders, facts, measure)
    causes += meeting.impossible
    failing = bool(causes)
    if organisation.has_secretary is False:
        causes.append(reason("repair.no_secretary"))
    elif organisation.has_secretary is None:
        notes.append(reason("check.secretary"))
    if len(covers) > measure.parameters.most_enterprises:
        notes.append(
            reason("check.many_enterprises", enterprises=len(covers), most=measure.parameters.most_enterprises)
        )
    if organisation.claimed_members is not None and organisation.claimed_members != members:
        notes.append(reason("check.claimed_members", claimed=organisation.claimed_members, members=members))
    return Health(key, members, covers, meeting, tuple(causes), (*notes, *meeting.unknown), failing)


def _covers(key: str, facts: Facts) -> tuple[tuple[str, ...], list[Reason]]:
    """Enterprises in business that it covers, and what is odd about the others."""
    organisation = facts.organisations[key]
    notes: list[Reason] = []
    covers: list[str] = []
    for uscc in sorted(set(organisation.covers)):
        enterprise = facts.enterprises.get(uscc)
        if enterprise is None:
            notes.append(reason("check.covers_unknown", enterprise=uscc))
        elif enterprise.flagged(FlagCode.CLOSED):
            notes.append(reason("check.covers_closed", enterprise=enterprise.name))
        elif enterprise.flagged(FlagCode.DORMANT):
            notes.append(reason("check.covers_dormant", enterprise=enterprise.name))
        else:
            covers.append(uscc)
    notes += [reason("check.covers_unknown", enterprise=text) for text in organisation.covers_unmatched]
    return tuple(covers), notes
