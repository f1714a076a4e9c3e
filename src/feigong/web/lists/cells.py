"""Values of rows: as words on a page, as values in a file. Both from the same place, so that they agree."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.utils import timezone

from feigong.apps.clock import ZONE
from feigong.core.roll.history import FOREVER
from feigong.web.lists.spec import Ask, Column, Fill, Kind

Filled = Mapping[Fill, Mapping[int, Any]]


@dataclass(frozen=True, slots=True)
class Cell:
    column: Column
    text: str
    tone: str = ""


def filled(columns: Iterable[Column], rows: Sequence[Any], ask: Ask) -> Filled:
    """What the columns look up for these rows; each fill is asked once."""
    fills = dict.fromkeys(c.fill for c in columns if c.fill is not None)
    return {fill: fill(rows, ask) for fill in fills} if rows else {}


def value_of(column: Column, row: Any, found: Filled) -> Any:
    if column.fill is not None:
        return found[column.fill].get(row.pk)
    return getattr(row, column.code)


def text_of(column: Column, value: Any, ask: Ask) -> str:
    """Nothing for what is not known: an empty cell says so quietly."""
    if value is None or value == "":
        return ""
    words = ask.words
    match column.kind:
        case Kind.CHOICE:
            return words.word(f"{column.family}.{value}")
        case Kind.YES:
            return words.yes(value)
        case Kind.SEALED:
            return words.word("web.lists.sealed")
        case Kind.DAY:
            return "" if value == FOREVER else value.isoformat()
        case Kind.MOMENT:
            return timezone.localtime(value, ZONE).strftime("%Y-%m-%d %H:%M")
        case Kind.NAMES:
            return words.join([str(v) for v in value], most=3)
        case Kind.NUMBER:
            return words.number(value)
        case _:
            return str(value)


def cell(column: Column, row: Any, found: Filled, ask: Ask) -> Cell:
    value = value_of(column, row, found)
    tone = (column.tones or {}).get(str(value), "")
    return Cell(column, text_of(column, value, ask), tone)


def plain(column: Column, value: Any, ask: Ask) -> str | int | float | date | datetime:
    """For a file: numbers and days as such, all names of several, the rest as on the page."""
    if column.kind is Kind.NUMBER and value is not None:
        return value  # type: ignore[no-any-return]
    if column.kind is Kind.DAY and value is not None and value != FOREVER:
        return value  # type: ignore[no-any-return]
    if column.kind is Kind.NAMES and value:
        return ask.words.join([str(v) for v in value])
    return text_of(column, value, ask)


def lines(
    columns: Sequence[Column], rows: Iterable[Any], ask: Ask, batch: int = 2000
) -> Iterator[list[str | int | float | date | datetime]]:
    """Rows for a file, looked up batch by batch."""
    held: list[Any] = []
    for row in rows:
        held.append(row)
        if len(held) == batch:
            yield from _lines(columns, held, ask)
            held = []
    yield from _lines(columns, held, ask)


def _lines(
    columns: Sequence[Column], rows: Sequence[Any], ask: Ask
) -> Iterator[list[str | int | float | date | datetime]]:
    found = filled(columns, rows, ask)
    for row in rows:
        yield [plain(c, value_of(c, row, found), ask) for c in columns]
