"""Acts that change no row and must be known all the same: log-ins, reveals, exports, searches by number."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from feigong.apps.accounts.sight import Actor
from feigong.apps.audit.recording import changing


def record_event(
    actor: Actor,
    code: str,
    *,
    reason: str = "",
    params: Mapping[str, object] | None = None,
    touched: Iterable[tuple[str, int]] = (),
) -> int:
    """Record what ``actor`` did; returns the key of the record.

    ``touched`` are things by kind and identity: `("roll.member", 12)`. Recorded for good when the transaction of the
    caller is, so what must be known even if it fails is recorded outside of it.
    """
    with changing(actor, code, reason=reason, params=params) as change:
        for kind, object_id in touched:
            change.note(kind, object_id, None, None)
    return change.record.pk
