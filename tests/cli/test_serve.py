"""Pages and worker as one thing: started, kept alive, stopped."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from http.client import HTTPConnection
from pathlib import Path
from typing import Any

import pytest

from feigong.apps.accounts.actors import operator
from feigong.apps.clock import now
from feigong.apps.jobs import queries
from feigong.apps.jobs.actions import start
from feigong.apps.jobs.models import Job, JobState
from own_database import OwnDatabase, own_database  # noqa: F401


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def feigong(place: OwnDatabase, *line: str) -> subprocess.CompletedProcess[str]:
    program = [sys.executable, "-m", "feigong.cli.main", *line]
    return subprocess.run(program, env=place.environment, capture_output=True, text=True, check=False, timeout=120)


def until(met: Callable[[], Any], seconds: float = 40.0) -> Any:
    end = time.monotonic() + seconds
    while not (found := met()):
        assert time.monotonic() < end, "it never came"
        time.sleep(0.1)
    return found


def asked(port: int, address: str) -> tuple[int, bytes]:
    line = HTTPConnection("127.0.0.1", port, timeout=10)
    line.request("GET", address)
    answer = line.getresponse()
    return answer.status, answer.read()


@pytest.fixture
def served(own_database: OwnDatabase) -> Iterator[tuple[subprocess.Popen[str], int]]:  # noqa: F811
    assert feigong(own_database, "setup").returncode == 0
    port = free_port()
    program = [sys.executable, "-m", "feigong.cli.main", "serve", "--worker", "--port", str(port)]
    process = subprocess.Popen(program, env=own_database.environment, stdout=subprocess.PIPE, text=True)
    yield process, port
    process.send_signal(signal.SIGTERM)
    process.wait(40)


def test_it_serves_and_works_and_stops(served: tuple[subprocess.Popen[str], int]) -> None:
    process, port = served
    assert process.stdout is not None
    assert process.stdout.readline() == f"已启动：http://127.0.0.1:{port}\n"
    assert asked(port, "/health/") == (200, b"ok\n")
    assert asked(port, "/health/ready/") == (200, b'{"ready": true}')
    worker = until(lambda: queries.alive_workers(now()).first())
    os.kill(int(worker.name.split(":")[1]), signal.SIGKILL)
    job = start(operator("clerk"), "test.unknown", {})
    until(lambda: Job.objects.get(pk=job.pk).state == JobState.FAILED)  # by a worker that was started anew
    process.send_signal(signal.SIGINT)
    assert process.wait(40) == 0
    with pytest.raises(ConnectionRefusedError):
        asked(port, "/health/")
    names = set(queries.alive_workers(now()).values_list("name", flat=True))
    assert names == {worker.name}  # the killed one could not sign off; the other did


def test_killed_it_takes_its_children_along(served: tuple[subprocess.Popen[str], int]) -> None:
    process, port = served
    assert process.stdout is not None
    process.stdout.readline()
    process.kill()
    process.wait()

    def gone() -> bool:
        try:
            asked(port, "/health/")
        except OSError:
            return True
        return False

    until(gone)
    until(lambda: not queries.alive_workers(now()).exists())


def test_what_is_not_ready_is_not_served(own_database: OwnDatabase, tmp_path: Path) -> None:  # noqa: F811
    done = feigong(own_database, "serve")
    assert (done.returncode, "请先运行 feigong setup" in done.stderr) == (2, True)
    empty = OwnDatabase(tmp_path, "", {**own_database.environment, "DATABASE_URL": f"sqlite:///{tmp_path}/empty"})
    done = feigong(empty, "serve", "--lang", "en")
    assert (done.returncode, "Please run: feigong setup" in done.stderr) == (2, True)


def test_a_taken_port_is_said(own_database: OwnDatabase) -> None:  # noqa: F811
    assert feigong(own_database, "setup").returncode == 0
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        done = feigong(own_database, "serve", "--port", str(taken.getsockname()[1]))
    assert (done.returncode, "已被占用" in done.stderr) == (2, True)


def test_setting_up_again_does_nothing(own_database: OwnDatabase) -> None:  # noqa: F811
    first, second = feigong(own_database, "setup"), feigong(own_database, "setup")
    assert "整理页面文件" in first.stderr
    assert second.stderr == f"已备好：{own_database.home}\n"
    keys = own_database.home / "keys"
    assert {oct(file.stat().st_mode & 0o777) for file in keys.glob("*.*")} == {"0o600"}


def test_djangos_commands_are_passed_on(own_database: OwnDatabase) -> None:  # noqa: F811
    done = feigong(own_database, "manage", "showmigrations", "--plan", "jobs")
    assert (done.returncode, "[X]  jobs.0001_initial" in done.stdout) == (0, True)
    assert "usage: feigong manage migrate" in feigong(own_database, "manage", "migrate", "--help").stdout
