"""Tables and districts for the tests of imports: all fictional."""

from __future__ import annotations

from datetime import date
from functools import cache
from pathlib import Path
from tempfile import mkdtemp

from feigong.apps.accounts import actors
from feigong.apps.accounts.sight import Actor, Scope, Sight
from feigong.apps.clock import now
from feigong.apps.imports import actions
from feigong.exchange.demo import AREA_FILE, DISTRICT_CODE, write_demo
from feigong.wording import Words

ON = date(2026, 11, 1)
NEXT = date(2026, 12, 1)
WORDS = Words("zh")


def operator() -> Actor:
    return actors.operator("tests")


@cache
def demo_folder(month: int = 1, enterprises: int = 120, seed: int = 5) -> Path:
    folder = Path(mkdtemp(prefix="feigong-demo-"))
    write_demo(folder, WORDS, seed=seed, enterprises=enterprises, month=month, force=True)
    return folder


def demo_files(month: int = 1, enterprises: int = 120, seed: int = 5) -> list[Path]:
    return sorted(demo_folder(month, enterprises, seed).glob("*.xlsx"))


def seed_demo_areas(month: int = 1) -> int:
    names = demo_folder(month) / WORDS.word(AREA_FILE)
    return actions.seed_areas(operator(), DISTRICT_CODE, on=date(2026, 1, 1), names=names)


def everything(on: date = ON) -> Sight:
    return Sight(Scope(whole=True), on, now(), members=True)
