"""One attempt at one job: the lease is renewed and progress written by a thread beside it."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from time import monotonic
from types import TracebackType
from typing import Any, Final

from django.db import InterfaceError, OperationalError, connection

from feigong.apps.accounts.sight import Actor
from feigong.apps.jobs.lease import LEASE, Claim
from feigong.apps.jobs.registry import CancelledError, LeaseLostError

BEAT: Final = 0.5  # seconds between two looks at whether somebody asked to stop, and between two writes of progress
RENEW: Final = LEASE.total_seconds() / 4

log = logging.getLogger("feigong.jobs")


class LeavingError(LeaseLostError):
    """This worker is being shut down: it lets go of the job, which is done again by the next."""


class Running:
    """The `Context` of a job in a worker. Use as a context manager; the thread lives as long."""

    def __init__(self, claim: Claim, actor: Actor, leaving: threading.Event) -> None:
        self.actor = actor
        self.job_id = claim.job_id
        self._claim = claim
        self._leaving = leaving
        self._news: dict[str, Any] = {}
        self._lock = threading.Lock()
        self._cancelled = threading.Event()
        self._lost = threading.Event()
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._hold, name=f"lease-{claim.job_id}", daemon=True)

    def progress(self, stage: str, done: int = 0, total: int = 0, **reached: object) -> None:
        with self._lock:
            self._news = {"stage": stage, "done": done, "total": total, "reached": reached}
        self._check()

    def stopped(self) -> bool:
        return self._cancelled.is_set() or self._lost.is_set() or self._leaving.is_set()

    def fence(self) -> None:
        self._check()
        self._claim.fence()

    def _check(self) -> None:
        if self._lost.is_set():
            raise LeaseLostError
        if self._cancelled.is_set():
            raise CancelledError
        if self._leaving.is_set():
            raise LeavingError

    def __enter__(self) -> Running:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._ended.set()
        self._thread.join()

    def last_news(self) -> dict[str, Any]:
        """What `progress` said last and nobody has written yet."""
        with self._lock:
            news, self._news = self._news, {}
        return news

    def _hold(self) -> None:
        renewed = monotonic()
        try:
            while not self._ended.wait(BEAT):
                news = self.last_news()
                due = monotonic() - renewed > RENEW
                if self._beat(self._renewed(news) if news or due else self._asked):
                    renewed = monotonic() if news or due else renewed
                if self._lost.is_set():
                    return
        finally:
            connection.close()

    def _renewed(self, news: dict[str, Any]) -> Callable[[], bool | None]:
        return lambda: self._claim.renew(**news)

    def _asked(self) -> bool | None:
        return self._claim.asked_to_stop()

    def _beat(self, look: Callable[[], bool | None]) -> bool:
        """One look at the job's row. A database that is away or busy for a moment is no reason to give up: what is
        written is fenced."""
        try:
            asked = look()
        except (OperationalError, InterfaceError) as error:
            fields = {"job": self._claim.job_id, "kind": type(error).__name__}
            log.warning("lease.not_renewed", extra={"fields": fields})
            connection.close()
            return False
        if asked is None:
            self._lost.set()
        elif asked:
            self._cancelled.set()
        return True
