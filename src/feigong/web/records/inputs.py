"""Single values of a small form, checked as they are read."""

from __future__ import annotations

from datetime import date

from django.http import QueryDict

from feigong.core.errors import FeigongError


def number_in(given: QueryDict, name: str) -> int | None:
    """The number of a thing; None where nothing is given."""
    text = given.get(name, "").strip()
    if not text:
        return None
    if not text.isdecimal() or len(text) > 15:
        raise FeigongError("error.roll.field_missing", field=name)
    return int(text)


def thing_in(given: QueryDict, name: str) -> int:
    """The number of a thing that must be named."""
    found = number_in(given, name)
    if found is None:
        raise FeigongError("error.roll.field_missing", field=name)
    return found


def day_in(given: QueryDict, name: str) -> date:
    text = given.get(name, "").strip()
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise FeigongError("error.not_a_day", text=text[:40]) from None
