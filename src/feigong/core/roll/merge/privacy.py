"""No identity number and no mobile number may stay in any text of the roll, wherever someone typed it."""

from __future__ import annotations

import re
from typing import Final

from feigong.core.roll.merge.looks import resembles_id_number

_NUMBERS: Final = re.compile(
    r"(?<![0-9A-Za-z])(?:\d{17}[\dXx]|(?:\+?86[- ]?)?1[3-9]\d[- ]?\d{4}[- ]?\d{4})(?![0-9A-Za-z])"
)
_COVER: Final = "***"


def _covered(match: re.Match[str]) -> str:
    text = match.group()
    return _COVER if len(text) != 18 or not text[:17].isdigit() or resembles_id_number(text) else text


def without_numbers(text: str) -> str:
    """The text with identity and mobile numbers covered by ``***``."""
    return _NUMBERS.sub(_covered, text) if any(c.isdigit() for c in text) else text
