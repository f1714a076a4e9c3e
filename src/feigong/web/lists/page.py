"""A list as a page: everything its template shows, read in a fixed number of queries."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.urls import resolve, reverse

from feigong.apps.accounts.queries import views_of
from feigong.apps.accounts.sight import Actor
from feigong.apps.roll import queries
from feigong.web.lists.cells import Cell, cell, filled
from feigong.web.lists.spec import Ask, Rows
from feigong.web.lists.state import DATES, SIZES, State

KEPT_VIEW = "*"  # the name under which an account keeps its usual columns and order


@dataclass(frozen=True, slots=True)
class Head:
    code: str
    text: str
    query: str  # sorted by this; empty: cannot be
    sorted: str  # ascending, descending, none
    number: bool


@dataclass(frozen=True, slots=True)
class Line:
    key: int
    address: str
    name: str
    cells: tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class Chip:
    text: str
    query: str  # without it


@dataclass(frozen=True, slots=True)
class Field:
    template: str
    code: str
    context: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class View:
    """A saved view as a link."""

    id: int
    name: str
    query: str
    own: bool
    owner: str


@dataclass(frozen=True, slots=True)
class Pages:
    page: int
    last: int
    first_row: int
    last_row: int
    before: str | None
    after: str | None
    numbers: tuple[tuple[int, str], ...]


def rows_of(state: State, ask: Ask) -> Rows:
    """All rows that are asked for, in order."""
    rows = state.spec.rows(ask)
    for one in state.spec.filters:
        rows = one.apply(rows, state.given, ask)
    return rows.order_by(*state.order())


def heads_of(state: State, ask: Ask) -> list[Head]:
    heads = []
    for column in state.shown():
        way = {column.code: "ascending", f"-{column.code}": "descending"}.get(state.sort, "none")
        wanted = f"-{column.code}" if way == "ascending" else column.code
        query = state.query(sort=wanted) if column.sort else ""
        heads.append(Head(column.code, ask.words.word(column.heading), query, way, column.kind == "number"))
    return heads


def lines_of(state: State, rows: Sequence[Any], ask: Ask) -> list[Line]:
    columns = state.shown()
    found = filled(columns, rows, ask)
    lines = []
    for row in rows:
        key = getattr(row, state.spec.key)
        cells = tuple(cell(c, row, found, ask) for c in columns)
        lines.append(Line(key, _address(state, key), cells[0].text, cells))
    return lines


def _address(state: State, key: int) -> str:
    """Where a row opens, as of the same day."""
    if not state.spec.detail:
        return ""
    address = reverse(state.spec.detail, args=[key])
    dates = state.query(given={n: v for n, v in state.given.items() if n in DATES}, columns=state.usual,
                        sort=state.usual_sort, size=SIZES[0])  # fmt: skip
    return f"{address}?{dates}" if dates else address


def chips_of(state: State, ask: Ask) -> list[Chip]:
    """What is asked for, and the day where it is not today."""
    dates = [
        Chip(ask.words.word("web.lists.chip", name=ask.words.word(f"web.as_of.{name}"), value=value),
             state.without(name, value))
        for name in DATES for value in state.given.get(name, ())
    ]  # fmt: skip
    return dates + [
        Chip(text, state.without(name, value))
        for one in state.spec.filters
        for name, value, text in one.chips(state.given, ask)
    ]


def fields_of(state: State, ask: Ask) -> list[Field]:
    return [Field(one.template, one.code, one.field(state.given, ask)) for one in state.spec.filters]


def pages_of(page: int, size: int, count: int, query: Callable[[int], str]) -> Pages:
    """Where one is among the pages, and the address of each that is near."""
    last = max(1, -(-count // size))
    page = min(page, last)
    near = sorted({1, last, *range(max(1, page - 2), min(last, page + 2) + 1)})
    return Pages(
        page,
        last,
        first_row=min(count, (page - 1) * size + 1),
        last_row=min(count, page * size),
        before=query(page - 1) if page > 1 else None,
        after=query(page + 1) if page < last else None,
        numbers=tuple((n, query(n)) for n in near),
    )


def page_rows(state: State, ask: Ask) -> tuple[int, list[Any]]:
    """How many rows there are, and those of the page that is asked for."""
    return queries.page_of(rows_of(state, ask), state.page, state.size, ask.sight)


def list_context(state: State, ask: Ask, views: Sequence[Any]) -> dict[str, Any]:
    """For `lists/page.html`, and for the parts of it that htmx asks for."""
    spec = state.spec
    count, rows = page_rows(state, ask)
    fields = fields_of(state, ask)
    folded = {f.code for f in spec.filters if f.folded}
    return {
        "spec": spec,
        "state": state,
        "count": count,
        "pages": pages_of(state.page, state.size, count, lambda n: state.query(page=n)),
        "heads": heads_of(state, ask),
        "lines": lines_of(state, rows, ask),
        "chips": chips_of(state, ask),
        "open_fields": [f for f in fields if f.code not in folded],
        "folded_fields": [f for f in fields if f.code in folded],
        "folded_in_use": any(p in state.given for f in spec.filters if f.folded for p in f.params),
        "choices": [(c, c.code in state.columns, ask.words.word(c.heading)) for c in spec.columns],
        "sizes": [(n, state.query(size=n), n == state.size) for n in SIZES],
        "views": [_view(v, ask) for v in views if v.name != KEPT_VIEW],
        "batches": [b for b in spec.batches if ask.actor.may(b.permission)],
        "may_export": spec.export is not None and ask.actor.may(spec.export),
        "on": ask.sight.on,
        "start": _starts(spec.start, ask.actor),
        "filtered": any(p in state.given for f in spec.filters for p in f.params),
    }


def _starts(wanted: tuple[tuple[str, str], ...], actor: Actor) -> list[tuple[str, str]]:
    """Those that this account may open."""
    found = []
    for name, word in wanted:
        address = reverse(name)
        permission = getattr(resolve(address).func, "permission", None)
        if permission is None or actor.may(permission):
            found.append((address, word))
    return found


def _view(view: Any, ask: Ask) -> View:
    """With the columns it was saved with, whatever columns whoever opens it has chosen as usual."""
    own = view.user_id == ask.actor.user_id
    columns = urlencode({"columns": ",".join(view.columns)})
    asked = "&".join(part for part in view.query.split("&") if part and not part.startswith(("columns=", "page=")))
    return View(view.pk, view.name, f"{asked}&{columns}".lstrip("&"), own, "" if own else view.user.display_name)


def kept_of(views: Sequence[Any], user_id: int | None) -> tuple[str, tuple[str, ...]]:
    """The order and columns that this account keeps for a list."""
    for view in views:
        if view.name == KEPT_VIEW and view.user_id == user_id:
            return view.query, tuple(view.columns)
    return "", ()


def views_for(ask: Ask, code: str) -> list[Any]:
    return list(views_of(ask.actor.user_id, code))
