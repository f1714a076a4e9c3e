"""One cell at a time: text, count, date, yes or no, with what had to be repaired to read it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Final, Generic, TypeVar

from feigong.core.reasons import Reason, reason
from feigong.core.roll.merge.numerals import SIGNS, number_of
from feigong.core.roll.merge.values import Cell
from feigong.core.text import fold

T = TypeVar("T")

_EXCEL_EPOCH: Final = date(1899, 12, 30)
_SERIAL_RANGE: Final = (10_000, 80_000)  # 1927 to 2119: a smaller number is no date in a register
_TOO_MANY: Final = 10_000_000  # a number of another kind has been typed here
_YEARS: Final = (1900, 2100)
_NOTHING: Final = frozenset(
    (
        "",
        "/",
        "-",
        "--",
        "—",
        "——",
        "无",
        "N/A",
        "n/a",
        "NULL",
        "null",
        "None",
        "nan",
        "#N/A",
        "暂无",
        "不详",
        "未知",
        "\\",
    )
)
# Full-width punctuation is how Chinese is written: folding it is no repair.
_PUNCTUATION: Final = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F) if not chr(code - 0xFEE0).isalnum()}
_COUNT: Final = re.compile(
    r"(?:大约|约|近|逾|超过)?(?:共计|共有|共)?"
    rf"(?:(?P<digits>[\d,]+)(?:\.0+)?|(?P<tenths>\d+\.?\d*)万|(?P<zh>[{SIGNS}]+))"
    r"(?:余|多|\+)?(?:人|名|户|家|个|位|employees|people|persons|staff)?(?:\+|以上|左右|上下)?"
)
_DIGITS_ZH: Final = str.maketrans("〇零一二三四五六七八九", "00123456789")
_YEAR_SIGNS: Final = re.compile(r"\s*([年月日])\s*")
_DATES: Final = (
    re.compile(r"(\d{4})[-/.年\s](\d{1,2})[-/.月\s](\d{1,2})[日号]?(?:[ T]\d{1,2}:\d{2}(:\d{2}(\.\d+)?)?Z?)?"),
    re.compile(r"(\d{4})(\d{2})(\d{2})"),
    re.compile(r"(\d{4})[-/.年\s](\d{1,2})月?"),
    re.compile(r"(\d{4})(\d{2})"),
    re.compile(r"(\d{4})年?"),
)
_MONTHS: Final = {
    "jan": 1, "feb": 2, "mar": 3, "apr": 4, "may": 5, "jun": 6, "jul": 7, "aug": 8, "sep": 9, "oct": 10, "nov": 11,
    "dec": 12,
}  # fmt: skip
_NAMED: Final = (  # 31 October 2020, Oct. 31, 2020
    re.compile(r"(?P<d>\d{1,2})(?:st|nd|rd|th)?[\s-]*(?P<m>[a-z]{3})[a-z]*\.?,?[\s-]*(?P<y>\d{4})"),
    re.compile(r"(?P<m>[a-z]{3})[a-z]*\.?\s*(?:(?P<d>\d{1,2})(?:st|nd|rd|th)?,?\s+)?(?P<y>\d{4})"),
)
_ASIDE: Final = re.compile(r"\([^()]*\)$")
_DAY_FIRST: Final = re.compile(r"(\d{1,2})[-/.](\d{1,2})[-/.](\d{4})")
_YES: Final = frozenset(("是", "有", "y", "yes", "true", "√", "✓", "1", "1.0", "对"))
_NO: Final = frozenset(("否", "无", "n", "no", "false", "×", "x", "0", "0.0", "不是", "没有"))


@dataclass(frozen=True, slots=True)
class Read(Generic[T]):
    """A value read; ``repair`` says what was done to read it, ``fault`` why it could not be read."""

    value: T | None
    repair: Reason | None = None
    fault: Reason | None = None


def text_of(cell: Cell) -> str:
    """The cell as folded text; whole numbers without a decimal point; empty string for nothing."""
    if cell is None:
        return ""
    if isinstance(cell, str):
        return fold(cell)
    if isinstance(cell, bool):
        return "是" if cell else "否"
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() and abs(cell) < 1e15 else repr(cell)
    if isinstance(cell, datetime):
        return cell.date().isoformat() if cell.time().isoformat() == "00:00:00" else cell.isoformat(" ")
    return cell.isoformat() if isinstance(cell, date) else str(cell)


def says_nothing(text: str) -> bool:
    """Whether a cell is empty or holds one of the usual signs for "nothing"."""
    return text in _NOTHING


def read_text(cell: Cell) -> Read[str]:
    """Text; a repair is named where full-width forms or stray spaces had to go."""
    if not isinstance(cell, str):
        return Read(text_of(cell))
    text = fold(cell)
    if says_nothing(text):
        return Read("")
    return Read(text, None if text == cell.translate(_PUNCTUATION) else reason("merge.repair_text"))


def read_count(cell: Cell) -> Read[int]:
    """A number of people or firms: 12, 12.0, "12人", "约 12 余人", "1,200", "100+", "1.2万", "一百二十人"."""
    if isinstance(cell, bool):
        return Read(None, fault=reason("merge.fault_count", text=text_of(cell)))
    if isinstance(cell, int | float):
        if 0 <= cell < _TOO_MANY and float(cell).is_integer():
            return Read(int(cell))
        return Read(None, fault=reason("merge.fault_count", text=text_of(cell)))
    text = text_of(cell).replace(" ", "")
    if says_nothing(text):
        return Read(None)
    count = _counted(_ASIDE.sub("", text.lower()))
    if count is None or count >= _TOO_MANY:
        return Read(None, fault=reason("merge.fault_count", text=text_of(cell)))
    return Read(count, None if str(count) == cell else reason("merge.repair_count", text=text))


def _counted(text: str) -> int | None:
    found = _COUNT.fullmatch(text)
    if found is None:
        return None
    if found["zh"]:
        return number_of(found["zh"])
    if found["tenths"]:
        count = Decimal(found["tenths"]) * 10_000
        return int(count) if count == int(count) else None
    plain = found["digits"].replace(",", "")
    return int(plain) if plain else None


def _day(year: str, month: str, day: str) -> date | None:
    try:
        found = date(int(year), int(month), int(day))
    except ValueError:
        return None
    return found if _YEARS[0] <= found.year < _YEARS[1] else None


def read_date(cell: Cell) -> Read[date]:
    """A day in any of the usual forms. Where only month or year is given, the first day of it."""
    if isinstance(cell, datetime):
        return Read(cell.date())
    if isinstance(cell, date):
        return Read(cell)
    if isinstance(cell, int | float) and not isinstance(cell, bool) and _SERIAL_RANGE[0] <= cell < _SERIAL_RANGE[1]:
        return Read(_EXCEL_EPOCH + timedelta(days=int(cell)), reason("merge.repair_date", text=text_of(cell)))
    text = text_of(cell)
    if says_nothing(text):
        return Read(None)
    plain = _ASIDE.sub("", _YEAR_SIGNS.sub(r"\1", text.translate(_DIGITS_ZH))).strip(" .")
    found = next((m for p in _DATES if (m := p.fullmatch(plain))), None)
    if found is None and (swapped := _DAY_FIRST.fullmatch(plain)):
        return _day_first(text, *swapped.groups())
    parts = [g for g in found.groups()[:3] if g] if found else []
    parts = [p for p in parts if p.isdigit()] + ["1"] * (3 - len(parts))
    day = _day(parts[0], parts[1], parts[2]) if found else _named_month(plain.lower())
    if day is None and plain.isdigit() and _SERIAL_RANGE[0] <= int(plain) < _SERIAL_RANGE[1]:
        day = _EXCEL_EPOCH + timedelta(days=int(plain))
    if day is None:
        return Read(None, fault=reason("merge.fault_date", text=text))
    return Read(day, None if day.isoformat() == cell else reason("merge.repair_date", text=text))


def _named_month(text: str) -> date | None:
    """A day whose month is an English word."""
    named = next((m for p in _NAMED if (m := p.fullmatch(text))), None)
    month = _MONTHS.get(named["m"]) if named else None
    return _day(named["y"], str(month), named["d"] or "1") if named and month else None


def _day_first(text: str, first: str, second: str, year: str) -> Read[date]:
    """31/10/2026 or 10/31/2026: read only where one reading is possible."""
    readings = {d for d in (_day(year, second, first), _day(year, first, second)) if d}
    if len(readings) != 1:
        return Read(None, fault=reason("merge.fault_date", text=text))
    return Read(readings.pop(), reason("merge.repair_date", text=text))


def read_yes(cell: Cell) -> bool | None:
    """Yes, no, or nothing said."""
    text = text_of(cell).lower()
    return True if text in _YES else False if text in _NO else None
