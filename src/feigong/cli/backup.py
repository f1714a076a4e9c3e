"""``feigong backup``: keep a copy of the installation."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from feigong.apps.clock import now
from feigong.apps.operation.backup import back_up
from feigong.cli.console import err, out
from feigong.cli.installation import operator_here
from feigong.cli.language import spoken
from feigong.wording import Words


def command(
    target: Annotated[
        Path | None, typer.Argument(metavar="[FILE|DIR]", help="写到哪里 / where to (default: backups in the home)")
    ] = None,
    keys: Annotated[bool, typer.Option("--keys/--no-keys", help="同时另存密钥 / keep the keys beside it")] = True,
    keep: Annotated[int | None, typer.Option("--keep", min=1, help="只留最近几份 / how many stay")] = None,
    lang: Annotated[str | None, typer.Option("--lang", metavar="zh|en", help="语言 / language")] = None,
) -> None:
    """Database and files in one file, keys in another."""
    words = Words(spoken(lang))
    kept = back_up(operator_here(), target, at=now(), keys=keys, keep=keep)
    size = round(kept.size / 1_000_000, 1)
    line = words.word("backup.done", file=str(kept.file), size=size, tables=kept.tables, rows=kept.rows)
    out.print(line, markup=False, soft_wrap=True)
    if kept.keys is None:
        err.print(words.word("backup.no_keys"), markup=False, soft_wrap=True)
    else:
        err.print(words.word("backup.keys", file=str(kept.keys)), style="yellow", markup=False, soft_wrap=True)
    if kept.removed:
        err.print(words.word("backup.removed", n=kept.removed), markup=False, soft_wrap=True)
