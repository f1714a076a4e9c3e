"""Reads what documents there are, their fields and the sheet: ``data/documents``."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import replace
from functools import lru_cache
from importlib.resources import files
from typing import Annotated, Any, Final, Literal

from pydantic import Field as Checked
from pydantic import model_validator

from feigong.core.errors import FeigongError
from feigong.core.regulations import Words
from feigong.exchange.documents.values import Block, Column, Document, Field, FieldKind, Group, Layout, Style
from feigong.exchange.yaml_file import Shape, parse, shaped

FIELDS: Final = "fields.yaml"
LAYOUT: Final = "layout.yaml"
PLACEHOLDER: Final = re.compile(r"\{\{\s*([^{}]+?)\s*\}\}")
_TABLE: Final = "table"

Number = int | float


class _Words(Shape):
    zh: str
    en: str

    def value(self) -> Words:
        return Words(self.zh, self.en)


class _Column(_Words):
    code: str


class _Field(_Words):
    code: str
    kind: Annotated[FieldKind, Checked(strict=False)] = FieldKind.TEXT
    columns: Annotated[tuple[_Column, ...], Checked(strict=False)] = ()
    blank_rows: int = 0
    rule: str = ""
    says: Literal["", "source", "regulation", "value"] = ""
    figure: str = "value"
    sample: Any = ""

    @model_validator(mode="after")
    def _whole(self) -> _Field:
        if (self.kind is FieldKind.ROWS) != bool(self.columns):
            raise ValueError("rows have columns, and nothing else has")
        if bool(self.rule) != bool(self.says):
            raise ValueError("a rule and what it says belong together")
        return self

    def field(self) -> Field:
        kind = FieldKind.RULE if self.rule else self.kind
        columns = tuple(Column(c.code, c.value()) for c in self.columns)
        return Field(
            self.code, self.value(), kind, columns, self.blank_rows, self.rule, self.says, self.figure, self.sample
        )


class _Style(Shape):
    name: str
    font: str
    size_pt: Number
    align: Literal["left", "centre", "right", "justified"]
    bold: bool = False
    line_pt: Number | None = None
    first: Number = 0
    left: Number = 0
    right: Number = 0
    before_lines: Number = 0
    after_lines: Number = 0
    keep: bool = False
    lines: bool = False


class _Page(Shape):
    width_mm: Number
    height_mm: Number
    top_mm: Number
    left_mm: Number
    right_mm: Number
    bottom_mm: Number
    lines: int
    characters: int
    line_pt: Number
    footer_mm: Number


class _Font(Shape):
    name: str
    others: list[str]


class _PageNumber(Shape):
    font: str
    size_pt: Number


class _Layout(Shape):
    page: _Page
    fonts: list[_Font]
    latin_font: str
    page_number: _PageNumber
    styles: dict[str, _Style]

    def value(self) -> Layout:
        return Layout(
            **self.page.model_dump(),
            fonts=tuple((f.name, tuple(f.others)) for f in self.fonts),
            latin_font=self.latin_font,
            number_font=self.page_number.font,
            number_pt=self.page_number.size_pt,
            styles={code: Style(**style.model_dump()) for code, style in self.styles.items()},
        )


class _Table(Shape):
    widths: list[int]
    rows: list[list[str]] = Checked(default_factory=list)
    rows_of: str = ""
    opinions: list[str] = Checked(default_factory=list)


class _Document(Shape):
    code: Annotated[str, Checked(pattern=r"^[a-z][a-z_]*$")]
    name: _Words
    group: Annotated[Group, Checked(strict=False)]
    must: list[str]
    samples: dict[str, str] = Checked(default_factory=dict)
    blocks: list[dict[str, Any]]


class _Documents(Shape):
    documents: list[_Document]


def _block(raw: Mapping[str, Any], file: str, styles: Iterable[str]) -> Block:
    """A block is one style with its text, perhaps with a condition."""
    when = str(raw.get("when", ""))
    content = {key: value for key, value in raw.items() if key != "when"}
    if len(content) != 1 or not content.keys() <= {*styles, "attachments", _TABLE}:
        raise FeigongError("error.yaml.unknown_key", file=file, where="blocks", found=", ".join(content), why="")
    (style, value), = content.items()
    if style == _TABLE:
        table = shaped(_Table, value, file)
        cells = tuple(tuple(row) for row in table.rows)
        return Block(_TABLE, "", (), when, cells, tuple(table.widths), table.rows_of, tuple(table.opinions))
    if style == "attachments":
        return Block("attachment", items=tuple(value), when=when)
    return Block(style, str(value), when=when)


def _names(block: Block) -> list[str]:
    """The fields of a block as it names them, in order."""
    texts = (block.text, *block.items, *(cell for row in block.cells for cell in row))
    found = [name for text in texts for name in PLACEHOLDER.findall(text)]
    return [*([block.rows_of] if block.rows_of else []), *found, *([block.when] if block.when else [])]


def documents_from(texts: Mapping[str, str]) -> tuple[Document, ...]:
    """The documents of YAML texts by file name, in the order in which a case needs them.

    Raises
    ------
    FeigongError
        ``error.yaml.*`` for a file that is not as it must be, a field that is none of `fields.yaml`.
    """
    by_name: dict[str, Field] = {}
    for raw in parse(texts[FIELDS], FIELDS):
        field = shaped(_Field, raw, FIELDS).field()
        if field.name in by_name or field.code in {f.code for f in by_name.values()}:
            raise FeigongError("error.yaml.value", file=FIELDS, where=field.code, found=field.name, why="given twice")
        by_name[field.name] = field
    styles = _layout_of(texts[LAYOUT]).styles
    found: list[Document] = []
    for file, text in sorted(texts.items()):
        if file in (FIELDS, LAYOUT):
            continue
        for one in shaped(_Documents, parse(text, file), file).documents:
            found.append(_document(one, file, by_name, styles))
    return tuple(found)


def _document(one: _Document, file: str, by_name: Mapping[str, Field], styles: Iterable[str]) -> Document:
    blocks = tuple(_block(raw, file, styles) for raw in one.blocks)
    names = list(dict.fromkeys(name for block in blocks for name in _names(block)))
    if unknown := [name for name in (*names, *one.must, *one.samples) if name not in by_name]:
        raise FeigongError("error.yaml.value", file=file, where=one.code, found=unknown[0], why="not in fields.yaml")
    if absent := [name for name in one.must if name not in names]:
        raise FeigongError("error.yaml.value", file=file, where=one.code, found=absent[0], why="must, but not used")
    fields = tuple(replace(by_name[name], sample=one.samples.get(name, by_name[name].sample)) for name in names)
    must = tuple(by_name[name].code for name in one.must)
    return Document(one.code, one.name.value(), one.group, blocks, fields, must)


def _layout_of(text: str) -> Layout:
    return shaped(_Layout, parse(text, LAYOUT), LAYOUT).value()


@lru_cache(maxsize=1)
def _texts() -> dict[str, str]:
    folder = files("feigong") / "data" / "documents"
    return {f.name: f.read_text(encoding="utf-8") for f in folder.iterdir() if f.name.endswith(".yaml")}


@lru_cache(maxsize=1)
def documents() -> tuple[Document, ...]:
    """What documents there are."""
    return documents_from(_texts())


@lru_cache(maxsize=1)
def layout() -> Layout:
    return _layout_of(_texts()[LAYOUT])


def document(code: str) -> Document:
    """One of them; ``error.documents.unknown``."""
    for found in documents():
        if found.code == code:
            return found
    raise FeigongError("error.documents.unknown", code=code)


def fields_of(code: str) -> tuple[Field, ...]:
    """What can be filled in, without what the book of rules says."""
    return tuple(f for f in document(code).fields if f.kind is not FieldKind.RULE)
