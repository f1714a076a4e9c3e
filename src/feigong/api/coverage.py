"""Plans of coverage: asked for, listed, and what they say of the enterprises in sight."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.http import HttpRequest
from ninja import Router, Schema, Status
from pydantic import Field

from feigong.api import schemas
from feigong.api.door import actor_of, sight_of, words_of
from feigong.api.filters import Paged
from feigong.api.inputs import Given
from feigong.api.jobs import JobOut, job_out
from feigong.api.operations import add
from feigong.api.reads import IDENTITY, paged
from feigong.api.values import Day
from feigong.apps.accounts.roles import Permission
from feigong.apps.clock import now, today
from feigong.apps.coverage import actions, queries
from feigong.apps.coverage.reading import named_outcomes
from feigong.core.coverage.values import Outcome

_TAG = "coverage-plans"


class Wanted(Given):
    """On the roll of a day, as known now. The same roll and seed: the same plan."""

    on: Day | None = Field(None, description="today if not given")
    seed: int = Field(0, strict=True, ge=0, le=2**31 - 1)


class OutcomesAsked(Paged):
    outcome: Outcome | None = None


class PlanOut(Schema):
    id: int
    on: date
    known_at: datetime
    seed: int
    area_id: int


class FigureOut(Schema):
    outcome: str
    enterprises: int
    full_members: int


class PlanWhole(PlanOut):
    """`figures` are of the enterprises in sight; `whole`: whether these are all that was planned."""

    whole: bool
    figures: list[FigureOut]


class OutcomeOut(Schema):
    enterprise_id: int
    name: str
    outcome: str
    full_members: int
    missing_members: int
    branch: str
    why: str


def add_coverage_plans(router: Router) -> None:
    add(router, "POST", "/coverage-plans", _start, name="start_plan", tag=_TAG, answers={202: JobOut},
        summary="plan the coverage of one's area, as a job; its result names the plan")  # fmt: skip
    add(router, "GET", "/coverage-plans", _listed, name="list_plans", tag=_TAG, query=Paged,
        summary="plans that touch what is in sight, newest first", answers={200: schemas.Sum[PlanOut]})  # fmt: skip
    add(router, "GET", "/coverage-plans/{int:identity}", _one, name="one_plan", tag=_TAG,
        summary="one of them with its figures", answers={200: PlanWhole})  # fmt: skip
    add(router, "GET", "/coverage-plans/{int:identity}/outcomes", _outcomes, name="outcomes_of_plan", tag=_TAG,
        query=OutcomesAsked, summary="what it says of each enterprise in sight",
        answers={200: schemas.Sum[OutcomeOut]})  # fmt: skip


def _start(request: HttpRequest, given: Wanted) -> Status[Any]:
    job = actions.start_plan(actor_of(request), on=given.on or today(), known_at=now(), seed=given.seed)
    return Status(202, job_out(job, words_of(request)))


def _listed(request: HttpRequest, asked: Paged) -> dict[str, Any]:
    actor_of(request).must(Permission.COVERAGE_VIEW)
    return paged(queries.plans(sight_of(request)), asked)


def _one(request: HttpRequest, identity: int = IDENTITY) -> dict[str, Any]:
    actor_of(request).must(Permission.COVERAGE_VIEW)
    sight = sight_of(request)
    plan = queries.plan(sight, identity)
    facts = {name: getattr(plan, name) for name in PlanOut.model_fields}
    return {**facts, "whole": queries.sees_whole(sight, plan), "figures": queries.figures(sight, plan)}


def _outcomes(request: HttpRequest, asked: OutcomesAsked, identity: int = IDENTITY) -> dict[str, Any]:
    actor_of(request).must(Permission.COVERAGE_VIEW)
    sight = sight_of(request)
    plan = queries.plan(sight, identity)
    found = paged(queries.outcomes(sight, plan, asked.outcome or ""), asked)
    rows: Any = found["items"]
    return {**found, "items": named_outcomes(sight, rows, words_of(request))}
