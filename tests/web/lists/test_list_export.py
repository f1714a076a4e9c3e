"""Files: what a table program would take for a formula is harmless; values keep their kinds."""

from __future__ import annotations

import csv
import io
from datetime import date

import openpyxl
import pytest

from feigong.web.lists.export import csv_answer, harmless, xlsx_answer

HEADS = ["名称", "人数", "日期"]
LINES = [["=1+1", 3, date(2026, 11, 1)], ["-5", "", ""], ["甲,乙\n丙", 1.5, ""]]


@pytest.mark.parametrize("text", ["=cmd|' /C calc'!A0", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1"])
def test_formulas_are_harmless(text: str) -> None:
    assert harmless(text) == "'" + text


def test_numbers_and_plain_text_stay() -> None:
    assert [harmless(v) for v in (-5, "甲", "1-2", "")] == [-5, "甲", "1-2", ""]


def test_csv_is_read_by_excel_and_by_machines() -> None:
    answer = csv_answer("企业.csv", HEADS, iter(LINES))
    body = b"".join(answer.streaming_content)  # type: ignore[arg-type]
    assert body.startswith(b"\xef\xbb\xbf")
    read = list(csv.reader(io.StringIO(body.decode("utf-8-sig"))))
    assert read == [HEADS, ["'=1+1", "3", "2026-11-01"], ["'-5", "", ""], ["甲,乙\n丙", "1.5", ""]]
    assert answer.headers["Content-Disposition"].startswith("attachment; filename*=utf-8''")


def test_xlsx_holds_text_as_text() -> None:
    answer = xlsx_answer("企业.xlsx", "企业和单位", HEADS, iter(LINES))
    book = openpyxl.load_workbook(io.BytesIO(b"".join(answer.streaming_content)))  # type: ignore[arg-type]
    sheet = book["企业和单位"]
    assert [c.value for c in sheet[1]] == HEADS
    assert (sheet["A2"].value, sheet["A2"].data_type) == ("=1+1", "s")
    assert (sheet["B2"].value, sheet["C2"].value.date()) == (3, date(2026, 11, 1))
    assert sheet["A4"].value == "甲,乙\n丙"


def test_many_lines_are_written_as_they_come() -> None:
    asked: list[int] = []

    def lines() -> object:
        for number in range(3000):
            asked.append(number)
            yield [f"第 {number} 户"]

    parts = iter(csv_answer("a.csv", ["名称"], lines()))  # type: ignore[arg-type]
    next(parts)
    next(parts)
    assert 0 < len(asked) < 1000
