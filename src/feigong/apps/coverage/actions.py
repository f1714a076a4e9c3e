"""Ask for a plan, and keep what the planner found."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, datetime

from feigong.apps.accounts.roles import Permission
from feigong.apps.accounts.sight import Actor
from feigong.apps.audit.recording import changing
from feigong.apps.coverage.models import Plan, PlannedOutcome
from feigong.apps.jobs.actions import start
from feigong.apps.jobs.models import Job
from feigong.apps.jobs.registry import Context
from feigong.apps.roll import queries
from feigong.core.coverage.values import CoveragePlan
from feigong.core.errors import FeigongError
from feigong.exchange.plan_json import plan_to_json

KIND = "coverage.plan"
_BATCH = 1000


def start_plan(actor: Actor, *, on: date, known_at: datetime, seed: int = 0) -> Job:
    """Plan the coverage of one's area on the roll of a day, as a job.

    Raises `FeigongError`: ``error.not_permitted``; ``error.plan_no_area`` where the account has no area.
    """
    actor.must(Permission.COVERAGE_PLAN)
    planned_area(actor, on, known_at)
    return start(actor, KIND, {"on": on.isoformat(), "known_at": known_at.isoformat(), "seed": seed})


def planned_area(actor: Actor, on: date, known_at: datetime) -> int:
    """The topmost area that the account sees: what a plan of its covers."""
    top = queries.areas(actor.sight(on, known_at)).values_list("area_id", flat=True).first()
    if top is None:
        raise FeigongError("error.plan_no_area")
    return top


def keep_plan(
    context: Context, plan: CoveragePlan, enterprises: Mapping[str, int], *, area: int, known_at: datetime
) -> Plan:
    """Store a finished plan whole, once for each job. ``enterprises``: identity by unified social credit code."""
    counts = {"on": plan.on.isoformat(), "enterprises": len(plan.decisions), "branches": len(plan.branches)}
    with changing(context.actor, "coverage.plan", params=counts) as change:
        context.fence()
        kept = Plan.objects.create(
            area_id=area, on=plan.on, known_at=known_at, seed=plan.seed, content=plan_to_json(plan),
            made=change.record, job_id=context.job_id,
        )  # fmt: skip
        PlannedOutcome.objects.bulk_create(_outcomes(kept, plan, enterprises), batch_size=_BATCH)
        change.note(Plan._meta.label_lower, kept.pk, None, counts)
    return kept


def _outcomes(kept: Plan, plan: CoveragePlan, enterprises: Mapping[str, int]) -> Iterator[PlannedOutcome]:
    for decision in plan.decisions:
        yield PlannedOutcome(
            plan=kept,
            enterprise_id=enterprises[decision.uscc],
            outcome=decision.outcome.value,
            operating=decision.operating,
            full_members=decision.full_members,
            missing_members=decision.missing_members,
            branch=decision.branch or "",
            reasons=[[r.code, dict(r.params)] for r in decision.reasons],
        )
