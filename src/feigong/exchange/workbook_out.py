"""Writing tables that a spreadsheet opens: texts stay texts, and a full disk is an error like any other."""

from __future__ import annotations

import io
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

import polars as pl
import xlsxwriter
from xlsxwriter.exceptions import FileCreateError, FileSizeError

FORMULA_STARTS: Final = ("=", "+", "-", "@", "\t", "\r")
_TEXTS: Final = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}


@contextmanager
def workbook(path: Path, **options: Any) -> Iterator[Any]:
    """A workbook, packed when the block ends well and only then; until then its parts lie in a folder of our own.

    Raises
    ------
    OSError
        It cannot be written.
    """
    with TemporaryDirectory(prefix="feigong-") as folder:
        packed = io.BytesIO()  # on a full disk the packer itself would complain once more when it is forgotten
        book = xlsxwriter.Workbook(packed, {**_TEXTS, **options, "tmpdir": folder})
        try:
            yield book
            book.close()
            path.write_bytes(packed.getbuffer())
        except FileCreateError as fault:
            cause = fault.args[0] if fault.args else None
            raise cause if isinstance(cause, OSError) else OSError(str(fault)) from fault
        except FileSizeError as fault:
            raise OSError(27, str(fault), str(path)) from fault
        finally:
            book.fileclosed = True  # it would write itself when it is forgotten


def write_frame(frame: pl.DataFrame, path: Path) -> None:
    """A parquet file. By way of memory: polars has an error of its own for a full disk."""
    packed = io.BytesIO()
    frame.write_parquet(packed)
    path.write_bytes(packed.getbuffer())


def safe_text(text: str) -> str:
    """Text for a csv: what a spreadsheet would run as a formula gets an apostrophe, `plain_text` takes it away."""
    return f"'{text}" if text.startswith((*FORMULA_STARTS, "'")) else text


def plain_text(text: str) -> str:
    return text[1:] if text.startswith("'") and text[1:].startswith((*FORMULA_STARTS, "'")) else text
