"""The frame of a screen: signed in, permitted, and errors said in words."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse

from feigong.apps.accounts.roles import Permission
from feigong.core.errors import FeigongError
from feigong.web.request import actor_of, words_of

View = Callable[..., HttpResponseBase]

_STATUS = {"error.not_found": 404, "error.not_permitted": 403, "error.changed_meanwhile": 409}


def screen(permission: Permission | None = None) -> Callable[[View], View]:
    """A view for people who are signed in and, where one is named, hold a permission.

    A `FeigongError` becomes a page with its sentence and the status that fits; for a part of a page (htmx) only the
    sentence, which `htmx.js` shows at the top of the page that is open.
    """

    def decorate(view: View) -> View:
        @wraps(view)
        def framed(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            if not request.user.is_authenticated:
                return _to_sign_in(request)
            try:
                if permission is not None:
                    actor_of(request).must(permission)
                return view(request, *args, **kwargs)
            except FeigongError as error:
                return refusal(request, error)

        framed.permission = permission  # type: ignore[attr-defined]
        return framed

    return decorate


def _to_sign_in(request: HttpRequest) -> HttpResponse:
    """After signing in one comes back; to the page around it where only a part was asked for."""
    back = request.get_full_path()
    if is_part(request):
        back = getattr(request, "htmx").current_url_abs_path or "/"  # noqa: B009
    address = f"{reverse('account_login')}?{urlencode({'next': back})}"
    if is_part(request):
        return HttpResponse(status=204, headers={"HX-Redirect": address})
    return HttpResponseRedirect(address)


def is_part(request: HttpRequest) -> bool:
    """Whether htmx asks for a part of a page (not for a whole page by a boosted link or from its history)."""
    details: Any = getattr(request, "htmx", False)  # false in a test without the middleware, too
    return bool(details) and not details.boosted and not details.history_restore_request


def status_of(error: FeigongError) -> int:
    return _STATUS.get(error.reason.code, 400)


def refusal(request: HttpRequest, error: FeigongError) -> HttpResponse:
    """The page (or the sentence) that says what could not be done and what to do next."""
    status = status_of(error)
    template = "errors/sentence.html" if is_part(request) else "errors/page.html"
    context = {"status": status, "sentence": words_of(request).say(error.reason)}
    return render(request, template, context, status=status)
