"""Programs that live and die together: started by one, restarted where one dies, stopped with it."""

from __future__ import annotations

import ctypes
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from types import FrameType
from typing import Final

PATIENCE: Final = 25.0  # seconds from a request to end to being ended
LATEST: Final = 30.0  # seconds that the others wait for the first
SOONEST: Final = 2.0  # seconds between two starts of a program that dies at once
_DIE_WITH_PARENT: Final = 1  # PR_SET_PDEATHSIG


def _die_with_parent() -> None:
    """On Linux: end when the program that started this one is killed. Elsewhere that is left to the service manager."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_DIE_WITH_PARENT, signal.SIGTERM)


class Program:
    """One child: how to start it, and whether it is started again when it dies."""

    def __init__(self, line: Sequence[str], environment: Mapping[str, str], *, again: bool) -> None:
        self._line, self._environment, self.again = list(line), dict(environment), again
        self._begun = 0.0
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """In a session of its own: Ctrl-C reaches it through us only, in our order."""
        time.sleep(max(0.0, self._begun + SOONEST - time.monotonic()) if self._begun else 0.0)
        self._begun = time.monotonic()
        self.process = subprocess.Popen(
            self._line, env=self._environment, start_new_session=True, preexec_fn=_die_with_parent
        )

    @property
    def code(self) -> int | None:
        return None if self.process is None else self.process.poll()


class Group:
    """Runs programs until told to stop, or until one that is not started again has ended.

    The first is waited for until it is ready: on a small machine they would keep each other waiting.
    """

    def __init__(self, programs: Sequence[Program]) -> None:
        self._programs = programs
        self._stopping = False

    def _stop(self, number: int, frame: FrameType | None) -> None:
        self._stopping = True

    def run(self, ready: Callable[[], bool], when_ready: Callable[[], None]) -> int:
        """The exit code: 0 where it was told to stop, else that of the program that ended."""
        for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
            signal.signal(number, self._stop)
        said, begun = False, time.monotonic()
        try:
            self._programs[0].start()
            while not self._stopping:
                if not said and ready():
                    said = True
                    when_ready()
                for program in self._programs:
                    late = said or time.monotonic() - begun > LATEST
                    if program.process is None and late:
                        program.start()
                    elif program.code is not None:
                        if not program.again:
                            return program.code or 1
                        program.start()
                time.sleep(0.1)
            return 0
        finally:
            self._end()

    def _end(self) -> None:
        """Ask all to end, wait, then end those that have not."""
        living = [p.process for p in self._programs if p.process is not None and p.process.poll() is None]
        for process in living:
            process.terminate()
        end = time.monotonic() + PATIENCE
        for process in living:
            try:
                process.wait(max(0.1, end - time.monotonic()))
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
