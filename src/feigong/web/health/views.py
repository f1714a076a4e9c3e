"""Whether we are there: for watchers; what is wrong: for the system administrator."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from feigong import __version__
from feigong.apps.accounts.roles import Permission
from feigong.apps.clock import now
from feigong.apps.jobs import queries as jobs
from feigong.apps.operation import checks
from feigong.web.request import words_of
from feigong.web.screen import screen


@require_safe
@never_cache
def alive(request: HttpRequest) -> HttpResponse:
    """This process answers. Asks nothing of the database."""
    return HttpResponse("ok\n", content_type="text/plain; charset=utf-8")


@require_safe
@never_cache
def ready(request: HttpRequest) -> JsonResponse:
    """Whether requests can be served; why not is in `feigong check`, not for everybody."""
    good = checks.ready(now())
    return JsonResponse({"ready": good}, status=200 if good else 503)


@require_safe
@screen(Permission.SYSTEM_MANAGE)
def system(request: HttpRequest) -> HttpResponse:
    """What `feigong check` says."""
    words, at = words_of(request), now()
    rows = []
    for name, findings in checks.check_all(at).items():
        said = [
            (f.grade.value, words.word(f"check.finding.{f.code}", **f.params),
             words.word(f"check.mend.{f.code}", **f.params))
            for f in findings
        ]  # fmt: skip
        rows.append((words.word(f"check.{name}"), said))
    wrong = sum(len(said) for _, said in rows)
    context = {
        "rows": rows, "wrong": wrong, "at": at, "version": __version__, "workers": jobs.alive_workers(at).count(),
    }  # fmt: skip
    return render(request, "health/system.html", context)
