"""Differences, parameters and actions as a page says them."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from feigong.apps.audit.queries import ACCOUNT, Difference, Field, Spoken
from feigong.apps.roll.kinds import RecordKind
from feigong.exchange.targets_file import load_measures
from feigong.wording import Words

Names = Mapping[tuple[str, int], str]


@dataclass(frozen=True, slots=True)
class Line:
    field: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Block:
    """What happened to one thing."""

    title: str
    way: str
    tone: str
    since: date | None
    until: date | None
    lines: tuple[Line, ...]
    about: str  # for a link to all records about it: `member:12`; empty: there is none


_TONES = {"added": "good", "changed": "", "ended": "warn", "touched": "plain"}


def action_word(words: Words, code: str) -> str:
    """Of an action that another version of the program may have recorded."""
    return words.word(f"action.{code}") if words.has(f"action.{code}") else code


def blocks(differences: Iterable[Difference], names: Names, words: Words) -> list[Block]:
    return [_block(one, names, words) for one in differences]


def _block(one: Difference, names: Names, words: Words) -> Block:
    thing = next(iter(one.things()), None) or _itself(one)
    label = words.word(f"kind.{one.kind}") if words.has(f"kind.{one.kind}") else one.kind
    about = [_said(field, field.after, names, words) for field in one.about]
    if not about and thing is not None and thing in names:
        about = [names[thing]]
    title = words.word("web.audit.block", kind=label, name=" · ".join(about)) if about else label
    lines = tuple(
        Line(_field_word(f.name, words), _said(f, f.before, names, words), _said(f, f.after, names, words))
        for f in one.fields
    )
    key = f"{thing[0]}:{thing[1]}" if thing is not None else ""
    return Block(title, words.word(f"web.audit.way_{one.way}"), _TONES[one.way], one.since, one.until, lines, key)


def _itself(one: Difference) -> tuple[str, int] | None:
    if one.kind == ACCOUNT:
        return ACCOUNT, one.object_id
    label = one.kind.removeprefix("roll.")
    return (label, one.object_id) if label in tuple(RecordKind) else None


def named(differences: Iterable[Difference]) -> Iterator[tuple[str, int]]:
    """Everything whose name a page of these needs."""
    for one in differences:
        yield from one.things()
        itself = _itself(one)
        if itself is not None:
            yield itself


def _field_word(name: str, words: Words) -> str:
    for code in (f"field.{name}", f"web.audit.field.{name}"):
        if words.has(code):
            return words.word(code)
    return name


def _said(field: Field, value: Any, names: Names, words: Words) -> str:
    if value is None or value == "" or value == []:
        return ""
    match field.spoken:
        case Spoken.SEALED:
            return words.word("web.audit.sealed")
        case Spoken.CHOICE if words.has(f"{field.family}.{value}"):
            return words.word(f"{field.family}.{value}")
        case Spoken.THING if field.thing is not None:
            return names.get((field.thing, value)) or words.word("web.lists.not_in_sight")
    if field.name == "revealed":
        return _field_word(str(value), words)
    if field.name == "measure":
        return measure_word(str(value), words)
    return _plain(value, words)


def measure_word(code: str, words: Words) -> str:
    """Of something that targets are set for."""
    return next((str(getattr(one.title, words.lang)) for one in load_measures() if one.code == code), code)


def _plain(value: Any, words: Words) -> str:
    if isinstance(value, bool):
        return words.yes(value)
    if isinstance(value, list) and all(isinstance(one, str | int) for one in value):
        return words.join([str(one) for one in value])
    if isinstance(value, list | dict):
        return json.dumps(value, ensure_ascii=False)
    return str(value)


def param_lines(params: Mapping[str, Any], words: Words) -> list[tuple[str, str]]:
    """What a record says of itself, in words where there are some."""
    return [(_param_word(name, words), _param_value(name, value, words)) for name, value in params.items() if value]


def _param_word(name: str, words: Words) -> str:
    code = f"web.audit.param.{name}"
    return words.word(code) if words.has(code) else name


def _param_value(name: str, value: Any, words: Words) -> str:
    family = {"kind": "roll_kind", "field": "field"}.get(name)
    if family and words.has(f"{family}.{value}"):
        return words.word(f"{family}.{value}")
    if name == "measure":
        return measure_word(str(value), words)
    if name == "measures" and isinstance(value, list):
        return words.join([measure_word(str(one), words) for one in value])
    if name == "list" and words.has(f"web.{value}.title"):
        return words.word(f"web.{value}.title")
    return _plain(value, words)
