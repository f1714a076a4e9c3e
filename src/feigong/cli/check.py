"""``feigong check``: what is wrong with this installation, and the mend."""

from __future__ import annotations

from typing import Annotated

import typer

from feigong.apps.clock import now
from feigong.apps.operation.checks import Finding, Grade, check_all
from feigong.cli.console import out
from feigong.cli.language import spoken
from feigong.wording import Words

EXIT_WRONG = 2


def command(
    strict: Annotated[bool, typer.Option("--strict", help="提醒也算问题 / warnings count as errors")] = False,
    lang: Annotated[str | None, typer.Option("--lang", metavar="zh|en", help="语言 / language")] = None,
) -> None:
    """Look at everything; exit code 2 where something is wrong."""
    words = Words(spoken(lang))
    found = check_all(now())
    for name, findings in found.items():
        if not findings:
            out.print(f"[green]✓[/] {words.word(f'check.{name}')}")
        for finding in findings:
            _say(finding, words)
    wrong = [f for findings in found.values() for f in findings if strict or f.grade == Grade.ERROR]
    out.print(words.word("check.all_good" if not wrong else "check.some_wrong", n=len(wrong)), markup=False)
    raise typer.Exit(EXIT_WRONG if wrong else 0)


def _say(finding: Finding, words: Words) -> None:
    sign = "[bold red]✗[/]" if finding.grade == Grade.ERROR else "[yellow]![/]"
    out.print(sign, end=" ")
    out.print(words.word(f"check.finding.{finding.code}", **finding.params), markup=False, soft_wrap=True)
    out.print("  " + words.word(f"check.mend.{finding.code}", **finding.params), markup=False, soft_wrap=True)
