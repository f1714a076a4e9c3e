"""Documents, their templates and fields as pages show them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from feigong.apps.documents import making
from feigong.apps.documents.making import Document, Field, Group
from feigong.apps.documents.queries import Used
from feigong.wording import Words


@dataclass(frozen=True, slots=True)
class Line:
    code: str
    name: str
    used: Used


@dataclass(frozen=True, slots=True)
class Placeholder:
    """A field as somebody types it into a template."""

    written: tuple[str, ...]
    meaning: str  # in the language of the page
    example: str
    kind: str
    must: bool


def groups_shown(
    known: Sequence[Document], used: Mapping[str, Used], words: Words
) -> list[tuple[Group, list[Line]]]:
    """Documents by what they are for."""
    ours = Used(None, None)
    return [
        (group, [Line(d.code, title(d, words), used.get(d.code, ours)) for d in known if d.group is group])
        for group in Group
    ]


def title(document: Document, words: Words) -> str:
    """Its name; in English with the Chinese one, which is what stands on the file."""
    return document.name.zh if words.lang == "zh" else f"{document.name.en} ({document.name.zh})"


def fields_shown(document: Document, words: Words, on: date) -> list[Placeholder]:
    examples = making.examples(document, on=on)
    return [
        Placeholder(_written(f), _meaning(f, words), examples.get(f.code, ""), f.kind.value, f.code in document.must)
        for f in document.fields
    ]


def _written(field: Field) -> tuple[str, ...]:
    """A list is repeated: the row before, its cells, the row after."""
    if not field.columns:
        return ("{{" + field.name + "}}",)
    cells = (f"{{{{行.{column.title.zh}}}}}" for column in field.columns)
    return ("{%tr for 行 in " + field.name + " %}", *cells, "{%tr endfor %}")


def _meaning(field: Field, words: Words) -> str:
    return field.title.zh if words.lang == "zh" else field.title.en
