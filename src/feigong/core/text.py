"""Text in the one form in which every part of the core compares and keeps it."""

from __future__ import annotations

import re
import unicodedata

# Full-width forms are ASCII shifted by 0xFEE0. NFKC does that too, but makes "m2" of a square metre sign as well.
_FORMS: dict[int, int | None] = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)}
# Invisible characters that spreadsheets and web pages leave behind: soft hyphen, zero width, direction, byte order.
_FORMS.update(dict.fromkeys((0x00AD, 0x200B, 0x200C, 0x200D, 0x200E, 0x200F, 0x2060, 0xFEFF)))
_SPACES = re.compile(r"[\s\x00-\x1f\x7f]+")


# Of those forms only letters and digits: in a sentence the full-width comma is the right one.
_LETTERS = {code: form for code, form in _FORMS.items() if form is None or chr(form).isalnum()}


def prose(text: str) -> str:
    """A sentence that somebody wrote, as it will be printed: like `fold`, but punctuation stays as it was written."""
    return _SPACES.sub(" ", unicodedata.normalize("NFC", text.translate(_LETTERS))).strip()


def fold(text: str) -> str:
    """Fold text to one form.

    Parameters
    ----------
    text : str
        As read.

    Returns
    -------
    str
        NFC; full-width letters, digits and punctuation made half width; invisible characters removed; every run of
        white space (line ends too) one space, none at the ends. Folding twice changes nothing.
    """
    if text.isascii() and text.isalnum():
        return text
    return _SPACES.sub(" ", unicodedata.normalize("NFC", text.translate(_FORMS))).strip()
