"""What auditors see beside lists and on their first page: `{% load audit %}`."""

from __future__ import annotations

from datetime import date
from typing import Any
from urllib.parse import urlencode

from django import template
from django.urls import reverse

from feigong.apps.audit import queries
from feigong.apps.clock import today
from feigong.web.request import actor_of

register = template.Library()


@register.simple_tag(takes_context=True)
def last_check(context: dict[str, Any]) -> queries.Checked | None:
    return queries.last_check(actor_of(context["request"]))


@register.simple_tag(takes_context=True)
def audit_overview(context: dict[str, Any]) -> list[dict[str, Any]]:
    """Figures of the last week and month; each opens the records that it counts."""
    return [
        {
            "group": figure.group,
            "week": figure.week,
            "month": figure.month,
            "week_address": _opened(figure.codes, figure.week_from),
            "month_address": _opened(figure.codes, figure.month_from),
        }
        for figure in queries.overview(actor_of(context["request"]), today())
    ]


def _opened(codes: tuple[str, ...], since: date) -> str:
    asked = [*(("code", code) for code in codes), ("day_from", since.isoformat())]
    return f"{reverse('audit:list')}?{urlencode(asked)}"
