"""What a document is: fields, blocks, the sheet it stands on."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from feigong.core.regulations import Words


class FieldKind(StrEnum):
    TEXT = "text"
    NUMBER = "number"
    DATE = "date"
    ROWS = "rows"  # of a table
    RULE = "rule"  # from the book of rules


class Group(StrEnum):
    FOUNDING = "founding"
    REPAIR = "repair"
    DISSOLVE = "dissolve"
    LIAISON = "liaison"
    MOVEMENT = "movement"


@dataclass(frozen=True, slots=True)
class Column:
    code: str
    title: Words


@dataclass(frozen=True, slots=True)
class Field:
    """Something that is filled in. ``title.zh`` is how a template names it."""

    code: str
    title: Words
    kind: FieldKind = FieldKind.TEXT
    columns: tuple[Column, ...] = ()  # of rows
    blank_rows: int = 0  # to write by hand where nothing is known
    rule: str = ""
    says: str = ""  # source: regulation and article; regulation: without article; value: the figure
    figure: str = ""  # which one of the rule
    sample: Any = field(default="", compare=False)

    @property
    def name(self) -> str:
        return self.title.zh


@dataclass(frozen=True, slots=True)
class Block:
    """A paragraph of a style, or a table."""

    style: str  # of the layout; "table"
    text: str = ""
    items: tuple[str, ...] = ()  # of a list of attachments
    when: str = ""  # a field: only if it is known
    cells: tuple[tuple[str, ...], ...] = ()
    widths: tuple[int, ...] = ()  # in characters
    rows_of: str = ""  # a field of rows
    opinions: tuple[str, ...] = ()  # high rows with a place for stamp and day


@dataclass(frozen=True, slots=True)
class Document:
    code: str
    name: Words
    group: Group
    blocks: tuple[Block, ...]
    fields: tuple[Field, ...]  # as they first occur
    must: tuple[str, ...]  # codes of fields that no template may leave out

    def named(self, name: str) -> Field | None:
        """The field that templates call this."""
        return next((field for field in self.fields if field.name == name), None)


@dataclass(frozen=True, slots=True)
class Style:
    name: str
    font: str
    size_pt: float
    align: str  # left, centre, right, justified
    bold: bool = False
    line_pt: float | None = None  # else the sheet's
    first: float = 0  # characters, as all indents
    left: float = 0
    right: float = 0
    before_lines: float = 0
    after_lines: float = 0
    keep: bool = False  # on one page with the next paragraph
    lines: bool = False  # above and below


@dataclass(frozen=True, slots=True)
class Layout:
    width_mm: float
    height_mm: float
    top_mm: float
    left_mm: float
    right_mm: float
    bottom_mm: float
    lines: int
    characters: int
    line_pt: float
    footer_mm: float
    fonts: tuple[tuple[str, tuple[str, ...]], ...]  # name, names that stand in
    latin_font: str
    number_font: str  # of the page number
    number_pt: float
    styles: dict[str, Style]

    @property
    def text_mm(self) -> float:
        return self.width_mm - self.left_mm - self.right_mm
