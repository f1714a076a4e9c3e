"""Plans of coverage: asked for, listed, and what they say of the enterprises in sight."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any, Literal

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
from feigong.api.values import AskedId, Day, Id, Text
from feigong.apps.accounts.roles import Permission
from feigong.apps.clock import now, today
from feigong.apps.coverage import actions, queries
from feigong.apps.coverage.reading import named_outcomes
from feigong.core.coverage.values import Basis, Outcome
from feigong.exchange.wishes_json import MOST, wish_from_json

_TAG = "coverage-plans"
Key = Annotated[Text, Field(min_length=1, max_length=80)]
Keys = Annotated[list[Key], Field(min_length=1, max_length=50)]
Weeks = Annotated[int, Field(strict=True, ge=1, le=3)]
SlotNumber = Annotated[int, Field(strict=True, ge=0, le=62, description="week * 21 + day * 3 + part")]
Figure = Annotated[float, Field(strict=True, ge=-1e9, le=1e9, allow_inf_nan=False)]


class PinIn(Given):
    """Exactly these enterprises, by their keys in plans, are one joint branch; ``joins``: the organisation's key."""

    kind: Literal["pin"]
    usccs: Keys
    host: Key
    slot: SlotNumber | None = None
    cycle_weeks: Weeks = 1
    joins: Text = Field("", max_length=80)


class MoveIn(Given):
    """Into the branch with this key; without one, into none."""

    kind: Literal["move"]
    uscc: Key
    to: Text = Field("", max_length=80)


class HostIn(Given):
    kind: Literal["host"]
    branch: Key
    uscc: Key


class SlotIn(Given):
    kind: Literal["slot"]
    branch: Key
    slot: SlotNumber
    cycle_weeks: Weeks = 1


class ForbidIn(Given):
    """Never all of these in one joint branch; a single one in none."""

    kind: Literal["forbid"]
    usccs: Keys
    organisation: Text = Field("", max_length=80)


WishIn = Annotated[PinIn | MoveIn | HostIn | SlotIn | ForbidIn, Field(discriminator="kind")]
Wishes = Annotated[list[WishIn], Field(max_length=MOST)]
Name = Annotated[Text, Field(max_length=actions.NAME_MOST)]


class Wanted(Given):
    """On the roll of a day, as known now. The same roll, parameters and seed: the same plan."""

    on: Day | None = Field(None, description="today if not given")
    seed: int = Field(0, strict=True, ge=0, le=2**31 - 1)
    name: Name = ""
    parameters: dict[str, bool | Figure | list[Basis]] = Field(
        {}, description="by id, what is to differ from the values in force", max_length=50
    )
    previous: Id | None = Field(None, description="the plan in force: what it has stays where it can")
    keep_wishes: bool = Field(False, strict=True, description="that plan's changes by hand too, where they can be")
    wishes: Wishes = Field([])


class Adjusted(Given):
    """Changes by hand; the rest of the plan is held."""

    wishes: Annotated[list[WishIn], Field(min_length=1, max_length=MOST)]
    name: Name = ""


class ComparisonAsked(Paged):
    before: AskedId | None = Field(None, description="the other plan; else the one it was made from, or itself")


class OutcomesAsked(Paged):
    outcome: Outcome | None = None


class PlanOut(Schema):
    id: int
    on: date
    known_at: datetime
    seed: int
    area_id: int
    name: str
    previous_id: int | None
    by_hand: bool


class FigureOut(Schema):
    outcome: str
    enterprises: int
    full_members: int


class PlanWhole(PlanOut):
    """`figures` are of the enterprises in sight; `whole`: whether these are all that was planned."""

    whole: bool
    figures: list[FigureOut]
    parameters: dict[str, Any] | None = Field(None, description="those chosen; of a plan all of which is in sight")
    wishes: list[dict[str, Any]] | None = Field(None, description="changes by hand; the same")


class BranchOut(Schema):
    key: str
    host_id: int
    organisation_id: int | None
    slot: int
    cycle_weeks: int
    basis: str
    enterprises: int
    members: int
    travel_m: float
    farthest_m: float
    survival: float
    state: str
    verified: bool


class SaidOut(Schema):
    code: str
    params: dict[str, Any]
    sentence: str


class TotalsOut(Schema):
    enterprises: int
    branches: int
    placed: int
    covered_members: int
    pool_members: int
    travel_m: float
    farthest_m: float
    waiting: int


class BalanceOut(Schema):
    kept: int
    changed: int
    gone: int
    new: int


class SideOut(Schema):
    outcome: str
    full_members: int
    branch: str | None
    partners: list[str]
    host: str | None
    slot: int | None
    cycle_weeks: int
    travel_m: float | None


class EnterpriseChangeOut(Schema):
    """An enterprise by its key; a side is null where that plan does not have it."""

    uscc: str
    differences: list[str]
    before: SideOut | None
    after: SideOut | None


class ParameterOut(Schema):
    id: str
    before: str
    after: str


class ComparisonOut(schemas.Sum[EnterpriseChangeOut]):
    before: TotalsOut
    after: TotalsOut
    branches: BalanceOut
    parameters: list[ParameterOut]
    cost: list[SaidOut]


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
    add(router, "GET", "/coverage-plans/{int:identity}/branches", _branches, name="branches_of_plan", tag=_TAG,
        query=Paged, summary="its joint branches all of whose enterprises are in sight",
        answers={200: schemas.Sum[BranchOut]})  # fmt: skip
    add(router, "POST", "/coverage-plans/{int:identity}/adjust", _adjust, name="adjust_plan", tag=_TAG, body=Adjusted,
        summary="another plan of this one by changes by hand, as a job", answers={202: JobOut})  # fmt: skip
    add(router, "GET", "/coverage-plans/{int:identity}/comparison", _compared, name="compare_plans", tag=_TAG,
        query=ComparisonAsked, summary="what it changes for whom against another plan, and what that costs",
        answers={200: ComparisonOut})  # fmt: skip


def _start(request: HttpRequest, given: Wanted) -> Status[Any]:
    job = actions.start_plan(
        actor_of(request), on=given.on or today(), known_at=now(), seed=given.seed, name=given.name,
        parameters={k: [b.value for b in v] if isinstance(v, list) else v for k, v in given.parameters.items()},
        previous=given.previous, keep_wishes=given.keep_wishes, wishes=_wishes(given.wishes),
    )  # fmt: skip
    return Status(202, job_out(job, words_of(request)))


def _wishes(given: list[Any]) -> tuple[Any, ...]:
    return tuple(wish_from_json(one.model_dump()) for one in given)


def _adjust(request: HttpRequest, given: Adjusted, identity: int = IDENTITY) -> Status[Any]:
    job = actions.adjust_plan(
        actor_of(request), identity, _wishes(given.wishes), on=today(), known_at=now(), name=given.name
    )
    return Status(202, job_out(job, words_of(request)))


def _branches(request: HttpRequest, asked: Paged, identity: int = IDENTITY) -> dict[str, Any]:
    actor_of(request).must(Permission.COVERAGE_VIEW)
    sight = sight_of(request)
    return paged(queries.branches(sight).filter(plan=queries.plan(sight, identity)).order_by("key"), asked)


def _compared(request: HttpRequest, asked: ComparisonAsked, identity: int = IDENTITY) -> dict[str, Any]:
    actor_of(request).must(Permission.COVERAGE_VIEW)
    sight, words = sight_of(request), words_of(request)
    after = queries.plan(sight, identity)
    number = asked.before if asked.before is not None else after.previous_id
    before = after if number is None else queries.plan(sight, number)
    found = queries.comparison(sight, before, after)
    start = (asked.page - 1) * asked.size
    return {
        "items": found.changes[start : start + asked.size],
        "total": len(found.changes),
        "page": asked.page,
        "size": asked.size,
        "before": found.before,
        "after": found.after,
        "branches": found.branches,
        "parameters": [{"id": name, "before": old, "after": new} for name, old, new in found.parameters],
        "cost": [{"code": r.code, "params": dict(r.params), "sentence": words.say(r)} for r in found.cost],
    }


def _listed(request: HttpRequest, asked: Paged) -> dict[str, Any]:
    actor_of(request).must(Permission.COVERAGE_VIEW)
    return paged(queries.plans(sight_of(request)), asked)


def _one(request: HttpRequest, identity: int = IDENTITY) -> dict[str, Any]:
    actor_of(request).must(Permission.COVERAGE_VIEW)
    sight = sight_of(request)
    plan = queries.plan(sight, identity)
    facts = {name: getattr(plan, name) for name in PlanOut.model_fields}
    whole = queries.sees_whole(sight, plan)
    asked = {"parameters": plan.parameters, "wishes": plan.wishes} if whole else {}
    return {**facts, **asked, "whole": whole, "figures": queries.figures(sight, plan)}


def _outcomes(request: HttpRequest, asked: OutcomesAsked, identity: int = IDENTITY) -> dict[str, Any]:
    actor_of(request).must(Permission.COVERAGE_VIEW)
    sight = sight_of(request)
    plan = queries.plan(sight, identity)
    found = paged(queries.outcomes(sight, plan, asked.outcome or ""), asked)
    rows: Any = found["items"]
    return {**found, "items": named_outcomes(sight, rows, words_of(request))}
