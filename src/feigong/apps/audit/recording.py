"""The one way to write: everything between `with changing(...)` and its end is one transaction and one record."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import datetime

from django.db import transaction

from feigong.apps.accounts.sight import Actor
from feigong.apps.audit.chain import close
from feigong.apps.audit.models import Entry, Record
from feigong.apps.audit.once import note_done
from feigong.apps.clock import now

_BATCH = 2000


@dataclass(slots=True)
class Change:
    """An action under way. Entries are noted as it goes and written in batches."""

    record: Record
    actor: Actor
    entries: list[Entry] = field(default_factory=list)

    @property
    def at(self) -> datetime:
        return self.record.at

    def note(
        self, kind: str, object_id: int, before: Mapping[str, object] | None, after: Mapping[str, object] | None
    ) -> None:
        self.entries.append(
            Entry(
                record=self.record,
                kind=kind,
                object_id=object_id,
                before=None if before is None else dict(before),
                after=None if after is None else dict(after),
            )
        )


# Changes within the outermost one. They are chained when that one ends: the end of the chain is locked from then on,
# and whoever went on writing with that lock in hand could meet another writer head on.
_within: ContextVar[list[Change] | None] = ContextVar("within", default=None)


@contextmanager
def changing(
    actor: Actor,
    code: str,
    *,
    reason: str = "",
    params: Mapping[str, object] | None = None,
    takes_back: Record | None = None,
) -> Iterator[Change]:
    """Open a transaction and its record; at the end the record is numbered and chained. An error leaves nothing.

    ``params`` hold what the record needs to be understood, nothing personal. The time is read once: everything written
    in one action is recorded at the same moment. An action within another has a record of its own in the same
    transaction.
    """
    done = _within.get()
    outermost = done is None
    if done is None:
        done = []
    before = len(done)
    token = _within.set(done)
    try:
        with transaction.atomic():
            change = Change(_opened(actor, code, reason, params, takes_back), actor)
            if outermost:
                note_done(actor, change.record)
            yield change
            Entry.objects.bulk_create(change.entries, batch_size=_BATCH)
            done.append(change)
            if outermost:
                close([(c.record, c.entries) for c in done])
    except BaseException:
        del done[before:]
        raise
    finally:
        _within.reset(token)


def _opened(
    actor: Actor, code: str, reason: str, params: Mapping[str, object] | None, takes_back: Record | None
) -> Record:
    """Text from outside is cut to what its column holds: PostgreSQL would refuse, SQLite would not mind."""
    return Record.objects.create(
        at=now(), code=code, user_id=actor.user_id, actor_name=actor.name[:80], role=actor.role or "",
        door=actor.door, address=actor.address[:60], request_id=actor.request_id[:40], reason=reason,
        params=dict(params or {}), takes_back=takes_back,
    )  # fmt: skip
