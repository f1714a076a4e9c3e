"""The map and its list: one query through one sight."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import dataclass
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from feigong.apps.accounts.roles import Role
from feigong.apps.accounts.sight import Actor
from feigong.apps.clock import now
from feigong.apps.coverage import queries as plans
from feigong.apps.coverage.actions import start_plan
from feigong.apps.coverage.jobs import plan_on_roll
from feigong.apps.coverage.models import Plan
from feigong.apps.roll.actions.outlines import upload_outlines
from feigong.apps.roll.actions.records import change_record, create_record
from feigong.apps.roll.kinds import RecordKind
from feigong.apps.roll.queries.outlines import outlines
from feigong.exchange.geojson import read_geojson
from platform_district import AREAS, ENTERPRISES, ON, SINCE, SmallDistrict, build_small_district

pytestmark = pytest.mark.django_db

# Where enterprises are; apple and birch at one point, daisy and elm in one building.
PLACES: dict[str, tuple[float | None, float | None]] = {
    "apple": (123.6, 30.6), "birch": (123.6, 30.6), "cedar": (123.61, 30.6), "daisy": (123.7, 30.65),
    "elm": (123.7004, 30.65), "fern": (123.701, 30.651), "grape": (123.8, 30.7), "hazel": (None, None),
}  # fmt: skip
SQUARES = {"east": (123.59, 30.59), "west": (123.69, 30.64), "park": (123.79, 30.69)}


def square(x: float, y: float, side: float = 0.03) -> list[list[float]]:
    return [[x, y], [x + side, y], [x + side, y + side], [x, y + side], [x, y]]


def geojson(*names: str, **more: Any) -> bytes:
    features = [
        {"type": "Feature", "properties": {"name": AREAS[name][0]},
         "geometry": {"type": "Polygon", "coordinates": [square(*SQUARES[name])]}}
        for name in names
    ]  # fmt: skip
    return json.dumps({"type": "FeatureCollection", "features": [*features, *more.get("extra", [])]}).encode()


@pytest.fixture
def district() -> SmallDistrict:
    made = build_small_district()
    place_all(made)
    return made


def place_all(made: SmallDistrict) -> None:
    office = made.actor(Role.DISTRICT_OFFICE)
    for name, (lon, lat) in PLACES.items():
        facts = {"longitude": lon, "latitude": lat}
        change_record(office, RecordKind.ENTERPRISE, made.enterprises[name], facts, on=SINCE)
    found = {made.areas[n]: f.outline for n, f in zip(SQUARES, read_geojson(geojson(*SQUARES)), strict=True)}
    upload_outlines(office, {area: outline for area, outline in found.items() if outline}, on=SINCE)


def seen_by(district: SmallDistrict, role: Role) -> Client:
    client = Client()
    client.force_login(district.users[role])
    return client


def points(client: Client, query: str = "") -> dict[str, Any]:
    answer = client.get(f"/map/points/{query}")
    assert answer.status_code == 200
    found: dict[str, Any] = answer.json()
    return found


def names_of(district: SmallDistrict, data: dict[str, Any]) -> list[list[str]]:
    """Enterprises by stack, by their short names."""
    names = {identity: name for name, identity in district.enterprises.items()}
    rest = list(data["ids"])
    return sorted(sorted(names[rest.pop(0)] for _ in range(n)) for n in data["n"])


def test_stacks_are_those_that_share_a_point_or_a_building(district: SmallDistrict) -> None:
    data = points(seen_by(district, Role.DISTRICT_OFFICE))
    assert names_of(district, data) == [["apple", "birch"], ["cedar"], ["daisy", "elm"], ["fern"], ["grape"]]
    at = {tuple(pair): n for *pair, n in zip(data["x"], data["y"], data["n"], strict=True)}
    assert at[0, 0] == 2  # the westernmost and southernmost: apple and birch
    assert at[10_020, 5_000] == 2  # the tower, between its two points
    assert sum(data["covered"]) == 4  # apple; daisy, elm and fern


def test_a_township_holds_nothing_of_another(district: SmallDistrict) -> None:
    client = seen_by(district, Role.TOWNSHIP)
    data = points(client)
    assert names_of(district, data) == [["apple", "birch"], ["cedar"]]
    assert [area["name"] for area in data["areas"]] == ["东湾镇"]
    assert data["stars"] == []
    beside = [ENTERPRISES[n][0] for n in ("daisy", "elm", "fern", "grape", "hazel")] + ["西浦街道", "澜汇大厦"]
    for address in ("/map/", "/map/points/", "/map/outlines/", "/map/print/"):
        text = client.get(address).content.decode()
        assert not [name for name in beside if name in text], address
    other = district.enterprises["daisy"]
    assert client.get(f"/map/?at={other}").context["count"] == 0
    assert client.get(f"/map/outlines/?area={district.areas['west']}").json() == {"areas": []}


@pytest.mark.parametrize(
    "query",
    ["", "?covered=yes", "?covered=no", "?q=qf", "?area={west}", "?standing=active", "?located=no", "?on=2025-01-01",
     "?staff_from=20&standing=active", "?area={east}&area={park}"],
)  # fmt: skip
def test_map_and_list_are_two_views_of_one_query(district: SmallDistrict, query: str) -> None:
    client = seen_by(district, Role.DISTRICT_OFFICE)
    query = query.format(**district.areas)
    listed = client.get(f"/enterprises/{query}").context
    shown = client.get(f"/map/{query}").context
    located = client.get(f"/enterprises/{query}{'&' if query else '?'}located=yes").context["count"]
    if "located=no" in query:
        located = 0
    assert shown["total"] == shown["count"] == listed["count"]
    assert shown["on_map"] == located == len(points(client, query)["ids"])
    assert {line.key for line in shown["lines"]} == {line.key for line in listed["lines"]}
    assert shown["points_address"] == f"/map/points/{query}"


def test_a_stack_opens_its_rows(district: SmallDistrict) -> None:
    client = seen_by(district, Role.DISTRICT_OFFICE)
    stacks = (("elm", {"daisy", "elm"}), ("apple", {"apple", "birch"}), ("grape", {"grape"}), ("hazel", set()))
    for name, here in stacks:
        shown = client.get(f"/map/?at={district.enterprises[name]}").context
        assert {line.key for line in shown["lines"]} == {district.enterprises[n] for n in here}
        assert (shown["count"], shown["total"], shown["on_map"]) == (len(here), 8, 7)
        assert shown["points_address"] == "/map/points/"
    among = client.get(f"/map/?at={district.enterprises['apple']}&covered=no").context
    assert among["count"] == 0  # it is covered: not among those that are asked for


def test_areas_are_said_in_figures_that_open_their_rows(district: SmallDistrict) -> None:
    client = seen_by(district, Role.DISTRICT_OFFICE)
    lines = {area.name: area for area in client.get("/map/").context["areas"]}
    west, park = lines["西浦街道"], lines["云汀经济开发区"]
    assert (west.enterprises, west.covered, west.unplaced, west.drawn) == (3, 3, 0, True)
    assert (park.enterprises, park.covered, park.unplaced, park.drawn) == (2, 0, 1, True)
    assert not lines["云汀区"].drawn
    assert client.get(f"/map/?{west.query}").context["count"] == 3


def test_joint_branches_are_stars_with_the_time_they_can_meet(district: SmallDistrict) -> None:
    office, client = district.actor(Role.DISTRICT_OFFICE), seen_by(district, Role.DISTRICT_OFFICE)
    [star] = client.get("/map/").context["stars"]
    ids = district.enterprises
    assert (star.name, star.host, star.enterprises) == ("澜汇大厦联合党支部", ids["daisy"], 3)
    assert star.when == "空闲时段不明"
    for name, slots in (("daisy", 1 << 20 | 1 << 3), ("elm", 1 << 20), ("fern", 1 << 20 | 1 << 4)):
        change_record(office, RecordKind.ENTERPRISE, ids[name], {"slots": str(slots)}, on=SINCE)
    [star] = client.get("/map/").context["stars"]
    assert star.when == "周日晚上"
    [drawn] = points(client)["stars"]
    assert drawn["slot"] == "周日晚上"
    assert [one for one, *_ in drawn["places"]] == [ids["daisy"], ids["elm"], ids["fern"]]
    assert points(client, f"?area={district.areas['east']}")["stars"] == []
    change_record(office, RecordKind.ENTERPRISE, ids["elm"], {"slots": "1"}, on=SINCE)
    assert client.get("/map/").context["stars"][0].when == "没有共同空闲时段"


def test_outlines_are_checked_shown_and_written(district: SmallDistrict) -> None:
    client = seen_by(district, Role.DISTRICT_OFFICE)
    swapped = {"type": "Feature", "properties": {"name": "澜江商圈"},
               "geometry": {"type": "Polygon", "coordinates": [[[y, x] for x, y in square(123.7, 30.65)]]}}  # fmt: skip
    data = geojson("east", extra=[swapped]).replace(b"123.59", b"123.58")
    sent = {"file": SimpleUploadedFile("乡镇.geojson", data), "datum": "WGS-84", "on": "2026-10-01"}
    checked = client.post("/map/upload/", sent)
    text = checked.content.decode()
    assert "经度和纬度写反了" in text
    assert [m.area for m, _ in checked.context["usable"]] == ["东湾镇"]
    assert outlines(district.sight(Role.DISTRICT_OFFICE)).count() == 3
    held = {"outlines": checked.context["held"], "on": "2026-10-01", "source": checked.context["source"]}
    assert client.post("/map/upload/write/", held).url == "/map/"
    [east] = outlines(district.sight(Role.DISTRICT_OFFICE)).filter(area_id=district.areas["east"])
    assert (east.valid_from.isoformat(), east.source) == ("2026-10-01", "乡镇.geojson")
    assert "123.58" in east.shape
    again = client.post("/map/upload/", {**sent, "file": SimpleUploadedFile("乡镇.geojson", data)})
    assert (again.context["usable"], len(again.context["known"])) == ([], 1)


@pytest.mark.parametrize(
    ("sent", "says"),
    [
        ({}, "没有可以写入的轮廓"),
        ({"file": b"nothing"}, "不是 GeoJSON"),
        ({"file": geojson("east"), "datum": "BJ54"}, "不认识坐标系"),
        ({"file": geojson("east"), "on": "gestern"}, "日期"),
    ],
)
def test_what_cannot_be_read_is_said_in_the_form(district: SmallDistrict, sent: dict[str, Any], says: str) -> None:
    client = seen_by(district, Role.DISTRICT_OFFICE)
    whole = {"datum": "WGS-84", "on": "2026-10-01", **sent}
    if "file" in whole:
        whole["file"] = SimpleUploadedFile("x.geojson", whole["file"])
    answer = client.post("/map/upload/", whole)
    assert answer.status_code == 400
    assert says in answer.content.decode()


@pytest.mark.parametrize("held", ["", "[1]", "[]", '[{"area": 1, "shape": []}]', '[{"area": 0, "shape": 1}]'])
def test_what_was_checked_is_checked_again(district: SmallDistrict, held: str) -> None:
    client = seen_by(district, Role.DISTRICT_OFFICE)
    before = outlines(district.sight(Role.DISTRICT_OFFICE)).count()
    assert client.post("/map/upload/write/", {"outlines": held, "on": "2026-10-01"}).status_code == 400
    assert outlines(district.sight(Role.DISTRICT_OFFICE)).count() == before


def test_only_the_district_uploads(district: SmallDistrict) -> None:
    for role in (Role.TOWNSHIP, Role.DEPARTMENT, Role.MEMBER):
        assert seen_by(district, role).get("/map/upload/").status_code == 403


@pytest.mark.parametrize("paper", ["a4", "a3"])
def test_the_picture_to_print_has_title_day_legend_and_scale(district: SmallDistrict, paper: str) -> None:
    answer = seen_by(district, Role.DISTRICT_OFFICE).get(f"/map/print/?paper={paper}&covered=yes")
    text, drawn = answer.content.decode(), answer.context["picture"]
    assert f"paper-{paper}" in text
    for said in ("非公企业分布图", "截至 ", "组织覆盖：已覆盖", "共 4 户", "联合党支部", "东湾镇"):
        assert said in text
    assert sum(dot.count for dot in drawn.dots) == answer.context["on_map"] == 4
    assert [label.text for label in drawn.labels] == ["东湾镇", "西浦街道", "云汀经济开发区"]
    assert drawn.scale_mm > 5
    inside = [0 <= dot.x <= drawn.width and 0 <= dot.y <= drawn.height for dot in drawn.dots]
    assert all(inside)


def test_a_paper_that_is_not_there_is_refused(district: SmallDistrict) -> None:
    assert seen_by(district, Role.DISTRICT_OFFICE).get("/map/print/?paper=a0").status_code == 400


def test_queries_do_not_grow(district: SmallDistrict) -> None:
    client = seen_by(district, Role.DISTRICT_OFFICE)

    def counted() -> list[int]:
        found = []
        for address in ("/map/", "/map/points/", "/map/print/", "/map/outlines/"):
            client.get(address)
            with CaptureQueriesContext(connection) as asked:
                assert client.get(address).status_code == 200
            found.append(len(asked))
        return found

    few = counted()
    office = district.actor(Role.DISTRICT_OFFICE)
    for n in range(30):
        facts = {"name": f"厂{n}", "area_id": district.areas["east"], "longitude": 123.6 + n / 1000, "latitude": 30.61}
        create_record(office, RecordKind.ENTERPRISE, facts, on=SINCE)
    assert counted() == few
    assert max(few) <= 30


def test_outcomes_of_a_plan_are_asked_for_on_map_and_list_alike(district: SmallDistrict) -> None:
    plan = planned(district)
    for role in (Role.DISTRICT_OFFICE, Role.TOWNSHIP):
        client = seen_by(district, role)
        sight = district.sight(role)
        said = Counter(plans.outcomes(sight, plan).values_list("outcome", flat=True))
        assert said
        for outcome, number in said.items():
            for address in ("/map/", "/enterprises/"):
                for query in (f"?outcome={outcome}", f"?outcome={outcome}&plan={plan.pk}"):
                    assert client.get(address + query).context["count"] == number
    client = seen_by(district, Role.DEPARTMENT)  # may not see plans: not asked, and no stars of one
    assert client.get("/map/?outcome=keep").context["count"] == 8
    assert client.get(f"/map/?plan={plan.pk}").status_code == 404


def test_a_plan_draws_the_stars_it_proposes(district: SmallDistrict) -> None:
    plan = planned(district)
    client = seen_by(district, Role.DISTRICT_OFFICE)
    shown = client.get(f"/map/?plan={plan.pk}").context
    branches = plans.content(plan).branches
    assert [star.key for star in sorted(shown["stars"], key=lambda s: s.key)] == sorted(b.key for b in branches)
    assert shown["total"] == 8
    assert client.get("/map/?plan=999").status_code == 404


def planned(district: SmallDistrict) -> Plan:
    """A plan made as any is made."""
    office = district.actor(Role.DISTRICT_OFFICE)
    job = start_plan(office, on=ON, known_at=now())
    return Plan.objects.get(pk=plan_on_roll.run(_Context(office, job.pk), job.params)["plan"])


@dataclass
class _Context:
    """The worker's side of the planner's job."""

    actor: Actor
    job_id: int

    def progress(self, stage: str, done: int = 0, total: int = 0, **reached: object) -> None: ...

    def stopped(self) -> bool:
        return False

    def fence(self) -> None: ...
