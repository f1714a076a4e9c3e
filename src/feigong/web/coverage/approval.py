"""Approving parts of a plan: ticked joint branches, or what it says of single enterprises, become cases."""

from __future__ import annotations

from collections import defaultdict

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from feigong.apps.accounts.roles import Permission
from feigong.apps.cases import actions as cases
from feigong.apps.clock import today
from feigong.apps.coverage import approving, queries
from feigong.apps.roll import queries as roll
from feigong.core.errors import FeigongError
from feigong.web.coverage.listing import BRANCHES
from feigong.web.lists.views import ask_of, chosen
from feigong.web.records.inputs import day_in, number_in
from feigong.web.request import actor_of, sight_of, words_of
from feigong.web.screen import screen

_SHOWN = 12
_MOST = 2000  # enterprises of one form


@require_POST
@screen(Permission.ROLL_CHANGE)
def branches(request: HttpRequest) -> HttpResponse:
    """Posted from the list: the question. Posted from itself: cases are opened, and the list of them shown."""
    ask = ask_of(request)
    rows = list(chosen(BRANCHES, request, ask))
    by_plan: dict[int, list[str]] = defaultdict(list)
    for row in rows:
        by_plan[row.plan_id].append(row.key)
    if not by_plan:
        raise FeigongError("error.coverage.nothing_chosen")
    if len(by_plan) > 1:
        raise FeigongError("error.coverage.one_plan")
    ((plan_id, keys),) = by_plan.items()
    if request.POST.get("step") != "approve":
        names = queries.names_of_branches(ask.sight, rows[:_SHOWN])
        shown = [words_of(request).join(found) for found in names.values()]
        return _question(request, plan_id, len(keys), shown, [row.host_id for row in rows])
    return _done(request, plan_id, branches=keys)


@require_POST
@screen(Permission.ROLL_CHANGE)
def enterprises(request: HttpRequest, plan_id: int) -> HttpResponse:
    """The same for enterprises ticked on the page of a plan."""
    sight = sight_of(request)
    kept = queries.plan(sight, plan_id)
    ids = [int(t) for t in request.POST.getlist("ids")[:_MOST] if t.isdecimal() and len(t) < 16]
    if not ids:
        raise FeigongError("error.coverage.nothing_chosen")
    if request.POST.get("step") != "approve":
        rows = list(queries.outcomes(sight, kept).filter(enterprise_id__in=ids))
        names = queries.names_by_key(sight, [kept], [row.key for row in rows[:_SHOWN]])
        return _question(request, plan_id, len(rows), list(names.values()), ids)
    return _done(request, plan_id, enterprises=ids)


def _question(request: HttpRequest, plan_id: int, count: int, shown: list[str], firms: list[int]) -> HttpResponse:
    sight = sight_of(request)
    areas = roll.enterprises(sight).filter(enterprise_id__in=firms).order_by().values_list("area_id", flat=True)
    context = {
        "plan_id": plan_id, "count": count, "shown": shown, "ids": request.POST.getlist("ids"),
        "every": request.POST.get("all") == "1", "today": today(),
        "owners": cases.owners(actor_of(request), areas, on=today(), known_at=sight.known_at),
    }  # fmt: skip
    return render(request, "coverage/approve.html", context)


def _done(request: HttpRequest, plan_id: int, **parts: list[str] | list[int]) -> HttpResponse:
    done = approving.approve(
        actor_of(request), plan_id, on=day_in(request.POST, "on"), reason=request.POST.get("reason", ""),
        owner=number_in(request.POST, "owner"), **parts,  # type: ignore[arg-type]
    )  # fmt: skip
    words = words_of(request)
    messages.success(request, words.word("web.coverage.approved", n=len(done.opened)))
    if done.under_way:
        messages.warning(request, words.word("web.coverage.under_way", n=done.under_way))
    return redirect("cases:list")
