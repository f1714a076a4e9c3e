"""No identity number and no telephone number may stay in any text of the roll, wherever someone typed it."""

from __future__ import annotations

import re
from typing import Final

from feigong.core.roll.merge.looks import is_id_number, resembles_id_number

_NUMBERS: Final = re.compile(
    r"(?<![0-9A-Za-z])(?:\d{6}[- ]?\d{8}[- ]?\d{3}[\dXx]|\d{15}|(?:\+?86[- ]?)?1[3-9]\d[- ]?\d{4}[- ]?\d{4}"
    r"|0\d{2,3}[- ]?\d{7,8})(?![0-9A-Za-z])"
)
_COVER: Final = "***"
_ID: Final = 18
_OLD_ID: Final = 15


def _covered(match: re.Match[str]) -> str:
    text = match.group()
    plain = "".join(c for c in text if c.isalnum())
    if len(plain) == _OLD_ID:
        return _COVER if is_id_number(plain) else text
    return _COVER if len(plain) != _ID or resembles_id_number(plain) else text


def without_numbers(text: str) -> str:
    """The text with identity and telephone numbers covered by ``***``."""
    return _NUMBERS.sub(_covered, text) if any(c.isdigit() for c in text) else text
