"""The districts that the story of coverage runs on: a fictional one, and two made from real registers."""

from __future__ import annotations

import os
from collections import defaultdict
from dataclasses import dataclass, replace
from pathlib import Path

from benchmarks.district import Truth, make_tables, shared
from e2e.real_district import WAIT, Made
from feigong.core.text import fold
from feigong.exchange.demo import AREA_FILE, DISTRICT_CODE, write_demo
from feigong.exchange.demo.district import DAYS, District
from feigong.wording import Words

_WORDS = Words("zh")
_NOWHERE = ("自由职业", "某某商行", "个体经营")  # what the fictional tables write for an employer nobody knows


@dataclass(frozen=True)
class StoryPlace:
    district: str
    seed: int
    limit: int | None  # firms; None: all of the register
    register: str = ""  # of `benchmarks.district.REGISTERS`; empty: fictional
    wait: float = WAIT  # seconds for a job
    most: int | None = None  # cases of each kind that are carried out page by page; None: all

    def make(self, folder: Path) -> Made:
        if self.register:
            root = shared()
            assert root is not None
            return Made(folder, make_tables(root, self.register, folder, seed=self.seed, limit=self.limit))
        assert self.limit is not None
        for month in (1, 2):
            write_demo(folder / str(month), _WORDS, seed=self.seed, enterprises=self.limit, month=month, force=True)
        made = Made(folder, {})
        made.truth.update({month: _truth(made, self, month) for month in (1, 2)})
        return made

    def names(self, folder: Path) -> Path | None:
        """Of areas that no list of real ones knows."""
        return None if self.register else folder / "1" / _WORDS.word(AREA_FILE)


FICTIONAL = StoryPlace(DISTRICT_CODE, seed=11, limit=300)
SAMPLES = (
    StoryPlace("210502", 7001, 500, "benxi"),
    StoryPlace("210211", 7002, 600, "ganjingzi"),
)
WHOLE = tuple(replace(place, limit=None, wait=1200.0, most=12) for place in SAMPLES)
ASKED = os.environ.get("FEIGONG_STORY", "")
REAL = WHOLE if ASKED == "whole" else SAMPLES


def _truth(made: Made, place: StoryPlace, month: int) -> Truth:
    """Of the fictional district, as its maker knows it; where tables name no employer, nobody knows it."""
    assert place.limit is not None
    district = District(place.seed, place.limit)
    if month == 2:
        district.next_month()
    lost = {row["身份证号"] for row in made.told(month, "党员名册") if row["工作单位"] in _NOWHERE}
    there = [p for p in district.people if not p.gone]
    staff: dict[str, set[tuple[int, bool]]] = defaultdict(set)
    for person in there:
        if person.number not in lost:
            staff[person.firm].add((int(person.number[:17]), person.full))
    firms = [f for f in district.firms if not f.closed]
    right = {f.name: f.code for f in firms}
    told = {fold(row["统一社会信用代码"]): "".join(row["企业名称"].split()) for row in made.told(month, "市场监管登记")}
    codes = set(right.values())
    return Truth(
        on=DAYS[month],
        enterprises=frozenset(codes),
        dormant=frozenset(f.code for f in firms if not f.staff),
        written={code: right[name] for code, name in told.items() if code not in codes and name in right},
        employers={p.number: p.firm for p in there},
        rough=frozenset(),
        unknown=frozenset(lost),
        members={f.code: frozenset(staff[f.code]) for f in firms},
        times={f.code: (f.site.address, f.shift, f.free) for f in firms},
        private=frozenset(),
    )
