"""A plan changed by hand on its map: an enterprise and the star it is to go to, the answer, the plan made around it."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import expect

from e2e.visiting import Visit, visit
from feigong.apps.accounts.roles import Role
from feigong.apps.coverage import queries
from feigong.apps.coverage.models import Plan
from feigong.apps.jobs.models import Job, JobState
from feigong.core.coverage.values import JointBranch
from platform_district import SmallDistrict, build_small_district
from platform_plans import done, planned
from platform_street import add_street

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def district(live_server: Any) -> SmallDistrict:
    made = build_small_district()
    add_street(made)
    return made


@pytest.fixture
def plan(district: SmallDistrict) -> Plan:
    made = planned(district)
    Job.objects.update(state=JobState.DONE)
    return made


def opened(browser: Any, live_server: Any, district: SmallDistrict, address: str, **window: Any) -> Visit:
    """The page, its map drawn if there is one."""
    seen = visit(browser, live_server.url, district.users[Role.DISTRICT_OFFICE], **window)
    seen.go(address)
    if window.get("scripts", True):
        expect(seen.page.locator("[data-plan-map]")).to_have_attribute("data-stars", "2")
    return seen


def two(plan: Plan) -> tuple[JointBranch, JointBranch]:
    """The branch of four and the branch of three."""
    four, three = sorted(queries.branches_of(plan).branches, key=lambda b: -len(b.seats))
    return four, three


def guest_of(plan: Plan, branch: JointBranch) -> int:
    return queries.numbers_in(plan, [branch.seats[1].uscc])[branch.seats[1].uscc]


def on_map(seen: Visit, what: str) -> Any:
    return seen.page.locator(f".plan-map [data-at='{what}']")


def work(district: SmallDistrict) -> Plan:
    """What a worker would do with the job that waits."""
    job = Job.objects.get(state=JobState.WAITING)
    made, _ = done(job, district.actor(Role.DISTRICT_OFFICE))
    Job.objects.filter(pk=job.pk).update(state=JobState.DONE, result={"plan": made.pk}, ended_at=job.created_at)
    return made


def test_an_enterprise_is_moved_by_its_point_and_a_star(
    browser: Any, live_server: Any, district: SmallDistrict, plan: Plan
) -> None:
    four, three = two(plan)
    firm = guest_of(plan, four)
    seen = opened(browser, live_server, district, f"/coverage/{plan.pk}/adjust/?enterprise={firm}")  # comes near
    page, chosen, changes = seen.page, seen.page.locator("#chosen"), seen.page.locator("#changes")
    chosen.get_by_role("button", name="不选了").click()
    expect(chosen.locator("h2")).to_have_text("先选要调整的")
    on_map(seen, f"firm:{firm}").click()
    expect(chosen.locator("[data-what]")).to_have_attribute("data-firm", str(firm))
    expect(chosen).to_contain_text("都有空：周日上午")
    expect(page.locator(".plan-map .star-target")).to_have_count(1)
    on_map(seen, f"branch:{three.key}").click()
    expect(chosen.locator("[data-what]")).to_have_attribute("data-branch", three.key)
    chosen.get_by_role("button", name="把它移到这里").click()
    expect(changes.locator(".note-info")).to_contain_text("已加入下面的清单")
    expect(changes.locator(".note-info")).to_be_focused()
    expect(changes.locator(".pending li")).to_have_count(1)
    expect(page.locator(".plan-map .star-pending")).to_have_count(2)
    expect(chosen).to_contain_text("移来的")
    changes.get_by_role("button", name="按这 1 项重新测算").click()
    page.wait_for_url("**/jobs/*/")
    second = work(district)
    assert (second.previous_id, second.by_hand) == (plan.pk, True)
    assert second.outcomes.get(enterprise=firm).branch == three.key
    seen.go(f"/coverage/{second.pk}/adjust/?enterprise={firm}")
    expect(page.locator(".plan-map .firm-moved")).to_have_count(1)
    expect(page.locator(".plan-map .star-mark em")).to_have_text(["变", "变"])
    assert seen.faults == []


def test_what_breaks_a_rule_is_said_and_a_change_can_be_dropped(
    browser: Any, live_server: Any, district: SmallDistrict, plan: Plan
) -> None:
    four, three = two(plan)
    seen = opened(browser, live_server, district, f"/coverage/{plan.pk}/adjust/?branch={three.key}")
    chosen, changes = seen.page.locator("#chosen"), seen.page.locator("#changes")
    chosen.get_by_role("button", name="固定这个支部").click()
    expect(changes.locator(".pending li")).to_have_count(1)
    on_map(seen, f"branch:{four.key}").click()
    expect(chosen.locator("[data-what]")).to_have_attribute("data-branch", four.key)
    seen.page.locator("#adjust-slot").select_option(label="周日晚上")
    chosen.get_by_role("button", name="换活动时间").click()
    expect(changes.locator(".pending li")).to_have_count(2)  # the first one is there still
    seen.page.locator("#list-kind").select_option("keep")
    seen.page.locator("#listed tbody tr", has_text="启帆").get_by_role("button").click()
    expect(chosen).to_contain_text("已有党组织，不用再联合")
    expect(chosen.locator("h2")).to_be_focused()
    seen.page.locator("#list-kind").select_option("branches")
    seen.page.locator(f"#listed button[value='branch:{three.key}']").click()
    chosen.get_by_role("button", name="把它移到这里").click()
    expect(changes.locator(".note-error")).to_contain_text("不合规定，没有加入")
    expect(changes.locator(".pending li")).to_have_count(2)
    changes.get_by_role("button", name="去掉").first.click()
    expect(changes.locator(".pending li")).to_have_count(1)
    expect(changes.locator(".pending")).to_contain_text("周日晚上")
    assert seen.faults == []


def test_enter_on_the_map_chooses_what_is_in_the_middle(
    browser: Any, live_server: Any, district: SmallDistrict, plan: Plan
) -> None:
    firm = guest_of(plan, two(plan)[0])
    seen = opened(browser, live_server, district, f"/coverage/{plan.pk}/adjust/?enterprise={firm}", width=375)
    chosen = seen.page.locator("#chosen")
    chosen.get_by_role("button", name="不选了").click()
    expect(chosen.locator("h2")).to_have_text("先选要调整的")
    expect(chosen.locator("h2")).to_be_focused()  # the answer takes the keys first
    seen.page.locator("[data-plan-map]").focus()
    seen.page.keyboard.press("Enter")
    expect(chosen.locator("[data-what]")).to_have_attribute("data-firm", str(firm))
    assert seen.faults == []


def test_without_scripts_the_list_does_it_all(
    browser: Any, live_server: Any, district: SmallDistrict, plan: Plan
) -> None:
    four, three = two(plan)
    firm = guest_of(plan, four)
    seen = opened(browser, live_server, district, f"/coverage/{plan.pk}/adjust/", scripts=False)
    page = seen.page
    expect(page.locator("[data-plan-map]")).to_be_hidden()
    page.locator("#list-kind").select_option("joint")
    page.locator("#listed").get_by_role("button", name="查询").click()
    page.locator(f"#listed button[value='firm:{firm}']").click()
    page.locator(f"#chosen button[value='move:{three.key}']").click()
    expect(page.locator("#changes .pending li")).to_have_count(1)
    page.locator("#changes").get_by_role("button", name="按这 1 项重新测算").click()
    page.wait_for_url("**/jobs/*/")
    assert work(district).outcomes.get(enterprise=firm).branch == three.key
