"""The chain: every record carries a keyed digest over itself and the record before it."""

from __future__ import annotations

import hashlib
import hmac
import json
import logging
from collections.abc import Iterable, Sequence
from datetime import UTC
from decimal import Decimal
from functools import partial

from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.db import transaction

from feigong.apps.audit.models import Entry, Head, Record
from feigong.apps.seals.keyring import keyring
from feigong.core.errors import FeigongError

logger = logging.getLogger("feigong.audit")

Noted = tuple[str, int, object, object]  # kind, object, before, after


def _number(text: str) -> int | float:
    """Databases write 1e+23 and 1.0 each in their way: whole numbers as whole numbers, others as floats."""
    exact = Decimal(text)
    return int(exact) if exact == exact.to_integral_value() else float(text)


def canonical(value: object) -> bytes:
    """The same bytes for a value before it is written and after it was read back from either database."""
    plain = json.loads(json.dumps(value, cls=DjangoJSONEncoder), parse_float=_number)
    return json.dumps(plain, sort_keys=True, ensure_ascii=False, separators=(",", ":")).encode()


def digest_entries(entries: Iterable[Noted]) -> tuple[int, str]:
    """How many, and a digest over all of them in the order written."""
    digest, count = hashlib.sha256(), 0
    for entry in entries:
        digest.update(canonical(entry))
        count += 1
    return count, digest.hexdigest()


def link(record: Record, audit_key: bytes) -> str:
    """The digest of a record after the one before it, under the audit key, which is outside the database: who can write
    to the database alone cannot make a chain that holds."""
    content = [
        record.number, record.at.astimezone(UTC).isoformat(timespec="microseconds"), record.code, record.user_id,
        record.actor_name, record.role, record.door, record.address, record.request_id, record.reason, record.params,
        record.takes_back_id, record.entries_count, record.entries_digest, record.previous_hash,
    ]  # fmt: skip
    return hmac.new(audit_key, canonical(content), hashlib.sha256).hexdigest()


def close(records: Sequence[tuple[Record, Sequence[Entry]]]) -> None:
    """Number the records and chain them. Writers meet here for a moment only, at the end of their transactions."""
    for record, entries in records:
        noted = ((e.kind, e.object_id, e.before, e.after) for e in entries)
        record.entries_count, record.entries_digest = digest_entries(noted)
    ring = keyring()
    Head.objects.get_or_create(pk=1)
    head = Head.objects.select_for_update().get(pk=1)
    if head.number and head.keys != ring.fingerprint:
        raise FeigongError("error.keys.other", file=str(settings.KEYS))
    for record, _ in records:
        record.number, record.previous_hash = head.number + 1, head.hash
        record.hash = link(record, ring.audit_key)
        record.save()
        head.number, head.hash, head.keys = record.number, record.hash, ring.fingerprint
    head.save()
    # The log is kept outside the database: a chain that was cut short no longer has the end that stands there.
    fields = {"number": head.number, "hash": head.hash}
    transaction.on_commit(partial(logger.info, "audit.recorded", extra={"fields": fields}))
