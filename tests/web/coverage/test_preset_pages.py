"""The page on which an area says what it plans with, and the form that shows it."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from feigong.apps.accounts.roles import Role
from feigong.apps.clock import today
from feigong.apps.coverage.models import Preset
from feigong.apps.jobs.models import Job
from platform_district import SmallDistrict, build_small_district

pytestmark = pytest.mark.django_db
ADDRESS = "/coverage/preset/"


@pytest.fixture
def district() -> SmallDistrict:
    return build_small_district()


def signed_in(district: SmallDistrict, role: Role = Role.DISTRICT_OFFICE) -> Client:
    client = Client()
    client.force_login(district.users[role])
    return client


def version(page: str) -> str:
    found = re.search(r'name="version" value="(\d+)"', page)
    assert found is not None
    return found[1]


def kept(client: Client, **chosen: str) -> str:
    page = client.get(ADDRESS).content.decode()
    given = {"on": today().isoformat(), "version": version(page), **{f"p.{k}": v for k, v in chosen.items()}}
    answer = client.post(ADDRESS, given, follow=True)
    assert answer.redirect_chain, answer.content.decode()
    return str(answer.content.decode())


def test_what_is_set_is_shown_and_used_by_the_form(district: SmallDistrict) -> None:
    office = signed_in(district)
    page = kept(office, travel_m="1500", cycle_weeks="1")
    assert "云汀区的测算默认值" in page
    assert "到会路程上限：1500" in page
    form = office.get(reverse("coverage:new")).content.decode()
    assert re.search(r'name="p.travel_m" value="1500"', form)
    assert "本区默认值：1500。" in form
    assert form.count("本区默认值：") == 2
    given = {"on": today().isoformat(), "p.travel_m": "1500", "p.cycle_weeks": "2"}
    office.post(reverse("coverage:new"), given)
    assert Job.objects.latest("pk").params["parameters"] == {"travel_m": 1500}
    yesterday = (today() - timedelta(days=1)).isoformat()
    office.post(reverse("coverage:new"), {"on": yesterday, "p.travel_m": "1500"})
    assert Job.objects.latest("pk").params["parameters"] == {}, "of that day"


def test_the_form_keeps_what_was_wrong_and_changes_nothing(district: SmallDistrict) -> None:
    office = signed_in(district)
    for field, value, said in (("p.travel_m", "5", "100"), ("on", "soon", "")):
        given = {"on": today().isoformat(), "version": "0", "p.officer_usual": "4", field: value}
        answer = office.post(ADDRESS, given)
        assert answer.status_code == 400
        assert said in answer.content.decode()
        assert 'name="p.officer_usual" value="4"' in answer.content.decode()
    assert not Preset.rows.exists()


def test_two_editors_do_not_write_over_each_other(district: SmallDistrict) -> None:
    office = signed_in(district)
    kept(office, travel_m="1500")
    answer = office.post(ADDRESS, {"on": today().isoformat(), "version": "0", "p.travel_m": "900"})
    assert answer.status_code == 400
    assert "别人改过" in answer.content.decode()
    assert Preset.rows.get().chosen == {"travel_m": 1500}


def test_who_does_not_plan_has_no_business_there(district: SmallDistrict) -> None:
    for role in (Role.TOWNSHIP, Role.LIAISON_OFFICER, Role.MEMBER):
        assert signed_in(district, role).get(ADDRESS).status_code == 403
    page = signed_in(district, Role.TOWNSHIP).get(reverse("coverage:list")).content.decode()
    assert ADDRESS not in page


def test_it_asks_few_questions_of_the_database(district: SmallDistrict) -> None:
    office = signed_in(district)
    kept(office, travel_m="1500")
    kept(office, travel_m="1200")
    with CaptureQueriesContext(connection) as asked:
        assert office.get(ADDRESS).status_code == 200
    assert len(asked) <= 25, len(asked)
