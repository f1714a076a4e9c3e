"""What every request gets: a number, a language, and headers that keep the page to itself."""

from __future__ import annotations

import uuid
from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import translation

from feigong.web.request import DJANGO_LANGUAGES, language_of

Answer = Callable[[HttpRequest], HttpResponse]

# Styles in attributes are allowed because charts and maps place things by them; scripts come from our own files only.
_POLICY = {
    "default-src": ["'self'"],
    "style-src": ["'self'", "'unsafe-inline'"],
    "img-src": ["'self'", "data:"],
    "object-src": ["'none'"],
    "base-uri": ["'self'"],
    "form-action": ["'self'"],
    "frame-ancestors": ["'none'"],
}


def _policy() -> str:
    """The rule of where anything may come from; settings may add sources (map tiles of the intranet)."""
    more: dict[str, list[str]] = getattr(settings, "CONTENT_SOURCES", {})
    return "; ".join(f"{name} {' '.join(sources + more.get(name, []))}" for name, sources in _POLICY.items())


def numbered(get_response: Answer) -> Answer:
    """A number for each request: in the log, the audit and on the page that admits a fault."""

    def answer(request: HttpRequest) -> HttpResponse:
        request.request_id = uuid.uuid4().hex[:16]  # type: ignore[attr-defined]
        response = get_response(request)
        response.headers.setdefault("X-Request-ID", request.request_id)  # type: ignore[attr-defined]
        return response

    return answer


def in_language(get_response: Answer) -> Answer:
    """Django's own sentences in the same language as ours."""

    def answer(request: HttpRequest) -> HttpResponse:
        language = DJANGO_LANGUAGES[language_of(request)]
        request.LANGUAGE_CODE = language
        with translation.override(language):
            response = get_response(request)
        response.headers.setdefault("Content-Language", language)
        return response

    return answer


def guarded(get_response: Answer) -> Answer:
    """Content policy on all answers; pages and files with data of people stay in no cache and on no shared computer."""
    policy = _policy()

    def answer(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        response.headers.setdefault("Content-Security-Policy", policy)
        response.headers.setdefault("Permissions-Policy", "camera=(), microphone=(), geolocation=(self)")
        response.headers.setdefault("Cache-Control", "private, no-store")  # files of the pages say otherwise themselves
        return response

    return answer
