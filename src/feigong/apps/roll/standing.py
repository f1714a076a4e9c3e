"""What stands on a record: who said, after it, what holds now of the things that it made or changed.

What was taken back says nothing any more, and taking it back says only what had been said before: both are looked
through, stretch by stretch, to whoever said it first.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from datetime import date
from typing import Any

from django.db.models import ForeignKey, QuerySet

from feigong.apps.audit.models import Record
from feigong.apps.roll.kinds import TABLES
from feigong.apps.roll.models import RecordMerge
from feigong.apps.roll.models.dated import NEVER, Identity
from feigong.apps.roll.reversal import Conflict, Model, dated_models
from feigong.apps.roll.writing import Key

Stretch = tuple[Key, date, date, int]  # what, from, until, and the record that wrote it so


def built_on(conflicts: Iterable[Conflict], record: Record) -> list[Record]:
    """Records that must be taken back before this one, the latest first."""
    found: set[int] = set()
    for conflict in conflicts:
        found |= _writers_of(conflict, record)
    for model in dated_models():
        for field in model._meta.concrete_fields:
            identity = field.related_model
            if isinstance(field, ForeignKey) and isinstance(identity, type) and issubclass(identity, Identity):
                found |= _said_later(model, model.rows.filter(**{f"{field.name}__created": record}), record)
    for kind, tables in TABLES.items():
        created = tables.identity._base_manager.filter(created=record).values("pk")
        found |= _said_later(RecordMerge, RecordMerge.rows.filter(kind=kind, kept__in=created), record)
    return sorted(Record.objects.filter(pk__in=found), key=lambda r: -r.pk)


def is_taken_back(record: Record, but: Record | None = None) -> bool:
    """Whether a record has been taken back, and that not been taken back in turn."""
    return any(not is_taken_back(later, but) for later in record.taken_back_by.all() if later != but)


def _said_later(model: Model, rows: QuerySet[Any], record: Record) -> set[int]:
    """Later records that said what these rows hold, as far as they hold now."""
    return {n for n in said_by(model, rows.filter(recorded_to=NEVER).exclude(change=record)) if n > record.pk}


def _writers_of(conflict: Conflict, record: Record) -> set[int]:
    """Who said what holds now on the days of a conflict; where nothing holds, who ended what did."""
    key = dict(zip(conflict.model.key_columns(), conflict.key, strict=True))
    rows = conflict.model.rows.filter(valid_from__lt=conflict.valid_to, valid_to__gt=conflict.valid_from, **key)
    enders = set(rows.filter(ended_by__gt=record.pk).values_list("ended_by_id", flat=True))
    held = set(rows.filter(recorded_to=NEVER).exclude(change=record).values_list("change_id", flat=True))
    return _said_later(conflict.model, rows, record) or enders - _looked_through(enders).keys() or enders | held


def said_by(model: Model, rows: QuerySet[Any]) -> set[int]:
    """Records that first said what rows hold."""
    stretches: Collection[Stretch] = _stretches(model, rows)
    found: set[int] = set()
    while stretches:
        through = _looked_through({number for *_, number in stretches})
        found |= {number for *_, number in stretches} - through.keys()
        earlier: list[Stretch] = []
        for number, ender in through.items():
            held: defaultdict[Key, list[Stretch]] = defaultdict(list)
            for before in _stretches(model, model.rows.filter(ended_by=ender).exclude(change=ender)):
                held[before[0]].append(before)
            for stretch in (s for s in stretches if s[3] == number):
                parts = list(_overlaps(stretch, held.get(stretch[0], ())))
                earlier += parts
                if not parts:
                    found.add(number)
        stretches = set(earlier)
    return found


def _looked_through(numbers: Collection[int]) -> dict[int, int]:
    """Of records those that say nothing of their own, with the record whose coming ended what they say again."""
    found: dict[int, int] = {}
    for record in Record.objects.filter(pk__in=numbers):
        if is_taken_back(record):
            found[record.pk] = record.pk
        elif record.takes_back_id is not None:
            found[record.pk] = record.takes_back_id
    return found


def _stretches(model: Model, rows: QuerySet[Any]) -> list[Stretch]:
    columns = model.key_columns()
    found = rows.order_by().values_list(*columns, "valid_from", "valid_to", "change_id")
    return [(row[: len(columns)], *row[len(columns) :]) for row in found]


def _overlaps(stretch: Stretch, held: Iterable[Stretch]) -> Iterable[Stretch]:
    key, start, end, _ = stretch
    for _, first, last, number in held:
        if first < end and last > start:
            yield key, max(first, start), min(last, end), number
