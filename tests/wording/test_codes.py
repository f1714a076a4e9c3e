"""Every code that the program says has its sentence, and gets the values that the sentence asks for."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path
from string import Formatter

import feigong
from feigong.wording import LANGUAGES, Words

SOURCE = Path(feigong.__file__).parent
SPEAKERS = ("reason", "Reason", "FeigongError", "word")
ADDED_LATER = {"column", "name"}  # merging adds where a fault was found


def said() -> Iterator[tuple[str, str, set[str] | None]]:
    """(place, code, names of the values given or None where they cannot be seen) of every call with a code."""
    for path in sorted(SOURCE.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not isinstance(node, ast.Call) or not node.args or not isinstance(node.args[0], ast.Constant):
                continue
            name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
            code = node.args[0].value
            if name not in SPEAKERS or not isinstance(code, str):
                continue
            hidden = len(node.args) > 1 or any(k.arg is None for k in node.keywords)
            given = None if hidden else {str(k.arg) for k in node.keywords}
            yield f"{path.relative_to(SOURCE)}:{node.lineno}", code, given


def placeholders(sentence: str) -> set[str]:
    return {field for _, field, _, _ in Formatter().parse(sentence) if field}


def test_every_code_has_its_sentence() -> None:
    found = list(said())
    assert len(found) > 200
    missing = {(lang, place, code) for lang in LANGUAGES for place, code, _ in found if not Words(lang).has(code)}
    assert missing == set()


def test_every_sentence_gets_its_values() -> None:
    short = set()
    for lang in LANGUAGES:
        words = Words(lang)
        for place, code, given in said():
            if given is not None and words.has(code):
                lacking = placeholders(words._sentences[code]) - given - ADDED_LATER
                if lacking:
                    short.add((lang, place, code, tuple(sorted(lacking))))
    assert short == set()
