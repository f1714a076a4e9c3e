"""Change the keys that seal: a new one, everything sealed anew, the old one dropped.

The keys of the search index and of the audit chain stay (docs/decisions/0015).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from feigong.apps.accounts.roles import Permission
from feigong.apps.accounts.sight import Actor
from feigong.apps.audit.actions import record_event
from feigong.apps.seals.keyring import Keyring, add_key, drop_keys, keyring
from feigong.apps.seals.places import places
from feigong.core.errors import FeigongError

GRACE = timedelta(hours=1)  # a transaction that sealed with the old key is over by then, or lost its lease

Told = Callable[[str, int], None]  # where, how many so far


@dataclass(frozen=True, slots=True)
class Rotation:
    key: str  # that seals now
    made: bool  # by this rotation; else it finished an earlier one
    renewed: int
    broken: int  # not opened by any key: left as they are


def rotate(actor: Actor, *, at: datetime, told: Told = lambda place, count: None) -> Rotation:
    """Seal everything with a new key. If an earlier rotation was not finished, finish it and make no key."""
    actor.must(Permission.SYSTEM_MANAGE)
    renewed, broken = _renew(told)
    made = renewed == 0
    if made:
        ring = add_key(keyring(), at.isoformat())
        record_event(actor, "keys.rotate", params={"key": ring.current})
        renewed, broken = _renew(told)
    key = keyring().current
    record_event(actor, "keys.renew", params={"key": key, "count": renewed, "broken": broken})
    return Rotation(key, made, renewed, broken)


def retire(actor: Actor, *, at: datetime) -> tuple[str, ...]:
    """Drop the old keys, if nothing is sealed with them any more; their names. Copies of the database made before the
    rotation need the key file of that time."""
    actor.must(Permission.SYSTEM_MANAGE)
    ring = keyring()
    old = old_keys(ring)
    for name in old:
        age = at - datetime.fromisoformat(ring.replaced[name])
        if age < GRACE:
            raise FeigongError(
                "error.keys.too_early",
                minutes=int(age.total_seconds() // 60),
                wait=int(GRACE.total_seconds() // 60),
            )
    if used := sum(place.used(name) for place in places() for name in old):
        raise FeigongError("error.keys.in_use", n=used)
    if old:
        drop_keys(ring, frozenset(old))
        record_event(actor, "keys.retire", params={"keys": list(old)})
    return old


def old_keys(ring: Keyring) -> tuple[str, ...]:
    return tuple(sorted(name for name in ring.sealing if name != ring.current))


def _renew(told: Told) -> tuple[int, int]:
    renewed = broken = 0
    for place in places():
        here = 0
        for batch in place.renew():
            here, broken = here + batch.count, broken + batch.broken
            told(place.name, here)
        renewed += here
    return renewed, broken
