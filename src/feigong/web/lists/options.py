"""Choices that filters of the roll offer: areas of one's sight, industries; and what choosing them means."""

from __future__ import annotations

from collections.abc import Sequence

from django.db.models import Q

from feigong.apps.roll import queries
from feigong.web.lists.fills import industries
from feigong.web.lists.spec import Ask, Rows

_MOST_AREAS = 400
_SMALL = ("building", "other")


def area_options(ask: Ask) -> Sequence[tuple[str, str]]:
    """The tree as lines, indented; of a large one without buildings."""
    rows = queries.areas(ask.sight).values_list("area_id", "name", "path")
    found = list(rows[: _MOST_AREAS + 1])
    if len(found) > _MOST_AREAS:
        found = list(rows.exclude(kind__in=_SMALL)[:_MOST_AREAS])
    top = min((path.count("/") for _, _, path in found), default=1)
    return [(str(area), "　" * (path.count("/") - top) + name) for area, name, path in found]


def within(wanted: Sequence[str], ask: Ask) -> Q:
    """Rows with ``area`` at or below these areas; areas out of sight hold nothing."""
    ids = [int(text) for text in wanted if text.isdecimal() and len(text) < 10]
    roots = list(queries.areas(ask.sight).filter(area_id__in=ids).order_by().values_list("path", flat=True))
    below = Q(pk__in=[])
    for path in roots:
        below |= Q(path__startswith=path)
    return Q(area_id__in=queries.areas(ask.sight).filter(below).order_by().values("area_id"))


def in_areas(rows: Rows, wanted: Sequence[str], ask: Ask) -> Rows:
    return rows.filter(within(wanted, ask))


def industry_options(ask: Ask) -> Sequence[tuple[str, str]]:
    return [(code, f"{code} {name}") for code, name in sorted(industries().items())]
