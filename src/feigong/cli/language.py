"""Which language the command speaks: ``--lang`` on the line, else ``FEIGONG_LANG``, else Chinese."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from typing import Final

from feigong.core.errors import FeigongError

ZH: Final = "zh"
EN: Final = "en"
LANGUAGES: Final = (ZH, EN)


def chosen(argv: Sequence[str], environ: Mapping[str, str]) -> str:
    """Look at the raw line, because an error about the line itself must already be in the right language."""
    named = environ.get("FEIGONG_LANG", "")
    for word, following in zip(argv, [*argv, ""][1:], strict=True):
        if word == "--lang":
            named = following
        elif word.startswith("--lang="):
            named = word.removeprefix("--lang=")
    return EN if named.lower().startswith(EN) else ZH


def spoken(lang: str | None) -> str:
    """The language of a command's results, from its own ``--lang`` (None: not given).

    Raises
    ------
    FeigongError
        ``error.lang_unknown``: there are no words in that language.
    """
    if lang is None:
        return chosen([], os.environ)
    if lang not in LANGUAGES:
        raise FeigongError("error.lang_unknown", found=lang, known=", ".join(LANGUAGES))
    return lang
