"""The year's table, an area by months, the table as a file."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.views.decorators.http import require_GET, require_POST

from feigong.apps.accounts.roles import Permission
from feigong.apps.audit.actions import record_event
from feigong.apps.targets import queries
from feigong.apps.targets.figures import excluded
from feigong.apps.targets.reading import Table, of_day, table
from feigong.core.coverage.facts import Exclusion
from feigong.web.lists.export import xlsx_answer
from feigong.web.request import actor_of, sight_of, words_of
from feigong.web.screen import screen
from feigong.web.targets.asked import Asked, asked_of, opens
from feigong.web.targets.shown import heads as heads_of
from feigong.web.targets.shown import row_of, target_text
from feigong.web.targets.shown import values as values_of

_P = Permission


def _read(request: HttpRequest, asked: Asked) -> Table:
    return table(sight_of(request), asked.year, asked.measure, area=asked.area, by=asked.by, kind=asked.kind)


@require_GET
@screen(_P.TARGETS_VIEW)
def show(request: HttpRequest) -> HttpResponse:
    asked, words, actor = asked_of(request), words_of(request), actor_of(request)
    found = _read(request, asked)
    rows = [row_of(asked, found, line, words) for line in found.lines]
    ways = ("areas", "industries") if asked.measure.by_industry else ()
    kinds = ("", *found.kinds) if len(found.kinds) > 1 else ()
    may_set = actor.may(_P.TARGETS_SET)
    context = {
        "asked": asked, "found": found, "rows": rows, "measure": asked.measure, "on": found.day,
        "title": _said(asked.measure.title, request), "note": _said(asked.measure.note, request),
        "measures": [(one.code, _said(one.title, request), asked.query(measure=one.code, by=None))
                     for one in queries.measures(sight_of(request))],
        "years": [(year, asked.query(year=year)) for year in range(found.day.year - 1, found.day.year + 2)],
        "ways": [(by, asked.query(by=by, kind="")) for by in ways],
        "kinds": [(kind, asked.query(by=None, kind=kind)) for kind in kinds],
        "above": [(name, asked.query(area=area, kind="")) for area, name in found.above],
        "below": {row.line.key: asked.query(area=row.line.key, kind="") for row in rows if row.line.below},
        "query": asked.query(area=found.area), "may_export": actor.may(_P.EXPORT),
        "may_set": may_set and found.area in queries.settable_areas(sight_of(request)),
        "may_split": may_set and not found.kind and bool(found.takers) and found.lines[0].target is not None,
        "has_target": any(row.line.target is not None for row in rows),
    }  # fmt: skip
    return render(request, "targets/list.html", context)


def _said(text: Any, request: HttpRequest) -> str:
    said: str = getattr(text, words_of(request).lang)
    return said


@require_GET
@screen(_P.TARGETS_VIEW)
def area(request: HttpRequest, area_id: int) -> HttpResponse:
    """One area: the measure month by month, how its target changed, who does not count and why."""
    asked = replace(asked_of(request), area=area_id, by="areas", kind="")
    sight, words = sight_of(request), words_of(request)
    found = _read(request, asked)
    line, measure = found.lines[0], found.measure
    months = [
        {
            "day": day,
            "part": (amount.part, opens(asked, found, measure.part_query, area_id, day)),
            "whole": (amount.whole, opens(asked, found, measure.whole_query, area_id, day)),
            "share": amount.share,
        }
        for day, amount in zip(found.days, line.trend, strict=True)
    ]
    changes = queries.stretches(sight, asked.year, area_id, measure.code)
    context = {
        "asked": asked, "found": found, "row": row_of(asked, found, line, words), "measure": measure,
        "title": _said(measure.title, request), "note": _said(measure.note, request), "months": months,
        "query": asked.query(), "reasons": _reasons(asked, found, area_id, request) if measure.rule else [],
        "stretches": [(target_text(measure, one.value, words), one.first, one.end) for one in changes],
        "measures": [(one.code, _said(one.title, request), asked.query(measure=one.code, area=None))
                     for one in queries.measures(sight)],
        "may_set": actor_of(request).may(_P.TARGETS_SET) and area_id in queries.settable_areas(sight),
    }  # fmt: skip
    return render(request, "targets/detail.html", context)


def _reasons(asked: Asked, found: Table, area_id: int, request: HttpRequest) -> list[tuple[str, int, str]]:
    """(reason, how many, the list of them), the most frequent first."""
    numbers: Mapping[str, int] = excluded(of_day(sight_of(request), found.year)).get(area_id, {})
    lines = [
        (why.value, numbers[why.value], opens(asked, found, urlencode({"excluded": why.value}), area_id, found.day))
        for why in Exclusion
        if numbers.get(why.value)
    ]
    return sorted(lines, key=lambda line: -line[1])


@require_POST
@screen(_P.EXPORT)
def export(request: HttpRequest) -> HttpResponseBase:
    """The table as it is seen, with the month's figures. Recorded before it is sent."""
    actor, words = actor_of(request), words_of(request)
    actor.must(_P.TARGETS_VIEW)
    asked = asked_of(request)
    found = _read(request, asked)
    params = {"list": "targets", "format": "xlsx", "rows": len(found.lines), "asked": asked.query()}
    record_event(actor, "lists.export", params=params)
    title = f"{asked.year} {_said(asked.measure.title, request)}"
    rows = (values_of(row_of(asked, found, line, words), words) for line in found.lines)
    return xlsx_answer(f"{title}-{found.day.isoformat()}.xlsx", title, heads_of(found, words), rows)
