"""Tables as offices keep them: xlsx, xls, csv in any usual Chinese encoding, parquet; faults said with place."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Sequence
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Final

import polars

from feigong.core.errors import FeigongError
from feigong.core.roll.merge.values import Cell, RawTable
from feigong.exchange.workbook import OLE, ZIP, read_sheets

_WORKBOOKS: Final = frozenset((".xlsx", ".xlsm", ".xlsb", ".xls", ".ods", ".et"))
_TEXTS: Final = frozenset((".csv", ".txt", ".tsv"))
_PARQUET: Final = frozenset((".parquet", ".pq"))
KINDS: Final = _WORKBOOKS | _TEXTS | _PARQUET
_ENCODINGS: Final = ("utf-8-sig", "gb18030", "big5")
_DELIMITERS: Final = (",", "\t", ";", "|")
_SAMPLE: Final = 200_000
_LONGEST_CELL: Final = 32_767  # as in a workbook; what is longer was not typed
_COMMON: Final = re.compile(r"[企业单位名称代码统一社会信用党员组织支部公司日期地址姓人数工作班制時間稱號碼員]")
_RARE: Final = re.compile(
    r"[\ue000-\uf8ff\u3400-\u4dbf]|[^\x00-\x7f\u3000-\u30ff\u4e00-\u9fff\uff00-\uffef\u2010-\u2642·×°—…￥]"
)


def read_tables(path: Path) -> list[RawTable]:
    """Every sheet of a file.

    Parameters
    ----------
    path : Path
        A workbook (all its sheets), a text table or a parquet file.

    Returns
    -------
    list of RawTable
        Sheets with at least one filled cell, rows and row numbers as a spreadsheet shows them.

    Raises
    ------
    FeigongError
        ``error.table_missing``, ``error.table_kind``, ``error.table_empty``, ``error.table_password``,
        ``error.table_broken``, ``error.table_line``, ``error.table_too_large``, ``error.table_encoding``.
    """
    if not path.is_file():
        raise FeigongError("error.table_missing", path=str(path))
    kind = path.suffix.lower()
    try:
        if kind in _WORKBOOKS or (kind in _TEXTS and _head(path)[:4] in (ZIP, OLE[:4])):
            tables = _read_workbook(path)
        elif kind in _TEXTS:
            tables = _read_text(path)
        elif kind in _PARQUET:
            tables = _read_parquet(path)
        else:
            raise FeigongError("error.table_kind", path=path.name, kinds=" ".join(sorted(KINDS)))
    except OSError as fault:
        raise FeigongError("error.table_unreadable", path=str(path)) from fault
    filled = [t for t in tables if any(_is_filled(c) for row in t.rows for c in row)]
    if not filled:
        raise FeigongError("error.table_empty", path=path.name)
    return filled


def read_all(paths: Iterable[Path]) -> list[RawTable]:
    """Sheets of several files or folders, in the order of their names; files of one name are told apart by path."""
    files = table_files(paths)
    names = [p.name for p in files]
    found: list[RawTable] = []
    for file in files:
        name = file.name if names.count(file.name) == 1 else str(file)
        found += [RawTable(name, t.sheet, t.rows, t.first_row) for t in read_tables(file)]
    return found


def table_files(paths: Iterable[Path]) -> list[Path]:
    """The files themselves, each once; of a folder those that are tables."""
    return sorted({p.resolve(): p for p in _files(paths)}.values(), key=lambda p: (p.name, str(p)))


def _files(paths: Iterable[Path]) -> Iterable[Path]:
    for path in paths:
        if not path.is_dir():
            yield path
            continue
        inside = [p for p in sorted(path.iterdir()) if p.suffix.lower() in KINDS and not p.name.startswith(("~$", "."))]
        if not inside:
            raise FeigongError("error.folder_empty", path=str(path))
        yield from inside


def _is_filled(cell: Cell) -> bool:
    return cell is not None and (not isinstance(cell, str) or bool(cell.strip()))


def _cell(value: object) -> Cell:
    if value is None or value == "":
        return None
    if isinstance(value, str):
        return value if len(value) <= _LONGEST_CELL else value[:_LONGEST_CELL]
    if isinstance(value, bool | int | datetime | date):
        return value
    if isinstance(value, float):
        return int(value) if value.is_integer() and abs(value) < 1e12 else value
    if isinstance(value, time | timedelta):
        return str(value)
    return str(value)


def _trimmed(rows: Iterable[Sequence[object]]) -> tuple[tuple[Cell, ...], ...]:
    """Rows without the empty cells at their right ends and without empty rows at the end of the sheet."""
    out: list[tuple[Cell, ...]] = []
    for row in rows:
        cells = [_cell(v) for v in row]
        while cells and not _is_filled(cells[-1]):  # also a lone blank: one stray cell makes a million rows
            cells.pop()
        out.append(tuple(cells))
    while out and not out[-1]:
        out.pop()
    return tuple(out)


def _head(path: Path) -> bytes:
    with path.open("rb") as file:
        return file.read(8)


def _read_workbook(path: Path) -> list[RawTable]:
    head = _head(path)
    if path.suffix.lower() in (".xls", ".xlsx", ".et") and head[:4] not in (ZIP, OLE[:4]):
        return _not_a_workbook(path)
    return [RawTable(path.name, name, _trimmed(rows)) for name, rows in read_sheets(path)]


def _not_a_workbook(path: Path) -> list[RawTable]:
    """Office systems often export text under the name of a workbook; anything else is broken."""
    raw = path.read_bytes()
    if not raw:
        raise FeigongError("error.table_empty", path=path.name)
    if b"\x00" in raw[:4000] or raw.lstrip()[:1] == b"<":
        raise FeigongError("error.table_broken", path=path.name)
    return _read_text(path)


def _decoded(raw: bytes, path: Path) -> str:
    """The text, whichever usual encoding it is in."""
    if raw.startswith((b"\xff\xfe", b"\xfe\xff")):
        return _strictly(raw, "utf-16", path)
    sample = raw[:_SAMPLE]
    if sample.count(b"\x00") > len(sample) // 10:
        return _strictly(
            raw, "utf-16-le" if sample[1::2].count(b"\x00") > sample[::2].count(b"\x00") else "utf-16-be", path
        )
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        pass
    readings: list[tuple[float, int, str]] = []
    for rank, encoding in enumerate(_ENCODINGS[1:]):
        try:
            text = raw.decode(encoding)
        except UnicodeDecodeError:
            continue
        readings.append((_strangeness(text), rank, text))
    if not readings or min(readings)[0] > 0.2:
        raise FeigongError("error.table_encoding", path=path.name)
    return min(readings)[2]


def _strictly(raw: bytes, encoding: str, path: Path) -> str:
    try:
        return raw.decode(encoding).lstrip("\ufeff")
    except UnicodeDecodeError as fault:
        raise FeigongError("error.table_encoding", path=path.name) from fault


def _strangeness(text: str) -> float:
    """Share of characters that no table has, less that of characters which every table has."""
    foreign = [c for c in text[:_SAMPLE] if ord(c) > 127]
    if not foreign:
        return 0.0
    joined = "".join(foreign)
    return (len(_RARE.findall(joined)) - 0.5 * len(_COMMON.findall(joined))) / len(joined)


def _read_text(path: Path) -> list[RawTable]:
    text = _decoded(path.read_bytes(), path)
    if not text.strip():
        raise FeigongError("error.table_empty", path=path.name)
    if "\x00" in text:
        raise FeigongError("error.table_broken", path=path.name)
    rows: list[list[str]] = []
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(text))
    begun = 1
    try:
        for row in reader:
            rows.append(row)
            begun = reader.line_num + 1
    except csv.Error as fault:
        raise FeigongError("error.table_line", path=path.name, line=begun) from fault
    return [RawTable(path.name, "", _trimmed(rows))]


def _delimiter(text: str) -> str:
    """The delimiter that gives the most columns to most of the first lines."""
    lines = [line for line in text.splitlines()[:50] if line.strip()]

    def columns(mark: str) -> tuple[int, int]:
        widths = sorted(_width(line, mark) for line in lines)
        return (widths[len(widths) // 2], -_DELIMITERS.index(mark)) if widths else (1, 0)

    return max(_DELIMITERS, key=columns)


def _width(line: str, mark: str) -> int:
    try:
        return len(next(csv.reader([line], delimiter=mark), []))
    except csv.Error:
        return 1  # a cell without end; reading says where


def _read_parquet(path: Path) -> list[RawTable]:
    try:
        frame = polars.read_parquet(path)
    except (polars.exceptions.PolarsError, OSError) as fault:
        raise FeigongError("error.table_broken", path=path.name) from fault
    if frame.is_empty():
        raise FeigongError("error.table_empty", path=path.name)
    return [RawTable(path.name, "", _trimmed([frame.columns, *frame.iter_rows()]))]
