"""The first page, and the choice of language."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_GET, require_POST

from feigong.apps.roll import queries
from feigong.web.home.parts import parts_for
from feigong.web.lists.spec import Ask
from feigong.web.lists.views import ask_of
from feigong.web.request import LANGUAGE_COOKIE
from feigong.web.screen import screen
from feigong.wording import LANGUAGES

_YEAR = 365 * 24 * 3600


@require_GET
@screen()
def today(request: HttpRequest) -> HttpResponse:
    ask = ask_of(request)
    context = {"parts": parts_for(ask), "on": ask.sight.on, "places": _places(ask)}
    return render(request, "home/today.html", context)


def _places(ask: Ask) -> list[str]:
    """The names of the areas that are one's own."""
    rows = queries.areas(ask.sight).filter(area_id__in=ask.actor.scope.areas)
    return list(rows.values_list("name", flat=True)) if ask.actor.scope.areas else []


@require_POST
def language(request: HttpRequest) -> HttpResponse:
    """Remember the language in this browser and go back. Open to everybody: the page for signing in has it too."""
    back = request.POST.get("next", "")
    if not url_has_allowed_host_and_scheme(back, {request.get_host()}, request.is_secure()):
        back = "/"
    response = HttpResponseRedirect(back)
    chosen = request.POST.get("language", "")
    if chosen in LANGUAGES:
        response.set_cookie(
            LANGUAGE_COOKIE, chosen, max_age=_YEAR, samesite="Lax", httponly=True, secure=request.is_secure()
        )
    return response
