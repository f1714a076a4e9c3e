"""Kinds of jobs for the tests, and a worker of its own process that knows them: `python jobs_for_tests.py [--once]`."""

from __future__ import annotations

import os
import signal
import sys
import threading
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import django

if __name__ == "__main__":
    django.setup()

from django.db import transaction

from feigong.apps.audit.models import Head
from feigong.apps.jobs.registry import KINDS, Context, job
from feigong.core.errors import FeigongError


@job("test.sum")
def add(context: Context, params: Mapping[str, Any]) -> Mapping[str, Any]:
    context.progress("adding", 1, len(params["numbers"]), found=params["numbers"][0])
    return {"sum": sum(params["numbers"]), "by": context.actor.name, "role": context.actor.role}


@job("test.fault")
def fault(context: Context, params: Mapping[str, Any]) -> Mapping[str, Any]:
    raise ValueError(f"{params['name']} 13800138000")


@job("test.refused")
def refused(context: Context, params: Mapping[str, Any]) -> Mapping[str, Any]:
    raise FeigongError("error.job_ended", id=7)


@job("test.wait")
def wait(context: Context, params: Mapping[str, Any]) -> Mapping[str, Any]:
    """Waits until the file `go` is there; notes every beginning as a line in `begun`."""
    with Path(params["begun"]).open("a") as begun:
        begun.write(f"{os.getpid()}\n")
    while not Path(params["go"]).exists():
        context.progress("waiting", 1, 2, waited=True)
        time.sleep(0.02)
    return {"waited": True}


@job("test.write")
def write(context: Context, params: Mapping[str, Any]) -> Mapping[str, Any]:
    """Adds one to a number in the database, once: what was written already is not written again. Waits before its
    transaction for the file `go`, and inside it, written but not committed, for `commit`."""
    with Path(params["begun"]).open("a") as begun:
        begun.write(f"{os.getpid()}\n")
    while not Path(params["go"]).exists():
        time.sleep(0.02)  # says nothing, and so hears nothing: like a long computation
    with transaction.atomic():
        head, _ = Head.objects.get_or_create(pk=params["key"])
        if head.hash != "written":
            head.number, head.hash = head.number + 1, "written"
            head.save()
        if "commit" in params:
            Path(params["begun"]).with_suffix(".written").touch()
            while not Path(params["commit"]).exists():
                time.sleep(0.02)
        context.fence()
    return {"number": head.number}


@job("test.crash", attempts=2)
def crash(context: Context, params: Mapping[str, Any]) -> Mapping[str, Any]:
    os.kill(os.getpid(), signal.SIGKILL)
    return {}


def main() -> None:
    from datetime import timedelta

    from feigong.apps.jobs import lease, running, worker

    lease.LEASE = timedelta(seconds=float(os.environ.get("TEST_LEASE", "2")))  # type: ignore[misc]
    running.RENEW, running.BEAT = 0.4, 0.1  # type: ignore[misc]
    if os.environ.get("TEST_DEAF"):  # a worker whose lease is never renewed: its machine is asleep
        running.Running._hold = lambda self: None  # type: ignore[method-assign]
    leaving = threading.Event()
    signal.signal(signal.SIGTERM, lambda *_: leaving.set())
    worker.JobWorker(KINDS, leaving).run(until_idle="--once" in sys.argv)


if __name__ == "__main__":
    main()
