"""Sealed fields shown in full, and found by their exact value. Both are recorded before anything is answered."""

from __future__ import annotations

from datetime import date
from typing import Final

from django.db import transaction
from django.db.models import Q

from feigong.apps.accounts.roles import Permission
from feigong.apps.accounts.sight import Actor
from feigong.apps.audit.recording import changing
from feigong.apps.roll.kinds import TABLES, RecordKind, in_sight
from feigong.apps.seals.fields import SealedField, sealed_fields
from feigong.apps.seals.seals import index_of, open_seal
from feigong.core.errors import FeigongError
from feigong.core.text import fold

LEAST_REASON: Final = 4  # characters; 核对身份 says something, 查看 does not


def reveal(actor: Actor, kind: RecordKind, record_id: int, field: str, *, reason: str, on: date) -> str:
    """The text of one sealed field (`phone`) of one thing, as it was on a day. Who, what and why is recorded for good
    before this returns; of what was shown nothing is."""
    actor.must(Permission.REVEAL)
    sealed = _field(kind, field)
    why = reason.strip()
    if len(fold(why)) < LEAST_REASON:
        raise FeigongError("error.reveal.reason", least=LEAST_REASON)
    with (
        transaction.atomic(durable=True),  # a caller's transaction could still be undone, after all was seen
        changing(actor, "reveal", reason=why, params={"kind": kind.value, "field": field}) as change,
    ):
        row = in_sight(kind, actor.sight(on, change.at), record_id)
        plain = open_seal(getattr(row, field), sealed.purpose)
        if not plain:
            raise FeigongError("error.reveal.nothing")
        change.note(f"roll.{kind.value}", record_id, None, {"revealed": field})
    return plain


def find_by_number(actor: Actor, kind: RecordKind, number: str, *, on: date) -> tuple[int, ...]:
    """Members by ID number or telephone, workers by telephone: identities in sight on a day with exactly this number,
    however it is typed. That somebody asked, and what was found, is recorded; the number is not."""
    actor.must(Permission.MEMBERS_VIEW)
    if not fold(number):
        raise FeigongError("error.find_by_number.empty")
    matches = Q(pk__in=[])
    for field in sealed_fields(TABLES[kind].state):
        if field.index and (index := index_of(number, field.purpose)):
            matches |= Q(**{field.index: index})
    key = TABLES[kind].key
    with changing(actor, "find_by_number", params={"kind": kind.value}) as change:
        rows = TABLES[kind].rows(actor.sight(on, change.at)).filter(matches)
        found = tuple(rows.values_list(key, flat=True))
        change.record.params = {**change.record.params, "found": len(found)}
        for record_id in found:
            change.note(f"roll.{kind.value}", record_id, None, None)
    return found


def _field(kind: RecordKind, name: str) -> SealedField:
    for field in sealed_fields(TABLES[kind].state):
        if field.attname == name:
            return field
    raise FeigongError("error.not_found")
