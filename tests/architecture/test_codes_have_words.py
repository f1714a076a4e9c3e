"""Every code that the source can say has a sentence in both languages, with the same values in it."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from architecture.project import SOURCE, modules, shown, tree
from feigong.wording import LANGUAGES, Words

SAYERS = {"reason", "Reason", "FeigongError"}


def _codes(path: Path) -> Iterator[tuple[str, str, bool]]:
    """(place, code, whole): codes given as literals; of an f-string its fixed beginning, ``whole`` False."""
    for node in ast.walk(tree(path)):
        if not isinstance(node, ast.Call) or not node.args:
            continue
        name = node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")
        if name not in SAYERS:
            continue
        place = f"{shown(path)}:{node.lineno}"
        yield from ((place, code, whole) for code, whole in _literals(node.args[0]))


def _literals(node: ast.expr) -> Iterator[tuple[str, bool]]:
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield node.value, True
    elif isinstance(node, ast.JoinedStr):
        first = node.values[0]
        if isinstance(first, ast.Constant):
            yield str(first.value), False
    elif isinstance(node, ast.IfExp):
        yield from _literals(node.body)
        yield from _literals(node.orelse)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_code_has_a_sentence(lang: str) -> None:
    known = Words(lang).codes()
    missing = sorted(
        f"{code}  ({place})"
        for path in modules(SOURCE)
        for place, code, whole in _codes(path)
        if (code not in known if whole else not any(k.startswith(code) for k in known))
    )
    assert missing == [], f"no {lang} sentence for:\n" + "\n".join(missing)


def test_errors_are_named_as_errors() -> None:
    faults = [
        f"{place} {code}"
        for path in modules(SOURCE)
        for node in ast.walk(tree(path))
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "FeigongError" and node.args
        for place, code in [(f"{shown(path)}:{node.lineno}", next(_literals(node.args[0]), ("error.", True))[0])]
        if not code.startswith("error.")
    ]
    assert faults == []


def test_the_scan_finds_codes() -> None:
    found = {code for path in modules(SOURCE / "core" / "regulations") for _, code, _ in _codes(path)}
    assert "error.rules.unknown" in found
