"""What the values of a column look like, whatever its header says."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from datetime import date
from typing import Final

from stdnum.cn import ric

from feigong.core.roll import uscc
from feigong.core.roll.merge.cells import read_date, text_of
from feigong.core.roll.merge.values import Cell

_PHONE: Final = re.compile(r"(\+?86[- ]?)?1[3-9]\d{9}|0\d{2,3}-?\d{7,8}(-\d+)?")
_COUNT: Final = re.compile(r"约?\d{1,6}(\.0+)?\s*(人|名|户|家|个)?")
_POINT: Final = re.compile(
    r"[(\[]?\s*[EN]?\s*-?\d{1,3}\.\d+\s*°?[EN]?\s*[,;/ ，、]\s*[EN]?-?\d{1,3}\.\d+\s*°?[EN]?\s*[)\]]?"
)
_COMPANY: Final = re.compile(
    r".{2,}(公司|集团|厂|店|行|部|社|站|所|院|场|馆|中心|超市|酒店|宾馆|合伙\)|企业|作坊|工作室|代表处|办事处|药房|学校|"
    r"幼儿园|矿|队|户|co\.?,? ?ltd\.?|inc\.?|llc|company|limited)\)?$",
    re.IGNORECASE,
)
_ORGANISATION: Final = re.compile(r"(中共|党|支部|branch|committee)", re.IGNORECASE)
_ADDRESS: Final = re.compile(r"(省|市|区|县|镇|乡|街|路|村|号|楼|室|巷|里|road|street|district|no\.)", re.IGNORECASE)
_PERSON: Final = re.compile(r"[\u4e00-\u9fff]{1,3}[·•]?[\u4e00-\u9fff]{1,8}")
_MEMBER: Final = re.compile(r".*(正式|预备|党员|full|probation).*", re.IGNORECASE)
_SHIFT: Final = re.compile(r".*(班|倒|轮|双休|单休|做.休|标准工时|shift).*", re.IGNORECASE)
_FREE: Final = re.compile(r".*(周|星期|礼拜|双休|工作日|晚|上午|下午|day|evening|morning|weekend).*", re.IGNORECASE)
_YES_NO: Final = frozenset(
    ["是", "否", "有", "无", "y", "n", "yes", "no", "true", "false", "√", "×", "✓", "0", "1", "1.0", "0.0"]
)
_ID: Final = re.compile(r"\d{15}|\d{17}[\dXx]")
_ID_FORM: Final = re.compile(r"[1-8]\d{16}[\dXx]")
_SHAPE: Final = re.compile(r"[0-9A-Za-z]{17,19}|\d{15}|\d{13}")
_SCIENTIFIC: Final = re.compile(r"\d(\.\d+)?[Ee]\+?1[2-9]")
LEAST_CODE_NUMBER: Final = 1e12


def is_id_number(text: str) -> bool:
    """Whether this is a resident identity number with the right check character and a real birth date."""
    if not _ID.fullmatch(text):
        return False
    number = text.upper()
    if len(number) == 15:
        return _is_day(f"19{number[6:8]}", number[8:10], number[10:12])
    return bool(number[-1] == ric.calc_check_digit(number)) and _is_day(number[6:10], number[10:12], number[12:14])


def resembles_id_number(text: str) -> bool:
    """Whether this has the form of an identity number (province, birth date), right or wrong: too personal to keep."""
    return bool(_ID_FORM.fullmatch(text)) and _is_day(text[6:10], text[10:12], text[12:14])


def _is_day(year: str, month: str, day: str) -> bool:
    try:
        return 1900 <= date(int(year), int(month), int(day)).year <= 2100
    except ValueError:
        return False


def is_number_text(text: str) -> bool:
    """Whether a text is a long number in scientific notation (9.12105E+17): a code whose last digits are gone."""
    return bool(_SCIENTIFIC.fullmatch(text))


def _looks_like_code(cell: Cell, text: str) -> bool:
    if isinstance(cell, int | float) and not isinstance(cell, bool):
        return abs(cell) >= LEAST_CODE_NUMBER
    if is_number_text(text):
        return True
    code = uscc.as_written(text)
    if is_id_number(code) and not uscc.is_valid(code):
        return False
    return bool(_SHAPE.fullmatch(code))


def _is_degree(cell: Cell, text: str) -> bool:
    try:
        value = float(text.strip("°EN东经北纬 "))
    except ValueError:
        return False
    return value == 0 or (3 <= abs(value) <= 136 and not value.is_integer())


_LOOKS: Final[Mapping[str, Callable[[Cell, str], bool]]] = {
    "code": _looks_like_code,
    "id": lambda cell, text: is_id_number(uscc.as_written(text)),
    "phone": lambda cell, text: bool(_PHONE.fullmatch(text)),
    "date": lambda cell, text: read_date(cell).value is not None,
    "count": lambda cell, text: bool(_COUNT.fullmatch(text)),
    "company": lambda cell, text: bool(_COMPANY.match(text)),
    "organisation": lambda cell, text: bool(_ORGANISATION.search(text)),
    "address": lambda cell, text: len(text) >= 4 and bool(_ADDRESS.search(text)) and not _COMPANY.match(text),
    "person": lambda cell, text: bool(_PERSON.fullmatch(text)) and not _COMPANY.match(text),
    "member": lambda cell, text: bool(_MEMBER.fullmatch(text)),
    "shift": lambda cell, text: bool(_SHIFT.fullmatch(text)),
    "free": lambda cell, text: bool(_FREE.fullmatch(text)),
    "degree": _is_degree,
    "point": lambda cell, text: bool(_POINT.fullmatch(text)),
    "yesno": lambda cell, text: text.lower() in _YES_NO,
}


class ColumnLooks:
    """Share of a column's filled cells that look like something, counted over all rows: order is nothing."""

    def __init__(self, cells: Iterable[Cell]) -> None:
        self._cells: Counter[tuple[type, Cell]] = Counter((type(c), c) for c in cells if c is not None and c != "")
        self.filled = sum(self._cells.values())
        self._shares: dict[str, float] = {}

    def share(self, look: str) -> float:
        if look not in self._shares:
            test = _LOOKS[look]
            hits = sum(n for (_, cell), n in self._cells.items() if test(cell, text_of(cell)))
            self._shares[look] = hits / self.filled if self.filled else 0.0
        return self._shares[look]
