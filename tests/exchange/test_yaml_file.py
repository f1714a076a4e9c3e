"""YAML written by people: whatever is wrong is an error with its place, never a crash and never silence."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feigong.core.errors import FeigongError
from feigong.exchange.yaml_file import parse


@pytest.mark.parametrize(
    ("text", "code", "line"),
    [
        ("a: [", "error.yaml.broken", 2),
        ("a: 1\n b: 2", "error.yaml.broken", 2),
        ("travel_m: 1\ntravel_m: 2", "error.yaml.broken", 2),
        ("x: {a: 1, a: 2}", "error.yaml.broken", 1),
        ("a: \x00", "error.yaml.broken", 1),
        ("a: !!python/object/apply:os.getcwd []", "error.yaml.broken", 1),
        ("? [1, 2]\n: 3", "error.yaml.broken", 1),
        ("since: 2026-02-30", "error.yaml.day", None),
    ],
)
def test_what_is_wrong_is_named(text: str, code: str, line: int | None) -> None:
    with pytest.raises(FeigongError) as error:
        parse(text, "区.yaml")
    assert error.value.reason.code == code
    assert error.value.reason.params["file"] == "区.yaml"
    assert error.value.reason.params.get("line") == line


def test_what_is_right_is_read() -> None:
    assert parse("a: {b: [1, 2.5, true, 街]}\nc:", "x") == {"a": {"b": [1, 2.5, True, "街"]}, "c": None}


@given(st.text(max_size=40))
def test_no_text_crashes(text: str) -> None:
    try:
        parse(text, "x")
    except FeigongError as error:
        assert error.reason.code.startswith("error.yaml.")
