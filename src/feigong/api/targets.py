"""Targets of the year, read: what can be followed, and the table of one of them."""

from __future__ import annotations

from datetime import date
from typing import Any, Literal

from django.http import HttpRequest
from ninja import Router, Schema
from pydantic import Field

from feigong.api.door import actor_of, sight_of, words_of
from feigong.api.filters import AsOf
from feigong.api.operations import add
from feigong.api.values import MOST_ID
from feigong.apps.accounts.roles import Permission
from feigong.apps.roll.choices import AreaKind
from feigong.apps.targets import queries
from feigong.apps.targets.reading import Line, table
from feigong.core.coverage.targets import Pace

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


def add_targets(router: Router) -> None:
    add(router, "GET", "/targets", _table, name="list_targets", tag=_TAG, query=TargetsAsked,
        summary="one measure of a year: areas or industries with target, figure and what the calendar asks for",
        answers={200: TargetsOut})  # fmt: skip
    add(router, "GET", "/targets/measures", _measures, name="list_measures", tag=_TAG,
        summary="what targets can be set for", answers={200: MeasuresOut})  # fmt: skip


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
