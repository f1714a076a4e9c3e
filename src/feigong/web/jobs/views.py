"""Background jobs: a list, one with its progress, and the notice that is part of every page."""

from __future__ import annotations

from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_POST

from feigong.apps.accounts.roles import Permission
from feigong.apps.clock import now
from feigong.apps.jobs import actions, queries
from feigong.core.errors import FeigongError
from feigong.web.jobs.shown import TONES, Shown, shown
from feigong.web.request import actor_of, words_of
from feigong.web.screen import screen

PAGE = 50


@require_GET
@screen()
def jobs(request: HttpRequest) -> HttpResponse:
    actor, words, at = actor_of(request), words_of(request), now()
    everybody = actor.may(Permission.JOBS_VIEW)
    mine = not everybody or request.GET.get("who") == "mine"
    found = queries.own(actor) if mine else queries.visible(actor)
    state = request.GET.get("state", "")
    if state in TONES:
        found = found.filter(state=state)
    page = Paginator(found.order_by("-pk"), PAGE).get_page(request.GET.get("page"))
    return render(
        request,
        "jobs/list.html",
        {
            "page": page,
            "jobs": [shown(row, words, at) for row in page.object_list],
            "everybody": everybody,
            "mine": mine,
            "state": state,
            "states": [(code, words.word(f"job_state.{code}")) for code in TONES],
        },
    )


def _context(request: HttpRequest, job_id: int) -> dict[str, Any]:
    actor = actor_of(request)
    row = queries.visible(actor).filter(pk=job_id).first()
    if row is None:
        raise FeigongError("error.not_found")
    if row.ended_at is not None:
        actions.mark_seen(actor, job_id, now())
    found: Shown = shown(row, words_of(request), now())
    return {"job": found, "may_change": queries.own_or_managed(actor).filter(pk=job_id).exists()}


@require_GET
@screen()
def job(request: HttpRequest, job_id: int) -> HttpResponse:
    return render(request, "jobs/detail.html", _context(request, job_id))


@require_GET
@screen()
def part(request: HttpRequest, job_id: int) -> HttpResponse:
    """The part of the page that changes while the job is under way; when it has ended, the whole page is due."""
    context = _context(request, job_id)
    response = render(request, "jobs/_job.html", context)
    if not context["job"].under_way:
        response["HX-Refresh"] = "true"
    return response


@require_POST
@screen()
def cancel(request: HttpRequest, job_id: int) -> HttpResponseRedirect:
    actions.cancel_job(actor_of(request), job_id)
    return redirect("jobs:detail", job_id)


@require_POST
@screen()
def retry(request: HttpRequest, job_id: int) -> HttpResponseRedirect:
    actions.retry_job(actor_of(request), job_id)
    return redirect("jobs:detail", job_id)


@require_GET
@screen()
def notice(request: HttpRequest) -> HttpResponse:
    """How many are under way, and how many have ended that nobody looked at; nothing where there is nothing."""
    actor = actor_of(request)
    found = queries.notice(actor)
    ended = queries.own(actor).filter(ended_at__isnull=False, seen_at=None).order_by("-ended_at").first()
    context = {"notice": found, "last": shown(ended, words_of(request), now()) if ended else None}
    return render(request, "jobs/_notice_content.html", context)
