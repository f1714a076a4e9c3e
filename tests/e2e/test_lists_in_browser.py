"""Lists under the hand: typing, ticking, keys, the phone's drawer, themes; and without scripts."""

from __future__ import annotations

import re
from typing import Any

import pytest
from playwright.sync_api import expect

from e2e.visiting import Visit, visit
from feigong.apps.accounts.roles import Role
from platform_district import SmallDistrict, build_small_district

ALL = 8


@pytest.fixture
def district(live_server: Any) -> SmallDistrict:
    return build_small_district()


def office(browser: Any, live_server: Any, district: SmallDistrict, **window: Any) -> Visit:
    return visit(browser, live_server.url, district.users[Role.DISTRICT_OFFICE], **window)


def rows(page: Any) -> Any:
    return page.locator("#found tbody th")


def test_typing_narrows_and_the_address_follows(browser: Any, live_server: Any, district: SmallDistrict) -> None:
    seen = office(browser, live_server, district)
    page = seen.page
    seen.go("/enterprises/")
    page.keyboard.press("/")
    page.keyboard.type("qfjm")
    expect(page.locator("#found tbody tr")).to_have_count(1)
    expect(rows(page)).to_have_text(["启帆精密机械有限公司"])
    expect(page).to_have_url(f"{live_server.url}/enterprises/?q=qfjm")
    expect(page.locator("#f-q")).to_be_focused()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url) if "/enterprises/" in request.url else None)
    page.locator(".chip").click()
    expect(page.locator("#found tbody tr")).to_have_count(ALL)
    expect(page.locator("#f-q")).to_have_value("")
    assert asked == [f"{live_server.url}/enterprises/?"]
    page.go_back()
    expect(page.locator("#found tbody tr")).to_have_count(1)
    expect(page.locator("#f-q")).to_have_value("qfjm")
    assert seen.faults == []


def test_sorting_keeps_what_is_asked_for(browser: Any, live_server: Any, district: SmallDistrict) -> None:
    seen = office(browser, live_server, district)
    seen.go("/enterprises/?covered=yes")
    seen.page.click("th >> text=职工人数")
    seen.page.wait_for_url("**/enterprises/?covered=yes&sort=staff")
    seen.page.wait_for_selector("th[aria-sort=ascending] >> text=职工人数")
    expect(rows(seen.page).first).to_have_text("凌奕文化传媒有限公司")
    seen.page.select_option("#f-covered", "no")
    seen.page.wait_for_url("**/enterprises/?covered=no&sort=staff")
    assert seen.faults == []


def test_ticks_open_the_bar_and_export_only_those(browser: Any, live_server: Any, district: SmallDistrict) -> None:
    seen = office(browser, live_server, district)
    page = seen.page
    seen.go("/enterprises/?columns=name")
    expect(page.locator("[data-batch]")).to_be_hidden()
    page.keyboard.press("j")
    page.keyboard.press("x")
    page.locator("#found tbody input").nth(2).check()
    expect(page.locator("[data-batch-count]")).to_have_text("已勾选 2 行")
    with page.expect_download() as download:
        page.click("text=导出勾选的")
    assert download.value.suggested_filename.startswith("企业和单位-")
    page.click("[data-batch-clear]")
    expect(page.locator("[data-batch]")).to_be_hidden()
    assert seen.faults == []


def test_the_drawer_on_a_phone(browser: Any, live_server: Any, district: SmallDistrict) -> None:
    seen = office(browser, live_server, district, width=375)
    page = seen.page
    seen.go("/")
    expect(page.locator("#sidebar")).to_be_hidden()
    page.click("[data-drawer]")
    expect(page.locator("#sidebar a:visible").first).to_be_visible()
    expect(page.locator("#sidebar :focus")).to_have_count(1)
    page.keyboard.press("Escape")
    expect(page.locator("#sidebar")).to_be_hidden()
    expect(page.locator("[data-drawer=sidebar]")).to_be_focused()
    assert seen.faults == []


def test_dark_is_chosen_and_kept(browser: Any, live_server: Any, district: SmallDistrict) -> None:
    seen = office(browser, live_server, district)
    page = seen.page
    seen.go("/")
    page.click("#account-menu > summary")
    page.click("[data-theme-choice=dark]")
    expect(page.locator("html")).to_have_attribute("data-bs-theme", "dark")
    seen.go("/members/")
    expect(page.locator("html")).to_have_attribute("data-bs-theme", "dark")
    expect(page.locator("body")).to_have_css("background-color", "rgb(22, 24, 27)")
    page.click("#account-menu > summary")
    page.click("button[name=language][value=en]")
    expect(page.locator("html")).to_have_attribute("lang", "en")
    expect(page).to_have_url(f"{live_server.url}/members/")
    assert seen.faults == []


def test_keys_go_where_they_say(browser: Any, live_server: Any, district: SmallDistrict) -> None:
    seen = office(browser, live_server, district)
    seen.go("/")
    seen.page.keyboard.press("?")
    expect(seen.page.locator("#keys")).to_be_visible()
    seen.page.keyboard.press("Escape")
    expect(seen.page.locator("#keys")).to_be_hidden()
    seen.page.keyboard.press("g")
    seen.page.keyboard.press("e")
    seen.page.wait_for_url("**/enterprises/")
    assert seen.faults == []


def test_branches_of_a_tree_open(browser: Any, live_server: Any, district: SmallDistrict) -> None:
    seen = office(browser, live_server, district)
    seen.go("/areas/")
    seen.page.click("[aria-label='展开 西浦街道']")
    seen.page.wait_for_selector("text=澜江商圈")
    expect(seen.page.locator(f"#knob-{district.areas['west']}")).to_have_attribute("aria-expanded", "true")
    expect(seen.page).to_have_url(re.compile("turned="))
    assert seen.faults == []


def test_all_of_it_without_scripts(browser: Any, live_server: Any, district: SmallDistrict) -> None:
    seen = office(browser, live_server, district, scripts=False, width=375)
    page = seen.page
    seen.go("/enterprises/")
    page.fill("#f-q", "qfjm")
    page.click("#query button:visible")
    expect(rows(page)).to_have_text(["启帆精密机械有限公司"])
    page.click(".chip")
    expect(rows(page)).to_have_count(ALL)
    expect(page.locator("#sidebar nav")).to_be_visible()
    page.click("summary >> text=显示列")
    page.uncheck("input[name=columns][value=uscc]")
    with page.expect_navigation():
        page.click("text=按勾选的列显示")
    expect(page).to_have_url(re.compile(r"\?(?!.*uscc).*columns="))
    expect(rows(page)).to_have_count(ALL)
    expect(page.locator("th >> text=统一社会信用代码")).to_have_count(0)
