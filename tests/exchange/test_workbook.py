"""Workbooks of others: locked, damaged or blown up ones are refused in a sentence; those we write run nothing."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest
import xlsxwriter

from feigong.core.errors import FeigongError
from feigong.exchange.tables import read_tables
from feigong.exchange.workbook import read_sheets
from feigong.exchange.workbook_out import plain_text, safe_text, workbook

SHEET = (
    '<?xml version="1.0"?><worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
    "<sheetData>{rows}</sheetData></worksheet>"
)


def with_sheet(path: Path, sheet: bytes) -> Path:
    """A workbook whose only sheet is this XML."""
    plain = path.with_name("plain.xlsx")
    with xlsxwriter.Workbook(str(plain)) as book:
        book.add_worksheet().write_string(0, 0, "企业名称")
    with zipfile.ZipFile(plain) as source, zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as made:
        for name in source.namelist():
            made.writestr(name, sheet if name == "xl/worksheets/sheet1.xml" else source.read(name))
    return path


def code(path: Path) -> str:
    with pytest.raises(FeigongError) as caught:
        read_tables(path)
    return caught.value.reason.code


def test_a_cell_in_the_last_corner_does_not_fill_memory(tmp_path: Path) -> None:
    rows = '<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'
    assert code(with_sheet(tmp_path / "far.xlsx", SHEET.format(rows=rows).encode())) == "error.table_too_large"


def test_a_sheet_of_one_endless_cell_is_refused(tmp_path: Path) -> None:
    cell = '<row r="1"><c r="A1" t="inlineStr"><is><t>{}</t></is></c></row>'.format("a" * 210_000_000)
    assert code(with_sheet(tmp_path / "bomb.xlsx", SHEET.format(rows=cell).encode())) == "error.table_too_large"


def test_a_stray_blank_far_below_makes_no_rows(tmp_path: Path) -> None:
    path = tmp_path / "stray.xlsx"
    with xlsxwriter.Workbook(str(path)) as book:
        sheet = book.add_worksheet()
        sheet.write_string(0, 0, "企业名称")
        sheet.write_string(200_000, 3, " ")
    assert [len(t.rows) for t in read_tables(path)] == [1]


def test_a_locked_workbook(tmp_path: Path) -> None:
    path = tmp_path / "locked.xlsx"
    path.write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600 + "EncryptedPackage".encode("utf-16-le"))
    with pytest.raises(FeigongError) as caught:
        read_sheets(path)
    assert caught.value.reason.code == "error.table_password"


def test_a_quote_without_end_is_named_by_its_line(tmp_path: Path) -> None:
    path = tmp_path / "open.csv"
    path.write_text("企业名称,住所\n甲厂,河东街1号\n" + '"' + "乙" * 140_000, encoding="utf-8")
    with pytest.raises(FeigongError) as caught:
        read_tables(path)
    assert caught.value.reason.code == "error.table_line"
    assert caught.value.reason.params["line"] == 3


@pytest.mark.parametrize("text", ["=cmd|'/c calc'!A1", "+1", "-1", "@SUM(A1)", "\t=1", "'=1", "''", "甲厂", ""])
def test_texts_of_a_csv_come_back_and_run_nothing(text: str) -> None:
    safe = safe_text(text)
    assert plain_text(safe) == text
    assert not safe.startswith(("=", "+", "-", "@", "\t"))


def test_a_full_disk_is_an_error_of_the_file(tmp_path: Path) -> None:
    with pytest.raises(OSError), workbook(tmp_path / "no" / "x.xlsx") as book:
        book.add_worksheet()


def test_a_workbook_given_up_leaves_nothing(tmp_path: Path) -> None:
    with pytest.raises(ZeroDivisionError), workbook(tmp_path / "x.xlsx") as book:
        book.add_worksheet().write_string(0, 0, "=1+1")
        raise ZeroDivisionError
    del book
    assert list(tmp_path.iterdir()) == []
