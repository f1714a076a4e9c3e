"""What a step changes on the roll, or asks of it. An app registers functions in `effects.py`; cases name codes."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib import import_module
from typing import Any

from django.apps import apps
from django.utils.module_loading import module_has_submodule

from feigong.apps.audit.recording import Change
from feigong.core.cases.values import Answers


@dataclass(frozen=True, slots=True)
class Subject:
    """What the case is about, by identities."""

    enterprises: tuple[int, ...]  # the host first
    organisations: tuple[int, ...] = ()
    members: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class EffectOn:
    """What an effect is given: the case, what it is about, and all answers so far, the last ones over the first."""

    case_id: int
    subject: Subject
    area_id: int
    facts: Mapping[str, Any]
    answers: Answers
    on: date


Effect = Callable[[Change, EffectOn], Mapping[str, Any]]
"""Writes within the step's change, and returns what came of it (identities): kept with the event."""

EFFECTS: dict[str, Effect] = {}


def effect(code: str) -> Callable[[Effect], Effect]:
    def register(function: Effect) -> Effect:
        EFFECTS[code] = function
        return function

    return register


@cache
def discover() -> dict[str, Effect]:
    """All effects, by code."""
    for config in apps.get_app_configs():
        if config.name != "feigong.apps.cases" and module_has_submodule(config.module, "effects"):
            import_module(f"{config.name}.effects")
    return EFFECTS
