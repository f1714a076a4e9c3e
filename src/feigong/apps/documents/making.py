"""Documents made by the template of an area. The interface for cases is described in `feigong.apps.documents`."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from typing import Any, Final, NamedTuple

from feigong.apps.documents import queries
from feigong.apps.roll.models import AreaState
from feigong.apps.roll.models.dated import NEVER
from feigong.core.errors import FeigongError
from feigong.exchange.documents.built_in import template_of
from feigong.exchange.documents.filling import sample_of, shown, values_of
from feigong.exchange.documents.known import document, documents, fields_of
from feigong.exchange.documents.printing import render_pdf, render_picture
from feigong.exchange.documents.values import Document, Field, Group
from feigong.exchange.documents.word import render_docx
from feigong.exchange.rules_file import load_rules

KINDS: Final = ("docx", "pdf")
CONTENT_TYPES: Final = {
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "pdf": "application/pdf",
    "png": "image/png",
}
_NOT_IN_NAMES: Final = re.compile(r'[\\/:*?"<>|\x00-\x1f\x7f]+')
_LONGEST_NAME: Final = 60
_ABOUT: Final = ("organisation", "enterprise", "unit")  # whose name the file carries

__all__ = [
    "Document", "Field", "Group", "Made", "document", "documents", "examples", "fields_of", "make", "sample",
    "template_of",
]  # fmt: skip


class Made(NamedTuple):
    name: str
    content: bytes


def make(code: str, fields: Mapping[str, Any], kind: str = "docx", *, on: date, area: int | None = None) -> Made:
    """A document, filled in; ``error.documents.…`` for what is no document or kind, or cannot be printed."""
    found = document(code)
    _check(kind, KINDS)
    own = None if area is None else queries.content_for(_path(area, on), code)
    about = next((text for name in _ABOUT if (text := shown(fields.get(name)))), "")
    return Made(_file_name(found, about, kind), _rendered(found, own, fields, kind, on))


def sample(code: str, template: bytes | None, kind: str, *, on: date) -> Made:
    """The document by a template (none: ours) with fictional values; ``kind`` may be a picture of its first page."""
    found = document(code)
    _check(kind, CONTENT_TYPES)
    return Made(_file_name(found, "", kind), _rendered(found, template, sample_of(found), kind, on))


def examples(found: Document, *, on: date) -> dict[str, str]:
    """For each field by code what stands in a sample; tables have none."""
    values = values_of(found, sample_of(found), load_rules(None), on)
    return {field.code: values[field.name] for field in found.fields if not field.columns}


def _rendered(found: Document, template: bytes | None, fields: Mapping[str, Any], kind: str, on: date) -> bytes:
    values = values_of(found, fields, load_rules(None), on)
    word = render_docx(template or template_of(found), values)
    if kind == "docx":
        return word
    return render_picture(word, found.name.zh) if kind == "png" else render_pdf(word, found.name.zh)


def _check(kind: str, known: Mapping[str, str] | tuple[str, ...]) -> None:
    if kind not in known:
        raise FeigongError("error.documents.kind", found=kind[:20])


def _path(area: int, on: date) -> str:
    """Where an area lies on the day, or lay last: a document of an area that ended still prints."""
    rows = AreaState.rows.filter(area_id=area, recorded_to=NEVER).order_by("-valid_from")
    state = rows.filter(valid_from__lte=on).first() or rows.first()
    if state is None:
        raise FeigongError("error.not_found")
    return state.path


def _file_name(found: Document, about: str, kind: str) -> str:
    name = f"{found.name.zh}-{about}" if about else found.name.zh
    return f"{_NOT_IN_NAMES.sub(' ', name).strip(' .')[:_LONGEST_NAME].strip(' .')}.{kind}"
