"""Opening a workbook that somebody else made: password, damage and sizes that no table has are found before reading."""

from __future__ import annotations

import io
import zipfile
import zlib
from pathlib import Path
from typing import Any, Final

from python_calamine import CalamineError, CalamineWorkbook, PasswordError

from feigong.core.errors import FeigongError
from feigong.exchange.workbook_size import MOST_CELLS, most_cells

OLE: Final = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
ZIP: Final = b"PK\x03\x04"
_ENCRYPTED: Final = "EncryptedPackage".encode("utf-16-le")
MOST_BYTES: Final = 2_000_000_000  # unpacked
_SURELY_SMALL: Final = 50_000_000
_MOST_SHRUNK: Final = 100  # tables shrink five- to thirtyfold; what shrinks more was made to fill memory


def read_sheets(path: Path) -> list[tuple[str, list[list[Any]]]]:
    """Names and cells of all sheets.

    Raises
    ------
    FeigongError
        ``error.table_password``, ``error.table_broken``, ``error.table_too_large``, ``error.table_unreadable``.
    """
    try:
        _check(path)
        book = _opened(path)
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


def _opened(path: Path) -> CalamineWorkbook:
    """By what it is, where its name says something else: a workbook that was renamed still opens in offices."""
    with path.open("rb") as file:
        packed = file.read(4) == ZIP
    if packed == (path.suffix.lower() in (".xls", ".et", ".csv", ".txt", ".tsv")):
        return CalamineWorkbook.from_filelike(io.BytesIO(path.read_bytes()))
    return CalamineWorkbook.from_path(str(path))


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
        if size > MOST_BYTES or (size > _SURELY_SMALL and shrunk > _MOST_SHRUNK) or most_cells(packed) > MOST_CELLS:
            raise FeigongError("error.table_too_large", path=path.name)
