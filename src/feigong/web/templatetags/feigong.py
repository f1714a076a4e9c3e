"""Words and values in templates: `{% load feigong %}`. The language is the request's (`middleware.in_language`)."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django import template
from django.core.serializers.json import DjangoJSONEncoder
from django.utils import timezone, translation
from django.utils.html import format_html
from django.utils.safestring import SafeString

from feigong.apps.clock import ZONE
from feigong.core.errors import FeigongError
from feigong.core.reasons import Reason
from feigong.core.roll.history import FOREVER
from feigong.web.request import words_in
from feigong.wording import Words

register = template.Library()


def current_words() -> Words:
    return words_in("en" if (translation.get_language() or "").startswith("en") else "zh")


@register.simple_tag
def say(code: str, **params: Any) -> str:
    """The words of a code: ``{% say "web.lists.count" n=3 %}``."""
    return current_words().word(code, **params)


@register.filter
def sentence(reason: Reason | FeigongError | dict[str, Any]) -> str:
    """The sentence of a reason, also as kept in a row: ``{"code": …, "params": …}``."""
    if isinstance(reason, FeigongError):
        reason = reason.reason
    if isinstance(reason, dict):
        reason = Reason(reason["code"], reason.get("params") or {})
    return current_words().say(reason)


@register.filter
def worded(value: object, family: str) -> str:
    """The word of a choice: ``{{ row.kind|worded:"unit_kind" }}``; nothing for nothing."""
    return current_words().word(f"{family}.{value}") if value not in (None, "") else ""


@register.filter
def field_word(name: str) -> str:
    """The name of a field: ``{{ "legal_representative"|field_word }}``."""
    return current_words().word(f"field.{name}")


@register.filter
def number(value: float | None) -> str:
    words = current_words()
    return words.word("value.unknown") if value is None else words.number(value)


@register.filter
def percent(value: float | None) -> str:
    return current_words().percent(value)


@register.filter
def distance(metres: float | None) -> str:
    return current_words().distance(metres)


@register.filter
def yes(value: bool | None) -> str:
    return current_words().yes(value)


@register.filter
def day(value: date | datetime | None) -> str:
    """2026-11-01; nothing for no day and for the end of time."""
    if isinstance(value, datetime):
        value = timezone.localtime(value, ZONE).date()
    return "" if value is None or value == FOREVER else value.isoformat()


@register.filter
def moment(value: datetime | None) -> str:
    """2026-11-01 09:30, as the clock on the wall shows."""
    return "" if value is None else timezone.localtime(value, ZONE).strftime("%Y-%m-%d %H:%M")


@register.filter
def masked(value: str) -> str:
    """Four dots for something sealed, nothing for nothing: whoever wants to read it asks with a reason."""
    return "••••" if value else ""


@register.simple_tag
def icon(name: str) -> SafeString:
    """A sign beside words, never instead of them."""
    return format_html('<i class="ti ti-{}" aria-hidden="true"></i>', name)


@register.filter
def json_text(value: object) -> str:
    """For data attributes: `data-points="{{ points|json_text }}"` (escaped by the template, read by JSON.parse)."""
    return DjangoJSONEncoder(ensure_ascii=False, separators=(",", ":")).encode(value)
