"""Opening a workbook that somebody else made: password, damage and sizes that no table has are found before reading."""

from __future__ import annotations

import re
import zipfile
import zlib
from pathlib import Path
from typing import Any, Final

from python_calamine import CalamineError, CalamineWorkbook, PasswordError

from feigong.core.errors import FeigongError

OLE: Final = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
ZIP: Final = b"PK\x03\x04"
_ENCRYPTED: Final = "EncryptedPackage".encode("utf-16-le")
# A sheet is held as rows times columns, also where it is empty: one cell in the last corner makes 17 billion.
MOST_CELLS: Final = 60_000_000
MOST_BYTES: Final = 4_000_000_000  # unpacked
_SURELY_SMALL: Final = 200_000_000
_MOST_SHRUNK: Final = 100  # tables shrink five- to thirtyfold; what shrinks more was made to fill memory
_SHEETS: Final = "xl/worksheets/"
_CHUNK: Final = 1 << 20
_OVERLAP: Final = 64
_WIDE: Final = re.compile(rb'r="([A-Z]{2,3})\d')
_ROW: Final = re.compile(rb'<(?:\w+:)?row [^>]{0,40}?r="(\d{1,7})"|r="[A-Z]{1,3}(\d{7})"')


def read_sheets(path: Path) -> list[tuple[str, list[list[Any]]]]:
    """Names and cells of all sheets.

    Raises
    ------
    FeigongError
        ``error.table_password``, ``error.table_broken``, ``error.table_too_large``, ``error.table_unreadable``.
    """
    try:
        _check(path)
        book = CalamineWorkbook.from_path(str(path))
        return [(name, book.get_sheet_by_name(name).to_python(skip_empty_area=False)) for name in book.sheet_names]
    except FeigongError:
        raise
    except PermissionError as fault:
        raise FeigongError("error.table_unreadable", path=str(path)) from fault
    except PasswordError as fault:
        raise FeigongError("error.table_password", path=path.name) from fault
    except (CalamineError, zipfile.BadZipFile, zlib.error, ValueError, OSError, EOFError, NotImplementedError) as fault:
        raise FeigongError(_code_of(fault), path=path.name) from fault
    except BaseException as fault:
        # The reader's own panic on a file that was tampered with; it is no Exception.
        if type(fault).__name__ != "PanicException":
            raise
        raise FeigongError("error.table_broken", path=path.name) from fault


def _code_of(fault: Exception) -> str:
    said = str(fault).lower()
    return "error.table_password" if "password" in said or "encrypt" in said else "error.table_broken"


def _check(path: Path) -> None:
    with path.open("rb") as file:
        head = file.read(8)
        if head == OLE and _ENCRYPTED in file.read():
            raise FeigongError("error.table_password", path=path.name)
    if head[:4] != ZIP:
        return
    with zipfile.ZipFile(path) as packed:
        size = sum(part.file_size for part in packed.infolist())
        shrunk = size / max(1, path.stat().st_size)
        if size > MOST_BYTES or (size > _SURELY_SMALL and shrunk > _MOST_SHRUNK):
            raise FeigongError("error.table_too_large", path=path.name)
        for part in packed.infolist():
            if part.filename.startswith(_SHEETS) and part.filename.endswith(".xml"):
                rows, columns = _extent(packed, part)
                if rows * columns > MOST_CELLS:
                    raise FeigongError("error.table_too_large", path=path.name)


def _extent(packed: zipfile.ZipFile, part: zipfile.ZipInfo) -> tuple[int, int]:
    """The last row and the last column that a sheet says it uses."""
    rows, columns, rest = 0, 26, b""
    with packed.open(part) as sheet:
        while chunk := sheet.read(_CHUNK):
            text = rest + chunk
            for letters in set(_WIDE.findall(text)):
                columns = max(columns, _number_of(letters))
            for row, cell in _ROW.findall(text):
                rows = max(rows, int(row or cell))
            rest = text[-_OVERLAP:]
    return rows, columns


def _number_of(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number
