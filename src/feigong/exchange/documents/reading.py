"""A filled Word document as plain values, to be set by something else: what stands there and how, not pictures."""

from __future__ import annotations

import io
from collections.abc import Iterator
from typing import Any, Final

import docx
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml.ns import qn
from docx.shared import Length
from docx.table import Table, _Cell
from docx.text.paragraph import Paragraph
from docx.text.run import Run

from feigong.exchange.documents.known import layout

_ALIGN: Final = {
    WD_ALIGN_PARAGRAPH.CENTER: "centre",
    WD_ALIGN_PARAGRAPH.RIGHT: "right",
    WD_ALIGN_PARAGRAPH.LEFT: "left",
}
_NOT_SET: Final = ".//w:drawing | .//w:pict | .//w:object | .//w:numPr | .//m:oMath"
_MOST_CELLS: Final = 20_000


def left_out(content: bytes) -> int:
    """How many pictures, text boxes and automatic numbers of a document are not read."""
    return len(docx.Document(io.BytesIO(content)).element.body.xpath(_NOT_SET))


def read_sheet(content: bytes) -> dict[str, Any]:
    """The paragraphs and tables of a document in order, with sizes in points, as `sheet.typ` takes them."""
    paper = docx.Document(io.BytesIO(content))
    section = paper.sections[0]
    sides = ("top", "bottom", "left", "right")
    margins = {side: _pt(getattr(section, f"{side}_margin"), 72) for side in sides}
    page = {"width": _pt(section.page_width, 595.3), "height": _pt(section.page_height, 841.9), **margins}
    blocks = list(_blocks(paper.element.body, paper))
    return {"page": page, "blocks": blocks, "number": layout().number_pt}


def _pt(length: Length | None, usual: float) -> float:
    return usual if length is None else round(length.pt, 2)


def _blocks(body: Any, parent: Any) -> Iterator[dict[str, Any]]:
    for child in body.iterchildren():
        if child.tag == qn("w:p"):
            yield _paragraph(Paragraph(child, parent))
        elif child.tag == qn("w:tbl"):
            yield _table(Table(child, parent))
        elif child.tag == qn("w:sdt"):
            for content in child.iterchildren(qn("w:sdtContent")):
                yield from _blocks(content, parent)


def _paragraph(paragraph: Paragraph) -> dict[str, Any]:
    shape, size = _Shape(paragraph), _size(paragraph)
    rule = shape.first_of("line_spacing")
    return {
        "kind": "paragraph",
        "align": _ALIGN.get(shape.first_of("alignment"), "justified"),
        "line": round(rule.pt, 2) if isinstance(rule, Length) else round(size * 1.6, 2),
        "size": size,
        "before": _pt(shape.first_of("space_before"), 0),
        "after": _pt(shape.first_of("space_after"), 0),
        "first": shape.indent("firstLine", size) - shape.indent("hanging", size),
        "left": shape.indent("left", size) or shape.indent("start", size),
        "right": shape.indent("right", size) or shape.indent("end", size),
        "ruled": bool(shape.elements("w:pBdr")),
        "breaks": bool(paragraph._p.xpath(".//w:br[@w:type='page']")),
        "runs": _runs(paragraph, size),
    }


class _Shape:
    """How a paragraph stands: its own setting, else the nearest of its style and those it is based on."""

    def __init__(self, paragraph: Paragraph) -> None:
        self._formats = [paragraph.paragraph_format, *(style.paragraph_format for style in _styles(paragraph))]
        self._properties = [p for p in (f._element.pPr for f in self._formats) if p is not None]

    def first_of(self, name: str) -> Any:
        return next((v for f in self._formats if (v := getattr(f, name)) is not None), None)

    def elements(self, path: str) -> list[Any]:
        return next((found for p in self._properties if (found := p.xpath(f"./{path}"))), [])

    def indent(self, side: str, size: float) -> float:
        """In characters where it is said so, else as a length."""
        for place in (found for p in self._properties for found in p.xpath("./w:ind")):
            other = {"firstLine": "hanging", "hanging": "firstLine"}.get(side, side)
            for name, unit in ((f"{side}Chars", size / 100), (side, 1 / 20)):
                text = place.get(qn(f"w:{name}"))
                if text and text.lstrip("-").isdigit() and (int(text) or not name.endswith("Chars")):
                    return round(int(text) * unit, 2)
            if place.get(qn(f"w:{other}")) is not None:
                return 0
        return 0


def _styles(paragraph: Paragraph) -> Iterator[Any]:
    style, seen = paragraph.style, 0
    while style is not None and seen < 10:
        yield style
        style, seen = getattr(style, "base_style", None), seen + 1


def _size(paragraph: Paragraph) -> float:
    runs = (run.font.size for run in paragraph.runs if run.text.strip())
    own = next((size for size in runs if size is not None), None)
    of_style = next((s.font.size for s in _styles(paragraph) if s.font.size is not None), None)
    size = own or of_style
    return round(size.pt, 2) if size else layout().styles["body"].size_pt


def _runs(paragraph: Paragraph, size: float) -> list[dict[str, Any]]:
    bold_style = next((s.font.bold for s in _styles(paragraph) if s.font.bold is not None), False)
    found: list[dict[str, Any]] = []
    for element in paragraph._p.xpath(".//w:r[not(ancestor::w:txbxContent) and not(ancestor::w:del)]"):
        run = Run(element, paragraph)
        text = run.text
        if not text:
            continue
        bold = bool(bold_style if run.font.bold is None else run.font.bold)
        own = run.font.size
        found.append({"text": text, "bold": bold, "size": round(own.pt, 2) if own else size})
    return found


def _table(table: Table) -> dict[str, Any]:
    grid = [int(column.get(qn("w:w")) or 0) / 20 for column in table._tbl.tblGrid.gridCol_lst]
    rows: list[dict[str, Any]] = []
    above: dict[int, dict[str, Any]] = {}  # the cell in each column that goes on below
    for row in table.rows[: max(1, _MOST_CELLS // max(1, len(grid)))]:
        rows.append(_row(row, table, above))
    columns = max([len(grid), *(sum(c["span"] for c in r["cells"]) for r in rows)])
    return {"kind": "table", "widths": (grid + [0] * columns)[:columns], "rows": rows}


def _row(row: Any, table: Table, above: dict[int, dict[str, Any]]) -> dict[str, Any]:
    cells, at = [], 0
    for element in row._tr.tc_lst:
        span, merged = element.grid_span, element.vMerge
        if merged == "continue" and at in above:
            above[at]["rows"] += 1
        else:
            cell = {"span": span, "rows": 1, "at": at, "paragraphs": list(_blocks(element, _Cell(element, table)))}
            cells.append(cell)
            above[at] = cell
        at += span
    head = bool(row._tr.xpath("./w:trPr/w:tblHeader"))
    return {"height": _pt(row.height, 0), "head": head, "cells": cells}
