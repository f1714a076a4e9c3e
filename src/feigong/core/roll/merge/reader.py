"""One row of a sheet under the meaning of its columns: what was repaired, and what could not be read."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final

from feigong.core.reasons import Reason, reason
from feigong.core.roll import uscc
from feigong.core.roll.merge.cells import Read, read_count, read_date, read_text, read_yes, says_nothing, text_of
from feigong.core.roll.merge.headers import Shape
from feigong.core.roll.merge.looks import LEAST_CODE_NUMBER, is_id_number, is_number_text
from feigong.core.roll.merge.values import Cell
from feigong.core.text import fold

_OLD_ID_LENGTH: Final = 15
_LOST_FROM: Final = 1e15  # a spreadsheet's number keeps 15 digits
_BETWEEN_NAMES: Final = ("、", ";", "；", ",", "，", "/", "|", "\n")
_CODE_RUN: Final = re.compile(r"(?<![0-9A-Z])[0-9A-Z]{18}(?![0-9A-Z])")
_AROUND: Final = " ()[]:;,-/"


@dataclass(slots=True)
class Notes:
    """What happened while one row was read."""

    repairs: list[Reason] = field(default_factory=list)
    faults: list[Reason] = field(default_factory=list)


class RowReader:
    """One row under the columns of its sheet. Collects repairs and faults, each with the column's header."""

    def __init__(self, row: Sequence[Cell], shape: Shape) -> None:
        self._row = row
        self._shape = shape
        self.notes = Notes()

    def _cells(self, meaning: str) -> list[tuple[int, Cell]]:
        return [(i, self._row[i]) for i in self._shape.mapped.columns.get(meaning, ()) if i < len(self._row)]

    def cell(self, meaning: str) -> Cell:
        found = self._cells(meaning)
        return found[0][1] if found else None

    def _note(self, meaning: str, read: Read[Any]) -> None:
        index = self._cells(meaning)[0][0]
        header = self._shape.labels[index]
        for into, what in ((self.notes.repairs, read.repair), (self.notes.faults, read.fault)):
            if what is not None:
                into.append(reason(what.code, column=header, **what.params))

    def label(self, meaning: str) -> str:
        """The header over a cell, in lower case."""
        return self._shape.labels[self._cells(meaning)[0][0]].lower()

    def text(self, meaning: str) -> str:
        if meaning not in self._shape.mapped.columns:
            return ""
        read = read_text(self.cell(meaning))
        if read.repair is not None:
            self._note(meaning, read)
        return read.value or ""

    def texts(self, meaning: str) -> str:
        """All columns of a meaning that several may have, one after another."""
        return "；".join(t for _, c in self._cells(meaning) if (t := text_of(c)) and not says_nothing(t))

    def raw(self, meaning: str) -> str:
        """Text with its line ends: lists in one cell are written on several lines."""
        cell = self.cell(meaning)
        return cell if isinstance(cell, str) else text_of(cell)

    def count(self, meaning: str) -> int | None:
        if meaning not in self._shape.mapped.columns:
            return None
        read = read_count(self.cell(meaning))
        if read.repair or read.fault:
            self._note(meaning, read)
        return read.value

    def day(self, meaning: str) -> date | None:
        if meaning not in self._shape.mapped.columns:
            return None
        read = read_date(self.cell(meaning))
        if read.repair or read.fault:
            self._note(meaning, read)
        return read.value

    def yes(self, meaning: str) -> bool | None:
        return read_yes(self.cell(meaning))

    def code(self) -> tuple[str, bool]:
        """The code in the form used, and whether it was lost because the cell holds a number."""
        cell = self.cell("uscc")
        if isinstance(cell, int | float) and not isinstance(cell, bool) and abs(cell) >= LEAST_CODE_NUMBER:
            return "", True
        written = text_of(cell)
        if says_nothing(written):
            return "", False
        if is_number_text(written):
            return "", True
        code = uscc.repaired(written)
        if not uscc.is_valid(code) and uscc.is_valid(beside := name_and_code(written)[1]):
            code = beside  # something else was typed beside it
        if isinstance(cell, str) and code != cell and uscc.is_valid(code):
            index = self._cells("uscc")[0][0]
            self.notes.repairs.append(
                reason("merge.repair_code", column=self._shape.labels[index], text=cell.strip(), right=code)
            )
        return code, False

    def id_number(self) -> str:
        """An identity number in one form; a 15-digit one of before 1999 in its present form.

        One that a spreadsheet turned into a number has lost its last digits and is none: all who are born on one day in
        one place would become one person.
        """
        cell = self.cell("id_number")
        written = text_of(cell)
        if (isinstance(cell, float) and abs(cell) >= _LOST_FROM) or is_number_text(written):
            index = self._cells("id_number")[0][0]
            self.notes.faults.append(reason("merge.fault_id_number", column=self._shape.labels[index]))
            return ""
        number = uscc.as_written(written)
        if says_nothing(number):
            return ""
        if len(number) == _OLD_ID_LENGTH and is_id_number(number):
            self.notes.repairs.append(reason("merge.repair_id"))
            return _lengthened(number)
        return number


def _lengthened(number: str) -> str:
    body = f"{number[:6]}19{number[6:]}"
    weights = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
    return body + "10X98765432"[sum(int(c) * w for c, w in zip(body, weights, strict=True)) % 11]


def split_list(text: str) -> tuple[str, ...]:
    """Names in one cell."""
    for mark in _BETWEEN_NAMES[1:]:
        text = text.replace(mark, _BETWEEN_NAMES[0])
    return tuple(t for part in text.split(_BETWEEN_NAMES[0]) if (t := part.strip()))


def name_and_code(text: str) -> tuple[str, str]:
    """A cell meant for a name that holds a code as well, or instead: the name without it, and the code."""
    folded = fold(text)
    whole = uscc.repaired(folded)
    if uscc.is_valid(whole):
        return "", whole
    for run in _CODE_RUN.finditer(folded.upper()):
        # Codes of firms begin with 9; a number of that form that is no code at all must not be taken for one.
        if uscc.is_valid(run[0]) or (run[0][0] == "9" and not is_id_number(run[0])):
            return (folded[: run.start()].rstrip(_AROUND) + folded[run.end() :].lstrip(_AROUND)).strip(), run[0]
    return folded, ""
