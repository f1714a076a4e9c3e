"""How much may be handed in at once, and how long files are kept: ``data/imports.yaml``."""

from __future__ import annotations

from functools import cache
from importlib import resources

from feigong.exchange.yaml_file import Shape, parse, shaped


class Limits(Shape):
    files: int
    megabytes: int
    rows: int
    pasted_cells: int
    keep_days: int
    samples: int

    @property
    def bytes(self) -> int:
        return self.megabytes * 1024 * 1024


@cache
def limits() -> Limits:
    name = "imports.yaml"
    text = resources.files("feigong.data").joinpath(name).read_text(encoding="utf-8")
    return shaped(Limits, parse(text, name), name)
