"""The PostgreSQL of the tests comes, gives its address, and leaves nothing behind."""

from __future__ import annotations

import os
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

import dj_database_url
import psycopg
import pytest

from architecture.project import ROOT


def _server(*arguments: str | Path, **environment: str) -> subprocess.CompletedProcess[str]:
    bare = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"}
    return subprocess.run(
        [ROOT / "scripts/postgres", *arguments],
        env={**bare, **environment},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.fixture(autouse=True, scope="module")
def _available() -> None:
    told = _server("available")
    if told.returncode:
        pytest.skip(told.stderr.strip())


@pytest.fixture
def place() -> Iterator[Path]:
    """Not in pytest's folder: the server is another user when root runs the tests."""
    folder = Path(tempfile.mkdtemp(prefix="feigong-pg-", dir="/tmp"))
    yield folder
    if folder.exists():
        _server("stop", folder)


def test_it_starts_answers_and_is_gone(place: Path) -> None:
    started = _server("start", place)
    assert started.returncode == 0, started.stderr
    address = dj_database_url.parse(started.stdout.strip())
    with psycopg.connect(host=str(address["HOST"]), user=address["USER"], dbname=address["NAME"]) as connection:
        assert connection.execute("SHOW listen_addresses").fetchone() == ("",)
        assert connection.execute("SHOW server_encoding").fetchone() == ("UTF8",)
    assert _server("start", place).returncode == 2  # never over a database that is there
    assert _server("stop", place).returncode == 0
    assert not place.exists()


def test_a_command_gets_the_address_and_keeps_its_exit_code() -> None:
    done = _server("run", "sh", "-c", "echo $DATABASE_URL; exit 3", TMPDIR="/tmp")
    assert done.returncode == 3
    folder = dj_database_url.parse(done.stdout.strip())["HOST"]
    assert folder.startswith("/tmp/feigong-pg.")
    assert not Path(folder).exists()


def test_a_server_that_is_given_is_used() -> None:
    done = _server("run", "sh", "-c", "echo $DATABASE_URL", DATABASE_URL="postgres://elsewhere/db")
    assert (done.returncode, done.stdout) == (0, "postgres://elsewhere/db\n")


def test_what_is_not_its_own_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "kept").write_text("kept", encoding="utf-8")
    assert _server("stop", tmp_path).returncode == 2
    assert (tmp_path / "data" / "kept").read_text(encoding="utf-8") == "kept"
