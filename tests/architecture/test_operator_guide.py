"""The operator guide and the units in `deploy` say what the code does."""

from __future__ import annotations

import re

import pytest

from architecture.project import ROOT, SOURCE
from feigong.cli.main import COMMANDS

GUIDES = [ROOT / "docs" / "operator" / f"{language}.md" for language in ("zh", "en")]
NAMED = re.compile(r"""(?:environ(?:\.get\(|\[)|environ\.setdefault\(|envvar=)\s*["']([A-Z_]+)["']""")
NUMBERS = re.compile(r"""_number\("([A-Z_]+)\"""")
ELSEWHERE = {"DJANGO_SETTINGS_MODULE", "PORT", "FEIGONG_KEY"}  # set by ourselves; an option; the offline commands' key


def _settings() -> set[str]:
    found: set[str] = set()
    for path in SOURCE.rglob("*.py"):
        text = path.read_text(encoding="utf-8")
        found |= set(NAMED.findall(text)) | {f"FEIGONG_{name}" for name in NUMBERS.findall(text)}
    return found - ELSEWHERE


@pytest.mark.parametrize("guide", GUIDES, ids=lambda path: path.stem)
def test_every_setting_is_listed_and_every_listed_one_is_there(guide: object) -> None:
    text = guide.read_text(encoding="utf-8")  # type: ignore[attr-defined]
    listed = set(re.findall(r"`((?:FEIGONG|DATABASE)_[A-Z_]+)`", text))
    assert listed == _settings()


def test_both_guides_have_the_same_parts_and_commands() -> None:
    chinese, english = (guide.read_text(encoding="utf-8") for guide in GUIDES)
    assert chinese.count("\n## ") == english.count("\n## ") == 8
    assert chinese.count("\n### ") == english.count("\n### ")
    commands = [sorted(set(re.findall(r"`?feigong ([a-z]+)", text))) for text in (chinese, english)]
    assert commands[0] == commands[1]
    platform = {"setup", "account", "serve", "work", "backup", "restore", "check", "manage", "keys", "audit"}
    assert platform <= set(commands[0])


def test_units_run_commands_that_exist_and_allow_what_they_write() -> None:
    units = sorted((ROOT / "deploy" / "systemd").glob("*.service"))
    assert [unit.name for unit in units] == ["feigong-backup.service", "feigong-worker@.service", "feigong.service"]
    for unit in units:
        text = unit.read_text(encoding="utf-8")
        run = re.findall(r"^Exec\w+=/srv/feigong/\.venv/bin/feigong ([a-z]+)", text, flags=re.MULTILINE)
        assert run, unit.name
        assert set(run) <= COMMANDS.keys()
        assert "ReadWritePaths=/var/lib/feigong" in text
        assert "EnvironmentFile=/etc/feigong/feigong.env" in text


def test_the_example_environment_names_settings_that_exist() -> None:
    text = (ROOT / "deploy" / "feigong.env.example").read_text(encoding="utf-8")
    named = set(re.findall(r"^#?([A-Z_]+)=", text, flags=re.MULTILINE))
    assert named <= _settings()
    assert "FEIGONG_ADDRESS" in named
