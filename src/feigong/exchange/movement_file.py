"""Reads when a branch is said to be endangered by members who come and go, and how long a letter is good."""

from __future__ import annotations

from functools import lru_cache
from importlib.resources import files
from typing import Annotated

from pydantic import Field

from feigong.exchange.yaml_file import Shape, parse, shaped


class MovementRules(Shape):
    safe_chance: Annotated[float, Field(gt=0, lt=1)]
    fewest_members: Annotated[int, Field(ge=1)]
    months: Annotated[int, Field(ge=1, le=60)]
    letter_days: Annotated[int, Field(ge=1, le=366)]


@lru_cache(maxsize=1)
def load_movement() -> MovementRules:
    file = files("feigong") / "data" / "movement.yaml"
    return shaped(MovementRules, parse(file.read_text(encoding="utf-8"), file.name), file.name)
