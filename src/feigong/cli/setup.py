"""``feigong setup``: make the installation ready; as often as one likes."""

from __future__ import annotations

from typing import Annotated

import typer

from feigong.apps.operation.installation import home, make_ready
from feigong.cli.console import err
from feigong.cli.language import spoken
from feigong.wording import Words


def command(
    lang: Annotated[str | None, typer.Option("--lang", metavar="zh|en", help="语言 / language")] = None,
) -> None:
    """Database, keys, files of the pages."""
    words = Words(spoken(lang))

    def told(step: str) -> None:
        err.print(words.word(f"setup.{step}"), markup=False)

    make_ready(told)
    err.print(words.word("setup.done", home=str(home())), markup=False, soft_wrap=True)
