"""From a file's bytes to sheets, and how a sheet is understood: by guess, or as a person has said."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from feigong.apps.imports import store
from feigong.apps.imports.limits import limits
from feigong.core.errors import FeigongError
from feigong.core.reasons import Reason
from feigong.core.roll.merge.cells import text_of
from feigong.core.roll.merge.columns import plain_header
from feigong.core.roll.merge.headers import find_shape, not_data
from feigong.core.roll.merge.looks import ColumnLooks
from feigong.core.roll.merge.privacy import without_numbers
from feigong.core.roll.merge.values import RawTable, TableKind
from feigong.exchange.merge_reference import load_columns
from feigong.exchange.own_files import refuse_own_files
from feigong.exchange.tables import read_tables

_PERSONS: Final = frozenset(("person_name", "officer_name", "legal_representative", "contact", "secretary"))
_NEVER_SHOWN: Final = frozenset(("id_number", "phone", "wage", "address_private", "birth"))
_LONGEST_SAMPLE: Final = 40
_LOOKED_AT: Final = 200  # rows from which samples are taken
_HEADER_ROWS: Final = 10  # in which headers told before are looked for


@dataclass(frozen=True, slots=True)
class Column:
    """A column as it is shown: its header, what it means (empty: not used), values of it without what is personal."""

    header: str
    meaning: str
    samples: tuple[str, ...]

    def as_json(self) -> dict[str, Any]:
        return {"header": self.header, "meaning": self.meaning, "samples": list(self.samples)}


@dataclass(frozen=True, slots=True)
class Understood:
    """How a sheet was understood. ``subject`` empty: no table. ``fault``: what stands in the way."""

    subject: str
    kind: str
    header_from: int
    header_to: int
    columns: tuple[Column, ...]
    rows: int
    fault: Reason | None = None

    @property
    def signature(self) -> str:
        """Of the headers: equal headers are told once."""
        return signature_of(c.header for c in self.columns)


def signature_of(headers: Iterable[str]) -> str:
    """What equal headers have in common; empty where there are none."""
    plain = [plain_header(h) for h in headers]
    while plain and not plain[-1]:
        plain.pop()
    return hashlib.sha256("\n".join(plain).encode()).hexdigest() if plain else ""


def header_candidates(table: RawTable, said: Understood) -> dict[str, tuple[int, int]]:
    """Where the header may be, by its signature: as understood, or one of the first rows."""
    found = {said.signature: (said.header_from, said.header_to)} if said.signature else {}
    for index, row in enumerate(table.rows[:_HEADER_ROWS]):
        labels = [text_of(c)[:_LONGEST_SAMPLE] for c in row]
        if any(labels):
            found.setdefault(signature_of(labels), (index, index + 1))
    return found


def read_file(name: str, content: bytes) -> list[RawTable]:
    """Sheets of one file, under the name it came with.

    Raises
    ------
    FeigongError
        Those of `exchange.tables.read_tables`; ``error.table_is_roll``, ``error.table_is_plan``.
    """
    try:
        with store.as_file(content, name) as path:
            tables = [replace(table, name=name) for table in read_tables(path)]
    except FeigongError as error:
        if "path" in error.reason.params:
            raise FeigongError(error.reason.code, **{**error.reason.params, "path": name}) from error
        raise
    refuse_own_files(tables)
    return tables


def understand(table: RawTable) -> Understood:
    """What a sheet is about and what its columns mean; a fault that a person can mend is part of the answer."""
    try:
        shape = find_shape(table, load_columns())
    except FeigongError as error:
        return _unfinished(table, error.reason)
    if shape is None:
        return Understood("", TableKind.NONE.value, 0, 0, (), 0)
    meanings = {c.index: c.meaning for c in shape.readings()}
    columns = _columns(table, shape.header, shape.labels, meanings)
    words = load_columns().rows
    rows = sum(not_data(row, i, shape, words) is None for i, row in enumerate(table.rows))
    return Understood(shape.subject.value, shape.kind.value, shape.header.start, shape.header.stop, columns, rows)


def _unfinished(table: RawTable, fault: Reason) -> Understood:
    """A table that lacks a column: its headers are shown, so that a person can say which one it is."""
    if table.told is not None:
        start, stop, subject = table.told.header_from, table.told.header_to, table.told.subject
        meanings = {i: m for i, m in enumerate(table.told.meanings) if m}
    else:
        row = fault.params.get("row")
        start = (row if isinstance(row, int) else table.first_row) - table.first_row
        stop, meanings = start + 1, {}
        kind = str(fault.params.get("kind", ""))
        subject = {"members": "member", "organisations": "organisation", "officers": "officer"}.get(kind, "enterprise")
    labels = [text_of(c) for c in table.rows[start]] if start < len(table.rows) else []
    columns = _columns(table, range(start, stop), labels, meanings)
    return Understood(subject, "", start, stop, columns, max(0, len(table.rows) - stop), fault)


def _columns(
    table: RawTable, header: range, labels: Sequence[str], meanings: dict[int, str]
) -> tuple[Column, ...]:
    width = max((len(r) for r in table.rows), default=0)
    body = table.rows[header.stop : header.stop + _LOOKED_AT]
    found = []
    for index in range(width):
        cells = [row[index] for row in body if index < len(row)]
        meaning = meanings.get(index, "")
        person = meaning in _PERSONS or (not meaning and ColumnLooks(cells).share("person") >= 0.5)
        samples = tuple(masked(text_of(c), meaning, person=person) for c in _first(cells))
        label = labels[index] if index < len(labels) else ""
        found.append(Column(label[:_LONGEST_SAMPLE], meaning, samples))
    return tuple(found)


def _first(cells: Iterable[Any]) -> Iterator[Any]:
    """The first few different values that say something."""
    seen: set[str] = set()
    for cell in cells:
        text = text_of(cell)
        if text and text not in seen:
            seen.add(text)
            yield cell
            if len(seen) == limits().samples:
                return


def masked(text: str, meaning: str, *, person: bool = False) -> str:
    """A value as it may be shown: of a name the first character, of a number nothing."""
    if meaning in _NEVER_SHOWN:
        return "***"
    if person:
        return text[:1] + "*" * min(2, len(text) - 1)
    return without_numbers(text)[:_LONGEST_SAMPLE]


def meanings_of(subject: str) -> tuple[str, ...]:
    """What a column of a sheet about this subject can mean, in the order of the list of headers."""
    return next((w.meanings for w in load_columns().subjects if w.subject == subject), ())


def subjects() -> tuple[str, ...]:
    return tuple(w.subject.value for w in load_columns().subjects)
