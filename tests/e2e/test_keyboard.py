"""By keyboard alone: to the bar of ticked rows and back, names half typed, refusals where one is."""

from __future__ import annotations

import re
from typing import Any

import pytest
from playwright.sync_api import expect

from e2e.visiting import Visit, visit
from feigong.apps.accounts.roles import Role
from platform_district import SmallDistrict, build_small_district


@pytest.fixture
def district(live_server: Any) -> SmallDistrict:
    return build_small_district()


def at(browser: Any, live_server: Any, district: SmallDistrict, address: str) -> Visit:
    seen = visit(browser, live_server.url, district.users[Role.DISTRICT_OFFICE])
    seen.go(address)
    return seen


def test_from_a_ticked_row_to_the_bar_and_on(browser: Any, live_server: Any, district: SmallDistrict) -> None:
    seen = at(browser, live_server, district, "/enterprises/")
    page, names = seen.page, seen.page.locator("[data-rows] tbody tr a")
    for key in ("b", "j", "j", "x"):  # with nothing ticked b does nothing
        page.keyboard.press(key)
    expect(names.nth(1)).to_be_focused()
    page.keyboard.press("b")
    expect(page.locator("[data-batch] button").first).to_be_focused()
    page.keyboard.press("j")
    expect(names.nth(2)).to_be_focused()
    assert seen.faults == []


@pytest.mark.parametrize("leave", ["Escape", "Tab"])
def test_a_name_half_typed_unties_nothing(browser: Any, live_server: Any, district: SmallDistrict, leave: str) -> None:
    seen = at(browser, live_server, district, f"/members/{district.members['zhu']}/change/")
    page = seen.page
    box = page.locator("[data-picker]:has(input[name=branch_id]) [role=combobox]")
    expect(page.locator("input[name=branch_id]")).to_have_value(re.compile(r"^\d+$"))
    branch, name = page.input_value("input[name=branch_id]"), box.input_value()
    box.press_sequentially("不")
    expect(page.locator("input[name=branch_id]")).to_have_value("")
    expect(box).to_have_attribute("aria-expanded", "true")
    box.press(leave)
    expect(page.locator("input[name=branch_id]")).to_have_value(branch)
    expect(box).to_have_value(name)
    box.press_sequentially("不")
    box.press("Enter")  # sends nothing as long as nothing is chosen
    page.get_by_role("button", name="保存").click()
    expect(page.locator("#messages")).to_contain_text("没有改动")
    assert seen.faults == []


def test_what_is_emptied_stays_empty(browser: Any, live_server: Any, district: SmallDistrict) -> None:
    seen = at(browser, live_server, district, f"/members/{district.members['zhu']}/change/")
    box = seen.page.locator("[data-picker]:has(input[name=employer_id]) [role=combobox]")
    box.fill("")
    box.press("Tab")
    seen.page.evaluate("new Promise((done) => setTimeout(done, 400))")  # the page's own timers were set before this one
    expect(seen.page.locator("input[name=employer_id]")).to_have_value("")
    seen.page.get_by_role("button", name="保存").click()
    expect(seen.page.locator("#messages")).to_contain_text("已保存 1 项变动")


def test_a_refusal_is_where_one_is(browser: Any, live_server: Any, district: SmallDistrict) -> None:
    seen = at(browser, live_server, district, f"/enterprises/{district.enterprises['apple']}/change/")
    seen.page.fill("#id_uscc", "123")
    seen.page.get_by_role("button", name="保存").click()
    expect(seen.page.locator("#id_uscc")).to_be_focused()
    end = at(browser, live_server, district, f"/enterprises/{district.enterprises['apple']}/end/").page
    end.fill("#end-reason", "迁出")
    end.get_by_role("button", name="移出台账").click()
    expect(end.locator(".note-error")).to_be_focused()
