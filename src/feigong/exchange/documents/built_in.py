"""The Word template of a document as it comes with the program: made here, so that no binary file is kept."""

from __future__ import annotations

import io
from collections.abc import Iterable
from datetime import datetime
from functools import lru_cache
from typing import Any, Final

import docx
from docx.document import Document as Paper
from docx.enum.style import WD_STYLE_TYPE
from docx.enum.table import WD_ROW_HEIGHT_RULE, WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_LINE_SPACING
from docx.oxml import OxmlElement
from docx.oxml.ns import nsmap, qn
from docx.shared import Mm, Pt
from docx.table import Table, _Cell, _Row
from docx.text.paragraph import Paragraph

from feigong.exchange.documents.filling import BLANK_DAY
from feigong.exchange.documents.known import layout
from feigong.exchange.documents.packing import packed_anew
from feigong.exchange.documents.values import Block, Document, Layout, Style

_ALIGN: Final = {
    "left": WD_ALIGN_PARAGRAPH.LEFT,
    "centre": WD_ALIGN_PARAGRAPH.CENTER,
    "right": WD_ALIGN_PARAGRAPH.RIGHT,
    "justified": WD_ALIGN_PARAGRAPH.JUSTIFY,
}
_MADE: Final = datetime(2026, 1, 1)  # noqa: DTZ001 - what the file says of itself; the same for every copy
_ROW: Final = "行"  # how a template calls the row of a table
_OPINION_MM: Final = 28
_LATENT_GRID: Final = "Table Grid"


@lru_cache(maxsize=64)
def template_of(document: Document) -> bytes:
    """The template of a document, with its placeholders."""
    sheet = layout()
    paper = docx.Document()
    _describe(paper, document)
    _page(paper, sheet)
    for style in sheet.styles.values():
        _style(paper, style, sheet)
    _fonts(paper, sheet)
    for block in document.blocks:
        if block.when:
            _say(paper, "{%p if " + block.when + " %}", sheet.styles["body"])
        _block(paper, block, document, sheet)
        if block.when:
            _say(paper, "{%p endif %}", sheet.styles["body"])
    out = io.BytesIO()
    paper.save(out)
    return packed_anew(out.getvalue())


def _describe(paper: Paper, document: Document) -> None:
    told = paper.core_properties
    told.title, told.subject, told.author, told.comments, told.language = document.name.zh, "", "", "", "zh-CN"
    told.keywords, told.last_modified_by, told.revision = "", "", 1
    told.created = told.modified = _MADE
    for key, link in list(paper.part.package.rels.items()):
        if link.reltype.endswith("/thumbnail"):  # of the library's own empty document
            del paper.part.package.rels[key]
    for language in paper.styles.element.xpath("./w:docDefaults/w:rPrDefault/w:rPr/w:lang"):
        language.set(qn("w:eastAsia"), "zh-CN")  # lines break as in Chinese


def _page(paper: Paper, sheet: Layout) -> None:
    section = paper.sections[0]
    section.page_width, section.page_height = Mm(sheet.width_mm), Mm(sheet.height_mm)
    section.top_margin, section.bottom_margin = Mm(sheet.top_mm), Mm(sheet.bottom_mm)
    section.left_margin, section.right_margin = Mm(sheet.left_mm), Mm(sheet.right_mm)
    section.footer_distance = Mm(sheet.footer_mm)
    grid = section._sectPr.find(qn("w:docGrid"))
    if grid is None:
        grid = OxmlElement("w:docGrid")
        section._sectPr.append(grid)
    body = sheet.styles["body"].size_pt
    character = Mm(sheet.text_mm).pt / sheet.characters
    grid.set(qn("w:type"), "linesAndChars")
    grid.set(qn("w:linePitch"), str(round(sheet.line_pt * 20)))
    grid.set(qn("w:charSpace"), str(round((character - body) * 4096)))
    paper.settings.odd_and_even_pages_header_footer = True
    _number(section.footer.paragraphs[0], sheet, WD_ALIGN_PARAGRAPH.RIGHT)
    _number(section.even_page_footer.paragraphs[0], sheet, WD_ALIGN_PARAGRAPH.LEFT)


def _number(paragraph: Paragraph, sheet: Layout, align: WD_ALIGN_PARAGRAPH) -> None:
    """— 1 —: outside, one character from the edge."""
    paragraph.alignment = align
    edge = Pt(sheet.number_pt)
    if align == WD_ALIGN_PARAGRAPH.RIGHT:
        paragraph.paragraph_format.right_indent = edge
    else:
        paragraph.paragraph_format.left_indent = edge
    for text in ("— ", None, " —"):
        run = paragraph.add_run(text or "")
        _face(run._element.get_or_add_rPr(), sheet.number_font, sheet.number_font)
        run.font.size = Pt(sheet.number_pt)
        if text is None:
            for kind, code in (("begin", ""), ("", "PAGE"), ("end", "")):
                run._element.append(_field_part(kind, code))


def _field_part(kind: str, code: str) -> Any:
    if not kind:
        part = OxmlElement("w:instrText")
        part.set(qn("xml:space"), "preserve")
        part.text = f" {code} "
        return part
    part = OxmlElement("w:fldChar")
    part.set(qn("w:fldCharType"), kind)
    return part


def _face(properties: Any, font: str, latin: str) -> None:
    fonts = properties.find(qn("w:rFonts"))
    if fonts is None:
        fonts = OxmlElement("w:rFonts")
        properties.insert(0, fonts)
    for name in list(fonts.attrib):
        del fonts.attrib[name]
    for kind, value in (("ascii", latin), ("hAnsi", latin), ("cs", latin), ("eastAsia", font)):
        fonts.set(qn(f"w:{kind}"), value)
    fonts.set(qn("w:hint"), "eastAsia")  # quotation marks and dashes are Chinese here


def _style(paper: Paper, style: Style, sheet: Layout) -> None:
    made = paper.styles.add_style(style.name, WD_STYLE_TYPE.PARAGRAPH)
    made.base_style = None
    made.quick_style = True
    made.font.size, made.font.bold = Pt(style.size_pt), style.bold
    _face(made.element.get_or_add_rPr(), style.font, sheet.latin_font)
    shape, line = made.paragraph_format, style.line_pt or sheet.line_pt
    shape.alignment = _ALIGN[style.align]
    shape.line_spacing_rule, shape.line_spacing = WD_LINE_SPACING.EXACTLY, Pt(line)
    shape.space_before, shape.space_after = Pt(style.before_lines * line), Pt(style.after_lines * line)
    shape.keep_with_next, shape.widow_control = style.keep, False
    _indent(made.element.get_or_add_pPr(), style)
    if style.lines:
        _ruled(made.element.get_or_add_pPr())


def _indent(properties: Any, style: Style) -> None:
    """In characters, and in lengths for programs that know no characters."""
    place = properties.get_or_add_ind()
    first = ("firstLine", style.first) if style.first >= 0 else ("hanging", -style.first)
    for side, characters in (("left", style.left), ("right", style.right), first):
        if characters:
            place.set(qn(f"w:{side}Chars"), str(round(characters * 100)))
            place.set(qn(f"w:{side}"), str(round(characters * style.size_pt * 20)))


def _ruled(properties: Any) -> None:
    """A line above and one below, as around 抄送."""
    lines = OxmlElement("w:pBdr")
    for side in ("top", "bottom"):
        line = OxmlElement(f"w:{side}")
        for name, value in (("val", "single"), ("sz", "8"), ("space", "1"), ("color", "000000")):
            line.set(qn(f"w:{name}"), value)
        lines.append(line)
    properties.insert_element_before(lines, "w:shd", "w:tabs", "w:snapToGrid", "w:spacing", "w:ind", "w:jc")


def _fonts(paper: Paper, sheet: Layout) -> None:
    """Say which fonts stand in for the official ones, where a machine has them not."""
    table = next(part for part in paper.part.package.iter_parts() if part.partname == "/word/fontTable.xml")
    fonts = "".join(
        f'<w:font w:name="{name}"><w:altName w:val="{",".join(others)}"/><w:charset w:val="86"/>'
        '<w:family w:val="auto"/><w:pitch w:val="variable"/></w:font>'
        for name, others in sheet.fonts
    )
    table._blob = (
        '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
        f'<w:fonts xmlns:w="{nsmap["w"]}">{fonts}</w:fonts>'
    ).encode()


def _say(paper: Paper, text: str, style: Style) -> Paragraph:
    return paper.add_paragraph(text, style=style.name)


def _block(paper: Paper, block: Block, document: Document, sheet: Layout) -> None:
    if block.style == "table":
        _table(paper, block, document, sheet)
    elif block.items:
        _attachments(paper, block.items, sheet)
    else:
        _say(paper, block.text, sheet.styles[block.style])


def _attachments(paper: Paper, items: tuple[str, ...], sheet: Layout) -> None:
    """附件： with one name, or numbers under one another."""
    style = sheet.styles["attachment"]
    for number, item in enumerate(items, start=1):
        counted = f"{number}. {item}" if len(items) > 1 else item
        paragraph = _say(paper, f"附件：{counted}" if number == 1 else counted, style)
        if number == 1:
            paragraph.paragraph_format.space_before = Pt(sheet.line_pt)
            continue
        place = paragraph._p.get_or_add_pPr().get_or_add_ind()
        place.set(qn("w:firstLineChars"), "0")
        place.set(qn("w:firstLine"), "0")


def _table(paper: Paper, block: Block, document: Document, sheet: Layout) -> None:
    table = paper.add_table(rows=0, cols=len(block.widths), style=_LATENT_GRID)
    table.alignment, table.autofit = WD_TABLE_ALIGNMENT.CENTER, False
    unit = sheet.text_mm / sum(block.widths)
    widths = [Mm(width * unit) for width in block.widths]
    for column, width in zip(table.columns, widths, strict=True):
        column.width = width
    for cells in _rows(block, document):
        row, first = _added(table), len(table.rows) == 1
        for at, (cell, width, text) in enumerate(zip(row.cells, widths, cells, strict=True)):
            cell.width = width
            _fill(cell, text, sheet, head=at % 2 == 0 if block.cells else first)
        _join_empty(row.cells, cells, enabled=bool(block.cells))
    if block.rows_of:
        _repeats(table)
    for opinion in block.opinions:
        _opinion(table, opinion, sheet)


def _rows(block: Block, document: Document) -> Iterable[tuple[str, ...]]:
    if not block.rows_of:
        return block.cells
    field = document.named(block.rows_of)
    assert field is not None  # `known` has looked
    rest = ("",) * (len(field.columns) - 1)
    return (
        tuple(column.title.zh for column in field.columns),
        ("{%tr for " + _ROW + " in " + field.name + " %}", *rest),
        tuple("{{" + f"{_ROW}.{column.title.zh}" + "}}" for column in field.columns),
        ("{%tr endfor %}", *rest),
    )


def _fill(cell: _Cell, text: str, sheet: Layout, *, head: bool) -> None:
    paragraph = cell.paragraphs[0]
    paragraph.style = sheet.styles["head" if head else "cell"].name
    paragraph.add_run(text)


def _join_empty(cells: tuple[_Cell, ...], texts: tuple[str, ...], *, enabled: bool) -> None:
    """What is followed by nothing takes the rest of its row."""
    filled = max((at for at, text in enumerate(texts) if text), default=0)
    if enabled and filled < len(cells) - 1:
        joined = cells[filled].merge(cells[-1])
        for extra in joined.paragraphs[1:]:
            extra._p.getparent().remove(extra._p)


def _added(table: Any) -> _Row:
    row: _Row = table.add_row()
    return row


def _repeats(table: Table) -> None:
    """The first row again at the top of each page."""
    properties = table.rows[0]._tr.get_or_add_trPr()
    properties.append(OxmlElement("w:tblHeader"))


def _opinion(table: Table, opinion: str, sheet: Layout) -> None:
    row = _added(table)
    row.height, row.height_rule = Mm(_OPINION_MM), WD_ROW_HEIGHT_RULE.AT_LEAST
    _fill(row.cells[0], opinion, sheet, head=True)
    cell = row.cells[1].merge(row.cells[-1])
    for extra in cell.paragraphs[1:]:
        extra._p.getparent().remove(extra._p)
    _fill(cell, "", sheet, head=False)
    for text in ("（盖章）", BLANK_DAY):
        paragraph = cell.add_paragraph(text, style=sheet.styles["cell"].name)
        paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT
