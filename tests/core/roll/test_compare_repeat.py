"""Tables that were imported come again, all or one alone: nothing changes; the next month changes what it says."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from feigong.core.roll.compare import Difference, Kind, Verdict, compare
from feigong.core.roll.merge.day import stated_day
from feigong.core.roll.merge.known import known_of
from feigong.core.roll.merge.merge import merge_tables
from feigong.core.roll.merge.values import RawTable
from feigong.core.roll.values import Roll
from feigong.exchange.demo import AREA_FILE, DISTRICT_CODE, write_demo
from feigong.exchange.merge_reference import load_merge_reference
from feigong.exchange.pseudonym import pseudonymiser
from feigong.exchange.tables import read_all
from feigong.wording import Words

WORDS = Words("zh")
FILES = ("市场监管登记.xlsx", "社保参保.xlsx", "班制调查.xlsx", "党员名册.xlsx", "党组织名册.xlsx", "联络员.xlsx")


@pytest.fixture(scope="module")
def months(tmp_path_factory: pytest.TempPathFactory) -> dict[int, Path]:
    folder = tmp_path_factory.mktemp("months")
    for month in (1, 2):
        write_demo(folder / str(month), WORDS, seed=9, enterprises=400, month=month, force=False)
    return {month: folder / str(month) for month in (1, 2)}


def merged(folder: Path, tables: list[RawTable], roll: Roll | None) -> Roll:
    reference = load_merge_reference(DISTRICT_CODE, folder / WORDS.word(AREA_FILE))
    known = known_of(roll) if roll is not None else None
    on = stated_day(tables) or (roll.on if roll else None)
    assert on is not None
    keyed = pseudonymiser(b"k" * 32)
    return merge_tables(tables, on=on, reference=reference, pseudonym=keyed, identify=True, known=known).roll


@pytest.fixture(scope="module")
def first(months: dict[int, Path]) -> Roll:
    return merged(months[1], read_all(sorted(months[1].glob("*.xlsx"))), None)


def other_than_unchanged(found: tuple[Difference, ...]) -> list[Difference]:
    return [d for d in found if d.verdict is not Verdict.UNCHANGED]


def test_all_tables_again_change_nothing(months: dict[int, Path], first: Roll) -> None:
    again = merged(months[1], read_all(sorted(months[1].glob("*.xlsx"))), first)
    found = compare(first, again)
    assert other_than_unchanged(found) == []
    assert len(found) == sum(map(len, (again.enterprises, again.members, again.organisations, again.officers)))


@pytest.mark.parametrize("file", FILES)
def test_one_table_alone_again_changes_nothing(months: dict[int, Path], first: Roll, file: str) -> None:
    alone = merged(months[1], read_all([months[1] / file]), first)
    found = compare(first, alone)
    assert other_than_unchanged(found) == []
    assert found != ()
    assert {e.uscc for e in alone.enterprises} <= {e.uscc for e in first.enterprises}


def test_the_next_month_says_what_changed(months: dict[int, Path], first: Roll) -> None:
    second = merged(months[2], read_all(sorted(months[2].glob("*.xlsx"))), first)
    verdicts = Counter((d.kind, d.verdict) for d in compare(first, second))
    assert verdicts[Kind.ENTERPRISE, Verdict.NEW] == len(
        {e.uscc for e in second.enterprises} - {e.uscc for e in first.enterprises}
    )
    assert verdicts[Kind.ENTERPRISE, Verdict.UNCHANGED] > 0.5 * len(second.enterprises)
    assert verdicts[Kind.MEMBER, Verdict.CHANGED] > 0
    assert verdicts[Kind.MEMBER, Verdict.DOUBTFUL] < 0.05 * len(second.members)
