"""The steps of a coverage plan, one after another, around whatever solver of the array problem is given."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, fields, replace
from datetime import date
from typing import Protocol

import numpy as np

from feigong.core.coverage.alternatives import nearest_organisations, other_groups, usual
from feigong.core.coverage.apart import broken, keeping_apart
from feigong.core.coverage.branches import make_branches
from feigong.core.coverage.eligibility import Eligibility, sort_out
from feigong.core.coverage.facts import Facts, count, is_operating
from feigong.core.coverage.health import Health, examine
from feigong.core.coverage.joint.values import Group, JointInstance, JointSolution
from feigong.core.coverage.ladder import Rungs, Verdict, climb
from feigong.core.coverage.liaison import WANTS, Liaison, Want, assign, rank
from feigong.core.coverage.near import Measure
from feigong.core.coverage.parameters import CoverageParameters
from feigong.core.coverage.polish import polish
from feigong.core.coverage.pool import Pool
from feigong.core.coverage.recruit import why_left
from feigong.core.coverage.stability import changes
from feigong.core.coverage.steady import Steady, solve_steadily
from feigong.core.coverage.unverified import optimistic, to_check
from feigong.core.coverage.values import CoveragePlan, Decision, JointBranch, Outcome, Proof
from feigong.core.coverage.what_it_takes import what_it_takes
from feigong.core.coverage.wished import Wished, as_wished, marked
from feigong.core.coverage.wishes import Wish
from feigong.core.reasons import Reason, reason
from feigong.core.roll.values import Roll
from feigong.core.work import Executor, Progress, Step, Stop

STAGES = ("count", "health", "pool", "joint", "liaison", "alternatives", "done")


class Solver(Protocol):
    """Solves the array problem (see `joint.solve.solve_joint`)."""

    def __call__(
        self, instance: JointInstance, *, seed: int, stop: Stop, progress: Progress, executor: Executor, gap_goal: float
    ) -> JointSolution: ...


@dataclass(frozen=True)
class Request:
    """What a plan is made from, besides roll and day."""

    parameters: CoverageParameters
    previous: CoveragePlan | None
    seed: int
    stop: Stop
    progress: Progress
    executor: Executor
    solve: Solver
    wishes: tuple[Wish, ...] = ()
    hold_rest: bool = False

    def tell(self, stage: str, **reached: float) -> None:
        self.progress(Step(f"stage.{stage}", STAGES.index(stage), len(STAGES) - 1, reached))

    def joint(self, instance: JointInstance) -> JointSolution:
        return self.solve(
            instance,
            seed=self.seed,
            stop=self.stop,
            progress=self.progress,
            executor=self.executor,
            gap_goal=self.parameters.gap_goal,
        )


@dataclass(frozen=True)
class _Grounds:
    """Everything known before the pool is solved."""

    facts: Facts
    measure: Measure
    eligibility: Eligibility
    healths: dict[str, Health]
    rungs: Rungs


def carry_out(roll: Roll, on: date, request: Request) -> CoveragePlan:
    """Make the plan."""
    grounds = _look(roll, on, request)
    request.tell("pool")
    wished = as_wished(request.wishes, request.previous, on, grounds.facts, grounds.rungs, grounds.measure)
    pool = wished.pool
    request.tell("joint")
    steady = _solve(wished, grounds, request)
    solution = replace(steady.solution, groups=_polished(wished, steady.solution, request.parameters.turnover))
    made = make_branches(pool, solution.groups, grounds.facts, grounds.measure, wished.begin)
    proved = marked(made, request.previous) if request.wishes else made
    unproved = _unverified(wished, solution, grounds, request)
    proof = _proof(pool, solution, proved, request.parameters.change_price_m)
    decisions = _decide(wished, solution, (*proved, *unproved), grounds)
    request.tell("liaison", covered=proof.covered_members, travel=round(proof.travel_m), gap=proof.gap)
    liaison = _officers(roll, decisions, grounds, request)
    request.tell("alternatives")
    decisions = _finish(decisions, liaison, wished.open_pool, solution, grounds)
    branches = tuple(sorted((*proved, *unproved), key=lambda b: b.key))
    request.tell("done")
    return CoveragePlan(
        on=on,
        decisions=tuple(decisions[u] for u in sorted(decisions)),
        branches=branches,
        proof=proof,
        loads=liaison.loads,
        waiting=liaison.waiting,
        shortages=liaison.shortages,
        changes=changes(
            request.previous, branches, decisions, pool, solution, grounds.facts, grounds.measure, wished.draft.altered
        ),
        left_out=grounds.eligibility.left_out,
        parameters=_shown(request.parameters),
        seed=request.seed,
        stopped_early=solution.stopped_early,
        notes=(*_notes(grounds, unproved, steady, len(request.wishes)), *liaison.notes),
    )


def _look(roll: Roll, on: date, request: Request) -> _Grounds:
    request.tell("count")
    facts = count(roll, on)
    measure = Measure(request.parameters, facts.kinds)
    eligibility = sort_out(facts)
    request.tell("health")
    healths = {key: examine(key, facts, measure) for key in facts.organisations}
    return _Grounds(facts, measure, eligibility, healths, climb(facts, eligibility, healths, measure))


def _solve(wished: Wished, grounds: _Grounds, request: Request) -> Steady:
    """The joint branches as wished, the rest around them; at most so many others change as wishes altered, where the
    rest is to be held."""
    altered = wished.draft.altered
    return solve_steadily(
        wished.pool,
        wished.begin,
        grounds.facts,
        request.parameters.changed_share,
        keeping_apart(request.joint, wished.apart),
        pinned=wished.pinned,
        altered=altered,
        most=len(altered) if request.hold_rest else None,
    )


def _polished(wished: Wished, solution: JointSolution, turnover: float) -> tuple[Group, ...]:
    """Polishing knows nothing of who is to be apart: where it put them together, its work is not taken."""
    groups = polish(wished.pool, solution.groups, turnover)
    return solution.groups if broken(groups, wished.apart) else groups


def _unverified(
    wished: Wished, solution: JointSolution, grounds: _Grounds, request: Request
) -> tuple[JointBranch, ...]:
    if not request.parameters.allow_unverified:
        return ()
    placed = {i for g in solution.groups for i in g.items}
    usccs = wished.pool.usccs
    left = [u for i, u in enumerate(usccs) if i not in placed and u not in wished.draft.alone]
    if not left:
        return ()
    instance, in_force = optimistic(left, wished.begin, grounds.facts, grounds.measure)
    number = {u: i for i, u in enumerate(left)}
    apart = [frozenset(number[u] for u in s) for s, o in wished.draft.apart if not o and s <= number.keys()]
    found = keeping_apart(request.joint, apart)(instance)
    return to_check(left, found.groups, in_force, grounds.facts, grounds.measure)


def _proof(pool: Pool, solution: JointSolution, branches: Sequence[JointBranch], change_price_m: float) -> Proof:
    """Bounds from the solver; cost and travel of what is really planned (polishing may only have lowered the cost).

    The solver rewards branches that are kept; here the price is put on those that are not, which is the same problem
    with every figure higher by a constant.
    """
    rewarded = {(k.seed, k.items): k.cost for k in pool.kept}
    shift = change_price_m * len(pool.kept)
    cost = shift + sum(rewarded.get((g.seed, tuple(sorted(g.items))), g.cost) for g in solution.groups)
    bound = min(max(solution.bound_cost, _least_cost(pool.instance)) + shift, cost)
    return Proof(
        pool_enterprises=pool.n,
        pool_members=int(pool.instance.at_stake.sum()),
        covered_members=int(pool.instance.at_stake[[i for g in solution.groups for i in g.items]].sum()),
        bound_covered=solution.bound_covered,
        travel_m=sum(b.travel_m for b in branches),
        cost_m=cost,
        bound_cost_m=bound,
        gap=(cost - bound) / cost if cost - bound > 1e-6 else 0.0,
        optimal=solution.optimal,
    )


def _least_cost(instance: JointInstance) -> float:
    """What no solution can cost less than, without any search: every seed and every item at its best, if that is below
    nothing. It stands where the solver was stopped before it had a bound of its own."""
    arcs, seeds = np.zeros(instance.n), np.zeros(instance.n)
    np.minimum.at(arcs, instance.arc_item, instance.arc_cost)
    np.minimum.at(seeds, instance.seed_owner, instance.seed_cost)
    return float(arcs.sum() + seeds.sum()) + sum(min(0.0, cost) for _, _, cost in instance.kept)


def _decide(
    wished: Wished, solution: JointSolution, branches: Sequence[JointBranch], grounds: _Grounds
) -> dict[str, Decision]:
    pool, alone = wished.pool, wished.draft.alone
    seat = {s.uscc: b for b in branches for s in b.seats}
    number = {u: i for i, u in enumerate(pool.usccs)}
    left = [i for u, i in number.items() if u not in seat]
    why = why_left(pool, left, solution, grounds.facts, grounds.measure)
    decisions: dict[str, Decision] = {}
    for uscc in grounds.eligibility.planned:
        verdict = grounds.rungs.verdicts[uscc]
        if verdict.outcome is not None:
            decisions[uscc] = _decision(uscc, verdict.outcome, verdict.reasons, verdict, grounds)
        elif uscc in seat:
            decisions[uscc] = _placed(uscc, verdict, seat[uscc], grounds)
        else:
            outcome = Outcome.REPAIR if verdict.repair else Outcome.RECRUIT
            left_why = (reason("pool.by_hand"),) if uscc in alone else why[number[uscc]]
            decisions[uscc] = _decision(uscc, outcome, (*verdict.reasons, *left_why), verdict, grounds)
    return decisions


def _placed(uscc: str, verdict: Verdict, branch: JointBranch, grounds: _Grounds) -> Decision:
    metres = next(s.travel_m for s in branch.seats if s.uscc == uscc)
    host = grounds.facts.enterprises[branch.host].name
    meets = {"slot": branch.slot, "cycle_weeks": branch.cycle_weeks, "members": branch.members}
    if branch.joins is not None:
        name = grounds.facts.organisations[branch.joins].name
        placed = reason("join.placed", organisation=name, host=host, metres=metres, basis=branch.basis.value, **meets)
    elif uscc == branch.host:
        placed = reason("joint.hosts", enterprises=len(branch.seats), **meets)
    else:
        placed = reason("joint.placed", host=host, metres=metres, basis=branch.basis.value, **meets)
    reasons = [*verdict.reasons, placed]
    if not branch.verified:
        reasons.append(reason("joint.unverified"))
    outcome = Outcome.JOIN if branch.joins is not None else Outcome.JOINT
    made = _decision(uscc, outcome, tuple(reasons), verdict, grounds)
    return replace(made, branch=branch.key, organisation=branch.joins or made.organisation, missing_members=0)


def _decision(
    uscc: str, outcome: Outcome, reasons: tuple[Reason, ...], verdict: Verdict, grounds: _Grounds
) -> Decision:
    facts = grounds.facts
    enterprise = facts.enterprises[uscc]
    return Decision(
        uscc=uscc,
        outcome=outcome,
        reasons=reasons,
        full_members=facts.full.get(uscc, 0),
        probationary=facts.probationary.get(uscc, 0),
        staff=enterprise.staff,
        operating=is_operating(enterprise, grounds.measure.parameters),
        organisation=verdict.organisation,
        missing_members=verdict.missing,
        fingerprint=facts.fingerprints[uscc],
    )


def _officers(roll: Roll, decisions: dict[str, Decision], grounds: _Grounds, request: Request) -> Liaison:
    """An officer for everyone without an organisation in being; where only the secretary is missing the organisation
    is there."""
    wants = [
        Want(d.uscc, rank(d.full_members, d.probationary, d.staff, request.parameters.operating_staff))
        for d in decisions.values()
        if d.outcome in WANTS and not _has_organisation(d, grounds)
    ]
    last = {d.uscc: d.officer for d in request.previous.decisions if d.officer} if request.previous else {}
    return assign(wants, roll.officers, last, grounds.facts, grounds.measure)


def _has_organisation(decision: Decision, grounds: _Grounds) -> bool:
    return (
        decision.outcome is Outcome.REPAIR
        and decision.organisation is not None
        and not grounds.healths[decision.organisation].failing
    )


def _finish(
    decisions: dict[str, Decision], liaison: Liaison, pool: Pool, solution: JointSolution, grounds: _Grounds
) -> dict[str, Decision]:
    """Officers and alternatives."""
    parameters = grounds.measure.parameters
    nearest = nearest_organisations(sorted(decisions), pool, grounds.facts, grounds.measure)
    placed = sorted({i for g in solution.groups for i in g.items if i < pool.n})
    another = other_groups(pool, solution, placed, grounds.facts)
    by_uscc = {pool.usccs[i]: alternative for i, alternative in another.items()}
    left = [i for i in range(pool.n) if decisions[pool.usccs[i]].outcome is Outcome.RECRUIT]
    takes = what_it_takes(pool, left, solution, grounds.facts, grounds.measure)
    by_left = {pool.usccs[i]: alternatives for i, alternatives in takes.items()}
    waiting = set(liaison.waiting)
    finished: dict[str, Decision] = {}
    for uscc, decision in decisions.items():
        alone = decision.organisation is not None and len(grounds.healths[decision.organisation].covers) < 2
        found = usual(decision, nearest, parameters.least_members, alone=alone)
        if uscc in by_uscc:
            other = by_uscc[uscc]
            name = other.reason.params.get("organisation")
            found = [other, *(a for a in found if not name or a.reason.params.get("organisation") != name)]
        found = [*by_left.get(uscc, ()), *found]
        extra = (reason("officer.waits"),) if uscc in waiting else ()
        finished[uscc] = replace(
            decision,
            officer=liaison.officer.get(uscc),
            reasons=(*decision.reasons, *extra),
            alternatives=tuple(found[:2]),
        )
    return finished


def _shown(parameters: CoverageParameters) -> tuple[tuple[str, str], ...]:
    """Names and values in force."""
    shown: list[tuple[str, str]] = []
    for field in fields(parameters):
        value = getattr(parameters, field.name)
        if field.name == "bases":
            value = ",".join(b.value for b in value)
        if field.name == "distances":
            shown += [(f"distances.{f.name}", str(getattr(value, f.name))) for f in fields(value)]
        else:
            shown.append((field.name, str(value)))
    return tuple(shown)


def _notes(grounds: _Grounds, unproved: Sequence[JointBranch], steady: Steady, wishes: int) -> tuple[Reason, ...]:
    """What is odd about the roll as a whole, and what the plan leaves to be checked."""
    facts = grounds.facts
    notes: list[Reason] = []
    if facts.joined_later:
        notes.append(reason("note.joined_later", members=facts.joined_later))
    unemployed = sum(1 for key in facts.organisations if not grounds.healths[key].covers)
    if unemployed:
        notes.append(reason("note.organisations_cover_nobody", organisations=unemployed))
    pool = [facts.enterprises[u] for u in grounds.rungs.pool]
    blank = sum(1 for e in pool if e.slots is None)
    if blank:
        notes.append(reason("note.pool_slots_unknown", enterprises=blank, pool=len(pool)))
    kinds = Counter(grounds.measure.between(e.place, e.place) is None for e in pool)
    if kinds[True]:
        notes.append(reason("note.pool_places_unknown", enterprises=kinds[True], pool=len(pool)))
    if wishes:
        notes.append(reason("note.by_hand", wishes=wishes))
    if steady.held:
        notes.append(reason("note.held", branches=steady.held, members=steady.members_lost))
    if unproved:
        notes.append(reason("note.unverified", branches=len(unproved), members=sum(b.members for b in unproved)))
    return tuple(notes)
