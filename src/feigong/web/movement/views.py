"""Asking for a transfer, entering an arrival, turnover by area, planning again."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from feigong.apps.accounts.roles import Permission
from feigong.apps.clock import now, today
from feigong.apps.coverage import queries as plans
from feigong.apps.movement import actions, queries
from feigong.apps.movement.actions import Arriving, Sending
from feigong.apps.roll.kinds import RecordKind, in_sight
from feigong.core.cases.engine import months_after
from feigong.core.coverage.movement import Flow, Way
from feigong.core.errors import FeigongError
from feigong.web.movement.listing import COUNTED
from feigong.web.movement.shown import effect_on_branch
from feigong.web.records.inputs import day_in, number_in, thing_in
from feigong.web.request import actor_of, sight_of, words_of
from feigong.web.screen import screen, status_of

_PAGES = ("error.not_found", "error.not_permitted")


@screen(Permission.CASES_WORK)
def send(request: HttpRequest, member_id: int) -> HttpResponse:
    """The form that asks for a transfer, with what it would do; and what it asks for."""
    sight = sight_of(request)
    row = in_sight(RecordKind.MEMBER, sight, member_id)
    refused: FeigongError | None = None
    if request.method == "POST":
        given = request.POST
        try:
            sending = Sending(
                member_id, given.get("why", ""), number_in(given, "to"), given.get("to_name", ""),
                given.get("outside") == "1", given.get("noted", ""),
            )  # fmt: skip
            case = actions.ask_transfer(actor_of(request), sending, on=_day(request))
        except FeigongError as error:
            if error.reason.code in _PAGES:
                raise
            refused = error
        else:
            messages.success(request, words_of(request).word("web.movement.asked"))
            return redirect("cases:detail", case)
    context = {
        "row": row, "effect": effect_on_branch(sight, member_id), "whys": actions.WHYS, "given": request.POST,
        "refused": refused, "today": today(),
    }  # fmt: skip
    return render(request, "movement/send.html", context, status=status_of(refused) if refused else 200)


def _day(request: HttpRequest) -> date:
    """A transfer is asked for today at the latest."""
    on = day_in(request.POST, "on")
    if on > today():
        raise FeigongError("error.case.day_late", on=on.isoformat())
    return on


@screen(Permission.MEMBERS_CHANGE)
def arrive(request: HttpRequest) -> HttpResponse:
    """The form for a letter from outside the district."""
    refused: FeigongError | None = None
    if request.method == "POST":
        given = request.POST
        try:
            arriving = Arriving(
                given.get("name", ""), given.get("full") == "1", thing_in(given, "to"), given.get("from_name", ""),
                day_in(given, "joined_on") if given.get("joined_on") else None, given.get("id_number", ""),
            )  # fmt: skip
            case = actions.enter_arrival(actor_of(request), arriving, on=_day(request))
        except FeigongError as error:
            if error.reason.code in _PAGES:
                raise
            refused = error
        else:
            messages.success(request, words_of(request).word("web.movement.arrived"))
            return redirect("cases:detail", case)
    context = {"given": request.POST, "refused": refused, "today": today()}
    return render(request, "movement/arrive.html", context, status=status_of(refused) if refused else 200)


@require_GET
@screen(Permission.COVERAGE_VIEW)
def turnover(request: HttpRequest) -> HttpResponse:
    """Areas as rows, every figure with the members it counts."""
    sight, words = sight_of(request), words_of(request)
    refused, first, last = _period(request)
    area = number_in(request.GET, "area")
    lines = queries.table(sight, first, last, area)
    known = {"known": request.GET["known"]} if request.GET.get("known") else {}
    rows = [
        {
            "line": line,
            "below": f"?{urlencode({'first': first, 'last': last, 'area': line.area} | known)}",
            "figures": [_figure(way, line.area, line.flow, first, last, known) for way in Way],
        }
        for line in lines
    ]
    context = {
        "rows": rows, "first": first, "last": last, "area": area, "refused": refused, "today": today(),
        "heads": [words.word(f"web.movement.way.{way}") for way in Way],
    }  # fmt: skip
    return render(request, "movement/turnover.html", context, status=400 if refused else 200)


def _period(request: HttpRequest) -> tuple[FeigongError | None, date, date]:
    """The days of the address; the year up to today where it has none, or none that go together."""
    usual = months_after(today(), -12), today()
    given = request.GET
    try:
        last = day_in(given, "last") if given.get("last") else usual[1]
        first = day_in(given, "first") if given.get("first") else months_after(last, -12)
        if not first < last <= today():
            raise FeigongError("error.movement.period")
    except FeigongError as error:
        return error, *usual
    return None, first, last


def _figure(way: Way, area: int, flow: Flow, first: date, last: date, known: dict[str, str]) -> tuple[Way, int, str]:
    """A figure, with the address of the list that it counts, as of the day on which they were there."""
    on = first if way in (Way.START, Way.MOVED_OUT, Way.LEFT) else last
    asked: dict[str, Any] = {"on": on.isoformat()} | known
    if way in COUNTED:
        asked["moved"] = f"{way}.{first}.{last}.{area}"
    else:
        asked["area"] = area
    return way, getattr(flow, way.value), f"{reverse('members:list')}?{urlencode(asked)}"


@require_POST
@screen(Permission.COVERAGE_PLAN)
def again(request: HttpRequest) -> HttpResponse:
    """A plan on the roll of today that goes on from the latest one."""
    job = actions.plan_again(actor_of(request), on=today(), known_at=now())
    messages.success(request, words_of(request).word("web.movement.again_started"))
    return redirect("jobs:detail", job.pk)


@require_GET
@screen(Permission.COVERAGE_VIEW)
def changes(request: HttpRequest, plan_id: int) -> HttpResponse:
    """The joint branches of the earlier plan that a plan does not keep, each with its reasons."""
    sight = sight_of(request)
    kept = plans.plan(sight, plan_id)
    if not plans.sees_whole(sight, kept):
        raise FeigongError("error.not_found")
    found = plans.content(kept).changes
    then = replace(sight, on=kept.on)
    names = plans.names_by_key(then, [p for p in (kept, kept.previous) if p is not None], {
        key for change in found for key in change.usccs
    })  # fmt: skip
    context = {
        "plan": kept,
        "rows": [([names.get(key, key) for key in one.usccs], one) for one in found],
        "untouched": sum(one.untouched for one in found),
    }
    return render(request, "movement/changes.html", context)
