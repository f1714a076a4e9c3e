"""The first page, and the choice of language."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_GET, require_POST

from feigong.web.request import LANGUAGE_COOKIE
from feigong.web.screen import screen
from feigong.wording import LANGUAGES

_YEAR = 365 * 24 * 3600


@require_GET
@screen()
def today(request: HttpRequest) -> HttpResponse:
    return render(request, "home/today.html")


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
