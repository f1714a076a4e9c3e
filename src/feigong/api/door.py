"""Who stands at this door, and how it says no."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, cast

from django.http import HttpRequest, HttpResponse
from ninja import NinjaAPI, Schema
from ninja.errors import AuthenticationError, HttpError, ValidationError
from ninja.security import HttpBearer

from feigong.apps.accounts import actors
from feigong.apps.accounts.roles import Permission
from feigong.apps.accounts.sight import Actor, Sight
from feigong.apps.clock import now, today
from feigong.core.errors import FeigongError
from feigong.core.reasons import Reason
from feigong.wording import Words

STATUS = {
    "error.accounts.token": 401,
    "error.not_permitted": 403,
    "error.not_found": 404,
    "error.changed_meanwhile": 412,
    "error.version_needed": 428,
}
REFUSALS = frozenset({400, 401, 403, 404, 412, 422, 428, 429})


class Problem(Schema):
    """Why it was refused: a code that stays the same, and its sentence in the language asked for."""

    code: str
    message: str
    fields: list[str] = []  # noqa: RUF012 - pydantic copies it


class Token(HttpBearer):
    """`Authorization: Bearer <token>`, made on the page "API tokens"."""

    def authenticate(self, request: HttpRequest, token: str) -> Actor:
        address = cast(str, request.META.get("REMOTE_ADDR", ""))
        actor = actors.of_token(token, at=now(), address=address, request_id=getattr(request, "request_id", ""))
        actor.must(Permission.API_USE)
        return actor


def actor_of(request: HttpRequest) -> Actor:
    return cast(Actor, request.auth)  # type: ignore[attr-defined]


def sight_of(request: HttpRequest, on: date | None, known: datetime | None) -> Sight:
    return actor_of(request).sight(on or today(), known or now())


def words_of(request: HttpRequest) -> Words:
    wanted = request.META.get("HTTP_ACCEPT_LANGUAGE", "")
    return Words("en" if wanted.lower().startswith("en") else "zh")


def refuse(api: NinjaAPI, request: HttpRequest, reason: Reason, status: int, fields: list[str]) -> HttpResponse:
    message = words_of(request).say(reason)
    return api.create_response(request, {"code": reason.code, "message": message, "fields": fields}, status=status)


def say_no_in_words(api: NinjaAPI) -> None:
    """Every refusal of this API is a `Problem`."""

    def feigong(request: HttpRequest, error: Any) -> HttpResponse:
        reason = cast(FeigongError, error).reason
        return refuse(api, request, reason, STATUS.get(reason.code, 400), [])

    def unknown(request: HttpRequest, error: Any) -> HttpResponse:
        return refuse(api, request, Reason("error.accounts.token"), 401, [])

    def shape(request: HttpRequest, error: Any) -> HttpResponse:
        places = [".".join(str(part) for part in e["loc"][1:]) for e in cast(ValidationError, error).errors]
        return refuse(api, request, Reason("error.api_shape", {"fields": ", ".join(places)}), 422, places)

    def http(request: HttpRequest, error: Any) -> HttpResponse:
        status = cast(HttpError, error).status_code
        return refuse(api, request, Reason("error.api_request"), status if status in REFUSALS else 400, [])

    api.add_exception_handler(FeigongError, feigong)
    api.add_exception_handler(AuthenticationError, unknown)
    api.add_exception_handler(ValidationError, shape)
    api.add_exception_handler(HttpError, http)
