"""What is wrong with a template of a district's own, said with the place and the mend.

A template is a program of its own kind. So only what ours use is let through: a field by its name, a condition on a
field, the rows of a table. Nothing else is ever run.
"""

from __future__ import annotations

import difflib
import io
import re
import zipfile
import zlib
from collections.abc import Iterator
from typing import Final

from docx.opc.constants import RELATIONSHIP_TYPE
from docx.opc.exceptions import PackageNotFoundError
from docxtpl import DocxTemplate
from jinja2 import nodes
from jinja2.exceptions import TemplateSyntaxError

from feigong.core.errors import FeigongError
from feigong.exchange.documents.packing import packed_anew
from feigong.exchange.documents.values import Document, FieldKind
from feigong.exchange.documents.word import surroundings

MOST_BYTES: Final = 2 * 1024 * 1024
_MOST_UNPACKED: Final = 20 * 1024 * 1024
_MAIN: Final = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
_TAG: Final = re.compile(r"<[^>]+>")
_PRINTED: Final = re.compile(r"\{\{(.*?)\}\}", re.DOTALL)
_FULL_WIDTH: Final = re.compile(r"[｛{]{2}[^{}｛｝]{0,40}[｝}]{2}")
_DESCRIBING: Final = ("author", "comments", "identifier", "language", "subject", "title")


def check_template(content: bytes, document: Document) -> bytes:
    """The template as it can be kept: without the link to where it was made, packed anew.

    Raises
    ------
    FeigongError
        ``error.documents.…``: not a Word file, too large, with a program in it or what is fetched from elsewhere; a
        placeholder that is unknown, half written, more than a name, or missing.
    """
    _look_at_folder(content)
    try:
        paper = DocxTemplate(io.BytesIO(content))
        paper.init_docx()
        _look_at_links(paper)
        texts = list(_texts(paper))
    except (KeyError, ValueError, AttributeError, PackageNotFoundError, zipfile.BadZipFile, SyntaxError) as fault:
        raise FeigongError("error.documents.template_not_word") from fault
    found: set[str] = set()
    for text in texts:
        _look_at_text(text, document, found)
    missing = [f.name for f in document.fields if f.code in document.must and f.name not in found]
    if missing:
        shown = "、".join("{{" + name + "}}" for name in missing)
        raise FeigongError("error.documents.template_missing", missing=shown)
    out = io.BytesIO()
    paper.docx.save(out)
    return packed_anew(out.getvalue())


def _look_at_folder(content: bytes) -> None:
    if len(content) > MOST_BYTES:
        raise FeigongError("error.documents.template_too_large", most=MOST_BYTES // 1024 // 1024)
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as folder:
            parts = folder.infolist()
            if sum(part.file_size for part in parts) > _MOST_UNPACKED:
                raise FeigongError("error.documents.template_too_large", most=MOST_BYTES // 1024 // 1024)
            kinds = folder.read("[Content_Types].xml").decode("utf-8", "replace")
            texts = (folder.read(part) for part in parts if part.filename.endswith((".xml", ".rels")))
            entities = any(b"<!DOCTYPE" in text for text in texts)  # Word writes none
    except (zipfile.BadZipFile, zlib.error, EOFError, KeyError, OSError, RuntimeError, ValueError) as fault:
        raise FeigongError("error.documents.template_not_word") from fault
    names = " ".join(part.filename.lower() for part in parts)
    if "macroenabled" in kinds.lower() or "vbaproject" in names or "/embeddings/" in names or "/activex/" in names:
        raise FeigongError("error.documents.template_macros")
    if _MAIN not in kinds or entities:
        raise FeigongError("error.documents.template_not_word")


def _look_at_links(paper: DocxTemplate) -> None:
    """Nothing that Word would fetch from elsewhere when the document is opened; a link to click is no such thing."""
    for part in paper.docx.part.package.iter_parts():
        for key, link in list(part.rels.items()):
            if not link.is_external or link.reltype == RELATIONSHIP_TYPE.HYPERLINK:
                continue
            if not link.reltype.endswith("/attachedTemplate"):
                raise FeigongError("error.documents.template_outside", found=str(link.target_ref)[:80])
            del part.rels[key]
            for named in part.element.xpath("./w:attachedTemplate"):
                part.element.remove(named)


def _texts(paper: DocxTemplate) -> Iterator[str]:
    """Every text in which docxtpl fills something in, as it reads it."""
    yield paper.patch_xml(paper.get_xml())
    for uri in (paper.HEADER_URI, paper.FOOTER_URI):
        for _, part in paper.get_headers_footers(uri):
            yield paper.patch_xml(paper.get_part_xml(part))
    for part in paper.docx.part.package.iter_parts():
        if part.content_type.endswith("wordprocessingml.footnotes+xml"):
            yield paper.patch_xml(part.blob.decode("utf-8"))
    for name in _DESCRIBING:
        yield getattr(paper.docx.core_properties, name)


def _look_at_text(text: str, document: Document, found: set[str]) -> None:
    plain = _TAG.sub("", text)
    for wrong in _FULL_WIDTH.findall(plain):
        if "｛" in wrong or "｝" in wrong:
            raise FeigongError("error.documents.template_braces", found=wrong[:60])
    lines = re.sub(r"<w:p([ >])", r"\n<w:p\1", text)
    for name in _PRINTED.findall(plain):
        if not name.strip().replace(".", "_").isidentifier():
            raise _unknown(name, document)
    try:
        tree = surroundings().parse(lines)
    except TemplateSyntaxError as fault:
        shown = lines.split("\n")[max(0, fault.lineno - 1)]
        raise FeigongError("error.documents.template_broken", found=_TAG.sub("", shown)[:80]) from fault
    _walk(tree, document, {}, found)


def _unknown(name: str, document: Document) -> FeigongError:
    name = name.strip()
    names = [f.name for f in document.fields]
    near = difflib.get_close_matches(name, names, 1, 0.3)
    return FeigongError(
        "error.documents.template_unknown", found="{{" + name[:40] + "}}", near="{{" + (near or names)[0] + "}}"
    )


def _walk(node: nodes.Node, document: Document, rows: dict[str, str], found: set[str]) -> None:
    """Let through what is known; ``rows``: names of rows, and the field that each is a row of."""
    if isinstance(node, nodes.Template | nodes.Output):
        for inner in node.iter_child_nodes():
            _walk(inner, document, rows, found)
    elif isinstance(node, nodes.TemplateData):
        return
    elif isinstance(node, nodes.Name):
        _name(node.name, document, found, rows=False)
    elif isinstance(node, nodes.Getattr):
        _column(node, document, rows)
    elif isinstance(node, nodes.If):
        _condition(node, document, rows, found)
    elif isinstance(node, nodes.For):
        _repetition(node, document, rows, found)
    else:
        raise FeigongError("error.documents.template_expression", found=_said(node))


def _name(name: str, document: Document, found: set[str], *, rows: bool) -> None:
    field = document.named(name)
    if field is None:
        raise _unknown(name, document)
    if rows != (field.kind is FieldKind.ROWS):
        raise FeigongError("error.documents.template_rows", found=name)
    found.add(name)


def _column(node: nodes.Getattr, document: Document, rows: dict[str, str]) -> None:
    of = rows.get(node.node.name) if isinstance(node.node, nodes.Name) else None
    field = document.named(of) if of else None
    if field is None:
        raise FeigongError("error.documents.template_expression", found=_said(node))
    names = [column.title.zh for column in field.columns]
    if node.attr not in names:
        row = node.node.name if isinstance(node.node, nodes.Name) else ""
        near = difflib.get_close_matches(node.attr, names, 1, 0.3) or names
        raise FeigongError(
            "error.documents.template_unknown", found=f"{{{{{row}.{node.attr}}}}}", near=f"{{{{{row}.{near[0]}}}}}"
        )


def _condition(node: nodes.If, document: Document, rows: dict[str, str], found: set[str]) -> None:
    test = node.test.node if isinstance(node.test, nodes.Not) else node.test
    if not isinstance(test, nodes.Name):
        raise FeigongError("error.documents.template_expression", found=_said(test))
    if document.named(test.name) is None:
        raise _unknown(test.name, document)
    for inner in (*node.body, *node.elif_, *node.else_):
        _walk(inner, document, rows, found)


def _repetition(node: nodes.For, document: Document, rows: dict[str, str], found: set[str]) -> None:
    plain = isinstance(node.target, nodes.Name) and isinstance(node.iter, nodes.Name)
    if not plain or node.test is not None or node.recursive or node.else_ or rows:
        raise FeigongError("error.documents.template_expression", found=_said(node))
    assert isinstance(node.target, nodes.Name) and isinstance(node.iter, nodes.Name)
    _name(node.iter.name, document, found, rows=True)
    for inner in node.body:
        _walk(inner, document, {node.target.name: node.iter.name}, found)


def _said(node: nodes.Node) -> str:
    """What stands there, roughly: the names in it."""
    names = [n.name for n in node.find_all(nodes.Name)] if isinstance(node, nodes.Node) else []
    if isinstance(node, nodes.Name):
        names = [node.name]
    return "、".join(names)[:60] or type(node).__name__.lower()
