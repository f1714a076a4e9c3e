"""A stopping rule with a clock and a flag: the time limit, and Ctrl-C."""

from __future__ import annotations

import signal
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType
from typing import Any

from feigong.core.work import Stop

HEADROOM = 4


class Deadline(Stop):
    """Stop at a moment, or when interrupted (`feigong.core.work.Stop`).

    A part may use four times its share of the time (large parts need more than their share), times the workers that run
    parts at once, counted from its own first question; so that the first parts do not use up what the later ones need.
    Pickled for another machine it carries the seconds that are left; an interruption here does not reach there.
    """

    def __init__(
        self, seconds: float | None = None, *, workers: int = 1, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self.clock = clock
        self.interrupted = threading.Event()
        self.workers = workers
        self.share = 1.0
        self.whole = seconds
        self.end = None if seconds is None else clock() + seconds
        self.begun: float | None = None

    def part(self, share: float) -> Deadline:
        """The rule for a part that is ``share`` (0..1) of the work."""
        own = Deadline(None, workers=self.workers, clock=self.clock)
        own.interrupted = self.interrupted
        own.whole, own.end, own.share = self.whole, self.end, self.share * share
        return own

    def __call__(self, spent: int) -> bool:
        if self.interrupted.is_set():
            return True
        if self.end is None or self.whole is None:
            return False
        now = self.clock()
        if self.begun is None:
            self.begun = now
        return now >= self.end or now - self.begun >= self.whole * min(1.0, HEADROOM * self.share * self.workers)

    def __getstate__(self) -> dict[str, Any]:
        left = None if self.end is None else self.end - self.clock()
        return {"left": left, "whole": self.whole, "share": self.share, "workers": self.workers}

    def __setstate__(self, state: dict[str, Any]) -> None:
        self.__init__(state["left"], workers=state["workers"])  # type: ignore[misc]
        self.whole, self.share = state["whole"], state["share"]


@contextmanager
def interruptible(deadline: Deadline, said: Callable[[], None]) -> Iterator[None]:
    """First Ctrl-C: the flag, and a word to the user. Second: out, as usual."""

    def first(number: int, frame: FrameType | None) -> None:
        if deadline.interrupted.is_set():
            raise KeyboardInterrupt
        deadline.interrupted.set()
        said()

    if threading.current_thread() is not threading.main_thread():
        yield  # signals belong to the main thread
        return
    before = signal.signal(signal.SIGINT, first)
    try:
        yield
    except BaseException:
        deadline.interrupted.set()  # threads that still work would hold the program back
        raise
    finally:
        signal.signal(signal.SIGINT, before)
