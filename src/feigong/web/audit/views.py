"""One record as a page; the check of the chain, asked for and looked at."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_POST

from feigong.apps.accounts.roles import Permission
from feigong.apps.audit import queries
from feigong.apps.audit.actions import CHECK, ask_verify
from feigong.apps.jobs import queries as job_queries
from feigong.core.errors import FeigongError
from feigong.core.reasons import Reason
from feigong.web.audit.shown import action_word, blocks, named, param_lines
from feigong.web.request import actor_of, words_of
from feigong.web.screen import screen


@require_GET
@screen(Permission.AUDIT_VIEW)
def record(request: HttpRequest, number: int) -> HttpResponse:
    actor, words = actor_of(request), words_of(request)
    row = queries.record(actor, number)
    differences = queries.differences_of(actor, number)
    names = queries.names_for_auditors(actor, set(named(differences)))
    counts = queries.entries_by_kind(actor, number) if row.entries_count > queries.MOST_ENTRIES else {}
    context = {
        "record": row,
        "action": action_word(words, row.code),
        "params": param_lines(row.params, words),
        "blocks": blocks(differences, names, words),
        "counts": [
            (words.word(f"kind.{kind}") if words.has(f"kind.{kind}") else kind, n) for kind, n in counts.items()
        ],
    }
    return render(request, "audit/record.html", context)


@require_POST
@screen(Permission.AUDIT_VERIFY)
def verify(request: HttpRequest) -> HttpResponse:
    """In the background: it reads every record and every row of the roll."""
    job = ask_verify(actor_of(request), expect=request.POST.get("expect", ""))
    return redirect("jobs:detail", job.pk)


@require_GET
@screen(Permission.AUDIT_VIEW)
def check(request: HttpRequest, job_id: int) -> HttpResponse:
    """What a check has found, to whoever asked for it."""
    job = job_queries.own(actor_of(request)).filter(pk=job_id, kind=CHECK, state="done").first()
    if job is None:
        raise FeigongError("error.not_found")
    found = dict(job.result or {})
    findings = [Reason(one["code"], one["params"]) for one in found["findings"]]
    context = {"found": found, "findings": findings, "more": found["count"] - len(findings), "job": job}
    return render(request, "audit/check.html", context)
