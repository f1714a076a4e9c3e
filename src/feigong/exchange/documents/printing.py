"""Sets a filled document as PDF, or as a picture of its first page.

What is set is what the Word document says, so a district's own template prints as it was edited. Type is the font that
comes with the program: a document is the same on every machine, and none of the machine's own fonts is looked at.
"""

from __future__ import annotations

import json
from functools import lru_cache
from importlib.resources import files
from pathlib import Path
from typing import Any, Final, Literal

import typst

from feigong.core.errors import FeigongError
from feigong.exchange.documents.filling import shown
from feigong.exchange.documents.reading import read_sheet

FONT: Final = "Noto Serif SC"
_HERE: Final = Path(str(files("feigong.exchange.documents")))
_FONTS: Final = _HERE / "fonts"
_PICTURE_PPI: Final = 96


def render_pdf(filled: bytes, title: str) -> bytes:
    """The document as PDF. ``filled``: a Word document, as `word.render_docx` gives it."""
    return _set(filled, title, "pdf")


def render_picture(filled: bytes, title: str) -> bytes:
    """The first page as PNG."""
    return _set(filled, title, "png")


def _set(filled: bytes, title: str, form: Literal["pdf", "png"]) -> bytes:
    content = {**read_sheet(filled), "title": shown(title), "font": FONT}
    try:
        made: Any = typst.compile(
            str(_HERE / "sheet.typ"), root=str(_HERE), font_paths=_font_paths(), ignore_system_fonts=True, format=form,
            ppi=float(_PICTURE_PPI), sys_inputs={"sheet": json.dumps(content, ensure_ascii=False)},
        )  # fmt: skip
    except typst.TypstError as fault:
        raise FeigongError("error.documents.not_printed", why=str(fault)[:120]) from fault
    pages = made if isinstance(made, list) else [made]
    if not pages or pages[0] is None:
        raise FeigongError("error.documents.not_printed", why=form)
    return bytes(pages[0])


@lru_cache(maxsize=1)
def _font_paths() -> list[str]:
    if not any(_FONTS.glob("*.ttf")):
        raise FeigongError("error.documents.no_font")
    return [str(_FONTS)]
