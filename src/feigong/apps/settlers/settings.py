"""Which new registrations open a case: ``data/settlers.yaml``."""

from __future__ import annotations

from functools import cache
from importlib import resources
from typing import Annotated

from pydantic import Field

from feigong.exchange.yaml_file import Shape, parse, shaped


class Settings(Shape):
    open: bool
    days: Annotated[int, Field(ge=0)]
    kinds: Annotated[tuple[str, ...], Field(strict=False)]
    left_out: Annotated[tuple[str, ...], Field(strict=False)]


@cache
def settings() -> Settings:
    name = "settlers.yaml"
    text = resources.files("feigong.data").joinpath(name).read_text(encoding="utf-8")
    return shaped(Settings, parse(text, name), name)
