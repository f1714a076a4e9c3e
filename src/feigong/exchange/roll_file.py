"""Write a merged roll with its problems and the fate of every row; read a roll back exactly."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

import polars as pl

from feigong import __version__
from feigong.core.errors import FeigongError
from feigong.core.roll.merge.values import FateKind, MergeResult, TableReading
from feigong.core.roll.values import Roll
from feigong.exchange.atomic import writing
from feigong.exchange.reference import load_industry_names
from feigong.exchange.roll_sheets import (
    ABOUT,
    AREAS,
    ENTERPRISES,
    IDENTITY,
    MEMBERS,
    OFFICERS,
    ORGANISATIONS,
    PHONE,
    PROBLEMS,
    READ_BACK,
    REPRESENTATIVE,
    ROWS,
    Cell,
    Column,
    Reader,
    Row,
    Sheet,
    area_row,
    enterprise_row,
    member_row,
    officer_row,
    organisation_row,
    ref_text,
    refs_text,
)
from feigong.exchange.workbook import read_sheets
from feigong.exchange.workbook_out import plain_text, safe_text, workbook, write_frame
from feigong.wording import LANGUAGES, Words

KINDS: Final = (".xlsx", ".csv", ".parquet")
_MOST_ROWS: Final = 1_000_000  # a sheet holds 1,048,576 with its header
_LONGEST_CELL: Final = 32_000
_ROLL_FORMAT: Final = "1"
_KEYS: Final = ("enterprises", "members", "organisations", "officers", "problems", "rows", "about", "areas")


def roll_outputs(path: Path) -> list[Path]:
    """The files that `write_roll` makes: one workbook, or one file a sheet beside each other.

    Raises
    ------
    FeigongError
        ``error.roll_kind``.
    """
    kind = path.suffix.lower()
    if kind not in KINDS:
        raise FeigongError("error.roll_kind", path=path.name, kinds=" ".join(KINDS))
    return [path] if kind == ".xlsx" else [path.with_name(f"{path.stem}.{key}{kind}") for key in _KEYS]


def roll_files(path: Path) -> list[Path]:
    """The files that `read_roll` reads for this path."""
    return roll_outputs(_base_of(path))


def write_roll(result: MergeResult, path: Path, words: Words, *, force: bool) -> None:
    """Write the roll, the problems and the fates.

    Parameters
    ----------
    result : MergeResult
        From `merge_tables`.
    path : Path
        ``.xlsx``: one workbook. ``.csv`` or ``.parquet``: a set ``base.enterprises.csv`` … beside each other.
    words : Words
        The language of headers and sentences; `read_roll` understands all.
    force : bool
        Replace what exists.

    Raises
    ------
    FeigongError
        ``error.roll_kind``, ``error.output_*``. Nothing half-written is left behind.
    """
    outputs = roll_outputs(path)
    with writing(outputs, force=force, private=_is_identified(result.roll)) as parts:
        sheets = _sheets(result, words)
        if path.suffix.lower() == ".xlsx":
            _write_workbook(sheets, parts[0], words)
            return
        by_key = {s.key: s for s in sheets}
        for key, part in zip(_KEYS, parts, strict=True):
            if path.suffix.lower() == ".csv":
                _write_csv(by_key[key], part, words)
            else:
                write_frame(_frame(by_key[key], words), part)


def _is_identified(roll: Roll) -> bool:
    """Whether plain persons are in it."""
    return (
        any(m.identity for m in roll.members)
        or any(e.legal_representative for e in roll.enterprises)
        or any(o.phone for o in roll.officers)
    )


def _sheets(result: MergeResult, words: Words) -> list[Sheet]:
    roll = result.roll
    areas = {a.code: a.name for a in roll.areas}
    names = {e.uscc: e.name for e in roll.enterprises}
    industries = load_industry_names()
    identify = _is_identified(roll)
    return [
        Sheet(
            "enterprises", (*ENTERPRISES, *REPRESENTATIVE) if identify else ENTERPRISES,
            [enterprise_row(e, areas, industries, words, identify=identify) for e in roll.enterprises],
        ),
        Sheet(
            "members", (*MEMBERS, *IDENTITY) if identify else MEMBERS,
            [member_row(m, names, words, identify=identify) for m in roll.members],
        ),
        Sheet("organisations", ORGANISATIONS, [organisation_row(o, names, areas, words) for o in roll.organisations]),
        Sheet(
            "officers", (*OFFICERS, *PHONE) if identify else OFFICERS,
            [officer_row(o, areas, words, identify=identify) for o in roll.officers],
        ),
        Sheet("problems", PROBLEMS, list(_problem_rows(result, words))),
        Sheet("rows", ROWS, list(_fate_rows(result, words))),
        Sheet("about", ABOUT, list(_about_rows(result, words))),
        Sheet("areas", AREAS, [tuple(area_row(a, words)) for a in roll.areas]),
    ]  # fmt: skip


def _problem_rows(result: MergeResult, words: Words) -> Iterable[tuple[Cell, ...]]:
    for p in result.problems:
        yield (
            words.word(f"roll.severity.{p.severity}"), words.say(p.reason), p.subject, len(p.rows),
            refs_text(p.rows, words, 5), p.reason.code,
        )  # fmt: skip


def _fate_rows(result: MergeResult, words: Words) -> Iterable[tuple[Cell, ...]]:
    fates = {kind: words.word(f"roll.fate.{kind}") for kind in FateKind}
    for f in result.fates:
        of = ref_text(f.of, words) if f.of else ""
        yield f.row.table, f.row.sheet, f.row.row, fates[f.kind], words.sentences(f.reasons), of, f.subject


def _about_rows(result: MergeResult, words: Words) -> Iterable[tuple[Cell, ...]]:
    roll = result.roll
    items = {
        "format": _ROLL_FORMAT,
        "program": f"feigong {__version__}",
        "on": roll.on.isoformat(),
        "district": roll.district,
    }
    for key, value in items.items():
        yield words.word(f"roll.about.{key}"), value
    yield words.word("roll.about.note"), words.word("roll.about.note_text")
    for reading in result.tables:
        yield _reading_title(reading, words), _reading_text(reading, words)


def _reading_title(reading: TableReading, words: Words) -> str:
    sheet = f" / {reading.sheet}" if reading.sheet else ""
    return words.word("roll.about.table", table=reading.table + sheet)


def _reading_text(reading: TableReading, words: Words) -> str:
    """How a table was understood: its kind, its columns, what was not used, how many rows became what."""
    used, repaired, duplicate, aside = reading.counts
    columns = words.join(
        [f"{c.header} = {words.word(f'roll.meaning.{c.meaning}')}" for c in reading.columns if c.header]
    )
    return words.word(
        "roll.about.reading",
        kind=words.word(f"roll.table.{reading.kind}"),
        header=reading.header_row or 0,
        columns=columns or words.word("value.none"),
        unmapped=words.join(reading.unmapped) or words.word("value.none"),
        datum=str(reading.datum) if reading.datum else words.word("value.none"),
        used=used, repaired=repaired, duplicate=duplicate, aside=aside,
    )  # fmt: skip


# Files ------------------------------------------------------------------------------------------------------


def _header(column: Column, words: Words) -> str:
    return words.word(f"roll.col.{column.key}")


def _write_workbook(sheets: Sequence[Sheet], path: Path, words: Words) -> None:
    with workbook(path, constant_memory=True) as book:
        head = book.add_format(
            {"bold": True, "bg_color": "#F2F0EC", "bottom": 1, "text_wrap": True, "valign": "vcenter"}
        )
        text = book.add_format({"num_format": "@", "valign": "top"})
        for sheet in sheets:
            name = words.word(f"roll.sheet.{sheet.key}")
            for number, begin in enumerate(range(0, max(1, len(sheet.rows)), _MOST_ROWS)):
                page = book.add_worksheet(name if number == 0 else f"{name} {number + 1}")
                _write_page(page, sheet, sheet.rows[begin : begin + _MOST_ROWS], words, head, text)


def _write_page(page: Any, sheet: Sheet, rows: Sequence[tuple[Cell, ...]], words: Words, head: Any, text: Any) -> None:
    """One sheet: every text as text (nothing that begins with = + - @ becomes a formula), header frozen, filters on."""
    page.freeze_panes(1, 2 if len(sheet.columns) > 3 else 0)
    for i, column in enumerate(sheet.columns):
        page.set_column(i, i, column.width, None if column.number else text, {"hidden": column.hidden})
        page.write_string(0, i, _header(column, words), head)
    for r, row in enumerate(rows, 1):
        for c, cell in enumerate(row):
            if cell is None or cell == "":
                continue
            if isinstance(cell, str):
                page.write_string(r, c, cell[:_LONGEST_CELL], text)
            else:
                page.write_number(r, c, cell)
    page.autofilter(0, 0, len(rows), len(sheet.columns) - 1)


def _write_csv(sheet: Sheet, path: Path, words: Words) -> None:
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        out = csv.writer(file)
        out.writerow([_header(c, words) for c in sheet.columns])
        for row in sheet.rows:
            out.writerow(["" if v is None else safe_text(v) if isinstance(v, str) else v for v in row])


def _frame(sheet: Sheet, words: Words) -> pl.DataFrame:
    data = {}
    for i, column in enumerate(sheet.columns):
        values = [row[i] for row in sheet.rows]
        kind = pl.Float64 if column.number else pl.String
        data[_header(column, words)] = pl.Series([None if v == "" else v for v in values], dtype=kind, strict=False)
    return pl.DataFrame(data)


# Reading back -----------------------------------------------------------------------------------------------


def read_roll(path: Path) -> Roll:
    """Read a roll that `write_roll` wrote, in any language: a workbook, or a set by the name it was given.

    Raises
    ------
    FeigongError
        ``error.roll_missing``, ``error.roll_unreadable``, ``error.roll_kind``, ``error.roll_not_a_roll`` (says which
        sheet or column is missing), ``error.roll_cell`` (says where and what).
    """
    tables = _read_workbook(path) if path.suffix.lower() == ".xlsx" else _read_set(path)
    reader = Reader(_code_of)
    about = {_code_of("roll.about.", row.get("item", "")): row.get("value", "") for row in tables["about"]}
    on = about.get("roll.about.on", "")
    if not on:
        raise FeigongError("error.roll_not_a_roll", path=path.name, missing="about.on")
    try:
        roll = Roll(
            on=date.fromisoformat(on),
            enterprises=tuple(reader.enterprise(r) for r in tables["enterprises"] if r.get("uscc")),
            members=tuple(reader.member(r) for r in tables["members"] if r.get("key")),
            organisations=tuple(reader.organisation(r) for r in tables["organisations"] if r.get("key")),
            officers=tuple(reader.officer(r) for r in tables["officers"] if r.get("key")),
            areas=tuple(reader.area(r) for r in tables["areas"] if r.get("area")),
            district=about.get("roll.about.district", ""),
        )
    except ValueError as fault:
        raise FeigongError("error.roll_cell", path=path.name, found=str(fault)) from fault
    return _sorted(roll)


def _sorted(roll: Roll) -> Roll:
    """By key, whatever order the file was left in by those who worked with it."""
    return replace(
        roll,
        enterprises=tuple(sorted(roll.enterprises, key=lambda e: e.uscc)),
        members=tuple(sorted(roll.members, key=lambda m: m.key)),
        organisations=tuple(sorted(roll.organisations, key=lambda o: o.key)),
        officers=tuple(sorted(roll.officers, key=lambda o: o.key)),
        areas=tuple(sorted(roll.areas, key=lambda a: a.code)),
    )


@lru_cache(maxsize=1)
def _codes() -> Mapping[str, tuple[str, ...]]:
    """Codes of short words of the roll by the words themselves, in all languages."""
    found: dict[str, tuple[str, ...]] = {}
    for lang in LANGUAGES:
        words = Words(lang)
        for code in words.codes():
            if code.startswith(("roll.", "value.")) and not code.startswith(
                ("roll.ref", "roll.about.table", "roll.about.reading")
            ):
                try:
                    word = words.word(code)
                except LookupError:
                    continue  # a sentence with values: no word of a column
                found[word] = (*found.get(word, ()), code)
    return found


def _code_of(prefix: str, word: str) -> str:
    return next((c for c in _codes().get(word, ()) if c.startswith(prefix)), "")


def _rows_of(table: Sequence[Sequence[Any]], key: str, path: Path) -> list[Row]:
    """Rows by column key. Columns may stand in any order, and there may be others."""
    if not table:
        raise FeigongError("error.roll_not_a_roll", path=path.name, missing=key)
    known = {c.key for c in READ_BACK[key]}
    wanted = {f"roll.col.{k}": k for k in known}
    keys = [wanted.get(_code_of_column(_text(c), known), "") for c in table[0]]
    first = READ_BACK[key][0].key
    if first not in keys:
        raise FeigongError(
            "error.roll_not_a_roll", path=path.name, missing=f"{Words().word(f'roll.col.{first}')} ({key})"
        )
    return [{k: _text(c) for k, c in zip(keys, row, strict=False) if k} for row in table[1:]]


def _code_of_column(word: str, known: set[str]) -> str:
    codes = [c for c in _codes().get(word, ()) if c.startswith("roll.col.")]
    return next((c for c in codes if c.removeprefix("roll.col.") in known), "")


def _text(cell: Any) -> str:
    if cell is None:
        return ""
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return str(cell)


def _read_workbook(path: Path) -> dict[str, list[Row]]:
    if not path.is_file():
        raise FeigongError("error.roll_missing", path=str(path))
    found: dict[str, list[Row]] = {}
    try:
        pages = dict(read_sheets(path))
    except FeigongError as fault:
        if fault.reason.code in ("error.table_password", "error.table_too_large"):
            raise
        raise FeigongError("error.roll_unreadable", path=str(path)) from fault
    for name, page in pages.items():
        base, _, number = name.rpartition(" ")
        key = _code_of("roll.sheet.", base if base and number.isdigit() else name).removeprefix("roll.sheet.")
        if key in READ_BACK:
            found.setdefault(key, []).extend(_rows_of(page, key, path))
    for key in READ_BACK:
        if key not in found:
            missing = Words().word(f"roll.sheet.{key}")
            raise FeigongError("error.roll_not_a_roll", path=path.name, missing=missing)
    return found


def _read_set(path: Path) -> dict[str, list[Row]]:
    outputs = dict(zip(_KEYS, roll_outputs(_base_of(path)), strict=True))
    found: dict[str, list[Row]] = {}
    for key in READ_BACK:
        file = outputs[key]
        if not file.is_file():
            raise FeigongError("error.roll_missing", path=str(file))
        try:
            found[key] = _rows_of(_grid(file), key, file)
        except (OSError, UnicodeDecodeError, csv.Error, pl.exceptions.PolarsError) as fault:
            raise FeigongError("error.roll_unreadable", path=str(file)) from fault
    return found


def _base_of(path: Path) -> Path:
    """The name the set was given, also where one of its files is named."""
    base, _, key = path.stem.rpartition(".")
    return path.with_name(f"{base}{path.suffix}") if base and key in _KEYS else path


def _grid(file: Path) -> list[Sequence[Any]]:
    if file.suffix.lower() == ".csv":
        with file.open(encoding="utf-8-sig", newline="") as opened:
            return [[plain_text(c) for c in row] for row in csv.reader(opened)]
    frame = pl.read_parquet(file)
    return [frame.columns, *frame.iter_rows()]
