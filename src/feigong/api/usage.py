"""How much a token is used, and what is kept of use that was denied. Counted here: reading writes nothing."""

from __future__ import annotations

from collections import Counter
from threading import Lock
from typing import Final

from feigong.apps.accounts.limits import limits
from feigong.apps.accounts.sight import Actor
from feigong.apps.audit.actions import record_event
from feigong.core.errors import FeigongError

_MINUTE: Final = 60
_HOUR: Final = 3600
_MOST_KEPT: Final = 10_000  # denials of an hour; a flood from many addresses is recorded as far as this


class Windows:
    """Counts by key within windows of a fixed length; a new window begins at nothing."""

    def __init__(self, seconds: int) -> None:
        self.seconds = seconds
        self._window = 0
        self._counts: Counter[str] = Counter()
        self._lock = Lock()

    def count(self, key: str, at: float) -> int:
        with self._lock:
            window = int(at // self.seconds)
            if window != self._window:
                self._window = window
                self._counts.clear()
            if key not in self._counts and len(self._counts) >= _MOST_KEPT:
                return _MOST_KEPT
            self._counts[key] += 1
            return self._counts[key]

    def left(self, at: float) -> int:
        """Seconds until the next window."""
        return self.seconds - int(at % self.seconds)


_used = Windows(_MINUTE)
_denied = Windows(_HOUR)


def count_use(key: str, at: float) -> None:
    """One more request of a token; ``error.api_too_many`` where that is more than a minute allows."""
    if _used.count(key, at) > limits().token_requests:
        raise FeigongError("error.api_too_many", seconds=_used.left(at))


def note_denied(actor: Actor, route: str, method: str, code: str, token: str, at: float) -> None:
    """Record that somebody was turned away: once an hour for the same, so that nobody fills the audit."""
    who = token or str(actor.user_id or actor.address)
    if _denied.count("|".join((who, route, method, code)), at) == 1:
        params = {"route": route, "method": method, "code": code, "token": token}
        record_event(actor, "api.denied", params=params)
