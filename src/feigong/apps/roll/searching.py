"""The text by which a record is found: name and code in lower case, pinyin in full, and its initials."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final

from django.db.models import Q
from pypinyin import Style, lazy_pinyin, pinyin

from feigong.core.text import fold

# Surnames that are not read as the character is read elsewhere.
_SURNAMES: Final = {
    "单": "shan", "仇": "qiu", "曾": "zeng", "解": "xie", "朴": "piao", "查": "zha", "区": "ou", "盖": "ge",
    "乐": "yue", "覃": "qin", "缪": "miao", "员": "yun", "尉迟": "yu chi", "万俟": "mo qi", "长孙": "zhang sun",
    "翟": "zhai", "冼": "xian", "逄": "pang", "种": "chong", "秘": "bi", "繁": "po", "折": "she",
    "郗": "xi", "宓": "mi", "柏": "bai", "臧": "zang", "洗": "xian", "晟": "cheng",
}  # fmt: skip
_MOST_READINGS: Final = 3
_IS_CHINESE: Final = re.compile(r"[㐀-鿿]")
_PIECES: Final = re.compile(r"[㐀-鿿]|[^㐀-鿿]+")
_BETWEEN: Final = re.compile(r"[^0-9a-z]+")


@lru_cache(maxsize=1 << 15)
def search_text(name: str, *more: str, person: bool = False, longest: int = 600) -> str:
    """What the ``search`` column of a record holds.

    Parts are separated by a stroke, so that no search runs over the end of one into the next. Characters with several
    readings are read as the word around them is; where that leaves a doubt, other initials are added.
    """
    plain = fold(name).lower()
    parts = [plain, *(fold(m).lower() for m in more if m)]
    read = _read_person(plain) if person else lazy_pinyin(plain)
    initials = [r[:1] if _IS_CHINESE.fullmatch(c) else r for c, r in _aligned(plain, read)]
    parts += [_letters("".join(read)), _letters("".join(initials))]
    if not person:
        parts += _other_initials(plain, initials)
    kept: list[str] = []
    for part in parts:
        if part and part not in kept and sum(map(len, kept)) + len(kept) + len(part) <= longest:
            kept.append(part)
    return "|".join(kept)


def _read_person(name: str) -> list[str]:
    for length in (2, 1):
        if (surname := _SURNAMES.get(name[:length])) and len(name) > length:
            return [*surname.split(), *lazy_pinyin(name[length:])]
    return list(lazy_pinyin(name))


def _letters(text: str) -> str:
    return _BETWEEN.sub("", text)


def _aligned(name: str, read: list[str]) -> list[tuple[str, str]]:
    """Each reading with the character it is of; what is not Chinese stands as it is, in one piece."""
    pieces = [p for p in _PIECES.findall(name) if p]
    return list(zip(pieces, read, strict=True)) if len(pieces) == len(read) else [(r, r) for r in read]


def _other_initials(name: str, usual: list[str]) -> list[str]:
    """Initials with one character read otherwise, for the few that pinyin by words leaves in doubt."""
    found: list[str] = []
    readings = pinyin(name, style=Style.FIRST_LETTER, heteronym=True)
    if len(readings) != len(usual):
        return found
    for at, choices in enumerate(readings):
        for other in dict.fromkeys(choices):
            if other and other != usual[at] and len(found) < _MOST_READINGS:
                found.append(_letters("".join([*usual[:at], other, *usual[at + 1 :]])))
    return found


def matching(text: str) -> Q:
    """Rows whose ``search`` holds every word of a text."""
    condition = Q()
    for word in fold(text).lower().split():
        condition &= Q(search__contains=word.replace("|", ""))
    return condition
