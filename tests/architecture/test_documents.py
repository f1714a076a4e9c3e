"""The documents name files, commands and options that exist."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import typer

from architecture.project import ROOT, kept_files, shown
from feigong.cli.main import COMMANDS, build

DOCUMENTS = tuple(p for p in kept_files() if p.suffix == ".md")
LINK = re.compile(r"\]\((?!https?:|#)([^)#]+)")
PATH = re.compile(r"`((?:src|tests|docs|requirements|scripts|benchmarks|\.ci)/[\w./-]*\w)`")
CODE = re.compile(r"```sh\n(.*?)```|`([^`\n]+)`", flags=re.DOTALL)
COMMAND = re.compile(r"\bfeigong ([a-z]+)\b")
TARGET = re.compile(r"`make ([a-z-]+)")


@pytest.mark.parametrize("document", DOCUMENTS, ids=shown)
def test_what_is_named_is_there(document: Path) -> None:
    text = document.read_text(encoding="utf-8")
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), flags=re.MULTILINE))
    missing = [link for link in LINK.findall(text) if not (document.parent / link).exists()]
    missing += [path for path in PATH.findall(text) if not (ROOT / path).exists()]
    code = "\n".join(block or span for block, span in CODE.findall(text))
    missing += [f"feigong {name}" for name in COMMAND.findall(code) if name not in COMMANDS]
    missing += [f"make {name}" for name in TARGET.findall(text) if name not in targets]
    assert missing == []


def _options(name: str) -> set[str]:
    command = typer.main.get_command(build([name], "en")).commands[name]  # type: ignore[attr-defined]
    return {option for p in command.params for option in (*p.opts, *p.secondary_opts)} | {"--help"}


@pytest.mark.parametrize("document", DOCUMENTS, ids=shown)
def test_options_that_are_shown_exist(document: Path) -> None:
    text = document.read_text(encoding="utf-8")
    missing = []
    for block, _ in CODE.findall(text):
        for line in block.splitlines():
            words = line.partition("#")[0].split()
            if words and words[0].endswith("feigong") and len(words) > 1:
                known = _options(words[1])
                missing += [f"{words[1]} {w}" for w in words if w.startswith("--") and w not in known]
    assert missing == []


def test_every_decision_is_in_the_index() -> None:
    folder = ROOT / "docs" / "decisions"
    index = (folder / "README.md").read_text(encoding="utf-8")
    missing = [p.name for p in sorted(folder.glob("0*.md")) if f"({p.name})" not in index]
    assert missing == []


def test_the_readmes_say_the_same() -> None:
    """Same headings in number, same commands in both languages."""
    english, chinese = ((ROOT / name).read_text(encoding="utf-8") for name in ("README.md", "README.zh-CN.md"))
    assert english.count("\n## ") == chinese.count("\n## ")
    assert re.findall(r"^\.venv/bin/feigong \w+", english, flags=re.MULTILINE) == re.findall(
        r"^\.venv/bin/feigong \w+", chinese, flags=re.MULTILINE
    )
    assert re.findall(r"`var/[\w.]+`", english) == re.findall(r"`var/[\w.]+`", chinese)
