"""Fills a Word template."""

from __future__ import annotations

import io
from collections.abc import Mapping
from typing import Any

from docxtpl import DocxTemplate
from jinja2 import StrictUndefined
from jinja2.exceptions import TemplateError
from jinja2.sandbox import ImmutableSandboxedEnvironment

from feigong.core.errors import FeigongError
from feigong.exchange.documents.packing import packed_anew


def surroundings() -> ImmutableSandboxedEnvironment:
    """What a template may use: the values it is given, nothing of the program."""
    made = ImmutableSandboxedEnvironment(autoescape=True, undefined=StrictUndefined)
    made.globals.clear()
    return made


def render_docx(template: bytes, values: Mapping[str, Any]) -> bytes:
    """The filled document. ``values`` by the names that the template uses: `filling.values_of`.

    The template is one that `checking.check_template` let through, or one of our own.
    """
    paper = DocxTemplate(io.BytesIO(template))
    try:
        paper.render(dict(values), surroundings(), autoescape=True)
    except TemplateError as fault:
        raise FeigongError("error.documents.not_filled", why=str(fault)[:120]) from fault
    out = io.BytesIO()
    paper.save(out)
    return packed_anew(out.getvalue())
