"""The doorkeeper: ends sessions that are over, and holds up accounts of which something is asked first."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse

from feigong.apps.accounts import actions, queries
from feigong.apps.clock import now
from feigong.web.login.sitting import FREE, SITTING
from feigong.web.request import client_address, words_of
from feigong.web.screen import is_part

_ALWAYS = {"account_logout", "home:language", "login:password", "login:totp"}
_ASKED = {"password": "login:password", "totp": "login:totp"}


class Doorkeeper:
    """A session begins a sitting with its first request and holds as long as the sitting does.

    Whoever must change the password or set up a second factor gets no further than there.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.user.is_authenticated and not _holds(request):
            logout(request)
            messages.info(request, words_of(request).word("web.login.session_over"))
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Callable[..., HttpResponse], args: Any, kwargs: Any
    ) -> HttpResponse | None:
        if not request.user.is_authenticated or request.session.get(FREE):
            return None
        asked = queries.asked_first(request.user)
        if asked is None:
            request.session[FREE] = True
            return None
        match = request.resolver_match
        if match is not None and match.view_name in _ALWAYS:
            return None
        address = reverse(_ASKED[asked])
        if is_part(request):
            return HttpResponse(status=204, headers={"HX-Redirect": address})
        return HttpResponseRedirect(address)


def _holds(request: HttpRequest) -> bool:
    user_id, at = int(request.user.pk or 0), now()
    sitting = request.session.get(SITTING)
    if sitting is None:
        request.session[SITTING] = actions.begin_sitting(user_id, client_address(request), at)
        return True
    return actions.see_sitting(user_id, sitting, at)
