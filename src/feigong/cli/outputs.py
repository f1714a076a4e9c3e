"""May this be written? Asked on a terminal where a file exists already; refused elsewhere."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path

import typer

from feigong.cli.console import err
from feigong.core.errors import FeigongError
from feigong.exchange.atomic import check_outputs
from feigong.wording import Words


def may_replace(outputs: Sequence[Path], inputs: Sequence[Path], words: Words, *, force: bool) -> bool:
    """Whether existing outputs are to be replaced: as ``--force`` says, else as the person at the terminal says.

    Raises
    ------
    FeigongError
        Those of `check_outputs`; ``error.output_exists`` where nobody can be asked.
    typer.Exit
        Code 2: the person said no.
    """
    try:
        check_outputs(outputs, force=force, inputs=inputs)
    except FeigongError as fault:
        if fault.reason.code != "error.output_exists" or not _somebody_there():
            raise
        check_outputs(outputs, force=True, inputs=inputs)  # what no answer could mend comes first
        there = words.join([str(p) for p in outputs if p.exists()])
        err.print(words.word("ask.replace", files=there), "[y/N] ", markup=False, soft_wrap=True, end="")
        if not _yes(sys.stdin.readline()):
            err.print(words.word("ask.kept"), markup=False)
            raise typer.Exit(2) from None
        return True
    return force


def _somebody_there() -> bool:
    return sys.stdin.isatty() and sys.stderr.isatty()


def _yes(answer: str) -> bool:
    return answer.strip().lower() in ("y", "yes", "是", "好", "覆盖")
