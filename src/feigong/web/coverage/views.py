"""Coverage plans: what there is, one with its outcomes, its report to take away."""

from __future__ import annotations

from datetime import date
from urllib.parse import urlencode

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods

from feigong.apps.accounts.roles import Permission
from feigong.apps.clock import now, today
from feigong.apps.coverage import actions, queries
from feigong.apps.coverage.reading import named_outcomes, report_page
from feigong.core.errors import FeigongError
from feigong.exchange.proof_words import proof_sentence
from feigong.web.request import actor_of, sight_of, words_of
from feigong.web.screen import screen

PAGE = 50


@require_http_methods(["GET", "POST"])
@screen(Permission.COVERAGE_VIEW)
def plans(request: HttpRequest) -> HttpResponse:
    """The plans there are; starting one."""
    actor = actor_of(request)
    if request.method == "POST":
        job = actions.start_plan(actor, on=_day(request.POST.get("on", "")), known_at=now())
        return redirect("jobs:detail", job.pk)
    found = Paginator(queries.plans(sight_of(request)), PAGE).get_page(request.GET.get("page"))
    return render(
        request,
        "coverage/plans.html",
        {"plans": found, "may_plan": actor.may(Permission.COVERAGE_PLAN), "day": today().isoformat()},
    )


@require_GET
@screen(Permission.COVERAGE_VIEW)
def plan(request: HttpRequest, plan_id: int) -> HttpResponse:
    """One plan: outcomes as figures that open their rows."""
    sight, words = sight_of(request), words_of(request)
    kept = queries.plan(sight, plan_id)
    outcome = request.GET.get("outcome", "")
    page = Paginator(queries.outcomes(sight, kept, outcome), PAGE).get_page(request.GET.get("page"))
    whole = queries.sees_whole(sight, kept)
    return render(
        request,
        "coverage/plan.html",
        {
            "plan": kept,
            "figures": queries.figures(sight, kept),
            "outcome": outcome,
            "query": f"{urlencode({'outcome': outcome})}&" if outcome else "",
            "page": page,
            "rows": named_outcomes(sight, page.object_list, words),
            "whole": whole,
            "proof": proof_sentence(queries.content(kept), words) if whole else "",
        },
    )


@require_GET
@screen(Permission.COVERAGE_VIEW)
def report(request: HttpRequest, plan_id: int) -> HttpResponse:
    """The whole plan as one page that opens anywhere, to be taken away."""
    sight, words = sight_of(request), words_of(request)
    kept = queries.plan(sight, plan_id)
    answer = HttpResponse(report_page(*queries.whole(sight, kept), words), content_type="text/html; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="plan-{kept.on:%Y-%m-%d}.html"'
    return answer


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise FeigongError("error.plan_day", found=text) from None
