"""The chain: every record carries a keyed digest over itself and the record before it."""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Iterable

from django.core.serializers.json import DjangoJSONEncoder

from feigong.apps.audit.models import Entry, Head, Record
from feigong.apps.seals.keyring import keyring


def _canonical(value: object) -> bytes:
    return json.dumps(value, cls=DjangoJSONEncoder, sort_keys=True, ensure_ascii=False, separators=(",", ":")).encode()


def digest_entries(entries: Iterable[Entry]) -> tuple[int, str]:
    """How many, and a digest over all of them in the order written."""
    digest, count = hashlib.sha256(), 0
    for entry in entries:
        digest.update(_canonical([entry.kind, entry.object_id, entry.before, entry.after]))
        count += 1
    return count, digest.hexdigest()


def link(record: Record, previous_hash: str) -> str:
    """The digest of a record after ``previous_hash``, under the audit key, which is outside the database: who can write
    to the database alone cannot make a chain that holds."""
    content = [
        record.number, record.at.isoformat(), record.code, record.user_id, record.actor_name, record.role,
        record.door, record.address, record.request_id, record.reason, record.params, record.takes_back_id,
        record.entries_count, record.entries_digest, previous_hash,
    ]  # fmt: skip
    return hmac.new(keyring().audit_key, _canonical(content), hashlib.sha256).hexdigest()


def close(record: Record, entries: Iterable[Entry]) -> None:
    """Number the record and chain it. Writers meet here for a moment only, at the end of their transactions."""
    record.entries_count, record.entries_digest = digest_entries(entries)
    Head.objects.get_or_create(pk=1)
    head = Head.objects.select_for_update().get(pk=1)
    record.number = head.number + 1
    record.previous_hash = head.hash
    record.hash = link(record, head.hash)
    record.save()
    head.number, head.hash = record.number, record.hash
    head.save()
