"""What an area plans with: dated, nearest area first, under what is chosen, over what the rules say."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from feigong.apps.accounts.roles import Role
from feigong.apps.audit.models import Record
from feigong.apps.clock import now, today
from feigong.apps.coverage import actions, presets
from feigong.apps.coverage.models import Plan
from feigong.apps.movement.actions import plan_again
from feigong.apps.roll.taking_back import take_back
from feigong.core.errors import FeigongError
from platform_district import ON, SmallDistrict, build_small_district
from platform_plans import done, planned
from platform_street import add_street

pytestmark = pytest.mark.django_db


@pytest.fixture
def district() -> SmallDistrict:
    district = build_small_district()
    add_street(district)
    return district


def keep(district: SmallDistrict, on: date = ON, expected: int | None = None, **chosen: Any) -> None:
    presets.set_preset(district.actor(Role.DISTRICT_OFFICE), chosen, on=on, reason="区里定的", expected=expected)


def used(district: SmallDistrict, on: date = ON, **chosen: Any) -> dict[str, Any]:
    """The parameters of a plan that is asked for now."""
    actor = district.actor(Role.DISTRICT_OFFICE)
    job = actions.start_plan(actor, on=on, known_at=now(), parameters=chosen)
    return dict(job.params["parameters"])


def refused(code: str, district: SmallDistrict, **chosen: Any) -> None:
    with pytest.raises(FeigongError) as fault:
        keep(district, **chosen)
    assert fault.value.reason.code == code


def test_a_plan_uses_what_held_on_its_day_unless_it_chooses(district: SmallDistrict) -> None:
    keep(district, ON, travel_m=2000, officer_usual=4)
    keep(district, ON + timedelta(days=10), travel_m=1500)
    assert used(district, ON - timedelta(days=1)) == {}
    assert used(district) == {"travel_m": 2000, "officer_usual": 4}
    assert used(district, ON + timedelta(days=10)) == {"travel_m": 1500}
    assert used(district, travel_m=900) == {"travel_m": 900, "officer_usual": 4}
    assert used(district, travel_m=3000) == {"officer_usual": 4}, "what the rules say can be chosen too"


def test_only_what_differs_is_kept_and_nothing_ends_it(district: SmallDistrict) -> None:
    keep(district, travel_m=3000, bases=["building", "street", "area", "industry"], turnover=0.2)
    sight, area = district.sight(Role.DISTRICT_OFFICE), district.areas["district"]
    (row,) = presets.stretches(sight, area)
    assert row.chosen == {"turnover": 0.2}
    keep(district, ON + timedelta(days=5), expected=row.pk, travel_m=3000)
    assert used(district, ON + timedelta(days=5)) == {}
    assert used(district) == {"turnover": 0.2}


def test_an_area_below_uses_what_stands_above_it(district: SmallDistrict) -> None:
    keep(district, travel_m=2000)
    sight = district.sight(Role.DISTRICT_OFFICE)
    found = presets.preset_of(sight, district.areas["tower"])
    assert found is not None
    assert (found.area_id, found.chosen) == (district.areas["district"], {"travel_m": 2000})
    below = presets.preset_of(district.sight(Role.TOWNSHIP), district.areas["east"])
    assert below is not None
    assert below.chosen == {"travel_m": 2000}


def test_it_is_recorded_versioned_and_taken_back(district: SmallDistrict) -> None:
    keep(district, expected=0, travel_m=2000)
    record = Record.objects.latest("pk")
    assert (record.code, record.reason, record.params) == (
        "coverage.preset", "区里定的", {"area": district.areas["district"]},
    )  # fmt: skip
    refused("error.changed_meanwhile", district, expected=0, travel_m=1000)
    take_back(district.actor(Role.DISTRICT_OFFICE), record.pk, reason="填错")
    assert used(district) == {}


def test_what_is_refused(district: SmallDistrict) -> None:
    refused("error.parameters.range", district, travel_m=5)
    refused("error.parameters.unknown", district, speed=5)
    refused("error.preset_fixed", district, operating_staff=20)
    with pytest.raises(FeigongError) as fault:
        presets.set_preset(district.actor(Role.TOWNSHIP), {"travel_m": 900}, on=ON)
    assert fault.value.reason.code == "error.not_permitted"
    with pytest.raises(FeigongError) as fault:
        presets.stretches(district.sight(Role.TOWNSHIP), district.areas["park"])
    assert fault.value.reason.code == "error.not_found"


def test_planning_again_keeps_what_was_chosen_and_takes_the_rest_as_it_is_now(district: SmallDistrict) -> None:
    actor = district.actor(Role.DISTRICT_OFFICE)
    keep(district, travel_m=2000, turnover=0.2, officer_usual=4)
    first = planned(district, parameters={"turnover": 0.3, "officer_usual": 3, "most_enterprises": 6})
    assert first.parameters == {"travel_m": 2000, "turnover": 0.3, "most_enterprises": 6}
    keep(district, today(), travel_m=1800, turnover=0.1, officer_usual=5)
    job = plan_again(actor, on=today(), known_at=now())
    assert job.params["parameters"] == {"travel_m": 1800, "turnover": 0.3, "most_enterprises": 6}
    second, _ = done(job, actor)
    assert Plan.objects.get(pk=second.pk).parameters["travel_m"] == 1800
