"""Entries of one record as differences: what was added, changed field by field, ended; from when to when."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import cache
from typing import Any, cast

from django.db import models

from feigong.apps.audit.queries.objects import dated_by_kind
from feigong.apps.roll import choices
from feigong.apps.roll.kinds import OF_IDENTITY, RecordKind
from feigong.apps.roll.models.dated import Dated, Identity
from feigong.apps.seals.fields import sealed_fields
from feigong.core.roll.history import FOREVER

Noted = Mapping[str, Any]
Row = tuple[str, int, Noted | None, Noted | None]  # kind, object, before, after

_SPAN = ("valid_from", "valid_to")
_COMPUTED = frozenset({"search", "path", "flags", "shape"})
# The rest of what one may say of a field is in the model; which words its choices have is not.
_FAMILIES = {
    tuple(e.choices): "".join(f"_{c.lower()}" if c.isupper() else c for c in e.__name__).lstrip("_")
    for e in (getattr(choices, name) for name in choices.__all__)
}


class Spoken(StrEnum):
    """How a value is said."""

    PLAIN = "plain"
    CHOICE = "choice"
    THING = "thing"  # the identity of a thing of the roll
    SEALED = "sealed"


@dataclass(frozen=True, slots=True)
class Field:
    name: str
    before: Any
    after: Any
    spoken: Spoken = Spoken.PLAIN
    family: str = ""  # of words, of a choice
    thing: RecordKind | None = None


@dataclass(frozen=True, slots=True)
class Difference:
    """``way``: added, changed, ended; touched where nothing of the thing was altered."""

    kind: str
    object_id: int
    way: str
    about: tuple[Field, ...]  # the key of a dated row: whom it is about
    fields: tuple[Field, ...]
    since: date | None = None
    until: date | None = None  # None: for good

    def things(self) -> Iterator[tuple[RecordKind, int]]:
        """All things it names, to be looked up at once."""
        for field in (*self.about, *self.fields):
            if field.thing is not None:
                yield from ((field.thing, value) for value in (field.before, field.after) if isinstance(value, int))


def differences(rows: Iterable[Row]) -> list[Difference]:
    found: list[Difference] = []
    dated: dict[tuple[str, tuple[Any, ...]], list[Row]] = defaultdict(list)
    for row in rows:
        kind, object_id, before, after = row
        model = dated_by_kind().get(kind)
        noted = after or before
        if model is not None and noted is not None:
            dated[kind, tuple(noted.get(c) for c in model.key_columns())].append(row)
        else:
            changed = tuple(_plain(before or {}, after or {}))
            found.append(Difference(kind, object_id, "changed" if changed else "touched", (), changed))
    for (kind, _), group in dated.items():
        found += _of_one(dated_by_kind()[kind], group)
    return found


def _of_one(model: type[Dated], rows: list[Row]) -> Iterator[Difference]:
    """Of one key: rows written, each against the row it stands in for; and spans on which nothing holds any more."""
    befores = sorted(((_span(b), b, o) for _, o, b, _ in rows if b is not None), key=lambda x: x[0])
    afters = sorted(((_span(a), a, o) for _, o, _, a in rows if a is not None), key=lambda x: x[0])
    kind = model._meta.label_lower
    for (start, end), after, row in afters:
        before = next((b for (s, e), b, _ in befores if s <= start < e), None)
        fields = tuple(_changed(model, before, after))
        if before is None or fields:
            way = "added" if before is None else "changed"
            yield Difference(kind, row, way, _about(model, after), fields, start, None if end == FOREVER else end)
    for (start, end), before, row in befores:
        for since, until in _left_over(start, end, [span for span, _, _ in afters]):
            last = None if until == FOREVER else until
            yield Difference(kind, row, "ended", _about(model, before), (), since, last)


def _span(noted: Noted) -> tuple[date, date]:
    return date.fromisoformat(noted["valid_from"]), date.fromisoformat(noted["valid_to"])


def _left_over(start: date, end: date, covered: list[tuple[date, date]]) -> Iterator[tuple[date, date]]:
    for since, until in covered:
        if since >= end or until <= start:
            continue
        if since > start:
            yield start, since
        start = max(start, until)
    if start < end:
        yield start, end


def _changed(model: type[Dated], before: Noted | None, after: Noted) -> Iterator[Field]:
    skipped = {*_SPAN, *model.key_columns(), *_COMPUTED}
    for name, value in after.items():
        was = None if before is None else before.get(name)
        if name in skipped or value == was or (before is None and value in (None, "", [])):
            continue
        yield _field(model, name, was, value)


def _about(model: type[Dated], noted: Noted) -> tuple[Field, ...]:
    return tuple(_field(model, column, None, noted.get(column)) for column in model.key_columns())


def _plain(before: Noted, after: Noted) -> Iterator[Field]:
    for name in dict.fromkeys([*before, *after]):
        if before.get(name) != after.get(name):
            yield Field(name, before.get(name), after.get(name))


def _field(model: type[Dated], name: str, before: Any, after: Any) -> Field:
    spoken, family, thing = _how(model, name)
    return Field(name, before, after, spoken, family, thing)


@cache
def _how(model: type[Dated], name: str) -> tuple[Spoken, str, RecordKind | None]:
    column = next((f for f in model._meta.concrete_fields if f.attname == name), None)
    if isinstance(column, models.ForeignKey):
        thing = OF_IDENTITY.get(cast(type[Identity], column.related_model))
        return (Spoken.THING, "", thing) if thing else (Spoken.PLAIN, "", None)
    if column in sealed_fields(model):
        return Spoken.SEALED, "", None
    family = _FAMILIES.get(tuple(column.choices)) if column is not None and column.choices else None
    return (Spoken.CHOICE, family, None) if family else (Spoken.PLAIN, "", None)
