"""The locks hold what `pyproject.toml` asks for, and each lock is part of the next."""

from __future__ import annotations

import json
import os
import re
import subprocess
import tomllib

import pytest

from architecture.project import ROOT

NAME = re.compile(r"^([A-Za-z0-9][\w.-]*)(?:\[[^\]]*\])?==(\S+)(.*?)\s*\\?$", flags=re.MULTILINE)


def _plain(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def _pins(lock: str) -> set[tuple[str, str]]:
    text = (ROOT / "requirements" / f"{lock}.txt").read_text(encoding="utf-8")
    return {(_plain(name), version) for name, version, _ in NAME.findall(text)}


def _asked() -> dict[str, list[str]]:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    groups = project["dependency-groups"]
    extra = project["project"]["optional-dependencies"]["cluster"]
    return {
        "runtime": [*project["project"]["dependencies"], "setuptools"],
        "dev": [*groups["dev"], *extra],
        "bench": groups["bench"],
    }


@pytest.mark.parametrize("lock", ["runtime", "dev", "bench"])
def test_the_lock_has_what_is_asked_for(lock: str) -> None:
    pinned = {name for name, _ in _pins(lock)}
    asked = {_plain(re.split(r"[\s<>=!~\[;]", want, maxsplit=1)[0]) for want in _asked()[lock]}
    assert asked - pinned == set(), "run: make lock"


def test_each_lock_is_part_of_the_next() -> None:
    assert _pins("runtime") < _pins("dev") < _pins("bench")


def test_the_lock_of_the_pages_has_what_is_asked_for() -> None:
    asked = json.loads((ROOT / "package.json").read_text(encoding="utf-8"))
    lock = json.loads((ROOT / "package-lock.json").read_text(encoding="utf-8"))["packages"]
    root = lock.pop("")
    assert root["dependencies"] == asked["dependencies"], "run: make lock"
    assert root["devDependencies"] == asked["devDependencies"], "run: make lock"
    assert {f"node_modules/{name}" for name in asked["dependencies"]} <= lock.keys()
    assert all(package["integrity"].startswith("sha512-") for package in lock.values())


SCRIPTS = sorted(path.relative_to(ROOT).as_posix() for path in (ROOT / "scripts").iterdir() if path.is_file())


@pytest.mark.parametrize("script", [*SCRIPTS, ".ci/run"])
def test_scripts_can_run(script: str) -> None:
    path = ROOT / script
    assert os.access(path, os.X_OK)
    shell = "bash" if script == ".ci/run" else "sh"
    assert subprocess.run([shell, "-n", str(path)], capture_output=True, check=False).stderr == b""
