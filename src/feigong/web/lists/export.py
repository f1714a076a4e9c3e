"""A list as a file: the same rows, columns, order and words as on the page; written as it is read."""

from __future__ import annotations

import csv
import io
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime
from itertools import chain

import xlsxwriter
from django.http import FileResponse, StreamingHttpResponse

Value = str | int | float | date | datetime
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")
_LONGEST = 32_000  # characters that a cell of a workbook holds
_WIDTH = 16


def harmless(value: Value) -> Value:
    """Text that a table program would take for a formula gets a quotation mark before it."""
    return f"'{value}" if isinstance(value, str) and value.startswith(_FORMULA) else value


def csv_parts(heads: Sequence[str], lines: Iterable[Sequence[Value]]) -> Iterator[bytes]:
    held = io.StringIO()
    writer = csv.writer(held)
    yield b"\xef\xbb\xbf"  # without it Excel takes Chinese for something else
    for number, line in enumerate(chain([heads], lines)):
        writer.writerow([harmless(v) for v in line])
        if number % 500 == 499:
            yield held.getvalue().encode()
            held.seek(0)
            held.truncate()
    yield held.getvalue().encode()


def csv_answer(name: str, heads: Sequence[str], lines: Iterable[Sequence[Value]]) -> StreamingHttpResponse:
    answer = StreamingHttpResponse(csv_parts(heads, lines), content_type="text/csv; charset=utf-8")
    answer.headers["Content-Disposition"] = _attached(name)
    return answer


def xlsx_answer(name: str, title: str, heads: Sequence[str], lines: Iterable[Sequence[Value]]) -> FileResponse:
    """Written row by row to a file that nobody else can open and that is gone when it is sent."""
    file = tempfile.TemporaryFile()  # noqa: SIM115 - closed by the answer
    book = xlsxwriter.Workbook(file, {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    sheet = book.add_worksheet(title[:31])
    bold, day = book.add_format({"bold": True}), book.add_format({"num_format": "yyyy-mm-dd"})
    sheet.freeze_panes(1, 0)
    sheet.set_column(0, max(0, len(heads) - 1), _WIDTH)
    for column, head in enumerate(heads):
        sheet.write_string(0, column, head, bold)
    for row, line in enumerate(lines, start=1):
        for column, value in enumerate(line):
            if isinstance(value, str):
                if value:
                    sheet.write_string(row, column, value[:_LONGEST])
            elif isinstance(value, date):
                sheet.write_datetime(row, column, value, day)
            else:
                sheet.write_number(row, column, value)
    book.close()
    file.seek(0)
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    return FileResponse(file, as_attachment=True, filename=name, content_type=kind)


def _attached(name: str) -> str:
    return FileResponse(io.BytesIO(), as_attachment=True, filename=name).headers["Content-Disposition"]
