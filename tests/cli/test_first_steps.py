"""From nothing to an installation with areas and a first account; and what `feigong check` says of it."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest
from django.test import Client

from feigong.apps.accounts.actors import operator
from feigong.apps.accounts.models import User
from feigong.apps.audit.models import Record
from feigong.apps.clock import now, today
from feigong.apps.roll import queries
from own_database import OwnDatabase, own_database  # noqa: F401


def feigong(place: OwnDatabase, *line: str, **environment: str) -> subprocess.CompletedProcess[str]:
    program = [sys.executable, "-m", "feigong.cli.main", *line]
    return subprocess.run(
        program, env={**place.environment, **environment}, capture_output=True, text=True, check=False, timeout=120
    )  # fmt: skip


def test_areas_and_the_first_account(own_database: OwnDatabase, tmp_path: Path) -> None:  # noqa: F811
    names = tmp_path / "names.csv"
    names.write_text("name,code\n云汀市,9901\n云汀区,990101\n东湾镇,990101001\n", encoding="utf-8")
    done = feigong(own_database, "setup", "--district", "990101", "--aliases", str(names))
    assert done.returncode == 0, done.stderr
    sight = operator("clerk").sight(today(), now())
    assert sorted(queries.areas(sight).values_list("name", flat=True)) == ["东湾镇", "云汀区"]
    again = feigong(own_database, "setup", "--district", "990101", "--aliases", str(names))
    assert again.returncode == 2

    refused = feigong(own_database, "account", "an")
    assert (refused.returncode, "--name" in refused.stderr) == (2, True)
    made = feigong(own_database, "account", "an", "--name", "安全员", FEIGONG_ADDRESS="https://party.example")
    assert made.returncode == 0, made.stderr
    link = re.search(r"https://party\.example(/invitation/\S+)", made.stdout)
    assert link is not None
    assert Client().get(link[1]).status_code == 200
    anew = feigong(own_database, "account", "an")
    assert anew.returncode == 0
    assert User.objects.get().role == "security_administrator"
    assert Client().get(link[1]).status_code != 200  # only the newest holds


@pytest.fixture
def ready(own_database: OwnDatabase) -> OwnDatabase:  # noqa: F811
    assert feigong(own_database, "setup").returncode == 0
    return own_database


def test_a_healthy_installation_has_no_findings_but_what_is_missing(ready: OwnDatabase) -> None:
    done = feigong(ready, "check", "--lang", "en")
    assert done.returncode == 2
    wrong = [line for line in done.stdout.splitlines() if line.startswith(("✗", "!"))]
    assert wrong == ["✗ No worker is running; imports and plans will not begin.", "! There has been no backup yet."]
    assert "1 problem found." in done.stdout


def test_what_is_wrong_is_said_with_the_mend(ready: OwnDatabase, tmp_path: Path) -> None:
    keys = tmp_path / "keys.json"
    keys.write_bytes(Path(ready.environment["FEIGONG_KEYS"]).read_bytes())
    keys.chmod(0o644)
    Record.objects.filter(number=1).update(actor_name="somebody")
    for change, said in (
        ({"FEIGONG_KEYS": str(keys)}, "请运行 chmod 600"),
        ({"FEIGONG_KEYS": str(tmp_path / "none.json")}, "请把保管的密钥文件放回原处"),
        ({"FEIGONG_ADDRESS": "http://party.example"}, "密码在网络上是明文"),
        ({"FEIGONG_DEBUG": "1"}, "调试模式开着"),
    ):
        done = feigong(ready, "check", **change)
        assert (done.returncode, said in done.stdout) == (2, True), done.stdout + done.stderr


def test_an_https_address_passes_djangos_own_check(ready: OwnDatabase) -> None:
    done = feigong(ready, "manage", "check", "--deploy", "--fail-level", "WARNING", FEIGONG_ADDRESS="https://party.example")
    assert done.returncode == 0, done.stderr
    done = feigong(ready, "check", FEIGONG_ADDRESS="https://party.example")
    assert "✓ 框架的安全设置" in done.stdout
    assert "✓ 访问地址和加密" in done.stdout


def test_a_database_that_is_away_is_said(ready: OwnDatabase) -> None:
    away = {"DATABASE_URL": "postgres://nobody@127.0.0.1:1/nothing"}
    done = feigong(ready, "check", **away)
    assert (done.returncode, "连不上数据库" in done.stdout) == (2, True), done.stdout + done.stderr
