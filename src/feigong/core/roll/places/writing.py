"""How addresses are written: one form for dashes, spaces, lists and Chinese numerals, so that patterns stay simple."""

from __future__ import annotations

import re

from feigong.core.text import fold

DIGITS = "〇零一二三四五六七八九"
_DIGIT = {"〇": 0, "零": 0, "一": 1, "二": 2, "两": 2, "三": 3, "四": 4, "五": 5, "六": 6, "七": 7, "八": 8, "九": 9}
_DASHES = re.compile(r"[‐‑‒–—―−﹣－~～〜]+|--+|(?<=\d)至(?=\d)")
_COUNTED = re.compile(
    r"[〇零一二两三四五六七八九十百]+(?=(?:号楼|号院|号(?![路街巷线])|栋|幢|座|单元|层|楼(?!台|子|房|村|屯|镇)|弄|室|组(?!团)))"
)
_OPEN, _CLOSE = "[{【〔〈《「", "]}】〕〉》」"
_ROUND = str.maketrans(_OPEN + _CLOSE, "(" * len(_OPEN) + ")" * len(_CLOSE))
_BRACKETS = re.compile(r"\(([^()]*)\)|\(([^()]*)$")
_HOUSE = re.compile(r"[A-Za-z]?\d+[A-Za-z]?(?:[-、,]\d+)*号?")
_BEFORE_HOUSE = tuple("路街巷道弄园苑区村")


def number_of(numeral: str) -> int:
    """The value of a Chinese numeral below 1,000 (``二十三``, ``一〇五``), or of plain digits."""
    if numeral.isdigit() and numeral.isascii():
        return int(numeral)
    total, pending = 0, 0
    for char in numeral:
        if char in "十百":
            total += (pending or 1) * (10 if char == "十" else 100)
            pending = 0
        else:
            pending = pending * 10 + _DIGIT[char]
    return total + pending


def numeral(value: int) -> str:
    """A value below 100 as a Chinese numeral, as road names have them (``4`` → ``四``, ``12`` → ``十二``)."""
    if value < 10:
        return DIGITS[1 + value]
    if value < 100:
        tens, ones = divmod(value, 10)
        return ("" if tens == 1 else DIGITS[1 + tens]) + "十" + (DIGITS[1 + ones] if ones else "")
    return str(value)


def plain(text: str) -> tuple[str, str]:
    """Fold an address and take out what stands in brackets.

    Returns
    -------
    (str, str)
        The address without white space and brackets, dashes as ``-``, counted numerals as digits; and the text of the
        brackets. A bracket that holds a house number where one is due stays (``(10-2)号``).
    """
    body = _DASHES.sub("-", fold(text).replace(" ", "").translate(_ROUND))
    asides: list[str] = []

    def take(found: re.Match[str]) -> str:
        inside = found.group(1) if found.group(1) is not None else found.group(2)
        before, after = found.string[: found.start()][-1:], found.string[found.end() :][:1]
        if _HOUSE.fullmatch(inside) and after in ("幢", "栋", "座") and not before.isdigit():
            return inside
        if _HOUSE.fullmatch(inside) and before in _BEFORE_HOUSE and (after in ("", "号", "-") or inside.endswith("号")):
            return inside
        asides.append(inside)
        return ""

    while (shorter := _BRACKETS.sub(take, body)) != body:
        body = shorter
    body = _COUNTED.sub(lambda m: str(number_of(m.group())), body.replace(")", ""))
    return body, " ".join(sorted(a for a in asides if a))
