"""``feigong keys``: the keys of sealed fields of this installation: made, looked at, changed, the old ones dropped."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

import typer
from django.conf import settings

from feigong.apps.clock import now
from feigong.apps.seals.actions import old_keys, retire, rotate
from feigong.apps.seals.keyring import keyring, make_first_keys
from feigong.cli.console import err, out, progress_bars
from feigong.cli.installation import operator_here
from feigong.cli.language import spoken
from feigong.wording import Words


class Task(StrEnum):
    SHOW = "show"
    MAKE = "make"
    ROTATE = "rotate"
    RETIRE = "retire"


def command(
    task: Annotated[
        Task,
        typer.Argument(
            help="show 看现状；make 首次生成；rotate 换新密钥并重新加密；retire 去掉旧密钥"
            " / show; make the first keys; rotate: a new key, everything sealed anew; retire: drop old keys"
        ),
    ] = Task.SHOW,
    lang: Annotated[str | None, typer.Option("--lang", metavar="zh|en", help="语言 / language")] = None,
) -> None:
    """Look after the keys."""
    words = Words(spoken(lang))
    {Task.SHOW: _show, Task.MAKE: _make, Task.ROTATE: _rotate, Task.RETIRE: _retire}[task](words)


def _show(words: Words) -> None:
    ring = keyring()
    out.print(words.word("keys.file", file=str(settings.KEYS)), markup=False, soft_wrap=True)
    out.print(words.word("keys.current", key=ring.current, cipher=settings.CIPHER), markup=False)
    for name in old_keys(ring):
        since = ring.replaced[name][:16].replace("T", " ")
        out.print(words.word("keys.old", key=name, since=since), markup=False)


def _make(words: Words) -> None:
    make_first_keys()
    out.print(words.word("keys.made", file=str(settings.KEYS)), markup=False, soft_wrap=True)


def _rotate(words: Words) -> None:
    actor = operator_here()
    with progress_bars() as bars:
        task = bars.add_task(words.word("action.keys.renew"), total=None, reached="")
        done = rotate(actor, at=now(), told=lambda place, count: bars.update(task, reached=f"{place} {count:,}"))
    said = "keys.rotated" if done.made else "keys.finished"
    out.print(words.word(said, key=done.key, n=done.renewed), markup=False, soft_wrap=True)
    if done.broken:
        err.print(words.word("keys.broken", n=done.broken), markup=False, soft_wrap=True)


def _retire(words: Words) -> None:
    actor = operator_here()
    gone = retire(actor, at=now())
    if gone:
        out.print(words.word("keys.retired", keys=words.join(gone)), markup=False, soft_wrap=True)
    else:
        out.print(words.word("keys.none_to_retire"), markup=False)
