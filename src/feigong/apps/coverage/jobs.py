"""The planner as a background job."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from feigong.apps.clock import now, today
from feigong.apps.coverage.actions import KIND, begun_of, keep_plan, planned_area, to_go_on_from
from feigong.apps.coverage.models import Plan, PlannedBranch, PlannedOutcome
from feigong.apps.coverage.queries import content
from feigong.apps.jobs.registry import Context, Params, job
from feigong.apps.roll.adapters.roll import roll_of
from feigong.apps.roll.settling import settle
from feigong.core.coverage.plan import plan_coverage
from feigong.core.work import Step, Stop
from feigong.exchange.executors import ThreadExecutor
from feigong.exchange.parameters_file import parameters_with
from feigong.exchange.rules_file import load_rules


@dataclass(frozen=True, slots=True)
class _Asked(Stop):
    """Stops the planner when somebody asked the job to stop."""

    context: Context

    def part(self, share: float) -> _Asked:
        return self

    def __call__(self, spent: int) -> bool:
        return self.context.stopped()


class _Told:
    """Tells the job's page how far the planner is: what was reached stands there until more is."""

    def __init__(self, context: Context) -> None:
        self._context = context
        self._reached: dict[str, object] = {}

    def __call__(self, step: Step) -> None:
        self._reached |= step.reached
        stage = f"coverage.{step.stage.removeprefix('stage.')}"
        self._context.progress(stage, step.done, step.total, **self._reached)


@job(KIND)
def plan_on_roll(context: Context, params: Params) -> Mapping[str, Any]:
    """Read the roll of the day, plan, keep the plan. A plan that a killed worker had kept already is not made twice."""
    kept = Plan.objects.filter(job_id=context.job_id).first()
    if kept is not None:
        return {"plan": kept.pk}
    on, known_at = date.fromisoformat(params["on"]), datetime.fromisoformat(params["known_at"])
    begun = begun_of(params)
    context.progress("coverage.roll")
    area = planned_area(context.actor, on, known_at)
    sight = context.actor.sight(on, known_at)
    read = roll_of(sight)
    values, shown = parameters_with(begun.parameters, load_rules(None), on)
    previous = None
    if begun.previous is not None:
        previous = content(to_go_on_from(context.actor.sight(today(), now()), begun.previous))
    with ThreadExecutor(os.cpu_count() or 1) as executor:
        plan = plan_coverage(
            read.roll, values, on=on, previous=previous, wishes=tuple(begun.wishes), hold_rest=begun.by_hand,
            seed=params["seed"], stop=_Asked(context), progress=_Told(context), executor=executor,
        )  # fmt: skip
    context.progress("coverage.keep")  # also where somebody's wish to stop is heeded: nothing has been written yet
    plan = replace(plan, parameters=shown)
    kept = keep_plan(
        context, plan, read.enterprises, read.organisations, area=area, known_at=known_at, begun=begun
    )
    settle(Plan, PlannedOutcome, PlannedBranch)
    return {"plan": kept.pk}
