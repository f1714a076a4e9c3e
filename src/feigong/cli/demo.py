"""``feigong demo``: a fictional district's tables, to try everything on."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from feigong.cli.console import out
from feigong.cli.language import spoken
from feigong.exchange.demo import AREA_FILE, DISTRICT_CODE, write_demo
from feigong.exchange.demo.places import CITY, DISTRICT
from feigong.wording import Words


def command(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="写到哪个文件夹 / folder to write into")],
    seed: Annotated[int, typer.Option("--seed", help="种子：相同则相同 / the same seed gives the same district")] = 1,
    enterprises: Annotated[int, typer.Option("--enterprises", help="多少家企业 / how many enterprises")] = 3000,
    month: Annotated[int, typer.Option("--month", help="1 本月，2 下个月 / 1: this month, 2: the next")] = 1,
    lang: Annotated[str | None, typer.Option("--lang", metavar="zh|en", help="语言 / language")] = None,
    force: Annotated[bool, typer.Option("--force", help="覆盖已有文件 / replace what exists")] = False,
) -> None:
    """Make a fictional district."""
    words = Words(spoken(lang))
    write_demo(folder, words, seed=seed, enterprises=enterprises, month=month, force=force)
    done = words.word("demo.done", folder=str(folder), district=f"{CITY}{DISTRICT}", firms=enterprises)
    out.print(done, markup=False, soft_wrap=True)
    areas = folder / words.word(AREA_FILE)
    next_step = words.word("demo.next", folder=str(folder), areas=str(areas), code=DISTRICT_CODE)
    out.print(next_step, markup=False, soft_wrap=True)
