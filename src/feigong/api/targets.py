"""Targets of the year: what can be followed, the table of one of them; an area's own, set and split."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any, Literal

from django.http import HttpRequest, HttpResponse
from ninja import Router, Schema
from pydantic import Field

from feigong.api import schemas
from feigong.api.conditions import ETAG, VERSION, etag, version_of
from feigong.api.door import actor_of, sight_of, words_of
from feigong.api.filters import AsOf
from feigong.api.inputs import Given
from feigong.api.operations import add
from feigong.api.reads import IDENTITY
from feigong.api.values import MOST_ID, Id, Reason, Text, Whole
from feigong.apps.accounts.roles import Permission
from feigong.apps.clock import today
from feigong.apps.roll.choices import AreaKind
from feigong.apps.roll.kinds import RecordKind, in_sight
from feigong.apps.targets import actions, queries
from feigong.apps.targets.actions import Part, Wanted
from feigong.apps.targets.reading import Line, table
from feigong.core.coverage.targets import Pace
from feigong.core.errors import FeigongError

_TAG = "targets"


class TargetsAsked(AsOf):
    measure: str = Field("coverage_rate", max_length=32)
    year: int | None = Field(None, ge=2000, le=2100, description="of the day if not given")
    by: Literal["areas", "industries"] = "areas"
    kind: AreaKind | None = Field(None, description="all areas of a kind, instead of those right below")
    area: int | None = Field(None, ge=1, le=MOST_ID, description="whose parts; the uppermost in sight if not given")


class MeasureOut(Schema):
    code: str
    title: str
    note: str
    share: bool
    rule: str | None


class MeasuresOut(Schema):
    items: list[MeasureOut]


class AmountOut(Schema):
    """`part` of `whole`; a number has no whole."""

    part: int
    whole: int | None


class TargetLine(Schema):
    """`target` and `version`: what stands. Of a share the target is in hundredths of a percent. `missing`: how many are
    still needed; `expected`: how many the calendar asks for by the day. `trend`: one for each of the table's days."""

    area_id: int | None
    industry: str | None
    name: str
    whole: bool
    target: int | None
    version: int
    now: AmountOut
    missing: int | None
    expected: int | None
    pace: Pace | None
    trend: list[AmountOut]


class TargetsOut(Schema):
    year: int
    measure: str
    on: date
    days: list[date]
    items: list[TargetLine]


Value = Annotated[Whole, Field(ge=0, le=2_000_000_000)]


class TargetsOfArea(AsOf):
    year: int | None = Field(None, ge=2000, le=2100, description="of the day if not given")


class TargetOut(Schema):
    """`industry` is empty where it is of the whole area; `version` 0, `value` null: none stands."""

    year: int
    measure: str
    industry: str
    value: int | None
    version: int


class TargetsStanding(Schema):
    items: list[TargetOut]


class TargetIn(Given):
    """Of a share in hundredths of a percent; null: it shall stand no longer."""

    year: Annotated[Whole, Field(ge=0, le=9999)]
    measure: Text = Field(max_length=32)
    industry: Text = Field("", max_length=2)
    value: Value | None
    reason: Reason = ""


class PartIn(Given):
    """One area below, or one industry. `version`: of what stands there now, as the table has it; 0: nothing."""

    area_id: Id | None = None
    industry: Text = Field("", max_length=2)
    value: Value | None
    version: Annotated[Whole, Field(ge=0, le=MOST_ID)]


class SplitIn(Given):
    """`accept`: set them although they do not add up; it is recorded by how much."""

    year: Annotated[Whole, Field(ge=0, le=9999)]
    measure: Text = Field(max_length=32)
    by: Literal["areas", "industries"] = "areas"
    parts: Annotated[list[PartIn], Field(min_length=1, max_length=1000)]
    accept: bool = Field(False, strict=True)
    reason: Reason = ""


def add_targets(router: Router) -> None:
    add(router, "GET", "/targets", _table, name="list_targets", tag=_TAG, query=TargetsAsked,
        summary="one measure of a year: areas or industries with target, figure and what the calendar asks for",
        answers={200: TargetsOut})  # fmt: skip
    add(router, "GET", "/targets/measures", _measures, name="list_measures", tag=_TAG,
        summary="what targets can be set for", answers={200: MeasuresOut})  # fmt: skip
    add(router, "GET", "/areas/{int:identity}/targets", _standing, name="list_targets_of_area", tag=_TAG,
        query=TargetsOfArea, summary="the targets of an area and of industries in it, with their versions",
        answers={200: TargetsStanding})  # fmt: skip
    add(router, "PUT", "/areas/{int:identity}/targets", _set, name="set_target", tag=_TAG, body=TargetIn,
        summary='set a target of an area, or of an industry in it, from today on; If-Match "0" where none stands',
        answers={200: TargetOut}, headers=ETAG)  # fmt: skip
    add(router, "POST", "/areas/{int:identity}/targets/split", _split, name="split_target", tag=_TAG, body=SplitIn,
        summary="set the targets below an area, or of its industries, so that they add up to its own",
        answers={200: schemas.Changed})  # fmt: skip


def _measures(request: HttpRequest) -> dict[str, Any]:
    actor_of(request).must(Permission.TARGETS_VIEW)
    lang = words_of(request).lang
    known = queries.measures(sight_of(request))
    said = ((one, getattr(one.title, lang), getattr(one.note, lang)) for one in known)
    return {
        "items": [
            MeasureOut(code=one.code, title=title, note=note, share=one.share, rule=one.rule)
            for one, title, note in said
        ]
    }


def _table(request: HttpRequest, asked: TargetsAsked) -> dict[str, Any]:
    actor_of(request).must(Permission.TARGETS_VIEW)
    sight = sight_of(request, asked.on, asked.known)
    measure = queries.measure_of(sight, asked.measure)
    found = table(sight, asked.year or sight.on.year, measure, area=asked.area, by=asked.by, kind=asked.kind or "")
    items = [_line(line, found.area) for line in found.lines]
    return {"year": found.year, "measure": measure.code, "on": found.day, "days": found.days, "items": items}


def _line(line: Line, area: int | None) -> dict[str, Any]:
    by_industry = isinstance(line.key, str)
    return {
        "area_id": area if by_industry else line.key,
        "industry": line.key if by_industry else None,
        "name": line.name,
        "whole": not line.level,
        "target": line.target,
        "version": line.version,
        "now": {"part": line.now.part, "whole": line.now.whole},
        "missing": line.missing,
        "expected": line.course.expected if line.course else None,
        "pace": line.course.pace if line.course else None,
        "trend": [{"part": one.part, "whole": one.whole} for one in line.trend],
    }


def _area(request: HttpRequest, identity: int, needed: Permission) -> None:
    """Who may not is told so first; then whether the area is there."""
    actor_of(request).must(needed)
    in_sight(RecordKind.AREA, sight_of(request), identity)


def _standing(request: HttpRequest, asked: TargetsOfArea, identity: int = IDENTITY) -> dict[str, Any]:
    actor_of(request).must(Permission.TARGETS_VIEW)
    sight = sight_of(request, asked.on, asked.known)
    in_sight(RecordKind.AREA, sight, identity)
    year = asked.year or sight.on.year
    return {"items": [_shown(one) for one in queries.of_area_with_industries(sight, year, identity)]}


def _shown(row: Any) -> dict[str, Any]:
    return {
        "year": row.year, "measure": row.measure, "industry": row.industry, "value": row.value, "version": row.pk,
    }  # fmt: skip


def _set(
    request: HttpRequest, response: HttpResponse, given: TargetIn, identity: int = IDENTITY, version: str = VERSION
) -> dict[str, Any]:
    _area(request, identity, Permission.TARGETS_SET)
    wanted = Wanted(identity, given.measure, given.value, given.industry, version_of(version))
    actions.set_targets(actor_of(request), given.year, [wanted], on=today(), reason=given.reason)
    rows = queries.of_area_with_industries(sight_of(request), given.year, identity)
    row = rows.filter(measure=given.measure, industry=given.industry).first()
    response["ETag"] = etag(row.pk if row is not None else 0)
    if row is not None:
        return _shown(row)
    return {"year": given.year, "measure": given.measure, "industry": given.industry, "value": None, "version": 0}


def _split(request: HttpRequest, given: SplitIn, identity: int = IDENTITY) -> dict[str, int]:
    _area(request, identity, Permission.TARGETS_SET)
    parts = [_part(one, given.by) for one in given.parts]
    if len({part.key for part in parts}) < len(parts):
        raise FeigongError("error.targets.twice")
    changed = actions.split_target(
        actor_of(request), given.year, identity, given.measure, parts, by=given.by, on=today(), accept=given.accept,
        reason=given.reason,
    )  # fmt: skip
    return {"changed": changed}


def _part(one: PartIn, by: str) -> Part:
    key = one.area_id if by == "areas" else one.industry
    if not key or (one.area_id is not None and one.industry):
        raise FeigongError("error.targets.not_below")
    return Part(key, one.value, one.version)
