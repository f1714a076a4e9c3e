"""The unified social credit code (GB 32100-2015): repair what is certain, name what a wrong code may have been."""

from __future__ import annotations

import re
from functools import lru_cache
from operator import mul
from typing import Final

from stdnum.cn import uscc as standard

from feigong.core.text import fold

ALPHABET: Final = "0123456789ABCDEFGHJKLMNPQRTUWXY"
LENGTH: Final = 18
_ORGANISATION_WEIGHTS: Final = (3, 7, 9, 10, 5, 8, 4, 2)
_VALUES: Final = {c: int(c, 36) for c in "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"}
_BETWEEN: Final = re.compile(r"[\s\-_.·'`\"’‘“”*]+")
_LOOK_ALIKE: Final = str.maketrans("IO", "10")
_PLACES_OF_AREA: Final = slice(2, 8)


def as_written(text: str) -> str:
    """The code in one form, right or wrong: half width, upper case, nothing between its characters."""
    return _BETWEEN.sub("", fold(text)).upper()


def _checked(code: str) -> bool:
    return len(code) == LENGTH and bool(standard.is_valid(code))


@lru_cache(maxsize=1 << 17)  # every code is met in several tables and asked about more than once in each
def is_valid(code: str) -> bool:
    """Whether the 18 characters satisfy the standard's form and check character."""
    return _checked(code)


def repaired(text: str) -> str:
    """The code as it certainly was meant.

    Parameters
    ----------
    text : str
        As read from a table.

    Returns
    -------
    str
        ``as_written``; with I and O (which the standard does not use) read as 1 and 0 where that alone makes the check
        character right.
    """
    code = as_written(text)
    if len(code) == LENGTH and not is_valid(code):
        digits = code.translate(_LOOK_ALIKE)
        if is_valid(digits):
            return digits
    return code


def organisation_part_is_valid(code: str) -> bool:
    """Whether characters 9–17 carry the right check character of an organisation code (GB 11714-1997)."""
    try:
        total = sum(map(mul, map(_VALUES.__getitem__, code[8:16]), _ORGANISATION_WEIGHTS))
    except KeyError:
        return False
    return len(code) > 16 and code[16] == "0123456789X"[-total % 11]


def one_slip_apart(a: str, b: str) -> bool:
    """Whether two codes differ by one wrong, missing or surplus character, or by two neighbours changed over."""
    if a == b:
        return False
    if len(a) == len(b):
        wrong = [i for i, (x, y) in enumerate(zip(a, b, strict=True)) if x != y]
        if len(wrong) == 1:
            return True
        return (
            len(wrong) == 2 and wrong[1] == wrong[0] + 1 and a[wrong[0]] == b[wrong[1]] and a[wrong[1]] == b[wrong[0]]
        )
    short, long = sorted((a, b), key=len)
    return len(long) == len(short) + 1 and any(long[:i] + long[i + 1 :] == short for i in range(len(long)))


def _slips(code: str) -> set[str]:
    """Every code one slip away that has the right length: also where a character was lost or doubled."""
    found: set[str] = set()
    if len(code) == LENGTH:
        found.update(code[:i] + c + code[i + 1 :] for i in range(LENGTH) for c in ALPHABET if c != code[i])
        found.update(code[:i] + code[i + 1] + code[i] + code[i + 2 :] for i in range(LENGTH - 1))
    elif len(code) == LENGTH - 1:
        found.update(code[:i] + c + code[i:] for i in range(LENGTH) for c in ALPHABET)
    elif len(code) == LENGTH + 1:
        found.update(code[:i] + code[i + 1 :] for i in range(LENGTH + 1))
    return found


def likely_codes(code: str, area_prefixes: frozenset[str] = frozenset()) -> tuple[str, ...]:
    """Codes that a wrong one may have been.

    Parameters
    ----------
    code : str
        As written, any length; only 17 to 19 characters give candidates.
    area_prefixes : frozenset of str
        Area codes or beginnings of them (two to six digits) that are plausible; empty: all.

    Returns
    -------
    tuple of str
        Sorted codes one slip away that satisfy the check characters of GB 32100 and of the organisation code inside
        (GB 11714), in a plausible area.
    """
    areas = tuple(area_prefixes) or ("",)
    return tuple(
        sorted(
            c  # the cheapest question first
            for c in _slips(code)
            if c.startswith(areas, _PLACES_OF_AREA.start) and organisation_part_is_valid(c) and _checked(c)
        )
    )


def area_of(code: str) -> str:
    """Six-digit area code of the office that registered the holder (not always where the holder is)."""
    return code[_PLACES_OF_AREA]
