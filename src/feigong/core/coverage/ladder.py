"""The ladder: what the members an enterprise has, and the health of its organisation, lead to before anybody is
grouped."""

from __future__ import annotations

from dataclasses import dataclass, field

from feigong.core.coverage.eligibility import Eligibility
from feigong.core.coverage.facts import Facts
from feigong.core.coverage.health import Health, meet
from feigong.core.coverage.near import Measure
from feigong.core.coverage.values import Outcome
from feigong.core.reasons import Reason, reason
from feigong.core.roll.values import FlagCode


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the ladder says of one enterprise. ``outcome`` None: it enters the pool of those who look for a joint
    branch; ``repair``: because its organisation cannot go on."""

    outcome: Outcome | None
    reasons: tuple[Reason, ...]
    organisation: str | None = None
    missing: int = 0
    repair: bool = False


@dataclass(frozen=True, slots=True)
class Standing:
    """A healthy organisation as it will be: without those who leave it for a branch of their own."""

    key: str
    covers: tuple[str, ...]
    members: int


@dataclass
class Rungs:
    """Verdicts by uscc; the healthy organisations that stand, and those that go on but wait for a secretary."""

    verdicts: dict[str, Verdict] = field(default_factory=dict)
    standing: dict[str, Standing] = field(default_factory=dict)
    waiting: dict[str, Standing] = field(default_factory=dict)

    @property
    def pool(self) -> list[str]:
        return sorted(u for u, v in self.verdicts.items() if v.outcome is None)


def climb(facts: Facts, eligibility: Eligibility, healths: dict[str, Health], measure: Measure) -> Rungs:
    """Put every planned enterprise on its rung."""
    rungs = Rungs()
    least = measure.parameters.least_members
    chosen = {u: best for u in eligibility.planned if (best := _healthiest(u, facts, healths))}
    leaving: dict[str, Verdict] = {}
    for key in sorted(healths):
        health = healths[key]
        if health.healthy and health.covers:
            standing, own = _leave(health, facts, eligibility, chosen, measure)
            leaving.update(own)
            if standing is not None:
                rungs.standing[key] = standing
        elif not health.failing and health.covers:
            rungs.waiting[key] = Standing(key, health.covers, health.members)
    for uscc in eligibility.planned:
        choice = chosen.get(uscc)
        if uscc in eligibility.undecided:
            verdict = Verdict(Outcome.UNDECIDED, eligibility.undecided[uscc], choice.key if choice else None)
        elif uscc in leaving:
            verdict = leaving[uscc]
        elif choice is None:
            verdict = _alone(uscc, facts, least)
        else:
            verdict = _with_organisation(uscc, choice, facts, least)
        rungs.verdicts[uscc] = _with_notes(uscc, verdict, facts)
    return rungs


def _healthiest(uscc: str, facts: Facts, healths: dict[str, Health]) -> Health | None:
    covering = [healths[k] for k in facts.covering.get(uscc, ())]
    return min(covering, key=lambda h: (not h.healthy, h.failing, -h.members, h.key), default=None)


def _with_notes(uscc: str, verdict: Verdict, facts: Facts) -> Verdict:
    extra: list[Reason] = []
    several = facts.covering.get(uscc, ())
    if len(several) > 1:
        extra.append(reason("check.several_organisations", organisations=len(several)))
    if facts.enterprises[uscc].flagged(FlagCode.CODE_INVALID):
        extra.append(reason("check.code_invalid"))
    if not extra:
        return verdict
    return Verdict(verdict.outcome, (*verdict.reasons, *extra), verdict.organisation, verdict.missing, verdict.repair)


def _alone(uscc: str, facts: Facts, least: int) -> Verdict:
    full = facts.full.get(uscc, 0)
    if full >= least:
        return Verdict(Outcome.OWN, (reason("own.enough_members", members=full, least=least),))
    if full:
        return Verdict(
            None, (reason("pool.one_or_two_members", members=full, missing=least - full),), missing=least - full
        )
    return Verdict(Outcome.LIAISON, (_no_members(uscc, facts, least),), missing=least)


def _no_members(uscc: str, facts: Facts, least: int) -> Reason:
    probationary = facts.probationary.get(uscc, 0)
    if probationary:
        return reason("liaison.probationary", probationary=probationary, least=least)
    return reason("liaison.no_members", staff=facts.enterprises[uscc].staff)


def _with_organisation(uscc: str, health: Health, facts: Facts, least: int) -> Verdict:
    full = facts.full.get(uscc, 0)
    missing = max(0, least - full)
    name = facts.organisations[health.key].name
    if health.healthy:
        found = [reason("keep.healthy", organisation=name, members=health.members)]
        if len(health.covers) > 1 and full >= least:
            found.append(reason("keep.rest_cannot_stand", members=full))
        return Verdict(Outcome.KEEP, (*found, *health.notes), health.key)
    causes = (*health.causes, *health.notes)
    if not health.failing:
        return Verdict(Outcome.REPAIR, causes, health.key)
    if full >= least:
        if len(health.covers) > 1:
            return Verdict(Outcome.OWN, (reason("own.enough_members", members=full, least=least), *causes), health.key)
        return Verdict(Outcome.REPAIR, (*causes, reason("repair.transfer_in", members=full)), health.key)
    if full:
        first = reason("pool.one_or_two_members", members=full, missing=missing)
        return Verdict(None, (first, *causes), health.key, missing, repair=True)
    if len(health.covers) > 1:
        return Verdict(Outcome.LIAISON, (_no_members(uscc, facts, least), *causes), health.key, missing)
    return Verdict(Outcome.REPAIR, causes, health.key, max(0, least - health.members))


def _leave(
    health: Health, facts: Facts, eligibility: Eligibility, chosen: dict[str, Health], measure: Measure
) -> tuple[Standing | None, dict[str, Verdict]]:
    """Who leaves a healthy joint branch for a branch of its own, and what stands after that.

    The largest first; each only if the rest still has the least number of members and two enterprises that can meet.
    Where every enterprise could stand alone, the joint branch splits up.
    """
    least = measure.parameters.least_members
    name = facts.organisations[health.key].name
    stay, members = list(health.covers), health.members
    own: dict[str, Verdict] = {}
    if len(stay) < 2:
        return Standing(health.key, health.covers, members), own

    def able(uscc: str) -> bool:
        return facts.full.get(uscc, 0) >= least and uscc not in eligibility.undecided and chosen[uscc].key == health.key

    for uscc in sorted(filter(able, stay), key=lambda u: (-facts.full[u], u)):
        rest = [u for u in stay if u != uscc]
        remain = members - facts.members_from(health.key, uscc)
        if remain >= least and len(rest) >= 2 and not meet(rest, facts, measure).impossible:
            stay, members = rest, remain
            why = reason("own.leaves_joint", members=facts.full[uscc], organisation=name, rest=remain)
            own[uscc] = Verdict(Outcome.OWN, (why,), health.key)
    if all(map(able, stay)):
        for uscc in stay:
            why = reason("own.joint_splits", members=facts.full[uscc], organisation=name)
            own[uscc] = Verdict(Outcome.OWN, (why,), health.key)
        return None, own
    return Standing(health.key, tuple(stay), members), own
