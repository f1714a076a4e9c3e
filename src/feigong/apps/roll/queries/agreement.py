"""Do the rows of the roll agree with the records that wrote them? A row altered behind the program's back does not."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime

from django.apps import apps
from django.db.models import Exists, OuterRef

from feigong.apps.audit.chain import canonical
from feigong.apps.audit.models import Entry, Record
from feigong.apps.roll.models.dated import NEVER, Dated
from feigong.apps.roll.writing import shown
from feigong.apps.seals.fields import sealed_fields
from feigong.apps.seals.seals import index_of, open_seal
from feigong.core.errors import FeigongError
from feigong.core.reasons import Reason, reason

_BATCH = 1000

Noted = tuple[int, bytes]  # record, the row as noted


def dated_models() -> tuple[type[Dated], ...]:
    return tuple(model for model in apps.get_models() if issubclass(model, Dated))


def disagreements(told: Callable[[int, int], None] = lambda done, total: None) -> Iterator[Reason]:
    """Rows altered, put in or taken out in the database, of every dated table; read a few at a time."""
    models = dated_models()
    total = sum(model.rows.count() for model in models)
    done = 0
    for model in models:
        kind, seen = model._meta.label_lower, 0
        while rows := list(model.rows.filter(pk__gt=seen).order_by("pk")[:_BATCH]):
            yield from _compared(model, rows)
            seen, done = rows[-1].pk, done + len(rows)
            told(done, total)
        rows_there = model.rows.filter(pk=OuterRef("object_id"))
        gone = Entry.objects.filter(~Exists(rows_there), kind=kind).order_by("object_id").distinct()
        for object_id in gone.values_list("object_id", flat=True).iterator():
            yield reason("audit.finding.row_gone", kind=kind, row=object_id)


def _compared(model: type[Dated], rows: Sequence[Dated]) -> Iterator[Reason]:
    kind = model._meta.label_lower
    written: dict[int, list[Noted]] = defaultdict(list)
    ended: dict[int, list[Noted]] = defaultdict(list)
    noted = Entry.objects.filter(kind=kind, object_id__in=[row.pk for row in rows])
    for record, object_id, before, after in noted.values_list("record_id", "object_id", "before", "after"):
        if after is not None:
            written[object_id].append((record, canonical(after)))
        if before is not None:
            ended[object_id].append((record, canonical(before)))
    moments = _moments(rows)
    for row in rows:
        now = canonical(_as_noted(model, row))
        if not written[row.pk]:
            yield reason("audit.finding.row_unknown", kind=kind, row=row.pk)
        elif written[row.pk] != [(row.change_id, now)] or moments.get(row.change_id) != row.recorded_at:
            yield reason("audit.finding.row_altered", kind=kind, row=row.pk)
        elif not _ended_as_noted(row, ended[row.pk], now, moments):
            yield reason("audit.finding.row_end", kind=kind, row=row.pk)
        elif not _indexes_agree(model, row):
            yield reason("audit.finding.row_index", kind=kind, row=row.pk)


def _as_noted(model: type[Dated], row: Dated) -> dict[str, object]:
    key = tuple(getattr(row, column) for column in model.key_columns())
    return shown(model, key, {name: getattr(row, name) for name in model.facts()}, row.valid_from, row.valid_to)


def _moments(rows: Sequence[Dated]) -> dict[int, datetime]:
    records = {row.change_id for row in rows} | {row.ended_by_id for row in rows if row.ended_by_id}
    return dict(Record.objects.filter(pk__in=records).values_list("pk", "at"))


def _ended_as_noted(row: Dated, noted: list[Noted], now: bytes, moments: dict[int, datetime]) -> bool:
    if row.ended_by_id is None:
        return not noted and row.recorded_to == NEVER
    return noted == [(row.ended_by_id, now)] and moments.get(row.ended_by_id) == row.recorded_to


def _indexes_agree(model: type[Dated], row: Dated) -> bool:
    for field in sealed_fields(model):
        try:
            plain = open_seal(getattr(row, field.attname), field.purpose)
        except FeigongError:
            return False
        if field.index and getattr(row, field.index) != index_of(plain, field.purpose):
            return False
    return True
