"""What a request says: who asks, of which day, in which language. Read once and kept on the request."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from functools import lru_cache
from typing import cast

from django.http import HttpRequest

from feigong.apps.accounts import actors
from feigong.apps.accounts.addresses import client_address as client_address
from feigong.apps.accounts.sight import Actor, Door, Scope, Sight
from feigong.apps.clock import ZONE, now, today
from feigong.core.errors import FeigongError
from feigong.wording import LANGUAGES, Words

LANGUAGE_COOKIE = "feigong_language"
DJANGO_LANGUAGES = {"zh": "zh-hans", "en": "en"}
NOBODY = Actor(None, "", None, Scope())


@lru_cache(maxsize=len(LANGUAGES))
def words_in(language: str) -> Words:
    return Words(language)


def language_of(request: HttpRequest) -> str:
    """The choice made in this browser, else the account's, else Chinese."""
    chosen = request.COOKIES.get(LANGUAGE_COOKIE, "")
    if chosen in LANGUAGES:
        return chosen
    user = getattr(request, "user", None)
    kept = user.language if user is not None and user.is_authenticated else ""
    return kept if kept in LANGUAGES else LANGUAGES[0]


def words_of(request: HttpRequest) -> Words:
    return words_in(language_of(request))


def actor_of(request: HttpRequest) -> Actor:
    """The account at this door, with its grants; somebody not signed in may and sees nothing."""
    kept = getattr(request, "feigong_actor", None)
    if kept is None:
        user = getattr(request, "user", None)
        kept = NOBODY
        if user is not None and user.is_authenticated:
            request_id = getattr(request, "request_id", "")
            kept = actors.of_user(user, door=Door.PAGE, address=client_address(request), request_id=request_id)
        request.feigong_actor = kept  # type: ignore[attr-defined]
    return cast(Actor, kept)


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise FeigongError("error.not_a_day", text=text[:40]) from None


def _moment(text: str) -> datetime:
    """A moment; a day means its end, so that what was recorded on it is known."""
    try:
        if len(text) <= 10:
            return datetime.combine(date.fromisoformat(text) + timedelta(days=1), time(), ZONE)
        found = datetime.fromisoformat(text.replace(" ", "+"))  # a plus sign in an address reads as a space
    except (ValueError, OverflowError):
        raise FeigongError("error.not_a_day", text=text[:40]) from None
    return found if found.tzinfo else found.replace(tzinfo=ZONE)


def on_of(request: HttpRequest) -> date:
    """The day asked about: ``?on=2026-06-30``, else today."""
    text = request.GET.get("on", "").strip()
    return _day(text) if text else today()


def known_of(request: HttpRequest) -> datetime:
    """As known when: ``?known=2026-06-30`` (the end of that day) or a moment, else now."""
    text = request.GET.get("known", "").strip()
    return _moment(text) if text else now()


def sight_of(request: HttpRequest) -> Sight:
    """One for the whole request: what is asked of it twice is as known at the same moment."""
    kept = getattr(request, "feigong_sight", None)
    if kept is None:
        kept = request.feigong_sight = actor_of(request).sight(on_of(request), known_of(request))  # type: ignore[attr-defined]
    return cast(Sight, kept)
