"""Applies an import and stops half-way, everything written and nothing committed, until it is killed:
`python apply_and_wait.py NUMBER FILE`; the file appears when it is half-way."""

from __future__ import annotations

import sys
import time
from pathlib import Path

import django

if __name__ == "__main__":
    django.setup()

from feigong.apps.accounts.actors import operator
from feigong.apps.imports import actions


class HalfWay:
    """What a job's context does, but that it never lets go at the end."""

    def __init__(self, reached: Path) -> None:
        self._reached = reached

    def progress(self, stage: str, done: int = 0, total: int = 0, **reached: object) -> None: ...

    def fence(self) -> None:
        self._reached.write_text("written, not committed")
        time.sleep(600)


if __name__ == "__main__":
    actions.apply(operator("tests"), int(sys.argv[1]), HalfWay(Path(sys.argv[2])))
