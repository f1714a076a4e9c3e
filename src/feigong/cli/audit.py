"""``feigong audit verify``: is the chain of records whole, and do the rows of the roll agree with it?"""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

import typer

from feigong.apps.audit.actions import verify
from feigong.cli.console import err, out, progress_bars
from feigong.cli.installation import operator_here
from feigong.cli.language import spoken
from feigong.wording import Words

EXIT_BROKEN = 1


class Task(StrEnum):
    VERIFY = "verify"


def command(
    task: Annotated[Task, typer.Argument(help="verify 核对审计链 / verify the chain")] = Task.VERIFY,
    expect: Annotated[
        str, typer.Option("--expect", metavar="HASH", help="以前抄存的链尾 / an end of the chain kept before")
    ] = "",
    roll: Annotated[bool, typer.Option("--roll", help="同时核对台账各行与记录 / and the rows of the roll")] = False,
    lang: Annotated[str | None, typer.Option("--lang", metavar="zh|en", help="语言 / language")] = None,
) -> None:
    """Verify, say each finding, and the end of the chain to be kept elsewhere. Exit code 1: something was altered."""
    words = Words(spoken(lang))
    actor = operator_here()
    with progress_bars() as bars:
        bar = bars.add_task(words.word("action.audit.verify"), total=None, reached="")
        found = verify(
            actor,
            expect=expect,
            roll=roll,
            told=lambda done, total: bars.update(bar, completed=done, total=total),
        )
    for finding in found.findings:
        err.print(words.say(finding), markup=False, soft_wrap=True)
    if found.count > len(found.findings):
        err.print(words.word("audit.more_findings", n=found.count - len(found.findings)), markup=False)
    said = "audit.whole" if found.whole else "audit.broken"
    line = words.word(said, records=found.records, entries=found.entries, n=found.count)
    out.print(line, markup=False, soft_wrap=True)
    out.print(words.word("audit.keep"), markup=False, soft_wrap=True)
    out.print(f"{found.number} {found.hash}", markup=False, soft_wrap=True)
    if not found.whole:
        raise typer.Exit(EXIT_BROKEN)
