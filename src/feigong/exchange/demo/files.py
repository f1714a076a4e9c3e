"""Writes the demo district: tables with title lines, totals and signatures, its areas, their outlines, and a note."""

from __future__ import annotations

import random
from datetime import date
from pathlib import Path
from typing import Any

import xlsxwriter

from feigong.core.errors import FeigongError
from feigong.exchange.atomic import writing
from feigong.exchange.demo.district import District
from feigong.exchange.demo.outlines import demo_outlines
from feigong.exchange.demo.places import CITY, DISTRICT, DISTRICT_CODE, TOWNS, town_code
from feigong.exchange.demo.tables import DemoTable, demo_tables
from feigong.wording import Words

__all__ = ["AREA_FILE", "DISTRICT_CODE", "OUTLINE_FILE", "demo_outputs", "write_demo"]

TABLES = ("register", "staff", "survey", "members", "organisations", "officers")
AREA_FILE = "demo.file.areas"
OUTLINE_FILE = "demo.file.outlines"
LEAST, MOST = 50, 200_000


def demo_outputs(folder: Path, words: Words) -> list[Path]:
    """The files of a demo: six workbooks, the table of areas, their outlines, the note."""
    names = [words.word(f"demo.file.{key}") for key in (*TABLES, "areas", "outlines", "readme")]
    return [folder / name for name in names]


def write_demo(folder: Path, words: Words, *, seed: int, enterprises: int, month: int, force: bool) -> list[Path]:
    """Make the district and write its tables into ``folder`` (made if missing).

    Raises
    ------
    FeigongError
        ``error.demo_size``, ``error.demo_month``, ``error.output_exists`` and the other errors of `exchange.atomic`.
    """
    if not LEAST <= enterprises <= MOST:
        raise FeigongError("error.demo_size", found=enterprises, least=LEAST, most=MOST)
    if month not in (1, 2):
        raise FeigongError("error.demo_month", found=month)
    if folder.exists() and not folder.is_dir():
        raise FeigongError("error.output_is_file", path=str(folder))
    folder.mkdir(parents=True, exist_ok=True)
    outputs = demo_outputs(folder, words)
    with writing(outputs, force=force) as parts:
        district = District(seed, enterprises)
        if month == 2:
            district.next_month()
        rng = random.Random(seed * 17 + month)
        for table, part in zip(demo_tables(district), parts, strict=False):
            _Sheet(table, words, rng, district.today).write(part)
        parts[-3].write_text(_areas(), encoding="utf-8-sig")
        parts[-2].write_text(demo_outlines(), encoding="utf-8")
        parts[-1].write_text(_note(district, words), encoding="utf-8")
    return outputs


def _areas() -> str:
    """What the lists of real areas cannot know: this district and its towns."""
    rows = [(CITY, DISTRICT_CODE[:4]), (DISTRICT, DISTRICT_CODE)]
    rows += [(name, town_code(i)) for i, (name, _, _) in enumerate(TOWNS)]
    return "name,code\n" + "".join(f"{name},{code}\n" for name, code in rows)


def _note(district: District, words: Words) -> str:
    return words.word(
        "demo.note",
        city=CITY,
        district=DISTRICT,
        code=DISTRICT_CODE,
        firms=sum(not f.closed for f in district.firms),
        members=sum(not p.gone for p in district.people),
        on=district.today,
        areas=words.word(AREA_FILE),
        seed=district.seed,
    )


class _Sheet:
    """One workbook as an office would send it."""

    def __init__(self, table: DemoTable, words: Words, rng: random.Random, today: date) -> None:
        self.table, self.words, self.rng, self.today = table, words, rng, today
        self.titled = rng.random() < 0.75
        self.numbered = rng.random() < 0.6

    def write(self, path: Path) -> None:
        words, rng, table = self.words, self.rng, self.table
        title = words.word(f"demo.title.{table.key}", district=DISTRICT, on=self.today)
        book = xlsxwriter.Workbook(str(path), {"strings_to_numbers": False, "strings_to_formulas": False})
        self.day = book.add_format({"num_format": "yyyy-mm-dd"})
        self.bold = book.add_format({"bold": True, "align": "center"})
        self.sheet = book.add_worksheet(rng.choice(("Sheet1", words.word(f"demo.sheet.{table.key}"))))
        header = [words.word(f"demo.col.{c}") for c in table.columns]
        header = [self._odd(h) for h in header]
        if self.numbered:
            header = [words.word("demo.col.number"), *header]
        row = 0
        if self.titled:
            self.sheet.merge_range(0, 0, 0, len(header) - 1, title, self.bold)
            row = 1
            if rng.random() < 0.5:
                self._row(1, [words.word("demo.unit_line"), "", words.word("demo.unit_of_measure")])
                row = 2
        self._row(row, header)
        row = self._body(row + 1)
        if self.titled:
            self._row(row, [words.word("demo.total"), len(table.rows)])
            self._row(row + 1, [words.word("demo.signed"), "", words.word("demo.checked")])
        if rng.random() < 0.4:
            book.add_worksheet(words.word("demo.sheet.notes")).write(0, 0, words.word("demo.notes"))
        book.close()

    def _body(self, row: int) -> int:
        for n, cells in enumerate(self.table.rows, 1):
            self._row(row, [n, *cells] if self.numbered else cells)
            row += 1
            if self.rng.random() < 0.001:
                row += 1  # a blank row
        return row

    def _row(self, row: int, cells: list[Any]) -> None:
        for column, cell in enumerate(cells):
            if isinstance(cell, date):
                self.sheet.write_datetime(row, column, cell, self.day)
            elif isinstance(cell, int | float):
                self.sheet.write_number(row, column, cell)
            elif cell:
                self.sheet.write_string(row, column, cell)

    def _odd(self, header: str) -> str:
        """Headers with spaces or line breaks in them, as wide columns are made narrow."""
        draw = self.rng.random()
        if draw < 0.1 and len(header) > 3:
            return f"{header[:2]}\n{header[2:]}"
        return f" {header}" if draw < 0.2 else header
