"""One line in the log for each request."""

from __future__ import annotations

import logging
from collections.abc import Callable
from time import monotonic

from django.http import HttpRequest, HttpResponse

from feigong.config.logs import request_id

log = logging.getLogger("feigong.requests")


def _route(request: HttpRequest) -> str:
    """The pattern of the address, without numbers, names or questions; nothing for an address that is not ours."""
    match = request.resolver_match
    return "" if match is None else f"/{match.route}"


def _user_id(request: HttpRequest) -> int | None:
    """Who it was, if somebody asked already: the log asks the database nothing."""
    user = getattr(request, "_cached_user", None)
    by_token = getattr(request, "auth", None)
    return user.pk if user is not None else getattr(by_token, "user_id", None)


def logged(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """One line for each request, but not for files of the pages and for those who only ask whether we are there."""

    def answer(request: HttpRequest) -> HttpResponse:
        began = monotonic()
        number = getattr(request, "request_id", "")
        kept = request_id.set(number)
        try:
            response = get_response(request)
            route = _route(request)
            if not route.startswith("/health/"):
                fields = {"method": request.method, "route": route, "status": response.status_code,
                          "ms": round((monotonic() - began) * 1000), "user": _user_id(request)}  # fmt: skip
                log.info("request", extra={"fields": fields})
            return response
        finally:
            request_id.reset(kept)

    return answer
