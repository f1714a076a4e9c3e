"""One coverage plan with its outcomes, one of its joint branches, its report to take away."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET

from feigong.apps.accounts.roles import Permission
from feigong.apps.accounts.sight import Sight
from feigong.apps.coverage import queries
from feigong.apps.coverage.reading import named_outcomes, report_page
from feigong.core.coverage.comparison import totals
from feigong.core.coverage.values import CoveragePlan
from feigong.core.coverage.wishes import Wish
from feigong.core.reasons import Reason
from feigong.exchange.proof_words import proof_sentence
from feigong.exchange.wishes_json import wishes_from_json
from feigong.web.coverage import shown
from feigong.web.coverage.listing import plan_title
from feigong.web.lists.views import ask_of
from feigong.web.request import actor_of, sight_of, words_of
from feigong.web.screen import screen
from feigong.wording import Words

PAGE = 50
_SINGLE = ("own", "repair")  # approved enterprise by enterprise


@require_GET
@screen(Permission.COVERAGE_VIEW)
def plan(request: HttpRequest, plan_id: int) -> HttpResponse:
    """One plan: outcomes as figures that open their rows."""
    sight, words, actor = sight_of(request), words_of(request), actor_of(request)
    kept = queries.plan(sight, plan_id)
    outcome = request.GET.get("outcome", "")
    page = Paginator(queries.outcomes(sight, kept, outcome), PAGE).get_page(request.GET.get("page"))
    whole = queries.sees_whole(sight, kept)
    figures, branch_count = queries.figures(sight, kept), queries.branches(sight).filter(plan=kept).count()
    branches = f"{reverse('planned_branches:list')}?plan={kept.pk}"
    approves = actor.may(Permission.ROLL_CHANGE)
    return render(
        request,
        "coverage/plan.html",
        {
            "plan": kept,
            "title": plan_title(kept, ask_of(request)),
            "figures": figures,
            "outcome": outcome,
            "query": f"{urlencode({'outcome': outcome})}&" if outcome else "",
            "page": page,
            "rows": named_outcomes(sight, page.object_list, words),
            "whole": whole,
            "may_approve": outcome in _SINGLE and approves,
            "to_approve": _to_approve(figures, branches, branch_count, words) if approves and not outcome else [],
            "may_plan": whole and actor.may(Permission.COVERAGE_PLAN),
            "branches": branches,
            "branch_count": branch_count,
            **(_whole(kept, sight, words) if whole else {}),
        },
    )


def _to_approve(figures: Any, branches: str, branch_count: int, words: Words) -> list[dict[str, str]]:
    """What of a plan can become cases, each with the page on which it is ticked."""
    joint = words.word("web.coverage.branches_n", n=branch_count)
    found = [{"said": joint, "address": branches}] if branch_count else []
    for figure in figures:
        if figure.outcome in _SINGLE:
            said = words.word("web.coverage.figure", outcome=figure.outcome, n=figure.enterprises)
            found.append({"said": said, "address": f"?{urlencode({'outcome': figure.outcome})}"})
    return found


def _whole(kept: Any, sight: Sight, words: Words) -> dict[str, Any]:
    """What is said of a plan to those who see all of it."""
    content = queries.content(kept)
    wishes = wishes_from_json(kept.wishes)
    begin = queries.content(kept.previous) if kept.previous is not None else content
    areas = queries.whole_areas(sight)
    rows = [(name, "", value) for name, value in content.parameters if name in kept.parameters]
    return {
        "proof": proof_sentence(content, words),
        "totals": totals(content),
        "notes": content.notes,
        "stopped": content.stopped_early,
        "chosen": shown.parameters_shown(rows, content, words),
        "wishes": _wish_lines(kept, wishes, begin, sight, words),
        "cost": _cost(kept, sight),
        "altered": len(content.changes),
        "others": [p for p in queries.plans(sight)[:60] if p.pk != kept.pk and p.area_id in areas],
    }


def _wish_lines(kept: Any, wishes: tuple[Wish, ...], begin: CoveragePlan, sight: Sight, words: Words) -> list[str]:
    if not wishes:
        return []
    plans = [kept, *([kept.previous] if kept.previous is not None else [])]
    names = queries.names_by_key(sight, plans, shown.wish_keys(wishes, begin))
    return [shown.wish_sentence(w, begin, names, words) for w in wishes]


def _cost(kept: Any, sight: Sight) -> tuple[Reason, ...]:
    """What a plan costs against the one it was made from."""
    if kept.previous is None or not queries.sees_whole(sight, kept.previous):
        return ()
    return queries.comparison(sight, kept.previous, kept).cost


@require_GET
@screen(Permission.COVERAGE_VIEW)
def branch(request: HttpRequest, branch_id: int) -> HttpResponse:
    """One joint branch that a plan proposes: who, where, when, how far, and why."""
    sight, words, actor = sight_of(request), words_of(request), actor_of(request)
    found = queries.branch_by_number(sight, branch_id)
    whole = queries.sees_whole(sight, found.plan)
    seats = list(queries.seats(found))
    named = {row.enterprise_id: row for row in named_outcomes(sight, seats, words)}
    lines = [
        {
            "seat": seat,
            "name": named[seat.enterprise_id].name,
            "hosts": seat.enterprise_id == found.host_id,
            "why": words.sentences(shown.reasons_of(seat.reasons)) if whole else named[seat.enterprise_id].why,
            "alternatives": [Reason(code, params) for _, code, params, _ in seat.alternatives] if whole else [],
        }
        for seat in seats
    ]
    return render(
        request,
        "coverage/branch.html",
        {
            "branch": found,
            "plan_title": plan_title(found.plan, ask_of(request)),
            "host": queries.enterprise_name(sight, found.host_id),
            "organisation": queries.organisation_name(sight, found.organisation_id),
            "lines": lines,
            "slot": words.slot(found.slot, found.cycle_weeks),
            "reasons": shown.reasons_of(found.reasons),
            "may_plan": whole and actor.may(Permission.COVERAGE_PLAN),
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
