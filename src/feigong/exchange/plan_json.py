"""A coverage plan as JSON, complete: what is written is what is read.

The document is ``{"schema": "feigong.coverage-plan", "version": 1, "plan": {...}}``; ``plan`` has the fields of
`feigong.core.coverage.values.CoveragePlan` by their names. Dates are ISO text, outcomes and the like their codes, a
reason is ``{"code": ..., "params": {...}}``, lengths are metres, shares are fractions of one. It holds codes of
enterprises and keys of officers, and nothing about any person. ``version`` grows when a field is renamed or changes its
meaning; a new field with a default does not change it.
"""

from __future__ import annotations

import json
import types
from collections.abc import Callable
from dataclasses import fields, is_dataclass
from datetime import date
from enum import Enum
from functools import lru_cache, partial
from itertools import repeat
from typing import Any, Union, get_args, get_origin, get_type_hints

from feigong.core.coverage.values import CoveragePlan, JointBranch
from feigong.core.errors import FeigongError
from feigong.core.reasons import Reason

SCHEMA = "feigong.coverage-plan"
VERSION = 1


def plan_to_json(plan: CoveragePlan, *, indent: int | None = None) -> str:
    """The plan as one JSON document."""
    document = {"schema": SCHEMA, "version": VERSION, "plan": _encode(plan)}
    return json.dumps(document, ensure_ascii=False, indent=indent, allow_nan=False)


def plan_from_json(text: str) -> CoveragePlan:
    """Read back what `plan_to_json` wrote.

    Raises
    ------
    FeigongError
        ``error.plan_not_json``, ``error.plan_version`` or ``error.plan_field`` (names the field).
    """
    plan: CoveragePlan = _decode(CoveragePlan, _document(text).get("plan"), "plan")
    return plan


def branches_from_json(text: str) -> tuple[JointBranch, ...]:
    """Only the joint branches of a plan: a map needs no more, and decisions are many."""
    plan = _document(text).get("plan")
    if not isinstance(plan, dict):
        raise FeigongError("error.plan_field", field="plan")
    branches: tuple[JointBranch, ...] = _decode(tuple[JointBranch, ...], plan.get("branches"), "plan.branches")
    return branches


def _document(text: str) -> dict[str, Any]:
    try:
        document = json.loads(text)
    except (ValueError, RecursionError) as fault:
        raise FeigongError("error.plan_not_json") from fault
    if not isinstance(document, dict) or document.get("schema") != SCHEMA:
        raise FeigongError("error.plan_not_json")
    if document.get("version") != VERSION:
        raise FeigongError("error.plan_version", found=str(document.get("version")), known=VERSION)
    return document


def _encode(value: Any) -> Any:
    if isinstance(value, Reason):
        return {"code": value.code, "params": dict(value.params)}
    if isinstance(value, Enum):
        return value.value
    if is_dataclass(value):
        return {f.name: _encode(getattr(value, f.name)) for f in fields(value)}
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, list | tuple):
        return [_encode(v) for v in value]
    return value


_FAULTS = (TypeError, ValueError, KeyError, AttributeError)
Decoder = Callable[[Any], Any]


class _WrongError(ValueError):
    """Names the field, as seen from the value that was being read."""

    def __init__(self, step: str, fault: Exception) -> None:
        self.path: str = step + (fault.path if isinstance(fault, _WrongError) else "")
        super().__init__(self.path)


def _decode(kind: Any, value: Any, where: str) -> Any:
    """The value of a given type from what JSON has in its place."""
    try:
        return _decoder(kind)(value)
    except _FAULTS as fault:
        raise FeigongError("error.plan_field", field=_WrongError(where, fault).path) from fault


@lru_cache(maxsize=64)
def _decoder(kind: Any) -> Decoder:
    """Made once for a type: a plan has many thousand values of few types."""
    origin = get_origin(kind)
    if origin in (Union, types.UnionType):
        inner = _decoder(next(a for a in get_args(kind) if a is not type(None)))
        return lambda value: None if value is None else inner(value)
    if origin is tuple:
        return _tuples(get_args(kind))
    if kind is Reason:
        return lambda value: Reason(value["code"], value["params"])
    if kind is date:
        return date.fromisoformat
    if is_dataclass(kind) and isinstance(kind, type):
        return _records(kind)
    if isinstance(kind, type) and issubclass(kind, Enum):
        return kind
    return partial(_plain, kind)


def _records(kind: type) -> Decoder:
    inner = {name: _decoder(hint) for name, hint in get_type_hints(kind).items()}

    def read(value: Any) -> Any:
        given = {}
        for name, one in value.items():
            if name in inner:
                try:
                    given[name] = inner[name](one)
                except _FAULTS as fault:
                    raise _WrongError(f".{name}", fault) from fault
        return kind(**given)

    return read


def _tuples(args: tuple[Any, ...]) -> Decoder:
    whole = len(args) == 2 and args[1] is Ellipsis
    inner = [_decoder(one) for one in (args[:1] if whole else args)]

    def read(value: Any) -> tuple[Any, ...]:
        if not isinstance(value, list):
            raise TypeError(value)
        found = []
        readers = repeat(inner[0], len(value)) if whole else inner
        for number, (reader, one) in enumerate(zip(readers, value, strict=True)):
            try:
                found.append(reader(one))
            except _FAULTS as fault:
                raise _WrongError(f"[{number}]", fault) from fault
        return tuple(found)

    return read


def _plain(kind: Any, value: Any) -> Any:
    """Numbers, text and yes/no; a whole number stands for a float too (JSON does not tell them apart)."""
    if kind is float and isinstance(value, int) and not isinstance(value, bool):
        return float(value)
    if not isinstance(value, kind) or (kind is int and isinstance(value, bool)):
        raise TypeError(str(kind))
    return value
