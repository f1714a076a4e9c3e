"""Which entries are about a thing of the roll: its own rows, and those of what it is tied to."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any, cast

from django.apps import apps
from django.db import models
from django.db.models import Q

from feigong.apps.roll.kinds import OF_IDENTITY, TABLES, RecordKind
from feigong.apps.roll.models.dated import Dated, Identity

ACCOUNT = "accounts.user"


@cache
def dated_by_kind() -> dict[str, type[Dated]]:
    """Dated tables by the kind under which entries note their rows."""
    return {m._meta.label_lower: m for m in apps.get_models() if issubclass(m, Dated)}


def identity_kind(kind: RecordKind) -> str:
    """Under which entries note the thing itself: `roll.member`."""
    return TABLES[kind].identity._meta.label_lower


def entries_about(kind: str, record_id: int) -> Q:
    """A condition on entries."""
    if kind == ACCOUNT:
        return Q(kind=ACCOUNT, object_id=record_id)
    kind = RecordKind(kind)
    identity = TABLES[kind].identity
    found = Q(kind=identity_kind(kind), object_id=record_id)
    for label, model in dated_by_kind().items():
        for name in model.KEY:
            field = model._meta.get_field(name)
            if isinstance(field, models.ForeignKey) and field.related_model is identity:
                rows = model.rows.filter(**{field.attname: record_id})
                found |= Q(kind=label, object_id__in=rows.values("pk"))
    return found


@cache
def _kind_by_label() -> dict[str, RecordKind]:
    return {identity_kind(kind): kind for kind in RecordKind}


def things_noted(kind: str, object_id: int, noted: Mapping[str, Any] | None) -> Iterator[tuple[str, int]]:
    """The things that an entry is about: the thing itself, or those in the key of the row."""
    thing = ACCOUNT if kind == ACCOUNT else _kind_by_label().get(kind)
    if thing is not None:
        yield thing, object_id
    model = dated_by_kind().get(kind)
    if model is None or noted is None:
        return
    for name in model.KEY:
        field = model._meta.get_field(name)
        if not isinstance(field, models.ForeignKey):
            continue
        kind_of = OF_IDENTITY.get(cast(type[Identity], field.related_model))
        if kind_of is not None:  # a case is not a thing of the roll
            yield kind_of, noted[field.attname]
