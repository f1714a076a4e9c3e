"""Outlines of areas: dated, audited, within one's part of the roll, and taken back."""

from __future__ import annotations

import json
from datetime import date, timedelta
from typing import Any

import pytest

from feigong.apps.accounts.roles import Role
from feigong.apps.audit.models import Record
from feigong.apps.audit.queries import history
from feigong.apps.clock import now
from feigong.apps.roll.actions.outlines import upload_outlines
from feigong.apps.roll.kinds import RecordKind
from feigong.apps.roll.models import AreaOutline
from feigong.apps.roll.queries.agreement import disagreements
from feigong.apps.roll.queries.outlines import drawn_areas, match_features, outlines
from feigong.apps.roll.taking_back import take_back
from feigong.core.errors import FeigongError
from feigong.exchange.geojson import Outline, read_geojson
from platform_district import ON, SINCE, SmallDistrict, build_small_district

pytestmark = pytest.mark.django_db


@pytest.fixture
def district() -> SmallDistrict:
    return build_small_district()


def square(x: float = 123.6, y: float = 30.6, side: float = 0.01) -> list[list[float]]:
    return [[x, y], [x + side, y], [x + side, y + side], [x, y + side], [x, y]]


def file_of(*features: dict[str, Any]) -> bytes:
    found = [
        {"type": "Feature", "properties": {k: v for k, v in f.items() if k != "ring"},
         "geometry": {"type": "Polygon", "coordinates": [f.get("ring", square())]}}
        for f in features
    ]  # fmt: skip
    return json.dumps({"type": "FeatureCollection", "features": found}).encode()


def outline(x: float = 123.6) -> Outline:
    found = read_geojson(file_of({"ring": square(x)}))[0].outline
    assert found is not None
    return found


def shown(district: SmallDistrict, role: Role, on: date = ON) -> dict[str, str]:
    names = {identity: name for name, identity in district.areas.items()}
    return {names[o.area_id]: o.shape for o in outlines(district.sight(role, on))}


def test_an_outline_holds_from_its_day_until_the_next_one(district: SmallDistrict) -> None:
    office, east = district.actor(Role.DISTRICT_OFFICE), district.areas["east"]
    first, later, between = outline(123.6), outline(123.7), outline(123.65)
    assert upload_outlines(office, {east: first}, on=SINCE, source="乡镇.geojson") == 1
    assert upload_outlines(office, {east: later}, on=date(2026, 7, 1)) == 1
    assert upload_outlines(office, {east: between}, on=date(2026, 4, 1)) == 1
    for day, expected in (
        (SINCE, first), (date(2026, 3, 31), first), (date(2026, 4, 1), between), (date(2026, 6, 30), between),
        (ON, later),
    ):  # fmt: skip
        assert shown(district, Role.DISTRICT_OFFICE, day) == {"east": expected.text()}
    assert shown(district, Role.DISTRICT_OFFICE, SINCE - timedelta(days=1)) == {}
    assert list(disagreements()) == []


def test_what_is_drawn_already_is_not_written_again(district: SmallDistrict) -> None:
    office, east = district.actor(Role.DISTRICT_OFFICE), district.areas["east"]
    upload_outlines(office, {east: outline()}, on=SINCE)
    records, rows = Record.objects.count(), AreaOutline.rows.count()
    assert upload_outlines(office, {east: outline()}, on=ON) == 0
    assert (Record.objects.count(), AreaOutline.rows.count()) == (records, rows)


def test_a_township_sees_its_own_outlines_only(district: SmallDistrict) -> None:
    office = district.actor(Role.DISTRICT_OFFICE)
    shapes = {district.areas[name]: outline() for name in ("district", "east", "west", "tower")}
    assert upload_outlines(office, shapes, on=SINCE) == 4
    assert set(shown(district, Role.TOWNSHIP)) == {"east"}
    assert set(shown(district, Role.DISTRICT_OFFICE)) == {"district", "east", "west", "tower"}
    assert shown(district, Role.LIAISON_OFFICER) == {}
    assert shown(district, Role.MEMBER) == {}
    within = drawn_areas(district.sight(Role.DISTRICT_OFFICE), district.areas["west"])
    assert [area.name for area in within] == ["西浦街道", "澜汇大厦"]
    assert drawn_areas(district.sight(Role.TOWNSHIP), district.areas["west"]) == []


@pytest.mark.parametrize("role", [Role.TOWNSHIP, Role.DEPARTMENT, Role.MEMBER])
def test_only_the_district_draws(district: SmallDistrict, role: Role) -> None:
    with pytest.raises(FeigongError) as refused:
        upload_outlines(district.actor(role), {district.areas["east"]: outline()}, on=SINCE)
    assert refused.value.reason.code == "error.not_permitted"


def test_nothing_is_drawn_for_what_is_not_there(district: SmallDistrict) -> None:
    office = district.actor(Role.DISTRICT_OFFICE)
    for area, day, code in (
        (10_000, ON, "error.not_found"), (district.areas["east"], date(2025, 1, 1), "error.not_found"),
    ):  # fmt: skip
        with pytest.raises(FeigongError) as refused:
            upload_outlines(office, {area: outline(), district.areas["west"]: outline()}, on=day)
        assert refused.value.reason.code == code
    with pytest.raises(FeigongError) as refused:
        upload_outlines(office, {}, on=ON)
    assert refused.value.reason.code == "error.outlines.none"
    assert not AreaOutline.rows.exists()


def test_it_stands_in_the_history_of_its_area_and_is_taken_back(district: SmallDistrict) -> None:
    office, east = district.actor(Role.DISTRICT_OFFICE), district.areas["east"]
    upload_outlines(office, {east: outline()}, on=SINCE, source="乡镇.geojson")
    happened = history(district.sight(Role.DISTRICT_OFFICE), RecordKind.AREA, east)[0]
    assert happened.code == "area.outlines"
    fields = {f.name: f.after for f in happened.differences[0].fields}
    assert fields == {"points": 4, "extent": outline().extent, "source": "乡镇.geojson"}
    take_back(office, happened.record, "画错了")
    assert not outlines(office.sight(ON, now())).exists()


def test_features_are_matched_by_code_then_by_name(district: SmallDistrict) -> None:
    sight = district.sight(Role.DISTRICT_OFFICE)
    found = match_features(sight, read_geojson(file_of(
        {"code": "990101001"}, {"code": "990101002000", "name": "别名"}, {"name": "云汀经济开发区", "code": "0"},
        {"name": "东湾镇"}, {"name": "无此镇"}, {}, {"name": "云汀区", "ring": square()[:-1]},
    )))  # fmt: skip
    assert [(m.area, m.fault.code if m.fault else "") for m in found] == [
        ("东湾镇", ""), ("西浦街道", ""), ("云汀经济开发区", ""), ("", "geojson.twice"), ("", "geojson.no_area"),
        ("", "geojson.no_name"), ("", "geojson.unclosed"),
    ]  # fmt: skip
    assert [m.known for m in found] == [False] * 7
    upload_outlines(district.actor(Role.DISTRICT_OFFICE), {district.areas["east"]: outline()}, on=SINCE)
    assert match_features(district.sight(Role.DISTRICT_OFFICE), read_geojson(file_of({"name": "东湾镇"})))[0].known
    beside = match_features(district.sight(Role.TOWNSHIP), read_geojson(file_of({"name": "西浦街道"})))
    assert beside[0].fault is not None
    assert beside[0].fault.code == "geojson.no_area"
