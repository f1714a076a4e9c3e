"""How dated rows are written: `Writer` puts facts from a day on, alters them, ends them.

Every write happens inside `audit.recording.changing`; the writer notes an entry for each row it touches.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any

from django.db import connection
from django.db.models import QuerySet

from feigong.apps.audit.recording import Change
from feigong.apps.roll.models.dated import NEVER, Dated
from feigong.apps.seals.fields import keeping_seals, sealed_fields, without_seals
from feigong.core.errors import FeigongError
from feigong.core.roll.history import FOREVER, Amendment, Span, Version, amend_all

_BATCH = 1000

Key = tuple[Any, ...]
Facts = Mapping[str, Any]
Fact = tuple[tuple[str, Any], ...]
History = Mapping[Key, list[Version[Fact]]]


def frozen(facts: Facts) -> Fact:
    return tuple(sorted(facts.items()))


def putting(model: type[Dated], facts: Facts, start: date, end: date = FOREVER, *, create: bool = True) -> Span[Fact]:
    """``facts`` hold over the span; fields not given keep what they were, or get defaults where nothing held."""

    def holds(old: Fact | None) -> Fact | None:
        if old is None:
            return frozen({**_defaults(model), **facts}) if create else None
        was = dict(old)
        return frozen({**was, **keeping_seals(model, was, facts)})

    return start, end, holds


@dataclass(slots=True)
class _Altering:
    """Is used up by the days it is asked about, in their order: to go through them twice, ask a copy."""

    model: type[Dated]
    facts: Facts
    waiting: dict[str, Any] | None = None  # fields still to be set, with what they were at the beginning

    def __call__(self, old: Fact | None) -> Fact | None:
        if old is None:
            self.waiting = {}
            return None
        was = dict(old)
        if self.waiting is None:
            self.waiting = {name: was[name] for name in self.facts}
        self.waiting = {name: first for name, first in self.waiting.items() if was[name] == first}
        new = keeping_seals(self.model, was, {name: self.facts[name] for name in self.waiting})
        return frozen({**was, **new})


def altering(model: type[Dated], facts: Facts, start: date) -> Span[Fact]:
    """``facts`` hold from ``start`` on, each until its field is known to change again, or the thing to end."""
    return start, FOREVER, _Altering(model, facts)


def ending(start: date, end: date = FOREVER) -> Span[Fact]:
    """Nothing holds over the span."""
    return start, end, lambda old: None


@cache
def _defaults(model: type[Dated]) -> dict[str, Any]:
    return {f.attname: f.get_default() for f in model._meta.concrete_fields if f.attname in model.facts()}


def lock(model: type[Dated], keys: Collection[Key]) -> None:
    """Lock the things that the first part of the keys names, in order; a database that has one writer need not."""
    field = model._meta.get_field(model.KEY[0])
    if not connection.features.has_select_for_update or field.related_model is None:
        return
    ids = sorted({key[0] for key in keys})
    for at in range(0, len(ids), _BATCH):
        things = field.related_model._base_manager.filter(pk__in=ids[at : at + _BATCH])
        list(things.order_by("pk").select_for_update().values_list("pk"))


def batches(model: type[Dated], keys: Collection[Key]) -> Iterator[dict[str, Any]]:
    """Conditions that together find the rows of these keys, a part at a time; rows of other keys may be among them."""
    columns = model.key_columns()
    telling = max(range(len(columns)), key=lambda n: len({key[n] for key in keys}))
    values = sorted({key[telling] for key in keys}, key=str)
    for at in range(0, len(values), _BATCH):
        yield {f"{columns[telling]}__in": values[at : at + _BATCH]}


def read_history(
    model: type[Dated], keys: Collection[Key], change: Change | None = None
) -> dict[Key, list[Version[Fact]]]:
    """What is known now about these keys; within a change, nothing may be newer than the change itself."""
    wanted = set(keys)
    found: dict[Key, list[Version[Fact]]] = defaultdict(list)
    for part in batches(model, wanted):
        rows = model.rows.filter(recorded_to=NEVER, **part)
        if change and rows.filter(recorded_at__gte=change.at).exclude(change=change.record).exists():
            newer = rows.filter(recorded_at__gte=change.at).exclude(change=change.record)
            if not wanted.isdisjoint(newer.values_list(*model.key_columns())):
                raise FeigongError("error.changed_meanwhile")
        for key, version in versions_of(rows):
            if key in wanted:
                found[key].append(version)
    return found


def versions_of(rows: QuerySet[Any]) -> Iterator[tuple[Key, Version[Fact]]]:
    """Rows as versions, with their keys."""
    model = rows.model
    columns, facts = model.key_columns(), sorted(model.facts())
    width = 3 + len(columns)
    picked = rows.order_by().values_list("id", "valid_from", "valid_to", *columns, *facts)
    for row in picked.iterator(chunk_size=5_000):
        yield row[3:width], Version(row[1], row[2], tuple(zip(facts, row[width:], strict=True)), row[0])


class Writer:
    """Writes dated rows of one change. ``put`` and ``end`` take attnames (``area_id``)."""

    def __init__(self, change: Change) -> None:
        self.change = change

    def put(
        self, model: type[Dated], key: Key, facts: Facts, start: date, end: date = FOREVER, *, create: bool = True
    ) -> int:
        """Let ``facts`` hold from ``start`` on; fields not given keep what they were. Returns rows written.

        Days on which nothing held get a row with defaults for the rest, unless ``create`` is False.
        """
        return self.put_many(model, [(key, facts)], start, end, create=create)

    def put_many(
        self,
        model: type[Dated],
        items: Iterable[tuple[Key, Facts]],
        start: date,
        end: date = FOREVER,
        *,
        create: bool = True,
    ) -> int:
        return self.write(model, {key: [putting(model, new, start, end, create=create)] for key, new in items})

    def alter(self, model: type[Dated], key: Key, facts: Facts, start: date) -> int:
        """Let each of ``facts`` hold from ``start`` on until the roll knows of a later change of the same field.

        What is put right in the past does not undo what happened after. Where nothing holds, nothing is written.
        """
        return self.write(model, {key: [altering(model, facts, start)]})

    def end(self, model: type[Dated], keys: Iterable[Key], start: date, end: date = FOREVER) -> int:
        """Let nothing hold for these keys from ``start`` on."""
        return self.write(model, {key: [ending(start, end)] for key in keys})

    def write(
        self, model: type[Dated], changes: Mapping[Key, Sequence[Span[Fact]]], history: History | None = None
    ) -> int:
        """Several spans for each key at once: `putting`, `altering`, `ending`, or one's own. Returns rows written.

        ``history``: what this writer has read of these keys before, and not written since.
        """
        if history is None:
            history = self.history(model, changes)
        amendments = [(key, amend_all(history.get(key, ()), spans)) for key, spans in changes.items()]
        self._supersede(model, [v.row for _, a in amendments for v in a.superseded if v.row is not None])
        rows = [self._row(model, key, v) for key, a in amendments for v in a.added]
        created = model.rows.bulk_create(rows, batch_size=_BATCH)
        self._note(model, amendments, created)
        return len(created)

    def history(self, model: type[Dated], keys: Iterable[Key]) -> dict[Key, list[Version[Fact]]]:
        """What is known now about these keys, locked until the change ends.

        The things themselves are locked first: rows that another change is writing at this moment cannot be locked.
        """
        wanted = set(keys)
        lock(model, wanted)
        return read_history(model, wanted, self.change)

    def _row(self, model: type[Dated], key: Key, version: Version[Fact]) -> Dated:
        return model(
            **dict(zip(model.key_columns(), key, strict=True)),
            **dict(version.fact),
            valid_from=version.valid_from,
            valid_to=version.valid_to,
            recorded_at=self.change.at,
            change=self.change.record,
        )

    def _supersede(self, model: type[Dated], ids: list[int]) -> None:
        for at in range(0, len(ids), _BATCH):
            model.rows.filter(pk__in=ids[at : at + _BATCH]).update(
                recorded_to=self.change.at, ended_by=self.change.record
            )

    def _note(
        self, model: type[Dated], amendments: list[tuple[Key, Amendment[Fact]]], created: list[Dated]
    ) -> None:
        """An entry for each row superseded (before) or written (after), with its span."""
        label, rows = model._meta.label_lower, iter(created)
        sealed = tuple(f.attname for f in sealed_fields(model))
        for key, amendment in amendments:
            marked: dict[Key, dict[str, Any]] = {}  # seals of this key that have been opened for their markers
            for version in amendment.superseded:
                self.change.note(label, version.row or 0, _shown(model, key, version, sealed, marked), None)
            for version in amendment.added:
                self.change.note(label, next(rows).pk, None, _shown(model, key, version, sealed, marked))


def shown(model: type[Dated], key: Key, facts: Facts, valid_from: date, valid_to: date) -> dict[str, Any]:
    """A row as the audit notes it. Sealed texts stand as markers: a record is never altered, a seal may be renewed."""
    noted = without_seals(model, facts, "/".join(map(str, key)))
    span = {"valid_from": valid_from, "valid_to": valid_to}
    return {**dict(zip(model.key_columns(), key, strict=True)), **noted, **span}


def _shown(
    model: type[Dated], key: Key, version: Version[Fact], sealed: Sequence[str], marked: dict[Key, dict[str, Any]]
) -> dict[str, Any]:
    facts = dict(version.fact)
    if not sealed:
        return shown(model, key, facts, version.valid_from, version.valid_to)
    texts = tuple(facts.pop(name) for name in sealed)
    if texts not in marked:
        marked[texts] = without_seals(model, dict(zip(sealed, texts, strict=True)), "/".join(map(str, key)))
    return shown(model, key, facts, version.valid_from, version.valid_to) | marked[texts]
