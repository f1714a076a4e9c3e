"""Every action that the source records has words in both languages: auditors read no codes."""

from __future__ import annotations

import ast

import pytest

from architecture.project import SOURCE, modules, shown, tree
from feigong.apps.audit.queries.overview import GROUPS
from feigong.wording import LANGUAGES, Words

RECORDERS = {"changing", "record_event"}


def recorded() -> dict[str, str]:
    """Codes given as literals, with a place."""
    found = {}
    for path in modules(SOURCE):
        for node in ast.walk(tree(path)):
            if not isinstance(node, ast.Call) or len(node.args) < 2:
                continue
            name = node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")
            code = node.args[1]
            if name in RECORDERS and isinstance(code, ast.Constant) and isinstance(code.value, str):
                found[code.value] = f"{shown(path)}:{node.lineno}"
    return found


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_action_has_words(lang: str) -> None:
    known = recorded()
    assert {"reveal", "keys.rotate", "lists.export"} <= set(known)
    assert {place: code for code, place in known.items() if not Words(lang).has(f"action.{code}")} == {}


def test_figures_count_actions_that_are_recorded() -> None:
    assert {code for codes in GROUPS.values() for code in codes} <= set(recorded())
