"""How large the sheets of a packed workbook would be in memory, found without reading them.

A reader holds a sheet as rows times columns, also where it is empty: one cell in the last corner makes 17 billion, and
the process that asks for so much is ended by the system. So every part is looked at, whatever it is called: a file
that was made to do harm names its sheets as it likes.
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator
from typing import Final

MOST_CELLS: Final = 60_000_000
_CHUNK: Final = 1 << 20
_OVERLAP: Final = 64
_SPACES: Final = b" \t\r\n"
_DATA: Final = b"sheetData"  # begins what a sheet holds, in whichever part
_PLACE: Final = re.compile(rb"""r=["']([A-Za-z]{0,3})(\d{1,9})["']""")  # blanks are gone by then
_OPEN: Final = re.compile(rb"<[\w.-]+:(table-row|table-cell|covered-table-cell)\b([^>]*)>")
_REPEATED: Final = re.compile(rb"""number-(?:rows|columns)-repeated\s*=\s*["'](\d{1,12})["']""")
_BEGIN_DATA: Final = 145  # record of a binary sheet after which its rows stand
_ROW_HEAD: Final = 0
_CELLS: Final = range(1, 12)


def most_cells(packed: zipfile.ZipFile) -> int:
    """Cells of the largest sheet of a workbook (xlsx, xlsm, xlsb, ods), as a reader would hold it."""
    names = packed.namelist()
    if "content.xml" in names:
        return _repeated_cells(packed.read("content.xml"))
    binary = any(name.lower() == "xl/workbook.bin" for name in names)
    return max((_of_part(packed, part, binary=binary) for part in packed.infolist()), default=0)


def _of_part(packed: zipfile.ZipFile, part: zipfile.ZipInfo, *, binary: bool) -> int:
    rows, columns = _extent_of_records(packed.read(part)) if binary else _extent(packed, part)
    return rows * columns


def _extent(packed: zipfile.ZipFile, part: zipfile.ZipInfo) -> tuple[int, int]:
    """The last row and the last column that a sheet says it uses."""
    rows, columns, rest, begun = 0, 26, b"", False
    with packed.open(part) as sheet:
        while chunk := sheet.read(_CHUNK):
            text = rest + chunk.translate(None, _SPACES)
            rest = text[-_OVERLAP:]
            begun = begun or _DATA in text
            if not begun:
                continue
            found = _PLACE.findall(text)
            rows = max([rows, *(int(row) for _, row in found)])
            columns = max([columns, *(_number_of(letters) for letters in {letters for letters, _ in found})])
    return rows if begun else 0, columns


def _number_of(letters: bytes) -> int:
    number = 0
    for letter in letters.upper():
        number = number * 26 + letter - 64
    return number


def _extent_of_records(content: bytes) -> tuple[int, int]:
    """The same of a binary sheet; nothing of a part that is none."""
    rows, columns, begun = 0, 0, False
    for kind, first in _records(content):
        if kind == _BEGIN_DATA:
            begun = True
        elif begun and kind == _ROW_HEAD:
            rows = max(rows, first + 1)
        elif begun and kind in _CELLS:
            columns = max(columns, first + 1)
    return rows, columns


def _records(content: bytes) -> Iterator[tuple[int, int]]:
    """Kind of each record and the number that it begins with; ends where the records do."""
    at, end = 0, len(content)
    while at + 1 < end:
        kind, at = content[at], at + 1
        if kind & 0x80:
            kind, at = (kind & 0x7F) | (content[at] & 0x7F) << 7, at + 1
        size, shift = 0, 0
        while at < end and shift < 28:
            byte, at = content[at], at + 1
            size |= (byte & 0x7F) << shift
            shift += 7
            if not byte & 0x80:
                break
        yield kind, int.from_bytes(content[at : at + min(size, 4)], "little")
        at += size


def _repeated_cells(content: bytes) -> int:
    """Cells of an ods file with what is said to be repeated. Empty ends of rows and sheets are not held."""
    widest, rows, repeated, width, filled = 0, -1, 1, 0, 0  # no row stands before the first
    for kind, attributes in _OPEN.findall(content):
        told = _REPEATED.search(attributes)
        times = int(told[1]) if told else 1
        if kind == b"table-row":
            rows += repeated if filled else 1
            widest = max(widest, filled)
            repeated, width, filled = times, 0, 0
            continue
        width += times
        if not attributes.rstrip().endswith(b"/") or b"value" in attributes:
            filled = width
    rows += repeated if filled else 1
    return rows * max(widest, filled)
