"""``feigong restore``: bring a copy back into an empty place."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from feigong.apps.operation.backup import keys_beside
from feigong.apps.operation.restore import restore
from feigong.cli.console import err, out
from feigong.cli.installation import somebody_here
from feigong.cli.language import spoken
from feigong.wording import Words

EXIT_CHAIN_BROKEN = 2


def command(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="备份文件 / the copy", exists=True, dir_okay=False)],
    keys: Annotated[
        Path | None, typer.Option("--keys", metavar="FILE", help="密钥文件 / the keys (default: those beside it)")
    ] = None,
    lang: Annotated[str | None, typer.Option("--lang", metavar="zh|en", help="语言 / language")] = None,
) -> None:
    """Refused where something is there already. Exit code 2: the audit chain was broken in the copy."""
    words = Words(spoken(lang))
    beside = keys_beside(file)
    given = keys or (beside if beside.exists() else None)
    done = restore(
        somebody_here(), file, given, told=lambda step: err.print(words.word(f"restore.{step}"), markup=False)
    )
    line = words.word("restore.done", made_at=f"{done.made_at:%Y-%m-%d %H:%M}", version=done.version,
                      tables=done.tables, rows=done.rows, files=done.files)  # fmt: skip
    out.print(line, markup=False, soft_wrap=True)
    if done.chain_faults:
        out.print(words.word("restore.chain_broken", n=done.chain_faults), markup=False, soft_wrap=True)
        raise typer.Exit(EXIT_CHAIN_BROKEN)
    out.print(words.word("restore.chain_whole", n=done.number), markup=False, soft_wrap=True)
    err.print(words.word("restore.next_older" if done.older else "restore.next"), markup=False, soft_wrap=True)
