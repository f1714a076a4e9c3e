"""The planner as a background job."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from feigong.apps.coverage.actions import KIND, keep_plan, planned_area
from feigong.apps.coverage.models import Plan
from feigong.apps.jobs.registry import Context, Params, job
from feigong.apps.roll.adapters.roll import roll_of
from feigong.core.coverage.plan import plan_coverage
from feigong.core.work import Step, Stop
from feigong.exchange.executors import ThreadExecutor
from feigong.exchange.parameters_file import load_parameters
from feigong.exchange.rules_file import load_rules


@dataclass(frozen=True, slots=True)
class _Asked(Stop):
    """Stops the planner when somebody asked the job to stop."""

    context: Context

    def part(self, share: float) -> _Asked:
        return self

    def __call__(self, spent: int) -> bool:
        return self.context.stopped()


@job(KIND)
def plan_on_roll(context: Context, params: Params) -> Mapping[str, Any]:
    """Read the roll of the day, plan, keep the plan. A plan that a killed worker had kept already is not made twice."""
    kept = Plan.objects.filter(job_id=context.job_id).first()
    if kept is not None:
        return {"plan": kept.pk}
    on, known_at = date.fromisoformat(params["on"]), datetime.fromisoformat(params["known_at"])
    context.progress("coverage.roll")
    area = planned_area(context.actor, on, known_at)
    read = roll_of(context.actor.sight(on, known_at))
    values, shown = load_parameters(None, load_rules(None), on)

    def told(step: Step) -> None:
        context.progress(f"coverage.{step.stage.removeprefix('stage.')}", step.done, step.total, **step.reached)

    with ThreadExecutor(os.cpu_count() or 1) as executor:
        plan = plan_coverage(
            read.roll, values, on=on, seed=params["seed"], stop=_Asked(context), progress=told, executor=executor
        )
    context.progress("coverage.keep")  # also where somebody's wish to stop is heeded: nothing has been written yet
    plan = replace(plan, parameters=shown)
    kept = keep_plan(context, plan, read.enterprises, area=area, known_at=known_at)
    return {"plan": kept.pk}
