"""A clerk's story in the browser: change, see what happened and when, two editors, merge and split, move an area."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from playwright.sync_api import expect

from e2e.visiting import Visit, visit
from feigong.apps.accounts.roles import Role
from feigong.apps.clock import today
from platform_district import SmallDistrict, build_small_district


@pytest.fixture
def district(live_server: Any) -> SmallDistrict:
    return build_small_district()


def someone(browser: Any, live_server: Any, district: SmallDistrict, role: Role, **window: Any) -> Visit:
    return visit(browser, live_server.url, district.users[role], **window)


def pick(page: Any, name: str, text: str, wanted: str) -> None:
    """Name a record by typing: arrow and Enter, as a person at the keyboard does."""
    box = page.locator(f"[data-picker]:has(input[name={name}]) [role=combobox]")
    box.fill(text)
    option = box.locator("xpath=..").get_by_role("option", name=wanted)
    expect(option.first).to_be_visible()
    box.press("ArrowDown")
    box.press("Enter")
    expect(box).to_have_value(wanted)


def test_changed_today_and_as_it_was_yesterday(browser: Any, live_server: Any, district: SmallDistrict) -> None:
    seen = someone(browser, live_server, district, Role.DISTRICT_OFFICE)
    page, here = seen.page, f"/enterprises/{district.enterprises['apple']}/"
    seen.go(here)
    page.get_by_role("link", name="修改", exact=True).click()
    page.fill("#id_staff", "75")
    page.fill("#id_free_text", "周三晚上")
    expect(page.locator("#reading [name=slots]:checked")).to_have_count(1)
    page.fill("#id_reason", "年报核对")
    page.get_by_role("button", name="保存").click()
    expect(page.locator("#messages")).to_contain_text("已保存 2 项变动")
    event = page.locator("#timeline .event").first
    expect(event).to_contain_text("修改企业")
    expect(event.locator("del").filter(has_text="60")).to_have_count(1)
    expect(event).to_contain_text("年报核对")
    page.locator(".as-of-fold summary").click()
    page.fill("input[name=on]", (today() - timedelta(days=1)).isoformat())
    page.get_by_role("button", name="查看", exact=True).click()
    expect(page.locator(".facts")).to_contain_text("周六、周日全天")
    expect(page.get_by_role("link", name="修改", exact=True)).to_have_count(0)
    assert seen.faults == []


def test_a_week_is_ticked_by_keyboard(browser: Any, live_server: Any, district: SmallDistrict) -> None:
    seen = someone(browser, live_server, district, Role.DISTRICT_OFFICE)
    page, here = seen.page, f"/enterprises/{district.enterprises['apple']}/"
    seen.go(here + "change/")
    ticked = page.locator("#reading [name=slots]:checked")
    expect(ticked).to_have_count(6)
    page.get_by_label("还不清楚哪些时段有空").check()
    expect(ticked).to_have_count(0)
    page.get_by_label("周二上午").focus()
    for key in ("ArrowRight", "ArrowDown", "ArrowDown", "Space"):
        page.keyboard.press(key)
    expect(page.get_by_label("周三晚上")).to_be_checked()
    expect(page.get_by_label("还不清楚哪些时段有空")).not_to_be_checked()
    page.fill("#id_free_text", "打电话约")  # says nothing: the tick stays
    expect(page.locator("#reading [role=status]")).to_contain_text("按勾选的时段登记")
    expect(ticked).to_have_count(1)
    page.get_by_role("button", name="保存").click()
    expect(page.locator("#messages")).to_contain_text("已保存 2 项变动")
    expect(page.locator(".week .free")).to_have_count(1)
    assert seen.faults == []


def test_a_week_another_ticked_meanwhile_is_taken_over(
    browser: Any, live_server: Any, district: SmallDistrict
) -> None:
    office = someone(browser, live_server, district, Role.DISTRICT_OFFICE)
    town = someone(browser, live_server, district, Role.TOWNSHIP)
    here = f"/enterprises/{district.enterprises['apple']}/change/"
    for seen, slot in ((office, "周二上午"), (town, "周三晚上")):
        seen.go(here)
        seen.page.get_by_label(slot).check()
    town.page.get_by_role("button", name="保存").click()
    expect(town.page.locator("#messages")).to_contain_text("已保存")
    page = office.page
    page.get_by_role("button", name="保存").click()
    expect(page.locator(".clash")).to_be_focused()
    expect(page.get_by_label("周二上午")).to_be_checked()
    page.locator(".clash").get_by_role("button", name="用现在的").click()
    expect(page.get_by_label("周三晚上")).to_be_checked()
    expect(page.get_by_label("周二上午")).not_to_be_checked()
    assert [fault for fault in office.faults if "409" not in fault] == []


def test_two_editors_at_once(browser: Any, live_server: Any, district: SmallDistrict) -> None:
    office = someone(browser, live_server, district, Role.DISTRICT_OFFICE)
    town = someone(browser, live_server, district, Role.TOWNSHIP)
    here = f"/enterprises/{district.enterprises['apple']}/change/"
    for seen in (office, town):
        seen.go(here)
    town.page.fill("#id_staff", "90")
    town.page.fill("#id_legal_representative", "丁一鸣")
    town.page.get_by_role("button", name="保存").click()
    expect(town.page.locator("#messages")).to_contain_text("已保存")
    office.page.fill("#id_staff", "75")
    office.page.fill("#id_shift", "两班倒")
    office.page.get_by_role("button", name="保存").click()
    clash = office.page.locator(".clash")
    expect(clash).to_contain_text("别人改过")
    expect(clash.locator("tbody tr")).to_have_count(2)
    expect(office.page.locator("#id_staff")).to_have_value("75")
    expect(office.page.locator("#id_legal_representative")).to_have_value("丁一鸣")
    clash.get_by_role("button", name="用现在的").click()
    expect(office.page.locator("#id_staff")).to_have_value("90")
    office.page.get_by_role("button", name="保存").click()
    expect(office.page.locator("#messages")).to_contain_text("已保存 1 项变动")
    facts = office.page.locator(".facts").first
    expect(facts).to_contain_text("丁一鸣")
    expect(facts).to_contain_text("两班倒")


def test_merged_seen_side_by_side_and_split(browser: Any, live_server: Any, district: SmallDistrict) -> None:
    seen = someone(browser, live_server, district, Role.DISTRICT_OFFICE)
    page, birch = seen.page, district.enterprises["birch"]
    seen.go(f"/enterprises/{birch}/merge/")
    pick(page, "other", "rhwl", "瑞航物流有限公司")
    page.get_by_role("button", name="并排比较").click()
    page.locator("tr", has_text="职工人数").get_by_role("radio").nth(1).check()
    page.fill("#merge-reason", "同一家")
    page.get_by_role("button", name="合并", exact=True).click()
    expect(page.locator("#messages")).to_contain_text("已并入")
    expect(page.locator(".facts").first).to_contain_text("12")
    page.get_by_role("link", name="拆分").click()
    page.fill("#split-reason", "不是一家")
    page.get_by_role("button", name="拆分").click()
    expect(page.locator("#messages")).to_contain_text("已拆分出来")
    expect(page.locator(".facts").first).to_contain_text("35")
    assert seen.faults == []


def test_an_area_moves_and_the_old_tree_stays(browser: Any, live_server: Any, district: SmallDistrict) -> None:
    seen = someone(browser, live_server, district, Role.DISTRICT_OFFICE)
    page, street = seen.page, f"/areas/{district.areas['street']}/"
    seen.go(street + "change/")
    pick(page, "parent_id", "东湾", "东湾镇")
    page.get_by_role("button", name="保存").click()
    expect(page.locator(".facts").first).to_contain_text("东湾镇")
    seen.go(f"/areas/{district.areas['tower']}/")
    expect(page.locator(".page-head")).to_contain_text("东湾镇")  # what is below moves along
    seen.go(f"/areas/{district.areas['tower']}/?on={today() - timedelta(days=1)}")
    expect(page.locator(".page-head")).to_contain_text("西浦街道")
    assert seen.faults == []


def test_a_sealed_number_is_asked_for_in_a_sheet(browser: Any, live_server: Any, district: SmallDistrict) -> None:
    seen = someone(browser, live_server, district, Role.TOWNSHIP, width=375)
    page = seen.page
    seen.go(f"/members/{district.members['zhu']}/")
    page.locator("[data-reveal=id_number]").click()
    sheet = page.locator("dialog[open]")
    sheet.get_by_label("理由").fill("查")
    sheet.get_by_role("button", name="查看一次").click()
    expect(sheet.locator(".field-error")).to_be_visible()
    sheet.get_by_label("理由").fill("核对身份信息")
    sheet.get_by_role("button", name="查看一次").click()
    expect(sheet).to_contain_text("990101198502020026")
    sheet.get_by_role("button", name="关闭").click()
    expect(page.locator("body")).not_to_contain_text("990101198502020026")
    assert seen.faults == []


def test_a_place_is_picked_by_keyboard(browser: Any, live_server: Any, district: SmallDistrict) -> None:
    seen = someone(browser, live_server, district, Role.DISTRICT_OFFICE)
    page = seen.page
    seen.go(f"/enterprises/{district.enterprises['apple']}/change/")
    expect(page.locator("#map-pick .leaflet-map-pane")).to_be_attached()
    before = page.input_value("#id_longitude")
    page.locator("#map-pick").focus()
    for _ in range(3):
        page.keyboard.press("ArrowRight")
        expect(page.locator(".leaflet-pan-anim")).to_have_count(0)
    page.keyboard.press("Enter")
    expect(page.locator("#id_longitude")).not_to_have_value(before)
    assert float(page.input_value("#id_longitude")) > float(before)
    assert abs(float(page.input_value("#id_latitude")) - 30.6) < 0.01
    expect(page).to_have_url(re.compile("/change/$"))
    assert seen.faults == []
