"""Visits of liaison officers and the ladders of enterprises, read by offices."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any, Literal

from django.http import HttpRequest
from ninja import Router, Schema
from pydantic import Field

from feigong.api import schemas
from feigong.api.door import actor_of, sight_of
from feigong.api.filters import AsOf, Paged
from feigong.api.operations import add
from feigong.api.reads import paged
from feigong.api.values import AskedId, Day
from feigong.apps.accounts.roles import Permission
from feigong.apps.liaison import queries
from feigong.apps.roll import queries as roll
from feigong.apps.roll.queries.rungs import ladders, on_rung
from feigong.core.coverage.rungs import Ladder, Rung

RungCode = Literal["none", "known", "enough", "organisation"]


class VisitsAsked(AsOf, Paged):
    enterprise: AskedId | None = None
    since: Day | None = Field(None, description="visits of this day and later")
    problem: bool | None = Field(None, description="whether a problem was raised")


class VisitOut(Schema):
    """`met` and `purpose`: codes. `members`: how many were learned of. `case_id`: what the problem became."""

    visit_id: int
    enterprise_id: int
    worker_id: int | None
    on: date
    met: str
    purpose: str
    note: str
    members: int | None
    problem: str
    case_id: int | None

    @staticmethod
    def resolve_visit_id(row: Any) -> int:
        return int(row.pk)


class LaddersAsked(AsOf, Paged):
    rung: Annotated[list[RungCode], Field(max_length=4)] = Field([], description="on one of these on the day")


class StepOut(Schema):
    on: date
    rung: RungCode


class LadderOut(Schema):
    """`since`: the day from which it has stood there without a break. `steps`: all ups and downs."""

    enterprise_id: int
    rung: RungCode
    since: date
    steps: list[StepOut]


def add_liaison(router: Router) -> None:
    visits: Any = schemas.Page[VisitOut]
    steps: Any = schemas.Page[LadderOut]
    add(router, "GET", "/visits", _visits, name="list_visits", tag="liaison", query=VisitsAsked,
        summary="visits as they stand, newest first, of enterprises in sight", answers={200: visits})  # fmt: skip
    add(router, "GET", "/ladders", _ladders, name="list_ladders", tag="liaison", query=LaddersAsked,
        summary="enterprises in sight with their rung and the day of each step", answers={200: steps})  # fmt: skip


def _visits(request: HttpRequest, asked: VisitsAsked) -> dict[str, Any]:
    actor_of(request).must(Permission.VISITS_VIEW)
    sight = sight_of(request, asked.on, asked.known)
    rows = queries.visits(sight)
    if asked.enterprise is not None:
        rows = rows.filter(enterprise_id=asked.enterprise)
    if asked.since is not None:
        rows = rows.filter(on__gte=asked.since)
    if asked.problem is not None:
        rows = rows.exclude(problem="") if asked.problem else rows.filter(problem="")
    return {**paged(rows, asked), "on": sight.on, "known_at": sight.known_at}


def _ladders(request: HttpRequest, asked: LaddersAsked) -> dict[str, Any]:
    actor = actor_of(request)
    actor.must(Permission.ROLL_VIEW)
    actor.must(Permission.MEMBERS_VIEW)
    sight = sight_of(request, asked.on, asked.known)
    rows = roll.enterprises(sight)
    if asked.rung:
        rows = rows.filter(on_rung(sight, asked.rung))
    page = paged(rows, asked)
    found: Any = page["items"]
    steps = ladders(sight, [row.enterprise_id for row in found])
    items = [_ladder(row.enterprise_id, steps[row.enterprise_id]) for row in found]
    return {"items": items, "total": page["total"], "on": sight.on, "known_at": sight.known_at}


def _ladder(enterprise: int, found: Ladder) -> LadderOut:
    since = found.since(found.rung) or found.steps[-1].on
    steps = [StepOut(on=step.on, rung=_code(step.rung)) for step in found.steps]
    return LadderOut(enterprise_id=enterprise, rung=_code(found.rung), since=since, steps=steps)


def _code(rung: Rung) -> RungCode:
    return rung.value
