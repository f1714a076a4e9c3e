"""YAML as people write it: read whole, checked against a shape, and a fault said with its place."""

from __future__ import annotations

from pathlib import Path
from typing import Any, TypeVar

import yaml
from pydantic import BaseModel, ConfigDict, ValidationError

from feigong.core.errors import FeigongError

M = TypeVar("M", bound=BaseModel)


class Shape(BaseModel):
    """A mapping in a file: a key that is not known is a slip, never ignored; a text is not taken for a number."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


class _Loader(getattr(yaml, "CSafeLoader", yaml.SafeLoader)):  # type: ignore[misc]
    """Plain values only, and a key given twice is a slip (plain YAML keeps the last and says nothing)."""


def _mapping_once(loader: Any, node: yaml.MappingNode) -> dict[Any, Any]:
    seen: set[str] = set()
    for key, _ in node.value:
        if str(key.value) in seen:
            raise yaml.constructor.ConstructorError(None, None, f"{key.value} is given twice", key.start_mark)
        seen.add(str(key.value))
    return dict(yaml.SafeLoader.construct_mapping(loader, node, deep=True))


_Loader.add_constructor(yaml.resolver.BaseResolver.DEFAULT_MAPPING_TAG, _mapping_once)


def parse(text: str, file: str) -> Any:
    """What the text says as plain values.

    Raises
    ------
    FeigongError
        ``error.yaml.broken`` with file and line; ``error.yaml.day`` for a day that no calendar has.
    """
    try:
        return yaml.load(text, Loader=_Loader)
    except yaml.MarkedYAMLError as fault:
        line = fault.problem_mark.line + 1 if fault.problem_mark else 1
        raise FeigongError("error.yaml.broken", file=file, line=line) from fault
    except ValueError as fault:
        raise FeigongError("error.yaml.day", file=file) from fault
    except (yaml.YAMLError, RecursionError) as fault:  # a character that YAML does not allow; brackets without end
        raise FeigongError("error.yaml.broken", file=file, line=1) from fault


def read(path: Path) -> Any:
    """The plain values of a file in UTF-8.

    Raises
    ------
    FeigongError
        ``error.yaml.missing``, ``error.yaml.unreadable`` or ``error.yaml.broken``.
    """
    try:
        text = path.read_text(encoding="utf-8-sig")
    except FileNotFoundError as fault:
        raise FeigongError("error.yaml.missing", file=str(path)) from fault
    except (OSError, UnicodeDecodeError) as fault:
        raise FeigongError("error.yaml.unreadable", file=str(path)) from fault
    return parse(text, path.name)


def shaped(model: type[M], raw: Any, file: str) -> M:
    """The values as ``model``; the first fault as ``error.yaml.value`` with its place in the file."""
    try:
        return model.model_validate(raw)
    except ValidationError as faults:
        fault = faults.errors()[0]
        where = ".".join(str(part) for part in fault["loc"]) or file
        kind = {"extra_forbidden": "error.yaml.unknown_key", "missing": "error.yaml.missing_key"}
        code = kind.get(fault["type"], "error.yaml.value")
        raise FeigongError(code, file=file, where=where, found=str(fault["input"])[:60], why=fault["msg"]) from faults
