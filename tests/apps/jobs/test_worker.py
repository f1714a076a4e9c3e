"""Jobs done by real processes: killed, paused, told to leave; nothing is lost and nothing done twice."""

from __future__ import annotations

import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from feigong.apps.accounts.actors import operator
from feigong.apps.audit.models import Head
from feigong.apps.clock import now
from feigong.apps.jobs import queries
from feigong.apps.jobs.actions import cancel_job, start
from feigong.apps.jobs.lease import LEASE
from feigong.apps.jobs.models import Job, JobState, Worker
from own_database import OwnDatabase, own_database  # noqa: F401

WORKER = Path(__file__).with_name("jobs_for_tests.py")
ACTOR = operator("clerk")
KEY = 77  # a row that only these tests write


@pytest.fixture
def worker(own_database: OwnDatabase) -> Iterator[Callable[..., subprocess.Popen[bytes]]]:  # noqa: F811
    begun: list[subprocess.Popen[bytes]] = []

    def begin(*options: str, **environment: str) -> subprocess.Popen[bytes]:
        process = subprocess.Popen(
            [sys.executable, WORKER, *options], env={**own_database.environment, **environment}, cwd=own_database.home
        )
        begun.append(process)
        return process

    yield begin
    for process in begun:
        process.kill()
        process.wait()


def until(met: Callable[[], Any], seconds: float = 30.0) -> Any:
    end = time.monotonic() + seconds
    while not (found := met()):
        assert time.monotonic() < end, "it never came"
        time.sleep(0.05)
    return found


def state(job: Job) -> str:
    return Job.objects.get(pk=job.pk).state


def lines(file: Path) -> list[str]:
    return file.read_text().split() if file.exists() else []


def test_a_killed_worker_loses_nothing(worker: Any, tmp_path: Path) -> None:
    begun, go = tmp_path / "begun", tmp_path / "go"
    job = start(ACTOR, "test.wait", {"begun": str(begun), "go": str(go)})
    first = worker()
    until(lambda: lines(begun))
    until(lambda: Job.objects.get(pk=job.pk).reached == {"waited": True})
    first.kill()
    killed = time.monotonic()
    worker()
    until(lambda: len(lines(begun)) == 2)
    assert time.monotonic() - killed < 10  # the tests' lease is 2 s; the rest is the start of a process
    go.touch()
    until(lambda: state(job) == JobState.DONE)
    job.refresh_from_db()
    assert (job.attempts, job.result, job.holder, job.stage) == (2, {"waited": True}, "", "waiting")


def test_killed_between_write_and_commit_it_is_written_once(worker: Any, tmp_path: Path) -> None:
    begun, go, commit = tmp_path / "begun", tmp_path / "go", tmp_path / "commit"
    go.touch()
    params = {"begun": str(begun), "go": str(go), "commit": str(commit), "key": KEY}
    job = start(ACTOR, "test.write", params)
    first = worker()
    until(begun.with_suffix(".written").exists)
    first.kill()
    first.wait()
    commit.touch()
    worker()
    until(lambda: state(job) == JobState.DONE)
    assert Head.objects.get(pk=KEY).number == 1
    assert len(lines(begun)) == 2


def test_a_worker_that_slept_past_its_lease_writes_nothing(worker: Any, tmp_path: Path) -> None:
    """Both work at the same job; the one whose lease ran out finds at its fence that it is no longer its own."""
    begun, slow_go, commit = tmp_path / "begun", tmp_path / "go", tmp_path / "commit"
    commit.touch()
    job = start(ACTOR, "test.write", {"begun": str(begun), "go": str(slow_go), "key": KEY})
    asleep = worker("--once", TEST_DEAF="1")
    until(lambda: len(lines(begun)) == 1)
    second = worker()
    until(lambda: len(lines(begun)) == 2)
    holder = Job.objects.get(pk=job.pk).holder
    slow_go.touch()
    assert asleep.wait(30) == 0
    until(lambda: state(job) == JobState.DONE)
    job.refresh_from_db()
    assert f":{second.pid}:" in holder
    assert (job.state, job.attempts, job.result) == (JobState.DONE, 2, {"number": 1})
    assert Head.objects.get(pk=KEY).number == 1


def test_a_job_that_kills_its_worker_is_given_up(worker: Any) -> None:
    job = start(ACTOR, "test.crash", {})
    for _ in range(2):
        assert worker().wait(30) == -signal.SIGKILL
    worker()
    until(lambda: state(job) == JobState.FAILED)
    job.refresh_from_db()
    assert job.error == {"code": "error.job_given_up", "params": {"attempts": 2}}


def test_told_to_leave_it_hands_the_job_on(worker: Any, tmp_path: Path) -> None:
    begun, go = tmp_path / "begun", tmp_path / "go"
    job = start(ACTOR, "test.wait", {"begun": str(begun), "go": str(go)})
    first = worker()
    until(lambda: lines(begun))
    until(lambda: queries.alive_workers(now()).count() == 1)
    first.terminate()
    assert first.wait(10) == 0
    job.refresh_from_db()
    assert (job.state, job.attempts, job.holder) == (JobState.WAITING, 0, "")
    assert Worker.objects.count() == 0
    go.touch()
    assert worker("--once").wait(30) == 0
    assert state(job) == JobState.DONE


def test_a_running_job_is_stopped_when_asked(worker: Any, tmp_path: Path) -> None:
    begun = tmp_path / "begun"
    job = start(ACTOR, "test.wait", {"begun": str(begun), "go": str(tmp_path / "never")})
    worker()
    until(lambda: lines(begun))
    cancel_job(ACTOR, job.pk)
    until(lambda: state(job) == JobState.CANCELLED, 5)
    assert Job.objects.get(pk=job.pk).ended_at is not None


def test_two_workers_do_each_job_once(worker: Any) -> None:
    jobs = [start(ACTOR, "test.sum", {"numbers": [n, 1]}) for n in range(40)]
    both = [worker("--once"), worker("--once")]
    assert [process.wait(60) for process in both] == [0, 0]
    done = Job.objects.filter(pk__in=[job.pk for job in jobs]).order_by("pk")
    assert [job.result["sum"] for job in done] == [n + 1 for n in range(40)]  # type: ignore[index]
    assert {job.attempts for job in done} == {1}


def test_a_dead_workers_job_waits_no_longer_than_promised() -> None:
    assert timedelta(seconds=10) <= LEASE <= timedelta(seconds=15)
