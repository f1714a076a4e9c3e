"""Targets of the year by REST: the table of a measure, as far as it is in sight."""

from __future__ import annotations

from datetime import date

import pytest

from api.askers import Asker, code, ok
from feigong.apps.accounts.roles import Role
from feigong.apps.audit.models import Record
from feigong.apps.clock import today
from feigong.apps.targets.actions import Wanted, set_targets
from platform_district import SmallDistrict
from targets_district import build_year

pytestmark = pytest.mark.django_db

AT = "on=2026-11-20"


@pytest.fixture
def district() -> SmallDistrict:
    district = build_year()
    goals = {"district": 8500, "east": 9000}
    wanted = [Wanted(district.areas[name], "coverage_rate", value) for name, value in goals.items()]
    set_targets(district.actor(Role.DISTRICT_OFFICE), 2026, wanted, on=date(2026, 11, 1))
    return district


def test_the_table(district: SmallDistrict) -> None:
    found = ok(Asker(district, Role.DISTRICT_OFFICE).get(f"/targets?{AT}"))
    assert (found["year"], found["measure"], found["on"]) == (2026, "coverage_rate", "2026-11-20")
    assert (len(found["days"]), found["days"][-1]) == (12, "2026-11-20")
    whole, east = found["items"][0], found["items"][1]
    assert (whole["area_id"], whole["whole"], whole["industry"]) == (district.areas["district"], True, None)
    assert (whole["target"], whole["now"], whole["missing"]) == (8500, {"part": 4, "whole": 10}, 5)
    assert (whole["expected"], whole["pace"], len(whole["trend"])) == (7, "behind", 12)
    assert (east["name"], east["target"], east["pace"], east["whole"]) == ("东湾镇", 9000, "reached", False)
    assert found["items"][2]["target"] is None


def test_each_sees_its_own(district: SmallDistrict) -> None:
    town, park = Asker(district, Role.TOWNSHIP), district.areas["park"]
    found = ok(town.get(f"/targets?{AT}"))
    assert [item["name"] for item in found["items"]] == ["东湾镇"]
    assert code(town.get(f"/targets?area={park}")) == (404, "error.not_found")
    by_industry = ok(town.get(f"/targets?by=industries&{AT}"))["items"]
    assert [(item["area_id"], item["industry"]) for item in by_industry[1:]] == [(district.areas["east"], "35")]


def test_what_can_be_followed(district: SmallDistrict) -> None:
    codes = ["coverage_rate", "own_organisations", "joint_branches", "liaison_coverage", "new_organisations"]
    office, department = (Asker(district, role, language="en") for role in (Role.DISTRICT_OFFICE, Role.DEPARTMENT))
    found = ok(office.get("/targets/measures"))["items"]
    assert [one["code"] for one in found] == codes
    assert (found[0]["title"], found[0]["rule"]) == ("Organisation coverage", "cover.rate_org")
    assert [one["code"] for one in ok(department.get("/targets/measures"))["items"]] == [
        one for one in codes if one != "liaison_coverage"
    ]
    assert code(department.get("/targets?measure=liaison_coverage")) == (400, "error.targets.measure")
    assert code(office.get("/targets?measure=joint_branches&by=industries")) == (400, "error.targets.by_industry")


def test_a_target_is_set_by_the_version_that_was_read(district: SmallDistrict) -> None:
    office, east, year = Asker(district, Role.DISTRICT_OFFICE), district.areas["east"], today().year
    address, rate = f"/areas/{east}/targets", {"measure": "own_organisations", "year": year}
    first = ok(office.put(address, {**rate, "value": 7, "reason": "年初下达"}, **{"If-Match": '"0"'}))
    assert (first["value"], first["industry"], first["year"]) == (7, "", year)
    assert [one for one in ok(office.get(address))["items"] if one["measure"] == rate["measure"]] == [first]
    record = Record.objects.latest("pk")
    assert (record.code, record.reason) == ("targets.set", "年初下达")
    stale = office.put(address, {**rate, "value": 8}, **{"If-Match": '"0"'})
    assert code(stale) == (412, "error.changed_meanwhile")
    assert code(office.put(address, {**rate, "value": 8})) == (428, "error.version_needed")
    answer = office.put(address, {**rate, "value": 8}, **{"If-Match": f'"{first["version"]}"'})
    assert answer.headers["ETag"] == f'"{ok(answer)["version"]}"'
    gone = ok(office.put(address, {**rate, "value": None}, **{"If-Match": answer.headers["ETag"]}))
    assert (gone["value"], gone["version"]) == (None, 0)
    assert rate["measure"] not in {one["measure"] for one in ok(office.get(address))["items"]}


def test_who_may_set_what(district: SmallDistrict) -> None:
    town, member = Asker(district, Role.TOWNSHIP), Asker(district, Role.DEPARTMENT)
    none, body = {"If-Match": '"0"'}, {"measure": "coverage_rate", "year": today().year, "value": 7000}
    address = "/areas/{}/targets".format
    east, park = district.areas["east"], district.areas["park"]
    assert code(town.put(address(east), body, **none)) == (400, "error.targets.set_above")
    assert code(town.put(address(park), body, **none)) == (404, "error.not_found")
    assert code(town.get(address(park))) == (404, "error.not_found")
    assert code(member.put(address(east), body, **none)) == (403, "error.not_permitted")
    assert ok(town.put(address(east), {**body, "industry": "35"}, **none))["industry"] == "35"
    office = Asker(district, Role.DISTRICT_OFFICE)
    for wrong, said in (
        ({"value": 10_001}, "value"), ({"year": today().year + 2}, "year"), ({"measure": "gross"}, "measure"),
        ({"industry": "00"}, "industry"),
    ):  # fmt: skip
        assert code(office.put(address(east), {**body, **wrong}, **none)) == (400, f"error.targets.{said}")


def test_a_target_is_split(district: SmallDistrict) -> None:
    office, areas = Asker(district, Role.DISTRICT_OFFICE), district.areas
    asked = {"measure": "own_organisations", "year": today().year}
    ok(office.put(f"/areas/{areas['district']}/targets", {**asked, "value": 6}, **{"If-Match": '"0"'}))
    split = f"/areas/{areas['district']}/targets/split"
    parts = [{"area_id": areas[name], "value": n, "version": 0} for name, n in (("east", 3), ("west", 1), ("park", 1))]
    assert code(office.post(split, {**asked, "parts": parts})) == (400, "error.targets.sum")
    parts[2]["value"] = 2
    assert ok(office.post(split, {**asked, "parts": parts})) == {"changed": 3}
    assert code(office.post(split, {**asked, "parts": parts})) == (412, "error.changed_meanwhile")
    lines = ok(office.get("/targets?measure=own_organisations"))["items"]
    assert {line["name"]: line["target"] for line in lines} == {
        "云汀区": 6, "东湾镇": 3, "西浦街道": 1, "云汀经济开发区": 2,
    }  # fmt: skip
    again = [{**part, "version": next(n["version"] for n in lines if n["area_id"] == part["area_id"]), "value": 3}
             for part in parts]  # fmt: skip
    assert ok(office.post(split, {**asked, "parts": again, "accept": True})) == {"changed": 2}
    twice = [again[0], again[0]]
    assert code(office.post(split, {**asked, "parts": twice})) == (400, "error.targets.twice")
    foreign = [{"industry": "35", "value": 1, "version": 0}]
    assert code(office.post(split, {**asked, "parts": foreign})) == (400, "error.targets.not_below")


def test_a_target_is_split_by_industries(district: SmallDistrict) -> None:
    office, east = Asker(district, Role.DISTRICT_OFFICE), district.areas["east"]
    asked = {"measure": "own_organisations", "year": today().year}
    ok(office.put(f"/areas/{east}/targets", {**asked, "value": 4}, **{"If-Match": '"0"'}))
    split = {**asked, "by": "industries", "parts": [{"industry": "35", "value": 4, "version": 0}]}
    assert ok(office.post(f"/areas/{east}/targets/split", split)) == {"changed": 1}
    items = ok(office.get(f"/areas/{east}/targets"))["items"]
    standing = [(one["industry"], one["value"]) for one in items if one["measure"] == asked["measure"]]
    assert standing == [("", 4), ("35", 4)]
