"""What is approved of a plan becomes cases. The roll changes only when a step of one says so."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date

from django.db.models import Q

from feigong.apps.accounts.roles import Permission
from feigong.apps.accounts.sight import Actor, Sight
from feigong.apps.audit.recording import changing
from feigong.apps.cases import queries as cases
from feigong.apps.cases.actions.opening import Opening, open_in
from feigong.apps.cases.models import CaseSubject
from feigong.apps.coverage import queries as plans
from feigong.apps.coverage.models import PlannedOutcome
from feigong.apps.roll import queries as roll
from feigong.apps.roll.adapters.part import number_of
from feigong.apps.roll.models.organisations import OrganisationKind
from feigong.core.cases.values import Standing
from feigong.core.coverage.values import CoveragePlan, Decision, JointBranch, Outcome
from feigong.core.errors import FeigongError
from feigong.core.reasons import reason
from feigong.core.text import prose
from feigong.wording import Words

KINDS = ("branch_own", "branch_joint", "branch_join", "branch_repair", "branch_dissolve")
_COMMITTEES = (OrganisationKind.COMMITTEE, OrganisationKind.INDUSTRY_COMMITTEE, OrganisationKind.WORKING_COMMITTEE)
_WORDS = Words("zh")  # names on the roll are Chinese whoever approves


@dataclass(frozen=True, slots=True)
class Approved:
    """``opened``: cases. ``under_way``: parts left out because a case about one of their enterprises is open."""

    opened: tuple[int, ...]
    under_way: int


@dataclass(frozen=True, slots=True)
class _Grounds:
    plan: CoveragePlan
    firms: Mapping[str, int]  # of the plan, by key
    areas: Mapping[int, int]  # of the enterprises in sight
    names: Mapping[int, str]
    superiors: Mapping[int, int | None]  # committees, by area
    covering: Mapping[int, set[int]]  # organisations, by enterprise
    plan_id: int
    sight: Sight

    def firm(self, key: str) -> int:
        found = self.firms.get(key)
        if found is None or found not in self.areas:
            raise FeigongError("error.not_found")
        return found


def approve(
    actor: Actor, plan_id: int, *, branches: Collection[str] = (), enterprises: Collection[int] = (), on: date,
    reason: str = "", owner: int | None = None,
) -> Approved:  # fmt: skip
    """Approve joint branches of a plan by key, and what it says of single enterprises: own branch, joining, repair.

    All of each part must be in sight. Raises `FeigongError`: ``error.not_found``; ``error.coverage.nothing_chosen``;
    ``error.coverage.not_for_cases`` where the plan has something else in mind for an enterprise.
    """
    actor.must(Permission.CASES_WORK)
    actor.must(Permission.ROLL_CHANGE)
    params = {"plan": plan_id, "branches": len(branches), "enterprises": len(enterprises)}
    with changing(actor, "coverage.approve", reason=prose(reason), params=params) as change:
        grounds = _grounds(actor.sight(on, change.at), plan_id)
        if not branches and not enterprises:
            raise FeigongError("error.coverage.nothing_chosen")
        openings = [*_joint(grounds, branches), *_single(grounds, enterprises)]
        busy = _busy(grounds.sight, openings)
        free = [replace(o, owner=owner) for o in openings if not _held_up(o, busy)]
        opened = open_in(change, free, on=on)
    return Approved(tuple(opened), len(openings) - len(opened))


def _grounds(sight: Sight, plan_id: int) -> _Grounds:
    kept = plans.plan(sight, plan_id)
    firms = dict(PlannedOutcome.objects.filter(plan=kept).values_list("key", "enterprise_id"))
    rows = list(roll.enterprises(sight).order_by().values_list("enterprise_id", "area_id", "name"))
    areas = {e: a for e, a, _ in rows}
    covering: dict[int, set[int]] = defaultdict(set)
    for firm, organisation in roll.coverage(sight).order_by().values_list("enterprise_id", "organisation_id"):
        covering[firm].add(organisation)
    return _Grounds(
        plans.content(kept), firms, areas, {e: n for e, _, n in rows}, superiors_for(sight, areas.values()), covering,
        plan_id, sight,
    )  # fmt: skip


def _joint(grounds: _Grounds, keys: Collection[str]) -> Iterable[Opening]:
    there = {b.key: b for b in grounds.plan.branches}
    decisions = {d.uscc: d for d in grounds.plan.decisions}
    for key in dict.fromkeys(keys):
        branch = there.get(key)
        if branch is None:
            raise FeigongError("error.not_found")
        yield _joining(grounds, branch) if branch.joins else _founding(grounds, branch, decisions)


def _founding(grounds: _Grounds, branch: JointBranch, decisions: Mapping[str, Decision]) -> Opening:
    order = [branch.host, *(s.uscc for s in branch.seats if s.uscc != branch.host)]
    firms = tuple(grounds.firm(u) for u in order)
    area = grounds.areas[firms[0]]
    named = _WORDS.say(reason("coverage.name_joint", enterprise=grounds.names[firms[0]], enterprises=len(firms)))
    facts = {
        "plan": grounds.plan_id, "branch": branch.key, "slot": branch.slot, "cycle_weeks": branch.cycle_weeks,
        "travel_m": {str(grounds.firm(s.uscc)): round(s.travel_m) for s in branch.seats}, "basis": branch.basis.value,
        "full_members": branch.members, "organisation_name": named, "superior": grounds.superiors[area],
        "leaves": sorted({_organisation(d.organisation) for u in order if (d := decisions[u]).organisation}),
    }  # fmt: skip
    key = f"plan:{grounds.plan_id}:{branch.key}"
    return Opening("branch_joint", area, firms, facts=facts, key=key, host=True)


def _joining(grounds: _Grounds, branch: JointBranch) -> Opening:
    organisation = _organisation(branch.joins)
    firms = tuple(grounds.firm(s.uscc) for s in branch.seats[1:])
    facts = {
        "plan": grounds.plan_id, "branch": branch.key, "slot": branch.slot, "cycle_weeks": branch.cycle_weeks,
        "travel_m": {str(grounds.firm(s.uscc)): round(s.travel_m) for s in branch.seats[1:]},
        "leaves": _left(grounds, firms, organisation),
    }  # fmt: skip
    key = f"plan:{grounds.plan_id}:{branch.key}"
    return Opening("branch_join", grounds.areas[firms[0]], firms, (organisation,), facts=facts, key=key)


def _left(grounds: _Grounds, firms: Collection[int], joined: int) -> list[int]:
    """Organisations that cover enterprises now which are to join another: the plan names only the one they join."""
    return sorted({one for firm in firms for one in grounds.covering.get(firm, ())} - {joined})


def _single(grounds: _Grounds, enterprises: Collection[int]) -> Iterable[Opening]:
    """Own branches one by one; what is to be put right once for each organisation, with all enterprises chosen."""
    back = {number: key for key, number in grounds.firms.items()}
    decisions = {d.uscc: d for d in grounds.plan.decisions}
    repairs: dict[int, list[int]] = {}
    for firm in dict.fromkeys(enterprises):
        decision = decisions.get(back.get(firm, ""))
        if decision is None or firm not in grounds.areas:
            raise FeigongError("error.not_found")
        if decision.outcome is Outcome.OWN:
            yield _own(grounds, firm, decision)
        elif decision.outcome is Outcome.REPAIR and decision.organisation:
            repairs.setdefault(_organisation(decision.organisation), []).append(firm)
        else:
            raise FeigongError("error.coverage.not_for_cases", enterprise=grounds.names[firm])
    for organisation, firms in repairs.items():
        key = f"plan:{grounds.plan_id}:organisation:{organisation}"
        facts = {"plan": grounds.plan_id}
        yield Opening("branch_repair", grounds.areas[firms[0]], tuple(firms), (organisation,), facts=facts, key=key)


def _own(grounds: _Grounds, firm: int, decision: Decision) -> Opening:
    named = _WORDS.say(reason("coverage.name_own", enterprise=grounds.names[firm]))
    facts = {
        "plan": grounds.plan_id, "full_members": decision.full_members, "organisation_name": named,
        "superior": grounds.superiors[grounds.areas[firm]],
        "leaves": [_organisation(decision.organisation)] if decision.organisation else [],
    }  # fmt: skip
    return Opening("branch_own", grounds.areas[firm], (firm,), facts=facts, key=f"plan:{grounds.plan_id}:firm:{firm}")


def _organisation(key: str | None) -> int:
    """The organisation that a plan names, by its identity."""
    found = number_of(key or "", "o")
    if found is None:
        raise FeigongError("error.not_found")
    return found


def superiors_for(sight: Sight, areas: Iterable[int]) -> dict[int, int | None]:
    """The committee nearest above each area, that a new organisation there would hang under: two queries."""
    rows = roll.superiors(sight).order_by("path", "organisation_id").filter(kind__in=_COMMITTEES)
    first: dict[int, int] = {}
    for organisation, there in rows.values_list("organisation_id", "area_id"):
        first.setdefault(there, organisation)
    paths = dict(roll.areas_and_above(sight).order_by().values_list("area_id", "path"))
    heads = sorted(((paths[there], one) for there, one in first.items() if there in paths), reverse=True)
    return {
        area: next((one for path, one in heads if paths.get(area, "").startswith(path)), None) for area in set(areas)
    }


def _held_up(opening: Opening, busy: tuple[set[int], set[int]]) -> bool:
    """Whether a case is open about one of its enterprises, or about the organisation that is to be put right."""
    firms, bodies = busy
    mended = opening.organisations if opening.kind == "branch_repair" else ()
    return bool(firms.intersection(opening.enterprises) or bodies.intersection(mended))


def _busy(sight: Sight, openings: Iterable[Opening]) -> tuple[set[int], set[int]]:
    """Enterprises and organisations about which a case of these kinds is not closed."""
    firms = {firm for o in openings for firm in o.enterprises}
    bodies = {body for o in openings for body in o.organisations}
    mending = ("branch_repair", "branch_dissolve")
    about = Q(enterprise_id__in=firms) | Q(organisation_id__in=bodies, case__kind__in=mending)
    rows = CaseSubject.objects.filter(about, case__kind__in=KINDS)
    going = cases.cases(sight).exclude(standing=Standing.CLOSED).filter(case_id__in=rows.values("case_id"))
    found = rows.filter(case_id__in=going.order_by().values("case_id")).values_list("enterprise_id", "organisation_id")
    return {firm for firm, _ in found if firm}, {body for _, body in found if body}
