"""Ask for a plan, and keep what the planner found."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from feigong.apps.accounts.roles import Permission
from feigong.apps.accounts.sight import Actor, Sight
from feigong.apps.audit.recording import changing
from feigong.apps.coverage import queries as planned
from feigong.apps.coverage.changing import Checks, kept_wishes
from feigong.apps.coverage.models import Plan, PlannedBranch, PlannedOutcome
from feigong.apps.coverage.presets import with_preset
from feigong.apps.jobs.actions import start
from feigong.apps.jobs.models import Job
from feigong.apps.jobs.registry import Context
from feigong.apps.roll import queries
from feigong.core.coverage.values import CoveragePlan, JointBranch
from feigong.core.coverage.wishes import Wish, in_force
from feigong.core.errors import FeigongError
from feigong.core.reasons import Reason
from feigong.exchange.parameters_file import parameter_defaults, parameters_with
from feigong.exchange.plan_json import plan_to_json
from feigong.exchange.rules_file import load_rules
from feigong.exchange.wishes_json import wish_to_json, wishes_from_json

KIND = "coverage.plan"
NAME_MOST = 60
_BATCH = 1000


@dataclass(frozen=True, slots=True)
class Begun:
    """What a plan is made from: the job's parameters, said in values."""

    previous: int | None = None
    parameters: Mapping[str, Any] = field(default_factory=dict)
    wishes: Sequence[Wish] = ()
    by_hand: bool = False
    name: str = ""


def start_plan(
    actor: Actor,
    *,
    on: date,
    known_at: datetime,
    parameters: Mapping[str, Any] | None = None,
    previous: int | None = None,
    wishes: Sequence[Wish] = (),
    keep_wishes: bool = False,
    seed: int = 0,
    name: str = "",
) -> Job:
    """Plan the coverage of one's area on the roll of a day, as a job.

    Parameters
    ----------
    actor, on, known_at, seed, name
        Who asks, the roll's day, as known when, the planner's seed, what the plan is called.
    parameters
        By id, what is to differ from what the area plans with (`presets`) and from the rules.
    previous
        The plan in force: its branches and officers stay where they can.
    wishes
        Changes by hand to be kept. ``keep_wishes``: those of the previous plan too, as far as they still can be.

    Raises
    ------
    FeigongError
        ``error.not_permitted``; ``error.plan_no_area`` where the account has no area; ``error.not_found`` for a
        previous plan that one does not see the whole of; ``error.parameters.*``; ``error.wish_not_allowed`` with the
        number of the wish that breaks a rule.
    """
    actor.must(Permission.COVERAGE_PLAN)
    planned_area(actor, on, known_at)
    sight = actor.sight(on, known_at)
    before = None if previous is None else to_go_on_from(sight, previous)
    chosen = chosen_parameters(with_preset(sight, parameters or {}), on)
    kept = kept_wishes(sight, before, chosen) if keep_wishes and before is not None else ()
    held = _held(Checks(sight, before, chosen), kept, wishes)
    return _start(actor, on, known_at, seed, Begun(previous, chosen, held, name=name))


def adjust_plan(
    actor: Actor, plan_id: int, wishes: Sequence[Wish], *, on: date, known_at: datetime, name: str = ""
) -> Job:
    """Make another plan of one by changes by hand: on the same roll, with the same parameters, the rest held.

    The plan that is changed stays as it is; to go back is to go on with it. ``on``, ``known_at``: when it is asked.

    Raises
    ------
    FeigongError
        As `start_plan`; ``error.wish_none`` where nothing is to change.
    """
    actor.must(Permission.COVERAGE_PLAN)
    before = to_go_on_from(actor.sight(on, known_at), plan_id)
    if not wishes:
        raise FeigongError("error.wish_none")
    checks = Checks(actor.sight(before.on, before.known_at), before, before.parameters)
    held = _held(checks, wishes_from_json(before.wishes), wishes)
    begun = Begun(before.pk, before.parameters, held, by_hand=True, name=name)
    return _start(actor, before.on, before.known_at, before.seed, begun)


def planned_area(actor: Actor, on: date, known_at: datetime) -> int:
    """The topmost area that the account sees: what a plan of its covers."""
    top = queries.areas(actor.sight(on, known_at)).values_list("area_id", flat=True).first()
    if top is None:
        raise FeigongError("error.plan_no_area")
    return top


def to_go_on_from(sight: Sight, plan_id: int) -> Plan:
    """A plan of which one sees all; ``error.not_found``."""
    found = planned.plan(sight, plan_id)
    if not planned.sees_whole(sight, found):
        raise FeigongError("error.not_found")
    return found


def chosen_parameters(given: Mapping[str, Any], on: date) -> dict[str, Any]:
    """What really differs from the values in force, each checked."""
    rules = load_rules(None)
    parameters_with(given, rules, on)
    usual = parameter_defaults(rules, on)
    return {k: v for k, v in given.items() if (tuple(v) if isinstance(v, list) else v) != usual.get(k)}


def _held(checks: Checks, earlier: Sequence[Wish], wishes: Sequence[Wish]) -> tuple[Wish, ...]:
    number = checks.first_broken(wishes, earlier)
    if number is not None:
        raise FeigongError("error.wish_not_allowed", n=number)
    return in_force((*earlier, *wishes), checks.plan)


def _start(actor: Actor, on: date, known_at: datetime, seed: int, begun: Begun) -> Job:
    if len(begun.name) > NAME_MOST:
        raise FeigongError("error.plan_name", most=NAME_MOST)
    params = {
        "on": on.isoformat(),
        "known_at": known_at.isoformat(),
        "seed": seed,
        "name": begun.name.strip(),
        "previous": begun.previous,
        "parameters": dict(begun.parameters),
        "wishes": [wish_to_json(w) for w in begun.wishes],
        "by_hand": begun.by_hand,
    }
    return start(actor, KIND, params)


def begun_of(params: Mapping[str, Any]) -> Begun:
    """What a job was asked to begin with."""
    return Begun(
        previous=params.get("previous"),
        parameters=params.get("parameters", {}),
        wishes=wishes_from_json(params.get("wishes", [])),
        by_hand=params.get("by_hand", False),
        name=params.get("name", ""),
    )


def keep_plan(
    context: Context,
    plan: CoveragePlan,
    enterprises: Mapping[str, int],
    organisations: Mapping[str, int],
    *,
    area: int,
    known_at: datetime,
    begun: Begun,
) -> Plan:
    """Store a finished plan whole, once for each job. ``enterprises``, ``organisations``: identity by key."""
    counts = {"on": plan.on.isoformat(), "enterprises": len(plan.decisions), "branches": len(plan.branches)}
    with changing(context.actor, "coverage.plan", params=counts) as change:
        context.fence()
        kept = Plan.objects.create(
            area_id=area, on=plan.on, known_at=known_at, seed=plan.seed, content=plan_to_json(plan),
            name=begun.name, previous_id=begun.previous, parameters=dict(begun.parameters),
            wishes=[wish_to_json(w) for w in begun.wishes], by_hand=begun.by_hand,
            branches=len(plan.branches), covered_members=plan.proof.covered_members, travel_m=plan.proof.travel_m,
            gap=plan.proof.gap, made=change.record, job_id=context.job_id,
        )  # fmt: skip
        PlannedOutcome.objects.bulk_create(_outcomes(kept, plan, enterprises), batch_size=_BATCH)
        rows = (_branch(kept, b, enterprises, organisations) for b in plan.branches)
        PlannedBranch.objects.bulk_create(rows, batch_size=_BATCH)
        change.note(Plan._meta.label_lower, kept.pk, None, {**counts, "previous": begun.previous})
    return kept


def _outcomes(kept: Plan, plan: CoveragePlan, enterprises: Mapping[str, int]) -> Iterator[PlannedOutcome]:
    seats = {s.uscc: s for b in plan.branches for s in (b.seats[1:] if b.joins else b.seats)}
    for decision in plan.decisions:
        seat = seats.get(decision.uscc) if decision.branch is not None else None
        yield PlannedOutcome(
            plan=kept,
            enterprise_id=enterprises[decision.uscc],
            key=decision.uscc,
            outcome=decision.outcome.value,
            operating=decision.operating,
            full_members=decision.full_members,
            missing_members=decision.missing_members,
            branch=decision.branch or "",
            travel_m=seat.travel_m if seat is not None else None,
            sure=seat.verified if seat is not None else True,
            reasons=_reasons(decision.reasons),
            alternatives=[
                [a.outcome.value, a.reason.code, dict(a.reason.params), a.extra_m] for a in decision.alternatives
            ],
        )


def _branch(
    kept: Plan, branch: JointBranch, enterprises: Mapping[str, int], organisations: Mapping[str, int]
) -> PlannedBranch:
    return PlannedBranch(
        plan=kept,
        key=branch.key,
        host_id=enterprises[branch.host],
        host_key=branch.host,
        host_members=branch.seats[0].members,
        organisation_id=organisations[branch.joins] if branch.joins else None,
        slot=branch.slot,
        cycle_weeks=branch.cycle_weeks,
        basis=branch.basis.value,
        enterprises=len(branch.seats) - (branch.joins is not None),
        members=branch.members,
        travel_m=branch.travel_m,
        farthest_m=max(s.travel_m for s in branch.seats),
        survival=branch.survival,
        state=branch.state.value,
        verified=branch.verified,
        reasons=_reasons(branch.reasons),
    )


def _reasons(reasons: Sequence[Reason]) -> list[list[Any]]:
    return [[r.code, dict(r.params)] for r in reasons]
