"""A plan in the browser: asked for with a parameter, changed by hand, compared; without scripts too."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import expect

from e2e.visiting import visit
from feigong.apps.accounts.roles import Role
from feigong.apps.coverage.models import Plan
from feigong.apps.jobs.models import Job, JobState
from platform_district import SmallDistrict, build_small_district
from platform_plans import done, planned
from platform_street import add_street

pytestmark = pytest.mark.django_db(transaction=True)


def work(district: SmallDistrict) -> Plan:
    """What a worker would do with the job that waits."""
    job = Job.objects.get(state=JobState.WAITING)
    plan, _ = done(job, district.actor(Role.DISTRICT_OFFICE))
    Job.objects.filter(pk=job.pk).update(state=JobState.DONE, result={"plan": plan.pk}, ended_at=job.created_at)
    return plan


def test_from_a_form_to_a_comparison(browser: Any, live_server: Any) -> None:
    district = build_small_district()
    add_street(district)
    seen = visit(browser, live_server.url, district.users[Role.DISTRICT_OFFICE])
    page = seen.page
    seen.go("/coverage/")
    page.click("text=新的测算 >> nth=0")
    page.fill("#plan-name", "初稿")
    page.fill("#p-travel_m", "2500")
    page.click("button:has-text('开始测算')")
    page.wait_for_url("**/jobs/*/")
    first = work(district)
    assert (first.name, first.parameters) == ("初稿", {"travel_m": 2500})
    four = first.planned_branches.get(enterprises=4)
    seen.go(f"/coverage/branches/{four.pk}/")
    page.click("text=调整这个支部")
    page.select_option("#adjust-slot", label="周日晚上")
    page.click("button[value=slot]")
    page.wait_for_selector(".pending li")
    page.fill("#pick-enterprise", "和路")
    page.wait_for_selector("#pick-enterprise-list [data-id]")
    page.click("#pick-enterprise-list [data-id] >> nth=0")
    page.click("button[value=alone]")
    page.wait_for_selector("#changes .note-info >> text=不参加联合党支部")
    page.click("text=两户不在一起")
    page.click("button[value=apart]")
    page.wait_for_selector("#changes .note-error >> text=请先选企业")
    page.fill("#adjust-name", "改两处")
    page.click("#changes button:has-text('重新测算')")
    page.wait_for_url("**/jobs/*/")
    second = work(district)
    assert (second.previous_id, second.by_hand, second.name) == (first.pk, True, "改两处")
    page.reload()
    page.click("text=查看结果")
    expect(page.locator("h1")).to_have_text(f"第 {second.pk} 号方案：改两处")
    page.click("text=哪些企业有变化")
    expect(page.locator("main")).to_contain_text("少覆盖")
    with page.expect_download() as taken:
        page.click("text=导出变化")
    assert taken.value.suggested_filename.endswith(".xlsx")
    assert seen.faults == []


def test_changes_are_checked_without_scripts(browser: Any, live_server: Any) -> None:
    district = build_small_district()
    add_street(district)
    first = planned(district)
    four = first.planned_branches.get(enterprises=4)
    seen = visit(browser, live_server.url, district.users[Role.DISTRICT_OFFICE], scripts=False)
    seen.go(f"/coverage/{first.pk}/adjust/?branch={four.key}")
    pending = seen.page.locator(".pending li")
    seen.page.click("button[value=pin]")
    expect(pending).to_have_count(1)
    seen.page.click("button[value=dissolve]")
    expect(pending).to_contain_text(["不在同一个支部"])  # the later one holds
    expect(pending).to_have_count(1)
    with seen.page.expect_navigation():
        seen.page.click("button[name=drop]")
    expect(pending).to_have_count(0)
