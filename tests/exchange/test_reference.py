"""Shipped lists, and a district's own table of names."""

from __future__ import annotations

from pathlib import Path

import pytest

from feigong.core.errors import FeigongError
from feigong.core.roll.places.address import read
from feigong.core.roll.places.values import AreaKind
from feigong.exchange.reference import guess_district, load_area_names, load_gazetteer, township_kind


def test_gazetteer_of_a_district() -> None:
    gazetteer = load_gazetteer("210502")
    names = {a.name for a in gazetteer.areas if a.parent == "210502"}
    assert {"南地街道", "平山街道", "东明街道"} <= names
    assert gazetteer.by_code["210502"].name == "平山区"
    assert gazetteer.kinds["210502001"] is AreaKind.SUBDISTRICT
    assert gazetteer.town_named("南地办事处") == "210502001"
    assert gazetteer.town_named("210502001000") == "210502001"
    assert gazetteer.town_named("没有") is None


def test_former_names_of_counties_are_known() -> None:
    assert read("萧山市城厢街道人民路1号", load_gazetteer("330109")).head.district_code == "330109"


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("东华门街道", AreaKind.SUBDISTRICT),
        ("南口地区", AreaKind.SUBDISTRICT),
        ("小市镇", AreaKind.TOWNSHIP),
        ("向阳乡", AreaKind.TOWNSHIP),
        ("辉苏木", AreaKind.TOWNSHIP),
        ("启东滨海工业园", AreaKind.PARK),
        ("灵璧县经济开发区", AreaKind.PARK),
        ("爱林林场", AreaKind.OTHER),
    ],
)
def test_kind_of_a_township(name: str, kind: AreaKind) -> None:
    assert township_kind(name) is kind


def test_unknown_district() -> None:
    with pytest.raises(FeigongError) as error:
        load_gazetteer("999999")
    assert error.value.reason.code == "error.places.unknown_district"


def test_own_table_of_names(tmp_path: Path) -> None:
    table = tmp_path / "别名.csv"
    table.write_text("\ufeffname,code\n老火车站,南地街道\n新区,210502003\n", encoding="utf-8")
    gazetteer = load_gazetteer("210502", table)
    assert read("平山区老火车站5号", gazetteer).head.town_code == "210502001"
    assert gazetteer.town_named("新区") == "210502003"


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("写法,代码\n老火车站,南地街道\n", "error.places.aliases_columns"),
        ("", "error.places.aliases_columns"),
        ("name,code\n老火车站,没有的街道\n", "error.places.alias_unknown_area"),
        ("name,code\n,南地街道\n", "error.places.alias_unknown_area"),
    ],
)
def test_faulty_table_of_names(tmp_path: Path, text: str, code: str) -> None:
    table = tmp_path / "别名.csv"
    table.write_text(text, encoding="utf-8")
    with pytest.raises(FeigongError) as error:
        load_gazetteer("210502", table)
    assert error.value.reason.code == code


def test_unreadable_table_of_names(tmp_path: Path) -> None:
    with pytest.raises(FeigongError) as error:
        load_gazetteer("210502", tmp_path / "没有.csv")
    assert error.value.reason.code == "error.places.aliases_unreadable"


def test_guess_district_by_names() -> None:
    assert guess_district(["甘井子区某路1号", "大连市甘井子区某路2号", "某路3号"], []) == "210211"


def test_guess_district_of_a_common_name_by_city_or_code() -> None:
    assert guess_district(["沈阳市和平区某路1号", "和平区某路2号"], []) == "210102"
    assert guess_district(["和平区某路2号"] * 3, ["91120101MA00000000"]) == "120101"


def test_guess_district_by_codes_alone() -> None:
    assert guess_district(["某路1号"], ["91210502MA00000000", "91210502MA00000001", "91210504MA00000000"]) == "210502"
    assert guess_district(["某路1号"], ["x"]) is None


def test_a_district_that_is_on_no_list_can_be_given(tmp_path: Path) -> None:
    table = tmp_path / "区划.csv"
    table.write_text("name,code\n澜州市,9901\n云汀区,990101\n柳港街道,990101005\n柳港,990101005\n", encoding="utf-8")
    gazetteer = load_gazetteer("990101", table)
    assert gazetteer.town_named("柳港街道") == "990101005"
    assert gazetteer.by_code["990101005"].parent == "990101"
    assert read("澜州市云汀区柳港江路3号", gazetteer).head.district_code == "990101"


def test_a_new_area_must_lie_in_the_district(tmp_path: Path) -> None:
    table = tmp_path / "区划.csv"
    table.write_text("name,code\n新园区,210503999\n", encoding="utf-8")
    with pytest.raises(FeigongError) as error:
        load_gazetteer("210502", table)
    assert error.value.reason.code == "error.places.alias_unknown_area"


def test_an_area_elsewhere_is_named_with_its_district() -> None:
    names = load_area_names(["210502", "210502001", "310101", "310101002", "999999999"], "210502")
    assert names["210502001"] == "南地街道"
    assert names["310101002"] == "黄浦区南京东路街道"
    assert names["310101"] == "黄浦区"
    assert "999999999" not in names
