"""The plan as files for people: one xlsx with a sheet an outcome, or a set of csv or parquet files."""

from __future__ import annotations

import csv
from collections.abc import Callable
from pathlib import Path
from typing import Any

import polars as pl

from feigong.core.coverage.values import CoveragePlan
from feigong.core.errors import FeigongError
from feigong.core.roll.values import Roll
from feigong.exchange import plan_tables as pt
from feigong.exchange.atomic import check_outputs, writing
from feigong.exchange.plan_json import plan_to_json
from feigong.exchange.plan_read import read_plan
from feigong.exchange.plan_summary import Figure, summary_figures
from feigong.exchange.plan_tables import Cell, Column, Table
from feigong.exchange.plan_view import Names, PlanView
from feigong.exchange.proof_words import proof_sentence
from feigong.exchange.workbook_out import safe_text, workbook, write_frame
from feigong.wording import Words

__all__ = ["check_plan_outputs", "read_plan", "write_plan"]

SHEET_ROWS = 1_048_575  # rows below the header that one sheet can hold
SET_FILES = ("decisions", "branches", "liaison", "shortage", "changes", "left_out", "parameters")
KINDS = (".xlsx", ".csv", ".parquet", ".json")


def plan_outputs(path: Path) -> list[Path]:
    """The files that `write_plan` makes for this path.

    Raises
    ------
    FeigongError
        ``error.plan_kind`` for an ending that is none of xlsx, csv, parquet, json.
    """
    kind = path.suffix.lower()
    if kind not in KINDS:
        raise FeigongError("error.plan_kind", path=str(path), kinds="、".join(KINDS))
    if kind in (".csv", ".parquet"):
        return [path.with_name(f"{path.stem}.{key}{path.suffix}") for key in SET_FILES]
    return [path]


def plan_files(path: Path) -> list[Path]:
    """The files that `read_plan` reads for this path: itself, or the set it stands for or belongs to."""
    if path.suffix.lower() not in (".csv", ".parquet"):
        return [path]
    base, _, key = path.stem.rpartition(".")
    return plan_outputs(path.with_name(f"{base}{path.suffix}") if base and key in SET_FILES else path)


def check_plan_outputs(path: Path, *, force: bool) -> None:
    """Say before planning that the plan cannot be written there."""
    check_outputs(plan_outputs(path), force=force)


def write_plan(
    plan: CoveragePlan, roll: Roll, path: Path, words: Words, *, names: Names | None = None, force: bool = False
) -> list[Path]:
    """Write the plan: ``.xlsx`` (a workbook), ``.csv`` or ``.parquet`` (``base.decisions.csv`` and so on), ``.json``.

    Returns
    -------
    list of Path
        What was written.

    Raises
    ------
    FeigongError
        ``error.plan_kind``, ``error.output_exists`` and the other errors of `exchange.atomic`,
        ``error.sheet_too_long``. Nothing is left half-written.
    """
    outputs = plan_outputs(path)
    view = PlanView(plan, roll, words, names or Names())
    with writing(outputs, force=force) as parts:
        match path.suffix.lower():
            case ".xlsx":
                _write_workbook(view, parts[0])
            case ".json":
                parts[0].write_text(plan_to_json(plan, indent=1), encoding="utf-8")
            case ".csv":
                for table, part in zip(_set_tables(view), parts, strict=True):
                    _write_csv(table, part, words)
            case _:
                for table, part in zip(_set_tables(view), parts, strict=True):
                    write_frame(_frame(table, words), part)
    return outputs


def _set_tables(view: PlanView) -> list[Table]:
    return [
        pt.decisions_table(view), pt.branches_table(view), pt.liaison_table(view), pt.shortage_table(view),
        pt.change_table(view), pt.left_table(view), pt.parameter_table(view),
    ]  # fmt: skip


def _headers(table: Table, words: Words) -> list[str]:
    return [words.word(f"plan.col.{c.key}") for c in table.columns]


def _write_csv(table: Table, path: Path, words: Words) -> None:
    """UTF-8 with a mark, as spreadsheets want it; text that one would run as a formula gets an apostrophe."""
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(_headers(table, words))
        writer.writerows([_safe(c) for c in row] for row in table.rows)


def _safe(cell: Cell) -> Cell:
    return safe_text(cell) if isinstance(cell, str) else cell


def _frame(table: Table, words: Words) -> pl.DataFrame:
    types: dict[str, Any] = {"int": pl.Int64, "metres": pl.Float64, "percent": pl.Float64, "text": pl.String}
    series = []
    for i, (column, header) in enumerate(zip(table.columns, _headers(table, words), strict=True)):
        cells = [row[i] for row in table.rows]
        if column.kind == "text":  # the value column of the parameters holds numbers and text
            cells = [None if c is None else str(c) for c in cells]
        series.append(pl.Series(header, cells, dtype=types[column.kind], strict=False))
    return pl.DataFrame(series)


# The workbook ---------------------------------------------------------------------------------------------------------


class _Book:
    """One workbook with its formats. Colours: the house's red for headings, paper for header rows."""

    def __init__(self, book: Any, words: Words) -> None:
        self.words = words
        self.book = book
        self.font = words.word("plan.font")
        self.formats = {
            "title": self._format(bold=True, font_size=16),
            "note": self._format(font_color="#6B7280", text_wrap=True, valign="top"),
            "sub": self._format(font_color="#6B7280"),
            "head": self._format(bold=True, bg_color="#F3F0EA", bottom=1, text_wrap=True, valign="vcenter"),
            "label": self._format(valign="top"),
            "link": self._format(font_color="#B42318", underline=1),
            "text": self._format(valign="top"),
            "wrap": self._format(valign="top", text_wrap=True),
            "int": self._format(valign="top", num_format="#,##0"),
            "metres": self._format(valign="top", num_format="#,##0"),
            "percent": self._format(valign="top", num_format="0.0%"),
        }

    def _format(self, **properties: Any) -> Any:
        return self.book.add_format({"font_name": self.font, "font_size": 10, **properties})

    def sheet_name(self, key: str) -> str:
        """Sheet names: outcomes by their word, others by theirs."""
        return self.words.word(key if key.startswith("outcome.") else f"plan.sheet.{key}")

    def page(self, name: str, heading: str) -> Any:
        sheet = self.book.add_worksheet(name)
        sheet.set_paper(9)
        sheet.set_landscape()
        sheet.set_margins(left=0.5, right=0.5, top=0.7, bottom=0.6)
        sheet.fit_to_pages(1, 0)
        sheet.set_header(f"&L&10{heading.replace('&', '&&')}&R&10&A")
        sheet.set_footer(f"&C&9{self.words.word('plan.page_footer')}")
        return sheet

    def table(self, table: Table, heading: str) -> None:
        """A sheet: header with filters, frozen and repeated on every printed page."""
        if len(table.rows) > SHEET_ROWS:
            raise FeigongError("error.sheet_too_long", sheet=self.sheet_name(table.key), rows=len(table.rows))
        sheet = self.page(self.sheet_name(table.key), heading)
        for i, (column, header) in enumerate(zip(table.columns, _headers(table, self.words), strict=True)):
            sheet.set_column(i, i, column.width, None, {"hidden": column.hidden})
            sheet.write_string(0, i, header, self.formats["head"])
        writers = [self._writer(sheet, column) for column in table.columns]
        for r, row in enumerate(table.rows, 1):
            for c, cell in enumerate(row):
                if cell is not None and cell != "":
                    writers[c](r, c, cell)
        sheet.freeze_panes(1, 2)
        sheet.repeat_rows(0)
        sheet.autofilter(0, 0, max(1, len(table.rows)), len(table.columns) - 1)
        sheet.set_row(0, 30)

    def _writer(self, sheet: Any, column: Column) -> Callable[[int, int, Any], None]:
        if column.kind == "text":
            text = self.formats["wrap" if column.width >= 40 else "text"]

            def write_text(r: int, c: int, cell: Any) -> None:
                if isinstance(cell, str):
                    sheet.write_string(r, c, cell, text)
                else:
                    sheet.write_number(r, c, cell, self.formats["int" if abs(cell) >= 1 else "text"])

            return write_text
        number = self.formats[column.kind]
        return lambda r, c, cell: sheet.write_number(r, c, cell, number)


def _write_workbook(view: PlanView, path: Path) -> None:
    words, on = view.words, view.plan.on
    district = view.areas.get(view.roll.district, "")
    heading = words.word("plan.title", district=district, year=on.year, month=on.month)
    outcomes = pt.outcome_tables(view)
    others = [
        pt.branches_table(view), pt.liaison_table(view), pt.shortage_table(view), pt.change_table(view),
        pt.left_table(view), pt.parameter_table(view),
    ]  # fmt: skip
    tables = {t.key: t for t in [*outcomes, *others]}
    with workbook(path) as opened:
        book = _Book(opened, words)
        _write_summary(book, view, heading, summary_figures(tables, words, book.sheet_name))
        for table in tables.values():
            book.table(table, heading)


def _write_summary(book: _Book, view: PlanView, heading: str, figures: list[Figure]) -> None:
    words, formats = view.words, book.formats
    sheet = book.page(words.word("plan.sheet.summary"), heading)
    sheet.set_column(0, 0, 34)
    sheet.set_column(1, 1, 16)
    sheet.set_column(2, 2, 84)
    sheet.write_string(0, 0, heading, formats["title"])
    sheet.write_string(1, 0, words.word("plan.as_of", on=view.plan.on), formats["sub"])
    sheet.merge_range(2, 0, 2, 2, proof_sentence(view.plan, words), formats["wrap"])
    sheet.set_row(2, 34)
    for c, key in enumerate(("figure", "value", "how")):
        sheet.write_string(4, c, words.word(f"plan.summary.{key}"), formats["head"])
    for r, figure in enumerate(figures, 5):
        label = words.word(figure.key if figure.key.startswith("outcome.") else f"plan.figure.{figure.key}")
        if figure.sheet:
            target = f"internal:'{book.sheet_name(figure.sheet)}'!A1"
            sheet.write_url(r, 0, target, formats["link"], label)
        else:
            sheet.write_string(r, 0, label, formats["label"])
        sheet.write_formula(r, 1, figure.formula, formats[figure.kind], figure.value)
        how = "plan.figure.outcome" if figure.key.startswith("outcome.") else f"plan.figure.{figure.key}"
        sheet.write_string(r, 2, words.word(f"{how}.how"), formats["note"])
    row = 6 + len(figures)
    for note in view.plan.notes:
        sheet.merge_range(row, 0, row, 2, words.say(note), formats["wrap"])
        row += 1
    sheet.freeze_panes(5, 0)
