"""Reads the planning parameters: defaults that come with the program, a district's own file on top."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from importlib.resources import files
from pathlib import Path
from typing import Annotated, Any

from pydantic import Field, model_validator

from feigong.core.coverage.parameters import CoverageParameters
from feigong.core.coverage.values import Basis
from feigong.core.errors import FeigongError
from feigong.core.regulations import RuleBook, Words
from feigong.core.roll.places.distance import DistanceTable
from feigong.exchange.yaml_file import Shape, parse, read, shaped

Number = int | float
Value = bool | int | float | tuple[str, ...]
DISTANCES = "distances"
BASES = tuple(b.value for b in Basis)


@dataclass(frozen=True, slots=True)
class ParameterInfo:
    """What a parameter is: shown in the report and in the handbook."""

    id: str
    title: Words
    why: Words
    unit: str
    least: float | None
    most: float | None
    rule: str | None  # the rule whose value in force is the default
    name: str  # which of the rule's figures


class _Words(Shape):
    zh: str
    en: str

    def value(self) -> Words:
        return Words(self.zh, self.en)


class _Entry(Shape):
    id: str
    title: _Words
    why: _Words
    default: bool | Number | Annotated[tuple[str, ...], Field(strict=False)] | None = None
    rule: str | None = None
    name: str = "value"
    unit: str = ""
    least: Number | None = None
    most: Number | None = None

    @model_validator(mode="after")
    def _one_default(self) -> _Entry:
        if (self.default is None) == (self.rule is None):
            raise ValueError("either a default or a rule that gives it")
        figure = self.rule is not None or not isinstance(self.default, (bool, tuple))
        if figure and (self.least is None or self.most is None):
            raise ValueError("a figure needs least and most")
        return self

    def info(self) -> ParameterInfo:
        return ParameterInfo(
            self.id, self.title.value(), self.why.value(), self.unit, self.least, self.most, self.rule, self.name
        )


class _File(Shape):
    parameters: Annotated[tuple[_Entry, ...], Field(strict=False)]


@lru_cache(maxsize=1)
def _entries() -> tuple[_Entry, ...]:
    file = files("feigong") / "data" / "parameters.yaml"
    return shaped(_File, parse(file.read_text(encoding="utf-8"), file.name), file.name).parameters


def parameter_infos() -> tuple[ParameterInfo, ...]:
    """All parameters in the order of the shipped file."""
    return tuple(entry.info() for entry in _entries())


def _given(path: Path | None) -> dict[str, Any]:
    """The district's own values by id."""
    raw = {} if path is None else read(path) or {}
    if not isinstance(raw, Mapping):
        raise FeigongError("error.parameters.not_a_mapping", file=path.name if path else "")
    return _flat(raw)


def _flat(raw: Mapping[Any, Any]) -> dict[str, Any]:
    """By id; ``distances`` may be nested or written with a dot."""
    flat: dict[str, Any] = {}
    for key, value in raw.items():
        if key == DISTANCES and isinstance(value, Mapping):
            flat.update({f"{DISTANCES}.{k}": v for k, v in value.items()})
        else:
            flat[str(key)] = value
    known = [entry.id for entry in _entries()]
    for key, value in flat.items():
        if key not in known:
            raise FeigongError("error.parameters.unknown", key=key, found=_shown(value), known=", ".join(known))
    return flat


def _checked(entry: _Entry, default: Value, value: Any) -> Value:
    """The district's value as the kind the default has, and in its range."""
    if isinstance(default, tuple):
        names = tuple(value) if isinstance(value, (list, tuple)) else ()
        if not names or len(set(map(str, names))) != len(names) or any(n not in BASES for n in names):
            raise FeigongError("error.parameters.bases", key=entry.id, found=_shown(value), allowed=", ".join(BASES))
        return names
    if isinstance(default, bool):
        if not isinstance(value, bool):
            raise FeigongError("error.parameters.yes_no", key=entry.id, found=_shown(value))
        return value
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        raise FeigongError("error.parameters.number", key=entry.id, found=_shown(value), **_range(entry))
    if _whole(entry) and not float(value).is_integer():
        raise FeigongError("error.parameters.whole", key=entry.id, found=_shown(value), **_range(entry))
    if entry.least is not None and entry.most is not None and not entry.least <= value <= entry.most:
        raise FeigongError("error.parameters.range", key=entry.id, found=_shown(value), **_range(entry))
    return int(value) if _whole(entry) else float(value)


def _whole(entry: _Entry) -> bool:
    """Whether the parameter counts things."""
    annotation = CoverageParameters.__annotations__.get(entry.id, "")
    return annotation in (int, "int")


def _range(entry: _Entry) -> dict[str, float]:
    return {"least": entry.least or 0, "most": entry.most or 0}


def _shown(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (list, tuple)):
        return ", ".join(map(str, value))
    return f"{value:g}" if isinstance(value, (int, float)) else str(value)


def load_parameters(
    path: Path | None, rulebook: RuleBook, on: date
) -> tuple[CoverageParameters, tuple[tuple[str, str], ...]]:
    """The parameters in force on a day.

    Parameters
    ----------
    path : Path or None
        A district's YAML: ``id: value`` for what differs from the defaults. Distances nested under ``distances``.
    rulebook : RuleBook
        Gives the defaults that are a rule's value in force, with the district's overrides.
    on : date
        The day of the plan.

    Returns
    -------
    parameters : CoverageParameters
    shown : tuple of (id, value as text)
        In the order of the shipped file.

    Raises
    ------
    FeigongError
        ``error.parameters.*`` naming the key, what was found and what is allowed; ``error.yaml.*`` for a broken file.
    """
    values = _values(_given(path), rulebook, on)
    return _assembled(values), tuple((id_, _shown(value)) for id_, value in values.items())


def parameters_with(
    chosen: Mapping[str, Any], rulebook: RuleBook, on: date
) -> tuple[CoverageParameters, tuple[tuple[str, str], ...]]:
    """As `load_parameters`, with values that somebody chose in place of a file's. Raises the same errors."""
    values = _values(_flat(chosen), rulebook, on)
    return _assembled(values), tuple((id_, _shown(value)) for id_, value in values.items())


def parameter_defaults(rulebook: RuleBook, on: date) -> dict[str, Value]:
    """The value in force of each parameter where nobody chooses another, by id."""
    return _values({}, rulebook, on)


def _values(given: Mapping[str, Any], rulebook: RuleBook, on: date) -> dict[str, Value]:
    values: dict[str, Value] = {}
    for entry in _entries():
        default = _default(entry, rulebook, on)
        values[entry.id] = _checked(entry, default, given.get(entry.id, default))
    if values["officer_warn"] < values["officer_usual"]:  # type: ignore[operator]
        raise FeigongError(
            "error.parameters.warn_below_usual",
            warn=_shown(values["officer_warn"]),
            usual=_shown(values["officer_usual"]),
        )
    return values


def _default(entry: _Entry, rulebook: RuleBook, on: date) -> Value:
    if entry.default is not None:
        return entry.default
    return rulebook.at(entry.rule or "", on).number(entry.name)


def _assembled(values: Mapping[str, Any]) -> CoverageParameters:
    distances = {k.removeprefix(f"{DISTANCES}."): v for k, v in values.items() if k.startswith(f"{DISTANCES}.")}
    rest = {k: v for k, v in values.items() if not k.startswith(f"{DISTANCES}.") and k != "bases"}
    bases = tuple(Basis(name) for name in values["bases"])
    return CoverageParameters(bases=bases, distances=DistanceTable(**distances), **rest)
