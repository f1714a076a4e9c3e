"""Sheets that would fill memory are refused before they are read, however written and whatever they are called."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest
import xlsxwriter

from feigong.core.errors import FeigongError
from feigong.exchange.tables import read_tables
from feigong.exchange.workbook_size import most_cells

CORNER = 1_048_576 * 16_384
ODS = (
    '<office:document-content xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" '
    'xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" '
    'xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"><office:body><office:spreadsheet>'
    '<table:table table:name="表">{rows}</table:table></office:spreadsheet></office:body></office:document-content>'
)
MANIFEST = '<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"/>'


def with_row(path: Path, row: bytes, *, part: str = "xl/worksheets/sheet1.xml") -> Path:
    """A workbook with one row more; its sheet lies where it is told."""
    plain = path.with_name("plain.xlsx")
    with xlsxwriter.Workbook(str(plain)) as book:
        book.add_worksheet().write_string(0, 0, "企业名称")
    with zipfile.ZipFile(plain) as source, zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as made:
        for name in source.namelist():
            content = source.read(name).replace(b"</sheetData>", row + b"</sheetData>")
            content = content.replace(b"worksheets/sheet1.xml", part.removeprefix("xl/").encode())
            made.writestr(part if name == "xl/worksheets/sheet1.xml" else name, content)
    return path


def ods(path: Path, rows: str) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as made:
        made.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        made.writestr("META-INF/manifest.xml", MANIFEST)
        made.writestr("content.xml", ODS.format(rows=rows))
    return path


def code(path: Path) -> str:
    with pytest.raises(FeigongError) as caught:
        read_tables(path)
    return caught.value.reason.code


@pytest.mark.parametrize(
    "row",
    [
        b'<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>',
        b"<row r='1048576'><c r='XFD1048576'><v>1</v></c></row>",
        b'<row r = "1048576"><c s="0" r\n=\n"xfd1048576"><v>1</v></c></row>',
        b'<row x="' + b"y" * 90 + b'" r="1048576"><c r="XFD9"><v>1</v></c></row>',
        b"<row><c" + b" " * 3_000_000 + b'r="XFD1048576"><v>1</v></c></row>',
    ],
)
def test_a_far_corner_is_found_however_it_is_written(tmp_path: Path, row: bytes) -> None:
    assert code(with_row(tmp_path / "far.xlsx", row)) == "error.table_too_large"


def test_a_sheet_is_looked_at_wherever_it_lies(tmp_path: Path) -> None:
    path = with_row(tmp_path / "far.xlsx", b'<row r="1048576"><c r="XFD1048576"/></row>', part="xl/notes/n.dat")
    assert code(path) == "error.table_too_large"


def test_the_extent_of_a_usual_workbook(tmp_path: Path) -> None:
    path = with_row(tmp_path / "usual.xlsx", b'<row r="40"><c r="AB40"><v>1</v></c></row>')
    with zipfile.ZipFile(path) as packed:
        assert most_cells(packed) == 40 * 28
    assert len(read_tables(path)[0].rows) == 40


def test_the_corner_of_a_binary_sheet(tmp_path: Path) -> None:
    begin, row, cell = b"\x91\x01\x00", b"\x00\x04\xff\xff\x0f\x00", b"\x05\x0c\xff\x3f\x00\x00" + b"\0" * 8
    path = tmp_path / "far.xlsb"
    with zipfile.ZipFile(path, "w") as made:
        made.writestr("xl/workbook.bin", b"")
        made.writestr("xl/any.bin", b"\x81\x01\x00" + begin + row + cell)
        made.writestr("xl/printerSettings1.bin", row + cell)  # no sheet: nothing of it counts
    with zipfile.ZipFile(path) as packed:
        assert most_cells(packed) == CORNER
    assert code(path) == "error.table_too_large"


def test_what_an_open_document_repeats(tmp_path: Path) -> None:
    cell = '<table:table-cell office:value-type="string" table:number-columns-repeated="16384">'
    cell += "<text:p>甲</text:p></table:table-cell>"
    rows = f'<table:table-row table:number-rows-repeated="1048576">{cell}</table:table-row>'
    assert code(ods(tmp_path / "far.ods", rows)) == "error.table_too_large"


def test_an_open_document_with_its_usual_empty_end(tmp_path: Path) -> None:
    """Such programs write the rest of a sheet as one empty row many times."""
    empty = '<table:table-cell table:number-columns-repeated="16382"/>'
    cell = '<table:table-cell office:value-type="string"><text:p>企业名称</text:p></table:table-cell>'
    rows = (
        f"<table:table-row>{cell}{empty}</table:table-row>"
        f'<table:table-row table:number-rows-repeated="1048575">{empty}</table:table-row>'
    )
    path = ods(tmp_path / "usual.ods", rows)
    with zipfile.ZipFile(path) as packed:
        assert most_cells(packed) == 2
    assert [t.rows for t in read_tables(path)] == [(("企业名称",),)]


def test_a_cell_without_end_is_cut_as_a_workbook_would(tmp_path: Path) -> None:
    path = tmp_path / "long.csv"
    path.write_text("企业名称,住所\n甲厂," + "乙" * 40_000 + "\n", encoding="utf-8")
    assert [len(str(cell)) for cell in read_tables(path)[0].rows[1]] == [2, 32_767]
