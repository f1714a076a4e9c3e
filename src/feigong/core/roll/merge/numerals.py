"""Numbers in Chinese numerals: 十二, 一百二十, 壹佰零伍, 一万二千, 一二〇. What can be read in two ways is not read."""

from __future__ import annotations

import re
from typing import Final

_ONE_FORM: Final = str.maketrans("〇两壹贰叁肆伍陆柒捌玖拾佰仟萬", "零二一二三四五六七八九十百千万")
_DIGITS: Final = {sign: value for value, sign in enumerate("零一二三四五六七八九")}
_DIGIT: Final = "[一二三四五六七八九]"
_SECTION: Final = re.compile(
    rf"(?:({_DIGIT})千)?(?:零?({_DIGIT})百)?(?:零?({_DIGIT}?)(十))?(零)?({_DIGIT})?"
)  # below ten thousand
_IN_PLACES: Final = re.compile(rf"{_DIGIT}[零一二三四五六七八九]*零[零一二三四五六七八九]*")
SIGNS: Final = "〇零一二三四五六七八九两壹贰叁肆伍陆柒捌玖十拾百佰千仟万萬"


def number_of(text: str) -> int | None:
    """The number that numerals say, if they say only one: 三五 may be 35 or three to five, 一百二 102 or 120."""
    text = text.translate(_ONE_FORM)
    if text == "零":
        return 0
    if _IN_PLACES.fullmatch(text):
        return int("".join(str(_DIGITS[sign]) for sign in text))
    above, wan, below = text.rpartition("万")
    high, low = _section(above), _section(below) if below else 0
    if low is None or (wan and high is None) or (wan and len(below) == 1):
        return None
    return (high or 0) * 10_000 + low if text else None


def _section(text: str) -> int | None:
    found = _SECTION.fullmatch(text)
    if not text or found is None:
        return None
    thousands, hundreds, tens, ten, gap, ones = found.groups()
    if gap and not ones:
        return None
    if ones and not gap and not ten and (thousands or hundreds):
        return None
    parts = ((thousands, 1000), (hundreds, 100), (tens or ("一" if ten else None), 10), (ones, 1))
    return sum(_DIGITS[digit] * unit for digit, unit in parts if digit)
