"""The office's own sheets sent back: two columns more (what happened to the row, what to do), rows in colours."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from pathlib import Path
from typing import Any, Final

from feigong.core.roll.merge.values import Cell, RawTable
from feigong.exchange.workbook_out import workbook
from feigong.wording import Words

_WIDTH: Final = 16
_WIDE: Final = 44
_LONGEST_NAME: Final = 31
_FORBIDDEN: Final = str.maketrans("[]:*?/\\", "_______")


class Tone(StrEnum):
    """How a row stands: nothing to do, to be looked at, to be put right, left alone."""

    GOOD = "good"
    LOOK = "look"
    MEND = "mend"
    LEFT = "left"


_COLOURS: Final[Mapping[Tone, str]] = {
    Tone.GOOD: "#EBF5EE", Tone.LOOK: "#FDF5E3", Tone.MEND: "#FDF1EF", Tone.LEFT: "#F1F1F1",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Note:
    """What is said of a row."""

    tone: Tone
    what: str
    todo: str = ""


def write_annotated(
    path: Path,
    tables: Sequence[RawTable],
    headers: Mapping[str, int],
    notes: Mapping[tuple[str, int], Note],
    words: Words,
) -> None:
    """Write the sheets of one file as they came, row for row, with what is said of each at the right.

    Parameters
    ----------
    tables : sequence of RawTable
        Sheets of the file; cells keep their values, not their looks.
    headers : mapping of str to int
        By sheet the row of the header, as a spreadsheet shows it: the new columns are named there.
    notes : mapping of (sheet, row) to Note
        What is said, by the row's number as a spreadsheet shows it.
    """
    with workbook(path, in_memory=True) as book:
        formats = {tone: _formats(book, colour) for tone, colour in _COLOURS.items()}
        plain = _formats(book, "")
        bold = book.add_format({"bold": True})
        names: set[str] = set()
        for table in tables:
            sheet = book.add_worksheet(_name(table.sheet or table.name, names))
            width = max((len(r) for r in table.rows), default=0)
            sheet.set_column(0, max(0, width - 1), _WIDTH)
            sheet.set_column(width, width + 1, _WIDE)
            for index, row in enumerate(table.rows):
                number = table.first_row + index
                note = notes.get((table.sheet, number))
                styles = formats[note.tone] if note else plain
                for column in range(width):
                    _write(sheet, number - 1, column, row[column] if column < len(row) else None, styles)
                if note is not None:
                    sheet.write_string(number - 1, width, note.what, styles[1])
                    sheet.write_string(number - 1, width + 1, note.todo, styles[1])
            if table.sheet in headers:
                sheet.write_string(headers[table.sheet] - 1, width, words.word("annotated.what"), bold)
                sheet.write_string(headers[table.sheet] - 1, width + 1, words.word("annotated.todo"), bold)
                sheet.freeze_panes(headers[table.sheet], 0)


def _formats(book: Any, colour: str) -> tuple[Any, Any, Any]:
    """For values, for sentences, for days."""
    ground = {"bg_color": colour} if colour else {}
    return (
        book.add_format(ground),
        book.add_format({**ground, "text_wrap": True, "valign": "top"}),
        book.add_format({**ground, "num_format": "yyyy-mm-dd"}),
    )


def _write(sheet: Any, row: int, column: int, cell: Cell, styles: tuple[Any, Any, Any]) -> None:
    if cell is None or cell == "":
        sheet.write_blank(row, column, None, styles[0])
    elif isinstance(cell, bool):
        sheet.write_boolean(row, column, cell, styles[0])
    elif isinstance(cell, int | float):
        sheet.write_number(row, column, cell, styles[0])
    elif isinstance(cell, datetime | date):
        sheet.write_datetime(row, column, cell, styles[2])
    else:
        sheet.write_string(row, column, cell, styles[0])


def _name(given: str, taken: set[str]) -> str:
    """A name that a workbook may have, different from the others."""
    plain = given.translate(_FORBIDDEN).strip("'")[:_LONGEST_NAME] or "Sheet1"
    name, n = plain, 1
    while name.lower() in taken:
        n += 1
        name = f"{plain[: _LONGEST_NAME - 4]} ({n})"
    taken.add(name.lower())
    return name
