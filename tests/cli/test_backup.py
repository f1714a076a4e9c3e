"""A copy is made while others write, and comes back whole, or not at all."""

from __future__ import annotations

import json
import os
import shutil
import sqlite3
import subprocess
import sys
import tarfile
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection

from feigong.apps.audit.models import Head, Record
from feigong.apps.roll.models import EnterpriseState
from own_database import OwnDatabase, own_database  # noqa: F401
from platform_district import build_small_district

SECOND = "restored_elsewhere"


def feigong(place: OwnDatabase, *line: str) -> subprocess.CompletedProcess[str]:
    program = [sys.executable, "-m", "feigong.cli.main", *line]
    return subprocess.run(program, env=place.environment, capture_output=True, text=True, check=False, timeout=120)


@pytest.fixture
def lived_in(own_database: OwnDatabase) -> OwnDatabase:  # noqa: F811
    """An installation with a district and a file handed in."""
    build_small_district()
    (own_database.home / "uploads").mkdir()
    (own_database.home / "uploads" / "ab12").write_bytes(b"sealed")
    return own_database


@pytest.fixture
def elsewhere(lived_in: OwnDatabase, tmp_path: Path) -> Iterator[OwnDatabase]:
    """An empty place: another home without keys, another empty database."""
    home = tmp_path / "elsewhere"
    home.mkdir()
    url = f"sqlite:///{home}/feigong.sqlite3"
    if connection.vendor != "sqlite":
        with connection.cursor() as cursor:
            cursor.execute(f"DROP DATABASE IF EXISTS {SECOND}_{os.getpid()}")
            cursor.execute(f"CREATE DATABASE {SECOND}_{os.getpid()}")
        url = lived_in.url.rpartition("/")[0] + f"/{SECOND}_{os.getpid()}"
    keys = {"FEIGONG_KEYS": str(home / "keys" / "seals.json")}
    changed = {"FEIGONG_HOME": str(home), "DATABASE_URL": url, **keys}
    yield replace(lived_in, home=home, url=url, environment={**lived_in.environment, **changed})
    if connection.vendor != "sqlite":
        with connection.cursor() as cursor:
            cursor.execute(f"DROP DATABASE {SECOND}_{os.getpid()}")


def manifest_of(file: Path) -> dict[str, object]:
    with tarfile.open(file) as archive:
        assert archive.getnames()[0] == "manifest.json"
        content = archive.extractfile("manifest.json")
        assert content is not None
        found: dict[str, object] = json.loads(content.read())
        return found


def test_there_and_back(lived_in: OwnDatabase, elsewhere: OwnDatabase, tmp_path: Path) -> None:
    copy = tmp_path / "copy.feigong"
    made = feigong(lived_in, "backup", str(copy))
    assert made.returncode == 0, made.stderr
    keys = tmp_path / "copy.keys.json"
    assert "请移到别处保管" in made.stderr
    assert [oct(file.stat().st_mode & 0o777) for file in (copy, keys)] == ["0o600", "0o600"]
    manifest = manifest_of(copy)
    assert manifest["counts"]["roll_enterprisestate"] == EnterpriseState._base_manager.count()  # type: ignore[index]
    assert set(manifest["files"]) == {"database", "uploads/ab12"}  # type: ignore[call-overload]
    number = int(str(manifest["audit_number"]))

    back = feigong(elsewhere, "restore", str(copy))
    assert back.returncode == 0, back.stderr
    assert f"操作记录的链完整，共 {number} 条。" in back.stdout
    assert "行数与备份时一致" in back.stdout
    assert (elsewhere.home / "uploads" / "ab12").read_bytes() == b"sealed"
    assert (elsewhere.home / "keys" / "seals.json").read_bytes() == Path(settings.KEYS).read_bytes()
    verified = feigong(elsewhere, "audit", "verify", "--roll")
    assert verified.returncode == 0, verified.stderr
    assert [p.name for p in elsewhere.home.iterdir() if p.name.startswith(".")] == []
    again = feigong(elsewhere, "restore", str(copy))
    assert (again.returncode, "只能恢复到空的地方" in again.stderr) == (2, True)


def test_making_a_copy_is_recorded_and_the_old_ones_go(lived_in: OwnDatabase, tmp_path: Path) -> None:
    folder = tmp_path / "copies"
    folder.mkdir()
    (folder / "feigong-20260101-010101.feigong").touch()
    (folder / "feigong-20260101-010101.keys.json").touch()
    (folder / "mine.feigong").touch()
    done = feigong(lived_in, "backup", str(folder), "--keep", "1", "--no-keys")
    assert done.returncode == 0, done.stderr
    assert sorted(p.name for p in folder.iterdir())[1:] == ["mine.feigong"]
    assert "没有另存密钥" in done.stderr
    assert Record.objects.order_by("-number").values_list("code", flat=True).first() == "backup.make"


def test_a_damaged_copy_changes_nothing(lived_in: OwnDatabase, elsewhere: OwnDatabase, tmp_path: Path) -> None:
    copy, other = tmp_path / "copy.feigong", tmp_path / "other.feigong"
    assert feigong(lived_in, "backup", str(copy)).returncode == 0
    shutil.copy(tmp_path / "copy.keys.json", tmp_path / "other.keys.json")
    content = bytearray(copy.read_bytes())
    content[len(content) // 2] ^= 1
    other.write_bytes(content)
    for file, said in ((other, "已损坏"), (tmp_path / "copy.keys.json", "已损坏")):
        done = feigong(elsewhere, "restore", str(file), "--keys", str(tmp_path / "copy.keys.json"))
        assert (done.returncode, said in done.stderr) == (2, True), done.stderr
    assert list(elsewhere.home.glob("*.sqlite3")) == []
    assert not (elsewhere.home / "uploads").exists()


def test_the_keys_must_be_those_of_the_copy(lived_in: OwnDatabase, elsewhere: OwnDatabase, tmp_path: Path) -> None:
    copy = tmp_path / "copy.feigong"
    assert feigong(lived_in, "backup", str(copy), "--no-keys").returncode == 0
    done = feigong(elsewhere, "restore", str(copy))
    assert (done.returncode, "--keys" in done.stderr) == (2, True)
    strange = json.loads(Path(settings.KEYS).read_text())
    strange["index"] = strange["audit"]
    (tmp_path / "strange.json").write_text(json.dumps(strange))
    (tmp_path / "strange.json").chmod(0o600)
    done = feigong(elsewhere, "restore", str(copy), "--keys", str(tmp_path / "strange.json"))
    assert (done.returncode, "不是这份备份的" in done.stderr) == (2, True), done.stderr
    done = feigong(elsewhere, "restore", str(copy), "--keys", str(settings.KEYS))
    assert done.returncode == 0, done.stderr


def test_a_chain_that_was_broken_in_the_copy_is_said(
    lived_in: OwnDatabase, elsewhere: OwnDatabase, tmp_path: Path
) -> None:
    Record.objects.filter(number=1).update(actor_name="somebody else")
    copy = tmp_path / "copy.feigong"
    assert feigong(lived_in, "backup", str(copy)).returncode == 0
    done = feigong(elsewhere, "restore", str(copy))
    assert (done.returncode, "有 1 处对不上" in done.stdout) == (2, True), done.stderr


def test_the_copy_is_of_one_moment(lived_in: OwnDatabase, tmp_path: Path) -> None:
    """While another program writes, counts in the manifest agree with the copied tables."""
    writing = (
        "import django; django.setup()\n"
        "from feigong.apps.audit.actions import record_event\n"
        "from feigong.apps.accounts.actors import operator\n"
        "while True: record_event(operator('writer'), 'test')\n"
    )
    writer = subprocess.Popen([sys.executable, "-c", writing], env=lived_in.environment)
    try:
        before = Head.objects.get(pk=1).number
        while Head.objects.get(pk=1).number < before + 20:
            assert writer.poll() is None
        assert feigong(lived_in, "backup", str(tmp_path / "copy.feigong")).returncode == 0
    finally:
        writer.kill()
        writer.wait()
    manifest = manifest_of(tmp_path / "copy.feigong")
    assert manifest["counts"]["audit_record"] == manifest["audit_number"]  # type: ignore[index]
    if connection.vendor == "sqlite":
        with tarfile.open(tmp_path / "copy.feigong") as archive:
            archive.extract("database", tmp_path, filter="data")
        with closing(sqlite3.connect(tmp_path / "database")) as copied:
            assert copied.execute("PRAGMA integrity_check").fetchone() == ("ok",)
            assert copied.execute("SELECT count(*), max(number) FROM audit_record").fetchone() == (
                manifest["audit_number"], manifest["audit_number"],
            )  # fmt: skip
