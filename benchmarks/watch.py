"""Run a command under a limit of time and memory, and measure both.

Linux lets a process inherit the peak of the one that began it. So the command is begun by a process of its own, this
file run without anything else in it, or a caller that holds much would be measured instead of the command.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass
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
    limits = [str(folder), repr(time_limit_s), repr(memory_limit_mb)]
    bare = [sys.executable, "-I", "-S", __file__, *limits, *command]
    ended = subprocess.run(bare, stdout=subprocess.PIPE, text=True, encoding="utf-8", check=True)
    return Watched(**json.loads(ended.stdout))


def _watch(command: Sequence[str], folder: Path, *, time_limit_s: float, memory_limit_mb: float) -> Watched:
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


if __name__ == "__main__":
    where, seconds, megabytes, *words = sys.argv[1:]
    watched = _watch(words, Path(where), time_limit_s=float(seconds), memory_limit_mb=float(megabytes))
    print(json.dumps(asdict(watched)))
