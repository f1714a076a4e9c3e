"""Planning again after a transfer: whom the organisations that were left and joined cover may be altered."""

from __future__ import annotations

from datetime import date

import pytest

from feigong.apps.accounts.roles import Role
from feigong.apps.cases import actions as work
from feigong.apps.clock import now, today
from feigong.apps.coverage import actions as planning
from feigong.apps.coverage import queries as plans
from feigong.apps.coverage.jobs import plan_on_roll
from feigong.apps.coverage.models import Plan
from feigong.apps.jobs.models import Job
from feigong.apps.movement import actions
from feigong.apps.movement.actions import Sending
from feigong.apps.roll.actions.records import change_record, create_record
from feigong.apps.roll.kinds import RecordKind
from feigong.core.coverage.values import CoveragePlan
from platform_district import ORGANISATIONS, SmallDistrict, build_small_district
from web.coverage.test_coverage_pages import Context

pytestmark = pytest.mark.django_db
SINCE, FIRST, MOVED, SECOND = date(2026, 1, 2), date(2026, 10, 31), date(2026, 11, 9), date(2026, 11, 20)


@pytest.fixture
def district() -> SmallDistrict:
    """One member in an enterprise of the east that has no organisation and can meet with the branch next door."""
    made = build_small_district()
    office = made.actor(Role.DISTRICT_OFFICE)
    person = {"name": "覃一苇", "full": True, "joined_on": date(2016, 7, 1), "employer_id": made.enterprises["birch"]}
    create_record(office, RecordKind.MEMBER, person, on=SINCE)
    for firm in ("apple", "birch"):
        facts = {"free_text": "周日全天", "slots": "1835008"}
        change_record(office, RecordKind.ENTERPRISE, made.enterprises[firm], facts, on=SINCE)
    return made


def _made(district: SmallDistrict, job: Job) -> CoveragePlan:
    plan_on_roll.run(Context(job, district), job.params)
    return plans.content(Plan.objects.get(job=job))


def _transferred(district: SmallDistrict, member: str) -> None:
    office = district.actor(Role.DISTRICT_OFFICE)
    sending = Sending(district.members[member], "job", to_name=ORGANISATIONS["joint"][0])
    case = actions.ask_transfer(office, sending, on=MOVED)
    for ending, answers in (
        ("agreed", {}), ("sent", {"number": "2026-17", "sent_on": MOVED.isoformat()}), ("accepted", {})
    ):  # fmt: skip
        work.do_step(office, case, ending, answers, on=MOVED, today=today())


def test_who_was_to_join_a_branch_that_fell_below_three_was_touched(district: SmallDistrict) -> None:
    office = district.actor(Role.DISTRICT_OFFICE)
    first = _made(district, planning.start_plan(office, on=FIRST, known_at=now()))
    (planned,) = [b for b in first.branches if b.joins]
    assert planned.joins == plans.organisation_key(district.organisations["single"])
    same = _made(district, actions.plan_again(office, on=SECOND, known_at=now()))
    assert same.changes == ()
    _transferred(district, "bai")
    second = _made(district, actions.plan_again(office, on=SECOND, known_at=now()))
    (change,) = [c for c in second.changes if c.branch == planned.key]
    assert change.untouched is False
    assert "change.organisation" in {r.code for r in change.reasons}
