"""The demo district: fictional, spoiled as real tables are, the same from the same seed."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import openpyxl
import pytest
from stdnum.cn import uscc

from feigong.core.errors import FeigongError
from feigong.exchange.demo import demo_outputs, write_demo
from feigong.exchange.demo.district import ID_WEIGHTS, District
from feigong.exchange.demo.places import DISTRICT_CODE, TOWNS, town_code
from feigong.exchange.demo.tables import demo_tables
from feigong.exchange.geojson import read_geojson
from feigong.exchange.reference import load_gazetteer
from feigong.wording import LANGUAGES, Words

DISTRICT = District(3, 400)


def test_codes_are_valid_and_of_a_district_that_does_not_exist() -> None:
    assert all(uscc.is_valid(f.code) and f.code[2:8] == DISTRICT_CODE for f in DISTRICT.firms)
    assert len({f.code for f in DISTRICT.firms}) == len(DISTRICT.firms)
    with pytest.raises(FeigongError):
        load_gazetteer(DISTRICT_CODE)


def test_persons_are_of_no_province() -> None:
    for person in DISTRICT.people:
        assert person.number.startswith("99")
        total = sum(int(c) * w for c, w in zip(person.number, ID_WEIGHTS, strict=False))
        assert person.number[17] == "10X98765432"[total % 11]


def test_the_same_seed_gives_the_same_tables() -> None:
    assert demo_tables(District(5, 100)) == demo_tables(District(5, 100))
    assert demo_tables(District(5, 100)) != demo_tables(District(6, 100))


def test_tables_have_the_faults_of_real_ones() -> None:
    register, _, _, members, organisations, _ = demo_tables(District(1, 3000))
    codes = [row[0] for row in register.rows]
    wrong = [c for c in codes if c.isascii() and not uscc.is_valid(c)]
    assert 15 <= len(wrong) <= 70
    assert 20 <= sum(n > 1 for n in Counter(codes).values()) <= 100
    assert any(not c.isascii() for c in codes)
    assert len({type(row[3]) for row in register.rows}) == 2  # real dates and text
    located = sum(row[6] != "" for row in register.rows) / len(register.rows)
    assert 0.45 < located < 0.65
    names = {f.name for f in District(1, 3000).firms}
    assert 0.03 < sum(row[5] not in names for row in members.rows) / len(members.rows) < 0.12
    assert organisations.rows[-1][2] == "荇湾老厂、石磨砖瓦厂"


def test_a_month_later_most_is_as_before() -> None:
    first, second = District(2, 400), District(2, 400)
    second.next_month()
    before, after = ({f.code: f.closed for f in d.firms} for d in (first, second))
    assert set(before) < set(after)
    assert 0 < sum(after.values()) < 20
    firm = {p.number: p.firm for p in first.people}
    moved = sum(p.number in firm and firm[p.number] != p.firm for p in second.people)
    assert 0 < moved < 0.1 * len(second.people)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_folder_has_tables_areas_and_a_note(tmp_path: Path, lang: str) -> None:
    words = Words(lang)
    files = write_demo(tmp_path / "d", words, seed=1, enterprises=80, month=1, force=False)
    assert files == demo_outputs(tmp_path / "d", words)
    assert sorted(p.name for p in (tmp_path / "d").iterdir()) == sorted(p.name for p in files)
    cells = [
        c for f in files[:6] for s in openpyxl.load_workbook(f) for row in s.iter_rows(values_only=True) for c in row
    ]
    assert words.word("demo.col.uscc") in {str(c).replace("\n", "").strip() for c in cells}
    gazetteer = load_gazetteer(DISTRICT_CODE, files[6])
    assert [gazetteer.town_named(name) for name, _, _ in TOWNS] == [town_code(i) for i in range(len(TOWNS))]
    drawn = read_geojson(files[7].read_bytes())
    expected = [(name, town_code(i), None) for i, (name, _, _) in enumerate(TOWNS)]
    assert [(f.name, f.code, f.fault) for f in drawn[1:]] == expected
    whole, *towns = [f.outline.extent for f in drawn if f.outline]
    assert abs(sum(towns) - whole) < 0.001 * whole  # neighbours share their borders
    assert DISTRICT_CODE in files[8].read_text(encoding="utf-8")


def test_what_is_there_stays(tmp_path: Path) -> None:
    write_demo(tmp_path, Words(), seed=1, enterprises=80, month=1, force=False)
    with pytest.raises(FeigongError) as caught:
        write_demo(tmp_path, Words(), seed=1, enterprises=80, month=2, force=False)
    assert caught.value.reason.code == "error.output_exists"
    write_demo(tmp_path, Words(), seed=1, enterprises=80, month=2, force=True)


@pytest.mark.parametrize(
    ("options", "code"), [({"enterprises": 3}, "error.demo_size"), ({"month": 3}, "error.demo_month")]
)
def test_impossible_wishes_are_refused(tmp_path: Path, options: dict[str, int], code: str) -> None:
    wish = {"seed": 1, "enterprises": 80, "month": 1, **options}
    with pytest.raises(FeigongError) as caught:
        write_demo(tmp_path / "d", Words(), force=False, **wish)  # type: ignore[arg-type]
    assert caught.value.reason.code == code
    assert not (tmp_path / "d").exists()
