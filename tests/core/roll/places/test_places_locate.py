"""Keys and areas of many addresses together."""

from __future__ import annotations

import random

import pytest

from core.roll.places.fictional_areas import gazetteer
from feigong.core.roll.places.locate import PlaceInput, locate
from feigong.core.roll.places.values import AreaFrom, Datum, Place

PLACES = gazetteer()


def placed(*addresses: str) -> list[Place]:
    return locate([PlaceInput(a) for a in addresses], PLACES)


@pytest.mark.parametrize(
    "addresses",
    [
        ("云岭省青川市城东区东明路16号", "城东区东明路16号", "东明路１６号", "青川市东明路十六号301室"),
        ("城东区东明路16号", "城东区东明路16-2号", "城东区东明路16号甲", "城东区东明路16、18号"),
        ("城东区东明4路3号", "城东区东明四路3号"),
        ("城东区石泉镇前山村12号", "城东区石泉街道前山村12号"),
        ("城东区如意家园3栋", "城东区如意家园3#", "城东区如意家园3号楼2单元", "城东区东明路如意家园3幢"),
        ("城东区东明路18号中天大厦A座", "城东区东明路18号A座12层"),
        ("城东区东明路1340弄14号301室", "城东区东明路1340弄14号"),
        ("城东区望海E2区57-3-1-2", "城东区望海E2区57号1单元"),
    ],
)
def test_same_building(addresses: tuple[str, ...]) -> None:
    keys = {p.building_key for p in placed(*addresses)}
    assert len(keys) == 1
    assert None not in keys


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("城东区东明路16号", "城东区东明路18号"),
        ("城东区东明路16号", "城东区东明街16号"),
        ("城东区东明路1340弄14号", "城东区东明路1340弄15号"),
        ("城东区东明路16号1栋", "城东区东明路16号2栋"),
        ("城东区红星路三段1号", "城东区红星路一段1号"),
        ("柳溪县大河镇中心街3号", "柳溪县小河镇中心街3号"),
        ("青川市城东区东明路16号", "白石市城东区东明路16号"),
        ("城东区如意家园3栋", "城东区吉祥家园3栋"),
        ("城东区春田园C-3号", "城东区春田园D-3号"),
    ],
)
def test_other_building(one: str, other: str) -> None:
    a, b = placed(one, other)
    assert a.building_key is not None
    assert a.building_key != b.building_key


def test_street_and_house_number() -> None:
    a, b, c = placed("城东区望海街道东明路16-2号", "东明路118号", "城东区东明路")
    assert a.street_key == b.street_key == c.street_key
    assert (a.house_number, b.house_number, c.house_number) == (16, 118, None)


def test_an_estates_number_is_not_the_roads() -> None:
    (place,) = placed("城东区东明路芳草园25号1单元")
    assert place.house_number is None
    assert place.building_key == "910102|芳草园|25"
    assert place.village_key == "910102|芳草园"


def test_area_by_rank_of_evidence() -> None:
    inputs = [
        PlaceInput("城东区望海街道东明路1号", area_given="石泉街道"),
        PlaceInput("城东区望海街道东明路2号"),
        PlaceInput("城东区望海东明路3号"),
        PlaceInput("城东区东明路3号"),
        PlaceInput("城东区和平路9号"),
        PlaceInput("白石市人民路3号"),
        PlaceInput("城东区和平路10号", area_given="没有这个街道"),
        PlaceInput("城东区和平路11号", area_given="910102100"),
        PlaceInput("城东区长江路1号", area_given="城东区望海街道东山社区"),
    ]
    found = [(p.area, p.area_from) for p in locate(inputs, PLACES)]
    assert found == [
        ("910102002", AreaFrom.GIVEN),
        ("910102001", AreaFrom.NAME),
        ("910102001", AreaFrom.ALIAS),
        ("910102001", AreaFrom.STREET),
        ("910102100", AreaFrom.STREET),
        (None, AreaFrom.NONE),
        ("910102100", AreaFrom.STREET),
        ("910102100", AreaFrom.GIVEN),
        ("910102001", AreaFrom.GIVEN),
    ]


def test_a_divided_street_tells_nothing() -> None:
    named = ["城东区望海街道长安路5号"] * 3 + ["城东区石泉街道长安路15号"] * 2
    assert placed(*named, "城东区长安路9号")[-1].area_from is AreaFrom.DISTRICT


def test_one_firm_does_not_speak_for_a_whole_road() -> None:
    assert placed("城东区望海街道长安路5号", "城东区长安路900号")[-1].area == "910102"
    assert placed("城东区望海街道长安路5号", "城东区长安路50号")[-1].area == "910102001"
    two = ("城东区望海街道长安路5号", "城东区望海街道长安路7号")
    assert placed(*two, "城东区长安路900号")[-1].area == "910102001"


def test_addresses_explain_each_other() -> None:
    places = placed(
        "城东区前山村1号",
        "城东区前山村2号",
        "城东区前山9号",
        "城东区吉祥街1号",
        "城东区吉祥街2号",
        "城东区湾家吉祥街3号",
        "城东区东明路18号中天大厦3层",
        "城东区东明路中天大厦9层",
    )
    assert places[2].village_key == places[0].village_key
    assert places[5].street_key == places[3].street_key
    assert places[7].building_key == places[6].building_key
    assert places[7].house_number == 18


def test_order_of_rows_changes_nothing() -> None:
    addresses = [
        f"城东区{town}{road}{n}号"
        for n, (town, road) in enumerate(
            (t, r) for t in ("", "望海街道", "石泉", "") for r in ("东明路", "湾家吉祥街", "吉祥街", "前山村", "前山")
        )
    ]
    inputs = [PlaceInput(a) for a in addresses]
    expected = dict(zip(addresses, locate(inputs, PLACES), strict=True))
    for seed in range(5):
        random.Random(seed).shuffle(inputs)
        assert {i.text: p for i, p in zip(inputs, locate(inputs, PLACES), strict=True)} == expected


def test_point_becomes_wgs84() -> None:
    (place,) = locate([PlaceInput("东明路1号", (121.531541859215, 31.17530398364597), Datum.GCJ02)], PLACES)
    assert place.point is not None
    assert place.point.longitude == pytest.approx(121.5272106, abs=1e-6)
    assert place.point.latitude == pytest.approx(31.1774276, abs=1e-6)


def test_nothing_is_known_of_an_empty_address() -> None:
    (place,) = placed("  ")
    assert (place.area, place.area_from, place.building_key) == ("910102", AreaFrom.DISTRICT, None)
