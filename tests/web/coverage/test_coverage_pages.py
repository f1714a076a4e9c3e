"""The pages of coverage plans."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from feigong.apps.accounts.roles import Role
from feigong.apps.coverage import actions
from feigong.apps.coverage.jobs import plan_on_roll
from feigong.apps.coverage.models import Plan
from feigong.apps.jobs.models import Job
from platform_district import ON, SmallDistrict, build_small_district

pytestmark = pytest.mark.django_db


class Context:
    def __init__(self, job: Job, district: SmallDistrict) -> None:
        self.job_id, self.actor = job.pk, district.actor(Role.DISTRICT_OFFICE)

    def progress(self, stage: str, done: int = 0, total: int = 0, **reached: object) -> None: ...

    def stopped(self) -> bool:
        return False

    def fence(self) -> None: ...


@pytest.fixture
def district() -> SmallDistrict:
    return build_small_district()


@pytest.fixture
def kept(district: SmallDistrict) -> Plan:
    job = actions.start_plan(district.actor(Role.DISTRICT_OFFICE), on=ON, known_at=district.at)
    plan_on_roll.run(Context(job, district), job.params)
    return Plan.objects.get()


def signed_in(district: SmallDistrict, role: Role) -> Client:
    client = Client()
    client.force_login(district.users[role])
    return client


def test_starting_a_plan_leads_to_its_job(district: SmallDistrict) -> None:
    office = signed_in(district, Role.DISTRICT_OFFICE)
    page = office.get(reverse("coverage:list"))
    assert "还没有方案" in page.content.decode()
    answer = office.post(reverse("coverage:new"), {"on": "2026-11-01"})
    assert answer.headers["Location"] == reverse("jobs:detail", args=[Job.objects.get().pk])


def test_the_district_reads_the_proof_and_takes_the_report_away(district: SmallDistrict, kept: Plan) -> None:
    office = signed_in(district, Role.DISTRICT_OFFICE)
    page = office.get(reverse("coverage:detail", args=[kept.pk])).content.decode()
    assert "沐诺电子科技有限公司" in page
    assert reverse("coverage:report", args=[kept.pk]) in page
    report = office.get(reverse("coverage:report", args=[kept.pk]))
    assert report.headers["Content-Disposition"].startswith("attachment")


def test_a_township_reads_its_own_part(district: SmallDistrict, kept: Plan) -> None:
    town = signed_in(district, Role.TOWNSHIP)
    page = town.get(reverse("coverage:detail", args=[kept.pk])).content.decode()
    assert "启帆精密机械有限公司" in page
    assert "沐诺电子科技有限公司" not in page
    assert town.get(reverse("coverage:report", args=[kept.pk])).status_code == 404
    assert town.post(reverse("coverage:new"), {"on": "2026-11-01"}).status_code == 403


def test_a_day_that_is_none_is_said(district: SmallDistrict) -> None:
    answer = signed_in(district, Role.DISTRICT_OFFICE).post(reverse("coverage:new"), {"on": "soon"})
    assert answer.status_code == 400
    assert "soon" in answer.content.decode()


def test_what_is_only_read_is_not_posted_to(district: SmallDistrict, kept: Plan) -> None:
    office = signed_in(district, Role.DISTRICT_OFFICE)
    for name in ("coverage:detail", "coverage:report"):
        answer = office.post(reverse(name, args=[kept.pk]))
        assert (answer.status_code, answer.headers["Allow"]) == (405, "GET"), name
    assert office.post(reverse("coverage:list")).headers["Allow"] == "GET"
    assert office.put(reverse("coverage:new")).headers["Allow"] == "GET, POST"
