"""Logging visits: from the officer's page (sent by its script, later where there is no network), or a plain form."""

from __future__ import annotations

import uuid
from datetime import date
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse, QueryDict
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods

from feigong.apps.accounts.roles import Permission
from feigong.apps.clock import today
from feigong.apps.liaison import queries
from feigong.apps.liaison.actions import Logged, Told, correct_visit, log_visit, may_correct
from feigong.core.errors import FeigongError
from feigong.web.liaison import shown
from feigong.web.liaison.mine import form_words, own_rounds
from feigong.web.lists.views import ask_of
from feigong.web.request import actor_of, sight_of, words_of
from feigong.web.screen import screen, status_of


@require_GET
@screen(Permission.VISITS_LOG)
def mine(request: HttpRequest) -> HttpResponse:
    """The officer's own page; an office is led to the visits of all."""
    part = own_rounds(ask_of(request))
    return redirect("visits:list") if part is None else render(request, "liaison/mine.html", {"part": part})


@require_http_methods(["GET", "POST"])
@screen(Permission.VISITS_LOG)
def log(request: HttpRequest, enterprise_id: int) -> HttpResponseBase:
    """A visit to an enterprise. The script asks for an answer it can read; a browser without it gets pages."""
    if request.method == "GET":
        return _form(request, enterprise_id)
    for_script = request.headers.get("Accept") == "application/json"
    try:
        logged = log_visit(
            actor_of(request), enterprise_id, told_in(request.POST), request.POST.get("key", ""), today=today()
        )
    except FeigongError as error:
        if for_script:
            return JsonResponse({"sentence": words_of(request).say(error.reason)}, status=status_of(error))
        if status_of(error) != 400:
            raise
        return _form(request, enterprise_id, error)
    if for_script:
        return JsonResponse({"visit": logged.visit, "case": logged.case, "again": logged.again})
    _say(request, logged)
    return redirect("liaison:mine") if actor_of(request).scope.worker else redirect("visits:detail", logged.visit)


def _say(request: HttpRequest, logged: Logged) -> None:
    code = "web.visits.logged_case" if logged.case else "web.visits.logged"
    messages.success(request, words_of(request).word(code))


def _form(request: HttpRequest, enterprise_id: int, refused: FeigongError | None = None) -> HttpResponse:
    name = shown.name_of(sight_of(request), enterprise_id)
    if not name:
        raise FeigongError("error.not_found")
    context = {
        **form_words(ask_of(request)), "enterprise_id": enterprise_id, "name": name,
        "key": request.POST.get("key") or str(uuid.uuid4()), "given": _given(request.POST),
        "refused": refused.reason if refused else None,
    }  # fmt: skip
    return render(request, "liaison/log.html", context, status=status_of(refused) if refused else 200)


def _given(data: QueryDict) -> dict[str, str]:
    return {name: data.get(name, "") for name in ("on", "met", "purpose", "note", "members", "problem")}


def told_in(data: QueryDict) -> Told:
    """What a form says of a visit."""
    text = data.get("on", "").strip()
    try:
        on = date.fromisoformat(text)
    except ValueError:
        raise FeigongError("error.visit.day", found=text[:40]) from None
    number = data.get("members", "").strip()
    if number and not (number.isascii() and number.isdecimal() and len(number) < 9):
        raise FeigongError("error.visit.members", most=99_999)
    return Told(
        on, data.get("met", ""), data.get("purpose", ""), data.get("note", ""), int(number) if number else None,
        data.get("problem", ""), took_place=data.get("none") != "1",
    )  # fmt: skip


@require_GET
@screen(Permission.VISITS_VIEW)
def visit(request: HttpRequest, visit_id: int) -> HttpResponse:
    """One visit as it stands, with the wordings before."""
    sight, words = sight_of(request), words_of(request)
    found = queries.visit(sight, visit_id)
    context = {
        "visit": shown.line(found, words), "enterprise_id": found.enterprise_id,
        "name": shown.name_of(sight, found.enterprise_id), "earlier": shown.earlier(found, words),
        "may_correct": may_correct(actor_of(request), found) and sight.on == today(),
    }  # fmt: skip
    return render(request, "liaison/visit.html", context)


@require_http_methods(["GET", "POST"])
@screen(Permission.VISITS_LOG)
def correct(request: HttpRequest, visit_id: int) -> HttpResponseBase:
    """Say it anew; what was said first is kept."""
    found = queries.visit(sight_of(request), visit_id)
    if not may_correct(actor_of(request), found):
        raise FeigongError("error.visit.not_yours")
    refused = None
    if request.method == "POST":
        try:
            told, key = told_in(request.POST), request.POST.get("key", "")
            logged = correct_visit(actor_of(request), visit_id, told, key, today=today())
            messages.success(request, words_of(request).word("web.visits.corrected"))
            if told.took_place:
                return redirect("visits:detail", logged.visit)
            return redirect("visits:list")
        except FeigongError as error:
            if status_of(error) != 400:
                raise
            refused = error
    given = _given(request.POST) if refused else _said(found)
    context = {
        **form_words(ask_of(request)), "enterprise_id": found.enterprise_id, "visit_id": visit_id,
        "name": shown.name_of(sight_of(request), found.enterprise_id), "given": given,
        "key": request.POST.get("key") or str(uuid.uuid4()), "refused": refused.reason if refused else None,
    }  # fmt: skip
    return render(request, "liaison/correct.html", context, status=status_of(refused) if refused else 200)


def _said(found: Any) -> dict[str, str]:
    return {
        "on": found.on.isoformat(), "met": found.met, "purpose": found.purpose, "note": found.note,
        "members": "" if found.members is None else str(found.members), "problem": found.problem,
    }  # fmt: skip
