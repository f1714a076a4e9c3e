"""Who stands at this door, and how it says no."""

from __future__ import annotations

import logging
import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime
from typing import Any, Final, cast

from django.db import OperationalError
from django.http import HttpRequest, HttpResponse
from ninja import NinjaAPI
from ninja.errors import AuthenticationError, HttpError, ValidationError
from ninja.security import HttpBearer
from pydantic import BaseModel

from feigong.api.usage import count_use, note_denied
from feigong.apps.accounts import actors
from feigong.apps.accounts.addresses import client_address
from feigong.apps.accounts.roles import Permission
from feigong.apps.accounts.sight import Actor, Door, Sight
from feigong.apps.clock import now, today
from feigong.core.errors import FeigongError
from feigong.core.reasons import Reason
from feigong.wording import LANGUAGES, Words

STATUS: Final = {
    "error.accounts.token": 401,
    "error.not_permitted": 403,
    "error.not_found": 404,
    "error.api_no_address": 404,
    "error.api_method": 405,
    "error.changed_meanwhile": 412,
    "error.version_needed": 428,
    "error.api_too_many": 429,
    "error.api_busy": 503,
    # what the roll, an import or a job does not allow as it stands now
    "error.imports.state": 409,
    "error.imports.meanwhile": 409,
    "error.job_ended": 409,
    "error.done_already": 409,
    "error.started_already": 409,
    "error.roll.built_on": 409,
    "error.roll.taken_back_already": 409,
    "error.roll.covered_already": 409,
    "error.roll.appointed_already": 409,
    "error.roll.secretary_there": 409,
    "error.roll.uscc_taken": 409,
    "error.roll.id_number_taken": 409,
    "error.roll.said_not_same": 409,
}
REFUSALS: Final = frozenset({400, 401, 403, 404, 405, 409, 412, 422, 428, 429, 503})
_VERSION: Final = ("header", "If-Match")
_KEY: Final = re.compile(r"[\x21-\x7e]{8,64}")
_START: Final = 8  # of a token: what its owner is shown of it

log = logging.getLogger("feigong.api")


class Problem(BaseModel):
    """Why it was refused: a code that stays the same, and its sentence in the language asked for."""

    code: str
    message: str
    fields: list[str] = []


class Token(HttpBearer):
    """`Authorization: Bearer <token>`, made on the page "API tokens"."""

    def authenticate(self, request: HttpRequest, token: str) -> Actor:
        request_id = getattr(request, "request_id", "")
        actor = actors.of_token(token, at=now(), address=client_address(request), request_id=request_id)
        if request.method == "POST":
            actor = replace(actor, once=_key(request))
        request.auth = actor  # type: ignore[attr-defined]
        count_use("|".join((str(actor.user_id), *actor.also)), now().timestamp())
        actor.must(Permission.API_USE)
        return actor


def _key(request: HttpRequest) -> str:
    """Under which a program wants it done once; none: whatever is sent again is done again."""
    key: str = request.META.get("HTTP_IDEMPOTENCY_KEY", "")
    if key and not _KEY.fullmatch(key):
        raise FeigongError("error.api_key")
    return key


def actor_of(request: HttpRequest) -> Actor:
    return cast(Actor, request.auth)  # type: ignore[attr-defined]


def sight_of(request: HttpRequest, on: date | None = None, known: datetime | None = None) -> Sight:
    return actor_of(request).sight(on or today(), known or now())


def words_of(request: HttpRequest) -> Words:
    """The first of the languages asked for that there is; else Chinese."""
    for part in request.META.get("HTTP_ACCEPT_LANGUAGE", "").split(","):
        language = part.split(";")[0].strip().lower().split("-")[0]
        if language in LANGUAGES:
            return Words(language)
    return Words(LANGUAGES[0])


def status_of(code: str) -> int:
    return 409 if code.startswith("error.still_used.") else STATUS.get(code, 400)


def refuse(api: NinjaAPI, request: HttpRequest, reason: Reason, status: int, fields: list[str]) -> HttpResponse:
    """The answer; who was turned away for who they are, or for what they may not, is recorded."""
    if status in (401, 403):
        _note(request, reason.code)
    message = words_of(request).say(reason)
    answer = api.create_response(request, {"code": reason.code, "message": message, "fields": fields}, status=status)
    if status == 401:
        answer["WWW-Authenticate"] = "Bearer"
    if "seconds" in reason.params:
        answer["Retry-After"] = str(reason.params["seconds"])
    return answer


def _note(request: HttpRequest, code: str) -> None:
    actor = getattr(request, "auth", None)
    shown = request.META.get("HTTP_AUTHORIZATION", "").partition(" ")[2].strip()
    if actor is None:
        if not shown:  # nobody tried anything: a browser that opened the address
            return
        request_id = getattr(request, "request_id", "")
        actor = actors.nobody(door=Door.API, address=client_address(request), request_id=request_id)
    match = request.resolver_match
    route = match.route if match is not None else ""
    token = shown[:_START] if shown.startswith("fg_") and shown.isascii() and shown.isprintable() else ""
    try:
        note_denied(replace(actor, once=""), route, request.method or "", code, token, now().timestamp())
    except OperationalError:
        log.exception("denied use could not be recorded")


def say_no_in_words(api: NinjaAPI) -> None:
    """Every refusal of this API is a `Problem`."""

    def feigong(request: HttpRequest, error: Any) -> HttpResponse:
        reason = cast(FeigongError, error).reason
        field = reason.params.get("field")
        return refuse(api, request, reason, status_of(reason.code), [str(field)] if field else [])

    def unknown(request: HttpRequest, error: Any) -> HttpResponse:
        return refuse(api, request, Reason("error.accounts.token"), 401, [])

    def shape(request: HttpRequest, error: Any) -> HttpResponse:
        errors = cast(ValidationError, error).errors
        if any(e["type"] == "missing" and tuple(e["loc"][:2]) == _VERSION for e in errors):
            return refuse(api, request, Reason("error.version_needed"), 428, ["If-Match"])
        places = sorted({_place(e["loc"]) for e in errors})
        return refuse(api, request, Reason("error.api_shape", {"fields": ", ".join(places)}), 422, places)

    def http(request: HttpRequest, error: Any) -> HttpResponse:
        status = cast(HttpError, error).status_code
        return refuse(api, request, Reason("error.api_request"), status if status in REFUSALS else 400, [])

    def busy(request: HttpRequest, error: Any) -> HttpResponse:
        """The database is locked by a long change, or away: whoever asks again later is answered."""
        log.error("database not at hand", exc_info=cast(Exception, error))
        return refuse(api, request, Reason("error.api_busy", {"seconds": 30}), 503, [])

    api.add_exception_handler(FeigongError, feigong)
    api.add_exception_handler(AuthenticationError, unknown)
    api.add_exception_handler(ValidationError, shape)
    api.add_exception_handler(HttpError, http)
    api.add_exception_handler(OperationalError, busy)


def _place(where: Sequence[object]) -> str:
    """The name of a field as it was sent, as far as it can be sent back."""
    parts = [str(part) for part in where[1:] if part != "given"] or ["body"]
    return ".".join(parts).encode("utf-8", "replace").decode()[:200]


def private(request: HttpRequest, answer: HttpResponse) -> HttpResponse:
    """In which language it is, and that nobody on the way keeps it."""
    answer["Content-Language"] = "zh-CN" if words_of(request).lang == "zh" else "en"
    answer["Cache-Control"] = "private, no-cache"
    answer["Vary"] = "Authorization, Accept-Language"
    return answer
