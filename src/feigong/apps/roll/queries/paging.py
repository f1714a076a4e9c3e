"""One page of a long list, by the way that reads least; `among`: the few rows of given things, by these things."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from django.db import connections
from django.db.models import Count, Exists, OuterRef, QuerySet, Window

from feigong.apps.accounts.sight import Sight
from feigong.apps.roll.queries.restrict import sees_everything


def page_of(rows: QuerySet[Any], page: int, size: int, sight: Sight) -> tuple[int, list[Any]]:
    """How many rows there are, and those of a page; beyond the last page: of the last one.

    Who sees everything counts in one index and walks another as far as the page. For others rows have to be gathered
    and sorted. SQLite does that once: their numbers with how many there are, then the few of the page. PostgreSQL
    counts with several hands and sorts no more than it must, but not both at once: there it is two questions, and the
    second asks for numbers only, which an index holds; the rows that a page does not show are never read.
    """
    if connections[rows.db].vendor == "sqlite" and not sees_everything(sight):
        found = list(rows.values_list("pk", Window(Count("pk")))[(page - 1) * size : page * size])
        if found:
            return found[0][1], _held(rows, [one for one, _ in found])
        if page == 1:
            return 0, []
    count = rows.count()
    start = (min(page, max(1, -(-count // size))) - 1) * size
    return count, _held(rows, list(rows.values_list("pk", flat=True)[start : start + size])) if count else []


def _held(rows: QuerySet[Any], numbers: list[int]) -> list[Any]:
    """These rows, read as the list reads them: with what it joins to each, and without what it puts off."""
    found = rows.model._base_manager.all()
    found.query.select_related = rows.query.select_related
    found.query.deferred_loading = rows.query.deferred_loading
    held = found.in_bulk(numbers)
    return [held[one] for one in numbers]


def among(rows: QuerySet[Any], key: str, ids: Collection[int]) -> QuerySet[Any]:
    """Those of these rows that are about given things: found by the things, then looked at whether they are in sight.

    Left to itself a database gathers all that is in the areas and looks for the things among it.
    """
    seen = rows.order_by().filter(pk=OuterRef("pk"))
    found: QuerySet[Any] = rows.model._base_manager.filter(Exists(seen), **{f"{key}__in": ids})
    return found
