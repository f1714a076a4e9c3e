"""Word files for tests of documents."""

from __future__ import annotations

import io
from datetime import date
from typing import Any

import docx
from pypdf import PdfReader

from feigong.exchange.documents.built_in import template_of
from feigong.exchange.documents.filling import sample_of, values_of
from feigong.exchange.documents.known import document
from feigong.exchange.documents.word import render_docx
from feigong.exchange.rules_file import load_rules

ON = date(2026, 6, 1)


def filled(code: str, given: dict[str, Any] | None = None) -> bytes:
    """A document by our own template; with its sample where nothing is given."""
    found = document(code)
    values = sample_of(found) if given is None else given
    return render_docx(template_of(found), values_of(found, values, load_rules(), ON))


def opened(content: bytes) -> Any:
    return docx.Document(io.BytesIO(content))


def saved(paper: Any) -> bytes:
    out = io.BytesIO()
    paper.save(out)
    return out.getvalue()


def texts(content: bytes) -> list[str]:
    """Every paragraph, those of tables included, in order of kind."""
    paper = opened(content)
    cells = [cell.text for table in paper.tables for row in table.rows for cell in row.cells]
    return [paragraph.text for paragraph in paper.paragraphs] + cells


def edited(code: str, old: str, new: str) -> bytes:
    """Our template after somebody changed a text in Word."""
    paper = opened(template_of(document(code)))
    cells = [p for table in paper.tables for row in table.rows for cell in row.cells for p in cell.paragraphs]
    hit = [paragraph for paragraph in (*paper.paragraphs, *cells) if old in paragraph.text]
    assert hit, old
    for paragraph in hit:
        paragraph.runs[0].text = paragraph.text.replace(old, new)
        for run in paragraph.runs[1:]:
            run.text = ""
    return saved(paper)


def pdf_text(content: bytes) -> str:
    """What a PDF says, without the spaces that setting puts between Chinese and Latin."""
    return "".join("".join(page.extract_text() for page in PdfReader(io.BytesIO(content)).pages).split())
