"""Run a command under a limit of time and memory, and measure both."""

from __future__ import annotations

import os
import subprocess
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

LOOK_S = 0.2


@dataclass(frozen=True, slots=True)
class Watched:
    """How a process ended; ``killed`` is ``"time"`` or ``"memory"`` where a limit ended it."""

    code: int
    killed: str
    seconds: float
    peak_mb: float
    out: str
    err: str


def watch(command: Sequence[str], folder: Path, *, time_limit_s: float, memory_limit_mb: float) -> Watched:
    """Carry out a command; what it prints goes through files in ``folder``.

    The peak is the largest resident set the system counted for the process (``getrusage``). Memory is looked at five
    times a second; a process that grows faster than that may overshoot its limit.
    """
    begun = time.perf_counter()
    killed = ""
    with (folder / "out.txt").open("w+") as out, (folder / "err.txt").open("w+") as err:
        process = subprocess.Popen(command, stdout=out, stderr=err)
        while True:
            pid, status, usage = os.wait4(process.pid, os.WNOHANG)
            if pid:
                break
            if not killed and time.perf_counter() - begun > time_limit_s:
                killed = "time"
                process.kill()
            elif not killed and _resident_mb(process.pid) > memory_limit_mb:
                killed = "memory"
                process.kill()
            time.sleep(LOOK_S)
        seconds = time.perf_counter() - begun
        process.returncode = os.waitstatus_to_exitcode(status)
        out.seek(0)
        err.seek(0)
        return Watched(process.returncode, killed, seconds, usage.ru_maxrss / 1024, out.read(), err.read())


def _resident_mb(pid: int) -> float:
    """Resident memory now; 0 where the system does not say (not Linux, or the process just ended)."""
    try:
        pages = int(Path(f"/proc/{pid}/statm").read_text(encoding="ascii").split()[1])
    except (OSError, IndexError, ValueError):
        return 0.0
    return pages * os.sysconf("SC_PAGE_SIZE") / 2**20
