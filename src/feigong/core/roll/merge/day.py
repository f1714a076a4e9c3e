"""The day of which tables speak, by their own titles."""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Iterable
from datetime import date
from typing import Final

from feigong.core.roll.merge.cells import text_of
from feigong.core.roll.merge.values import RawTable
from feigong.core.text import fold

_ROWS: Final = 5
_DAY: Final = re.compile(
    r"(截至|截止|as of|as at|at)?[^\d年月]{0,4}(20\d{2})\s*[-年./]\s*(\d{1,2})\s*[-月./]\s*(\d{1,2})\s*日?",
    re.IGNORECASE,
)
_MONTH: Final = re.compile(r"(20\d{2})\s*年\s*(\d{1,2})\s*月(?!\s*\d)")


def stated_day(tables: Iterable[RawTable]) -> date | None:
    """The latest day in a title such as 统计表（截至2026年10月31日）; ``None`` where no table states one. A month alone
    (填报时间：2026年3月) stands for its last day.

    Only rows of one or two cells at the top of a sheet are titles.
    """
    found: list[date] = []
    for table in tables:
        for row in table.rows[:_ROWS]:
            filled = [t for c in row if isinstance(c, str) and (t := text_of(c))]
            if len(filled) > 2 or not filled or len(filled) != sum(c is not None for c in row):
                continue
            found += [day for text in filled for day in _days(text)]
    return max(found, default=None)


def _days(text: str) -> list[date]:
    days = []
    for m in _MONTH.finditer(fold(text)):
        year, month = int(m[1]), int(m[2])
        if 1 <= month <= 12:
            days.append(date(year, month, monthrange(year, month)[1]))
    for m in _DAY.finditer(fold(text)):
        try:
            days.append(date(int(m[2]), int(m[3]), int(m[4])))
        except ValueError:
            continue
    return days
