"""``feigong setup``: make the installation ready; as often as one likes."""

from __future__ import annotations

from datetime import date
from importlib import import_module
from pathlib import Path
from typing import Annotated

import typer

from feigong.apps.clock import today
from feigong.apps.operation.installation import home, make_ready
from feigong.apps.operation.logins import logins
from feigong.cli.console import err
from feigong.cli.installation import operator_here
from feigong.cli.language import spoken
from feigong.wording import Words


def command(
    demo: Annotated[
        bool, typer.Option("--demo", help="装入虚构的区 / load the fictional district, where there is nothing else")
    ] = False,
    district: Annotated[
        str | None, typer.Option("--district", metavar="CODE", help="建立本区的区域 / make the areas of this district")
    ] = None,
    aliases: Annotated[
        Path | None, typer.Option("--aliases", metavar="FILE", help="本区的名称代码表 / the district's own names")
    ] = None,
    lang: Annotated[str | None, typer.Option("--lang", metavar="zh|en", help="语言 / language")] = None,
) -> None:
    """Database, keys, files of the pages; with --demo the fictional district."""
    words = Words(spoken(lang))

    def told(code: str) -> None:
        err.print(words.word(code), markup=False)

    make_ready(lambda step: told(f"setup.{step}"))
    if district is not None:
        import_module("feigong.apps.imports.actions").seed_areas(
            operator_here(), district, on=date(today().year, 1, 1), names=aliases
        )
        told("setup.areas")
    if demo and not logins():
        import_module("feigong.apps.operation.demo").load_demo(operator_here(), told)
    err.print(words.word("setup.done", home=str(home())), markup=False, soft_wrap=True)
