"""Taking back a record of the audit: the roll is as if it had not been, as long as nothing was built on it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.db.models import QuerySet
from django.utils.module_loading import autodiscover_modules

from feigong.apps.accounts.roles import Permission
from feigong.apps.accounts.sight import Actor, Sight
from feigong.apps.audit.models import Record
from feigong.apps.audit.recording import Change, changing
from feigong.apps.roll import queries
from feigong.apps.roll.kinds import TABLES, needed
from feigong.apps.roll.models import AreaOutline, Assignment, Coverage, NotSame, Post, RecordMerge
from feigong.apps.roll.models.dated import as_of
from feigong.apps.roll.queries.outlines import outlines
from feigong.apps.roll.reversal import Model, conflicts, dated_models, put_back, superseded, touched, written
from feigong.apps.roll.standing import built_on, is_taken_back
from feigong.apps.roll.writing import Writer, lock, read_history
from feigong.core.errors import FeigongError

P = Permission
_PERMISSIONS: dict[Model, Permission] = {t.state: t.change for t in TABLES.values()} | {
    Coverage: P.ROLL_CHANGE, Assignment: P.ROLL_CHANGE, Post: P.MEMBERS_CHANGE, NotSame: P.ROLL_MERGE,
    RecordMerge: P.ROLL_MERGE, AreaOutline: P.AREAS_CHANGE,
}  # fmt: skip
_ROWS: dict[Model, Callable[[Sight], QuerySet[Any]]] = {t.state: t.rows for t in TABLES.values()} | {
    Coverage: queries.coverage, Assignment: queries.assignments, Post: queries.posts, AreaOutline: outlines,
}  # fmt: skip
_SHOWN = 5


_BY_RECORDS = (NotSame, RecordMerge)  # of pairs of things: they are in sight as the things are


def register(model: Model, permission: Permission, rows: Callable[[Sight], QuerySet[Any]]) -> None:
    """For other apps with dated rows, in their `reversible.py`: who may take back what was written there. ``rows``:
    those one could write."""
    _PERMISSIONS[model], _ROWS[model] = permission, rows


def what_was_built_on(record: Record) -> list[Record]:
    """Later records that must be taken back first, the latest first; empty: this one can be taken back.

    Nothing is written and nobody is asked for permission: doors call it for records that they may show.
    """
    return built_on(conflicts(read_history, record), record)


def take_back(actor: Actor, record_id: int, reason: str) -> Record:
    """Take a record back as a whole. Returns the record of doing so, which can be taken back as well.

    Raises
    ------
    FeigongError
        ``error.not_found``; ``error.not_permitted``; ``error.roll.outside`` where part of it is out of sight;
        ``error.roll.taken_back_already``; ``error.roll.nothing_to_take_back``; ``error.roll.built_on`` with the numbers
        of the records that stand on it.
    """
    autodiscover_modules("reversible")
    record = Record.objects.filter(pk=record_id).first()
    if record is None:
        raise FeigongError("error.not_found")
    tables = [m for m in dated_models() if written(m, record).exists() or superseded(m, record).exists()]
    for model in tables:
        actor.must(_PERMISSIONS.get(model, P.ROLL_CHANGE))
    if not tables:
        raise FeigongError("error.roll.nothing_to_take_back")
    params = {"record": record.number}
    with changing(actor, "roll.take_back", reason=needed(reason), params=params, takes_back=record) as change:
        if is_taken_back(record, change.record):
            raise FeigongError("error.roll.taken_back_already")
        for model in tables:
            _must_see(change, model, record)
        writer = Writer(change)
        for model in tables:
            lock(model, touched(model, record))
        later = built_on(conflicts(writer.history, record), record)
        if later:
            numbers = ", ".join(f"#{r.number}" for r in later[:_SHOWN])
            raise FeigongError("error.roll.built_on", n=len(later), records=numbers)
        put_back(writer, record)
    return change.record


def _must_see(change: Change, model: Model, record: Record) -> None:
    """Every row that goes or comes back must be in sight on its first day: nobody undoes what they could not do. Of
    tables about which nothing is said nobody may."""
    if change.actor.scope.whole or model in _BY_RECORDS:
        return
    if model not in _ROWS:
        raise FeigongError("error.roll.outside")
    before = record.at - timedelta(microseconds=1)
    for rows, known_at, column in (
        (written(model, record), change.at, "change"), (superseded(model, record), before, "ended_by")
    ):  # fmt: skip
        for day in rows.order_by().values_list("valid_from", flat=True).distinct():
            sight = change.actor.sight(day, known_at)
            named = {column: record}
            if _ROWS[model](sight).filter(**named).count() != as_of(model, day, known_at).filter(**named).count():
                raise FeigongError("error.roll.outside")
