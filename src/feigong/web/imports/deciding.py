"""What a person decides before an import is applied."""

from __future__ import annotations

from datetime import date

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

from feigong.apps.accounts.roles import Permission
from feigong.apps.imports import actions
from feigong.apps.imports.choices import Answer, MissingAnswer
from feigong.core.errors import FeigongError
from feigong.web.request import actor_of
from feigong.web.screen import screen


@require_POST
@screen(Permission.IMPORT_APPLY)
def choose(request: HttpRequest, number: int) -> HttpResponse:
    """Ticked items: leave out, take in again, take as they are; what is missing ended or is there."""
    ids = [int(text) for text in request.POST.getlist("ids") if text.isdigit()]
    match request.POST.get("choice"):
        case "leave_out":
            actions.choose_items(actor_of(request), number, ids, left_out=True)
        case "take_in":
            actions.choose_items(actor_of(request), number, ids, left_out=False)
        case "accept":
            actions.choose_items(actor_of(request), number, ids, left_out=False, accepted=True)
        case "ended" | "there" | "unanswered" as said:
            every = request.POST.get("all") == "1"
            actions.answer_missing(
                actor_of(request), number, None if said == "unanswered" else MissingAnswer(said),
                items=None if every else ids, ends_on=_ended(request) if said == "ended" else None,
            )  # fmt: skip
        case _:
            raise FeigongError("error.imports.choice")
    return _back(request, reverse("imports:items", args=[number]))


@require_POST
@screen(Permission.IMPORT_APPLY)
def fields(request: HttpRequest, number: int) -> HttpResponse:
    """Kinds of change that are written; those not ticked are left out."""
    shown, kept = request.POST.getlist("shown"), set(request.POST.getlist("kept"))
    actions.skip_fields(actor_of(request), number, [code for code in shown if code not in kept])
    return redirect("imports:detail", number)


@require_POST
@screen(Permission.IMPORT_APPLY)
def answer(request: HttpRequest, number: int, problem: int) -> HttpResponse:
    """Same, not the same, later."""
    said, _, meant = request.POST.get("answer", "").partition(":")
    if said not in Answer.values:
        raise FeigongError("error.imports.choice")
    actions.answer_doubt(actor_of(request), number, problem, Answer(said), meant)
    return _back(request, f"{reverse('imports:problems', args=[number])}#problem-{problem}")


@require_POST
@screen(Permission.IMPORT_APPLY)
def take(request: HttpRequest, number: int) -> HttpResponse:
    """What is doubtful is taken as it is offered."""
    actions.take_all_offered(actor_of(request), number)
    return redirect("imports:detail", number)


def _ended(request: HttpRequest) -> date | None:
    text = request.POST.get("ends_on", "")
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        raise FeigongError("error.imports.day", found=text[:40]) from None


def _back(request: HttpRequest, otherwise: str) -> HttpResponse:
    """To the page one came from, if it is ours."""
    back = request.POST.get("back", "")
    return redirect(back if url_has_allowed_host_and_scheme(back, allowed_hosts=None) else otherwise)
