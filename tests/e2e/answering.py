"""The server behind the browser: whom it still answers, and, on purpose, how slowly.

``FEIGONG_TEST_SLOW=0.3`` makes the machine slow: every answer begins so many seconds late, and comes in three pieces
with pauses between, so that a page is there long before it is whole; the browser computes at a quarter of its speed,
and what it loads (also from pages served by a process of their own) takes its time. A test that reads too early fails.
"""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Iterable, Iterator
from typing import Any

import pytest
from django.core.handlers.wsgi import WSGIHandler
from django.core.servers.basehttp import ThreadedWSGIServer

SLOW = float(os.environ.get("FEIGONG_TEST_SLOW") or 0)
_LONGEST = 20.0  # seconds that a server is given to end what nobody listens to any more
ANSWERING = threading.RLock()  # one at a time: a database in memory refuses two at the same moment, and does not wait
_changed = threading.Condition()
_open: set[int] = set()  # connections, by their sockets


class InPieces:
    """An answer of which the beginning is sent before there is the rest."""

    def __init__(self, answer: Iterable[bytes], pause: float) -> None:
        self._answer, self._pause = answer, pause

    def __iter__(self) -> Iterator[bytes]:
        parts = iter(self._answer)  # a page is one, a file many
        first = next(parts, b"")
        third = len(first) // 3 + 1
        for start in range(0, len(first), third):
            yield first[start : start + third]
            time.sleep(self._pause)
        yield from parts

    def close(self) -> None:
        getattr(self._answer, "close", lambda: None)()


def watch(patch: pytest.MonkeyPatch) -> None:
    """Know the connections of live servers; slow them down where that is wished."""
    begin, serve = ThreadedWSGIServer.process_request, ThreadedWSGIServer.process_request_thread
    answer = WSGIHandler.__call__

    def begun(server: Any, request: Any, address: Any) -> None:
        with _changed:
            _open.add(id(request))
        begin(server, request, address)

    def served(server: Any, request: Any, address: Any) -> None:
        try:
            serve(server, request, address)
        finally:
            with _changed:
                _open.discard(id(request))
                _changed.notify_all()

    def answered(handler: Any, environ: Any, start: Any) -> Any:
        time.sleep(SLOW)
        with ANSWERING:
            found = answer(handler, environ, start)
        return InPieces(found, SLOW / 2) if SLOW else found

    patch.setattr(ThreadedWSGIServer, "process_request", begun)
    patch.setattr(ThreadedWSGIServer, "process_request_thread", served)
    patch.setattr(WSGIHandler, "__call__", answered)


def until_nobody_asks() -> None:
    """No page of a test that has ended asks while the next one's database is made."""
    with _changed:
        _changed.wait_for(lambda: not _open, _LONGEST)


def slow_down(page: Any, *, elsewhere: bool) -> None:
    """The browser. ``elsewhere``: its pages come from a process of their own, whose answers nothing here slows down."""
    if not SLOW:
        return
    session = page.context.new_cdp_session(page)
    session.send("Emulation.setCPUThrottlingRate", {"rate": 4})
    if not elsewhere:
        return
    speed = {"offline": False, "latency": SLOW * 500, "downloadThroughput": 2_000_000, "uploadThroughput": -1}
    session.send("Network.enable")
    session.send("Network.emulateNetworkConditions", speed)
