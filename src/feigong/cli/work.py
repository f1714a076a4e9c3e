"""``feigong work``: a worker that does background jobs until it is told to leave."""

from __future__ import annotations

import os
import signal
import threading
from types import FrameType
from typing import Annotated

import typer

from feigong.apps.jobs.registry import discover
from feigong.apps.jobs.worker import JobWorker


def command(
    once: Annotated[bool, typer.Option("--once", help="做完排着的就退出 / leave when nothing is waiting")] = False,
) -> None:
    """Do jobs. The first signal to end lets go of the job at hand, the second ends at once."""
    leaving = threading.Event()

    def leave(number: int, frame: FrameType | None) -> None:
        if leaving.is_set():
            os._exit(128 + number)
        leaving.set()

    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, leave)
    JobWorker(discover(), leaving).run(until_idle=once)
