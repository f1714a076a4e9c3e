"""Pages for requests that cannot be met: in words, with what to do next."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string

from feigong.web.request import LANGUAGE_COOKIE, words_in, words_of


def _page(request: HttpRequest, status: int, code: str) -> HttpResponse:
    context = {"status": status, "sentence": words_of(request).word(code)}
    return render(request, "errors/page.html", context, status=status)


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return _page(request, 400, "web.error.bad_request")


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return _page(request, 403, "web.error.forbidden")


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return _page(request, 404, "web.error.not_found")


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    return _page(request, 403, "web.error.csrf")


def fault(request: HttpRequest) -> HttpResponse:
    """Something of ours is broken, perhaps the database: nothing is asked of it here."""
    words = words_in("en" if request.COOKIES.get(LANGUAGE_COOKIE) == "en" else "zh")
    said = {name: words.word(f"web.error.fault_{name}") for name in ("title", "text", "next")}
    context = {"lang": words.word("lang.html"), "number": getattr(request, "request_id", ""), **said}
    return HttpResponse(render_to_string("errors/fault.html", context), status=500)
