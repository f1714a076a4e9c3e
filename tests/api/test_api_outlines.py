"""Outlines as GeoJSON: what was handed in comes out again, within one's part of the roll."""

from __future__ import annotations

import json

import pytest

from api.askers import Asker
from feigong.apps.accounts.roles import Role
from feigong.apps.roll.actions.outlines import upload_outlines
from feigong.exchange.geojson import read_geojson
from platform_district import SINCE, SmallDistrict, build_small_district

pytestmark = pytest.mark.django_db

RING = [[123.6, 30.6], [123.61, 30.6], [123.61, 30.61], [123.6, 30.61], [123.6, 30.6]]


@pytest.fixture
def district() -> SmallDistrict:
    made = build_small_district()
    one = {"type": "Feature", "properties": {}, "geometry": {"type": "Polygon", "coordinates": [RING]}}
    outline = read_geojson(json.dumps(one).encode())[0].outline
    assert outline is not None
    shapes = {made.areas[name]: outline for name in ("district", "east", "tower")}
    upload_outlines(made.actor(Role.DISTRICT_OFFICE), shapes, on=SINCE, source="x.geojson")
    return made


def test_it_is_geojson_that_can_be_handed_in_again(district: SmallDistrict) -> None:
    answer = Asker(district, Role.DISTRICT_OFFICE).get("/areas/outlines")
    assert answer.status_code == 200
    found = answer.json()
    assert [f["properties"]["name"] for f in found["features"]] == ["云汀区", "东湾镇", "澜汇大厦"]
    east = found["features"][1]
    assert east["geometry"] == {"type": "MultiPolygon", "coordinates": [[RING]]}
    assert (east["id"], east["properties"]["code"]) == (district.areas["east"], "990101001")
    assert (east["properties"]["valid_from"], east["properties"]["source"]) == (SINCE.isoformat(), "x.geojson")
    again = read_geojson(answer.content)
    assert [(f.name, f.fault) for f in again] == [("云汀区", None), ("东湾镇", None), ("澜汇大厦", None)]


def test_a_part_a_day_and_what_is_not_in_sight(district: SmallDistrict) -> None:
    office, township = Asker(district, Role.DISTRICT_OFFICE), Asker(district, Role.TOWNSHIP)
    west = district.areas["west"]

    def names(asker: Asker, query: str = "") -> list[str]:
        return [f["properties"]["name"] for f in asker.get(f"/areas/outlines{query}").json()["features"]]

    assert names(office, f"?area={west}") == ["澜汇大厦"]
    assert names(office, "?on=2025-12-31") == []
    assert names(township) == ["东湾镇"]
    assert names(township, f"?area={west}") == []
    assert office.get("/areas/outlines?areas=1").status_code == 422
