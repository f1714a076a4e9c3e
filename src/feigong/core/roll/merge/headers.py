"""Where a sheet's header is, what the sheet is about, and which rows are no data: titles, totals, signatures, notes."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

from feigong.core.errors import FeigongError
from feigong.core.reasons import Reason, reason
from feigong.core.roll import uscc
from feigong.core.roll.merge.cells import text_of
from feigong.core.roll.merge.columns import ColumnTable, Mapped, RowWords, Subject, map_columns, plain_header
from feigong.core.roll.merge.looks import ColumnLooks, is_id_number
from feigong.core.roll.merge.values import Cell, ColumnReading, RawTable, TableKind, Told

_LAST_HEADER_ROW: Final = 30
_DEEPEST: Final = 3
_TITLE_BONUS: Final = 2.0
_MISSING_MALUS: Final = 4.0
_UNPROVED_MALUS: Final = 3.0
_DEPTH_MALUS: Final = 0.6
_LEAST_HITS: Final = 2
_NUMBER: Final = re.compile(r"-?[\d,]+(\.\d+)?%?|\d{4}[-/.年]\d{1,2}.*")


@dataclass(frozen=True, slots=True)
class Shape:
    """How a sheet is laid out. ``header`` is the span of header rows (empty at 0 where the sheet has none)."""

    mapped: Mapped
    header: range
    labels: tuple[str, ...]

    @property
    def subject(self) -> Subject:
        return self.mapped.subject

    @property
    def kind(self) -> TableKind:
        """Enterprise sheets are told apart by what they add."""
        match self.subject:
            case Subject.MEMBER:
                return TableKind.MEMBERS
            case Subject.ORGANISATION:
                return TableKind.ORGANISATIONS
            case Subject.OFFICER:
                return TableKind.OFFICERS
            case _:
                return self._enterprise_kind()

    def _enterprise_kind(self) -> TableKind:
        has = self.mapped.columns.keys()
        if has & {"registered_on", "address", "scope", "capital", "entity_type", "operating_address", "status", "area"}:
            return TableKind.REGISTER
        if has & {"shift", "free_text"}:
            return TableKind.SHIFTS
        return TableKind.STAFF if has & {"staff", "staff_other"} else TableKind.REGISTER

    def readings(self) -> tuple[ColumnReading, ...]:
        found = [(i, name) for name, indices in self.mapped.columns.items() for i in indices]
        return tuple(ColumnReading(i, self.labels[i], name) for i, name in sorted(found))

    def unmapped(self) -> tuple[str, ...]:
        taken = {i for indices in self.mapped.columns.values() for i in indices}
        return tuple(label for i, label in enumerate(self.labels) if label and i not in taken)


def _cell(row: Sequence[Cell], index: int) -> Cell:
    return row[index] if index < len(row) else None


def _written(rows: Sequence[Sequence[Cell]], span: range, width: int) -> list[str]:
    """Header texts of each column, upper rows first; a merged upper cell counts for the columns to its right."""
    parts: list[list[str]] = [[] for _ in range(width)]
    for at in span:
        carried = ""
        for i in range(width):
            text = text_of(_cell(rows[at], i))
            if text:
                carried = text
            below = at + 1 < span.stop and any(text_of(_cell(rows[k], i)) for k in range(at + 1, span.stop))
            shown = text or (carried if below else "")
            if shown and shown not in parts[i]:
                parts[i].append(shown)
    return [" ".join(p) for p in parts]


def _labels(rows: Sequence[Sequence[Cell]], span: range, width: int, table: ColumnTable) -> list[str]:
    """The form of each header that is compared: the lowest known word of the column, else all of it."""
    whole = [plain_header(w) for w in _written(rows, span, width)]
    for i in range(width):
        own = [plain_header(text_of(_cell(rows[at], i))) for at in reversed(span)]
        known = next((o for o in own if o in table.vocabulary), None)
        if known and whole[i] not in table.vocabulary:
            whole[i] = known
    return whole


def _is_data_cell(text: str) -> bool:
    code = uscc.as_written(text)
    return bool(_NUMBER.fullmatch(text)) or uscc.is_valid(code) or is_id_number(code)


def _may_be_header(row: Sequence[Cell]) -> bool:
    filled = [t for c in row if (t := text_of(c))]
    return bool(filled) and not any(_is_data_cell(t) for t in filled) and all(len(t) <= 60 for t in filled)


def _title_of(raw: RawTable, first: int) -> str:
    above = [text_of(c) for row in raw.rows[:first] for c in row if text_of(c)]
    return " ".join([raw.name, raw.sheet, *above]).lower()


def _best_subject(
    labels: Sequence[str], looks: Sequence[ColumnLooks], title: str, table: ColumnTable
) -> tuple[float, Mapped] | None:
    found: list[tuple[float, Mapped]] = []
    for words in table.subjects:
        mapped = map_columns(labels, looks, words, table)
        if not mapped.columns:
            continue
        hinted = _TITLE_BONUS if any(t in title for t in words.title) else 0.0
        malus = _MISSING_MALUS * len(mapped.missing) + (0.0 if mapped.proved else _UNPROVED_MALUS)
        found.append((mapped.score + hinted - malus, mapped))
    return max(found, key=lambda f: f[0]) if found else None


def _hits(labels: Sequence[str], table: ColumnTable) -> int:
    return sum(
        any(label in m.same or any(h in label for h in m.has) for m in table.meanings.values())
        for label in labels
        if label
    )


def _stands_over_codes(labels: Sequence[str], looks: Sequence[ColumnLooks], table: ColumnTable) -> bool:
    """One known header is enough where a column holds codes."""
    return _hits(labels, table) > 0 and any(look.share("code") >= 0.5 for look in looks)


def find_shape(raw: RawTable, table: ColumnTable) -> Shape | None:
    """Find the header of a sheet and what its columns mean.

    Parameters
    ----------
    raw : RawTable
        The sheet.
    table : ColumnTable
        Synonyms and row words.

    Returns
    -------
    Shape or None
        ``None`` for a sheet that is no table (notes, an empty sheet).

    Raises
    ------
    FeigongError
        ``error.column_missing`` where the sheet is a table about something, but lacks a column without which no row of
        it can be used; names the column and what was found.
    """
    if raw.told is not None:
        return _told_shape(raw, raw.told, table)
    width = max((len(r) for r in raw.rows), default=0)
    looks = [ColumnLooks(_cell(r, i) for r in raw.rows) for i in range(width)]
    best: tuple[float, Shape] | None = None
    for at in range(min(len(raw.rows), _LAST_HEADER_ROW)):
        if not _may_be_header(raw.rows[at]):
            continue
        for depth in range(1, _DEEPEST + 1):
            span = range(at, at + depth)
            if span.stop > len(raw.rows) or not all(_may_be_header(raw.rows[k]) for k in span):
                break
            labels = _labels(raw.rows, span, width, table)
            if _hits(labels, table) < _LEAST_HITS and not _stands_over_codes(labels, looks, table):
                continue
            found = _best_subject(labels, looks, _title_of(raw, at), table)
            if found is None:
                continue
            score = found[0] - _DEPTH_MALUS * (depth - 1)
            if best is None or score > best[0]:
                best = (score, Shape(found[1], span, tuple(_written(raw.rows, span, width))))
    shape = best[1] if best and best[0] > 0 else None
    if shape is None or shape.mapped.missing:
        bare = _headerless(raw, looks, table)
        if bare is not None:
            return bare
    if shape is not None and shape.mapped.missing:
        _complain(raw, shape)
    return shape


def _told_shape(raw: RawTable, told: Told, table: ColumnTable) -> Shape:
    """As a person says. A meaning told of two columns counts for the first, unless it may have several."""
    words = next(w for w in table.subjects if w.subject == told.subject)
    columns: dict[str, tuple[int, ...]] = {}
    for index, meaning in enumerate(told.meanings):
        if meaning in words.meanings and (meaning not in columns or table.meanings[meaning].several):
            columns[meaning] = (*columns.get(meaning, ()), index)
    missing = tuple(group for group in words.one_of if not any(name in columns for name in group))
    width = max((len(r) for r in raw.rows), default=0)
    header = range(told.header_from, told.header_to)
    shape = Shape(Mapped(words.subject, columns, 0.0, missing, True), header, tuple(_written(raw.rows, header, width)))
    if missing:
        _complain(raw, shape)
    return shape


def _headerless(raw: RawTable, looks: Sequence[ColumnLooks], table: ColumnTable) -> Shape | None:
    """A sheet without a header, but with a column of codes and one of company names: still a list of enterprises."""
    words = next(w for w in table.subjects if w.subject is Subject.ENTERPRISE)
    mapped = map_columns([""] * len(looks), looks, words, table)
    if "uscc" not in mapped.columns or mapped.missing or looks[mapped.columns["uscc"][0]].share("code") < 0.6:
        return None
    only = {k: v for k, v in mapped.columns.items() if k in ("uscc", "name")}
    return Shape(replace(mapped, columns=only), range(0), ("",) * len(looks))


def _complain(raw: RawTable, shape: Shape) -> None:
    group = shape.mapped.missing[0]
    raise FeigongError(
        "error.column_missing",
        table=raw.shown,
        row=raw.first_row + shape.header.start,
        column="|".join(group),
        kind=shape.kind.value,
        found="、".join(label for label in shape.labels if label),
    )


def not_data(row: Sequence[Cell], index: int, shape: Shape, words: RowWords) -> Reason | None:
    """Why a row of a table is no data, or ``None`` where it may be data."""
    texts = [text_of(c) for c in row]
    filled = [t for t in texts if t]
    if not filled:
        return reason("merge.row_blank")
    if index in shape.header:
        return reason("merge.row_header")
    first = filled[0]
    if index < shape.header.start:
        return reason("merge.row_unit") if _begins(first, words.unit) else reason("merge.row_title")
    if any(_is_key(t) for t in filled):
        return None
    if _is_total(first, filled, words.total):
        return reason("merge.row_total")
    if _begins(first, words.signature) and _sparse(filled, texts):
        return reason("merge.row_signature")
    if _begins(first, words.unit) and _sparse(filled, texts):
        return reason("merge.row_unit")
    if (
        (_begins(first, words.note) or len(texts) > 2)
        and len(filled) == 1
        and len(first) > 1
        and not _in_key(texts, shape)
    ):
        return reason("merge.row_note")
    if _begins(first, words.note) and _sparse(filled, texts):
        return reason("merge.row_note")
    if shape.labels and [plain_header(t) for t in texts] == [plain_header(w) for w in shape.labels[: len(texts)]]:
        return reason("merge.row_header")
    return None


def _is_key(text: str) -> bool:
    code = uscc.as_written(text)
    return uscc.is_valid(code) or is_id_number(code)


def _sparse(filled: Sequence[str], texts: Sequence[str]) -> bool:
    return len(filled) <= max(2, len(texts) * 2 // 3)


def _in_key(texts: Sequence[str], shape: Shape) -> bool:
    """Whether the row's only cell stands where the key of its row is expected."""
    keys = ("uscc", "name", "person_name", "id_number", "employer", "org_name", "officer_name", "covers")
    return any(i < len(texts) and texts[i] for k in keys for i in shape.mapped.columns.get(k, ()))


def _begins(text: str, words: Sequence[str]) -> bool:
    """Begins with one of the words, and that word is followed by a colon, a bracket, a digit or nothing."""
    plain = text.lower().replace(" ", "")
    for word in words:
        w = word.replace(" ", "")
        if plain.startswith(w):
            rest = plain[len(w) :]
            if not rest or rest[0] in ":：,，.、(（;；1234567890" or w[-1] in ":：":
                return True
    return False


def _is_total(first: str, filled: Sequence[str], words: Sequence[str]) -> bool:
    return _begins(first, words) or (len(filled) > 1 and _begins(filled[1], words) and first.isdigit())
