"""The office's own sheets with two columns more: values as they were, rows in colours, what to do beside them."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import openpyxl

from feigong.core.roll.merge.values import RawTable
from feigong.exchange.annotated import Note, Tone, write_annotated
from feigong.exchange.tables import read_tables
from feigong.wording import Words

SHEET = RawTable(
    "登记.xlsx",
    "登记/表",
    (("登记表",), ("名称", "人数", "日期"), ("甲公司", 12, date(2026, 5, 1)), ("=1+1", 3.5, None)),
)


def written(path: Path) -> openpyxl.Workbook:
    notes = {("登记/表", 3): Note(Tone.GOOD, "新增到台账"), ("登记/表", 4): Note(Tone.MEND, "没有采用", "请补填代码。")}
    write_annotated(path, [SHEET, SHEET], {"登记/表": 2}, notes, Words("zh"))
    return openpyxl.load_workbook(path)


def test_values_stay_and_two_columns_are_added(tmp_path: Path) -> None:
    sheet = written(tmp_path / "a.xlsx").worksheets[0]
    rows = [[c.value for c in row] for row in sheet.iter_rows()]
    assert rows[1] == ["名称", "人数", "日期", "处理结果", "要做什么"]
    assert rows[2][:2] == ["甲公司", 12]
    assert rows[2][2].date() == date(2026, 5, 1)
    assert rows[2][3] == "新增到台账"
    assert rows[3] == ["=1+1", 3.5, None, "没有采用", "请补填代码。"]
    assert sheet.cell(4, 1).data_type == "s"  # a text, never a formula


def test_rows_are_coloured_by_what_is_to_be_done(tmp_path: Path) -> None:
    sheet = written(tmp_path / "a.xlsx").worksheets[0]
    colours = [sheet.cell(row, 1).fill.start_color.rgb for row in (2, 3, 4)]
    assert len(set(colours)) == 3
    assert sheet.cell(4, 3).fill.start_color.rgb == colours[2]  # also where nothing stands


def test_names_of_sheets_are_allowed_and_different(tmp_path: Path) -> None:
    assert written(tmp_path / "a.xlsx").sheetnames == ["登记_表", "登记_表 (2)"]


def test_it_can_be_handed_in_again(tmp_path: Path) -> None:
    written(tmp_path / "a.xlsx")
    tables = read_tables(tmp_path / "a.xlsx")
    assert tables[0].rows[2][:2] == ("甲公司", 12)
