"""What every page has at hand."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from feigong.apps.clock import today
from feigong.web.navigation import navigation_of
from feigong.web.request import actor_of, language_of, words_of


def page(request: HttpRequest) -> dict[str, Any]:
    """``actor``, ``permissions``, ``words``, ``language``, ``today`` and ``navigation``; asked for only where used."""
    return {
        "actor": SimpleLazyObject(lambda: actor_of(request)),
        "permissions": SimpleLazyObject(lambda: actor_of(request).permissions),
        "words": words_of(request),
        "language": language_of(request),
        "today": today(),
        "navigation": SimpleLazyObject(lambda: navigation_of(actor_of(request), request.path)),
    }
