"""Cases: what is under way, one with its steps, the step done; parts of a plan approved."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any, Literal

from django.http import HttpRequest, HttpResponse
from ninja import Router, Schema, Status
from pydantic import Field

from feigong.api import schemas
from feigong.api.conditions import ETAG, VERSION, etag, version_of
from feigong.api.door import actor_of, sight_of
from feigong.api.filters import AsOf, Paged
from feigong.api.inputs import Given
from feigong.api.operations import add
from feigong.api.reads import IDENTITY, paged
from feigong.api.values import Day, Id, Reason, Text
from feigong.apps.accounts.roles import Permission
from feigong.apps.accounts.sight import Sight
from feigong.apps.cases import actions, queries
from feigong.apps.clock import today
from feigong.apps.coverage.approving import approve

_TAG = "cases"
Answer = Annotated[Text, Field(max_length=2000)]
Key = Annotated[Text, Field(min_length=1, max_length=80)]


class CasesAsked(AsOf, Paged):
    standing: Literal["open", "held", "closed"] | None = None
    kind: Annotated[Text, Field(max_length=40)] | None = None
    overdue: bool | None = Field(None, description="under way, and the clock has run out")


class StepIn(Given):
    """`ending` and the names of `answers` are those that the case itself says."""

    ending: Annotated[Text, Field(max_length=40)]
    answers: dict[str, Answer] = Field({}, max_length=40)
    on: Day | None = Field(None, description="the day it was done; today if not given")
    text: Answer = ""


class ApprovedIn(Given):
    """Joint branches by key, and enterprises that the plan sets up alone or puts right."""

    branches: Annotated[list[Key], Field(max_length=2000)] = Field([])
    enterprises: Annotated[list[Id], Field(max_length=2000)] = Field([])
    on: Day | None = Field(None, description="today if not given")
    reason: Reason = ""


class CaseOut(Schema):
    case_id: int
    version: int
    kind: str
    standing: str
    step: str
    step_on: date
    due_on: date | None
    held_until: date | None
    outcome: str
    area_id: int


class SubjectOut(Schema):
    kind: str
    record_id: int | None
    name: str
    host: bool


class AskedOut(Schema):
    name: str
    kind: str
    required: bool


class EndingOut(Schema):
    code: str
    asks: list[AskedOut]


class CaseWhole(CaseOut):
    """`about`: what is out of sight has neither number nor name. `endings`: how its step can end, and what each asks
    for."""

    about: list[SubjectOut]
    endings: list[EndingOut]


class ApprovedOut(Schema):
    opened: list[int]
    under_way: int


def add_cases(router: Router) -> None:
    add(router, "GET", "/cases", _listed, name="list_cases", tag=_TAG, query=CasesAsked,
        summary="cases in sight, those first that are due first", answers={200: schemas.Sum[CaseOut]})  # fmt: skip
    add(router, "GET", "/cases/{int:identity}", _one, name="one_case", tag=_TAG, query=AsOf,
        summary="one of them, and how its step can end", answers={200: CaseWhole}, headers=ETAG)  # fmt: skip
    add(router, "POST", "/cases/{int:identity}/step", _step, name="do_step", tag=_TAG, body=StepIn,
        summary="its step is done; the roll changes where the ending says so", answers={200: CaseWhole},
        headers=ETAG)  # fmt: skip
    add(router, "POST", "/coverage-plans/{int:identity}/approve", _approve, name="approve_plan", tag=_TAG,
        body=ApprovedIn, summary="what is approved becomes cases", answers={200: ApprovedOut})  # fmt: skip


def _listed(request: HttpRequest, asked: CasesAsked) -> dict[str, Any]:
    actor_of(request).must(Permission.CASES_VIEW)
    sight = sight_of(request, asked.on, asked.known)
    rows = queries.cases(sight)
    if asked.standing is not None:
        rows = rows.filter(standing=asked.standing)
    if asked.kind is not None:
        rows = rows.filter(case__kind=asked.kind)
    if asked.overdue is not None:
        late = queries.overdue(sight.on)
        rows = rows.filter(late) if asked.overdue else rows.exclude(late)
    found = paged(rows, asked)
    items: Any = found["items"]
    return {**found, "items": [_facts(row) for row in items]}


def _one(request: HttpRequest, response: HttpResponse, asked: AsOf, identity: int = IDENTITY) -> dict[str, Any]:
    return _whole(request, response, sight_of(request, asked.on, asked.known), identity)


def _whole(request: HttpRequest, response: HttpResponse, sight: Sight, identity: int) -> dict[str, Any]:
    actor_of(request).must(Permission.CASES_VIEW)
    row = queries.case(sight, identity)
    response["ETag"] = etag(row.pk)
    step = queries.kind_of(row.case).step(row.step)
    endings = [
        {"code": e.code, "asks": [{"name": a.name, "kind": a.kind, "required": a.required} for a in step.asked(e)]}
        for e in step.endings
    ]
    about = queries.subjects(sight, [identity])[identity]
    return {**_facts(row), "about": about, "endings": endings}


def _facts(row: Any) -> dict[str, Any]:
    shown = {name: getattr(row, name) for name in CaseOut.model_fields if name not in ("version", "kind")}
    return {**shown, "version": row.pk, "kind": row.case.kind}


def _step(
    request: HttpRequest, response: HttpResponse, given: StepIn, identity: int = IDENTITY, version: str = VERSION
) -> dict[str, Any]:
    actions.do_step(
        actor_of(request), identity, given.ending, given.answers, on=given.on or today(), today=today(),
        expected=version_of(version), text=given.text,
    )  # fmt: skip
    return _whole(request, response, sight_of(request), identity)


def _approve(request: HttpRequest, given: ApprovedIn, identity: int = IDENTITY) -> Status[Any]:
    done = approve(
        actor_of(request), identity, branches=given.branches, enterprises=given.enterprises,
        on=given.on or today(), reason=given.reason,
    )  # fmt: skip
    return Status(200, {"opened": list(done.opened), "under_way": done.under_way})
