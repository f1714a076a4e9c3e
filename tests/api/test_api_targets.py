"""Targets of the year by REST: the table of a measure, as far as it is in sight."""

from __future__ import annotations

from datetime import date

import pytest

from api.askers import Asker, code, ok
from feigong.apps.accounts.roles import Role
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
