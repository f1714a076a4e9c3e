"""Lists under the hand: typing, ticking, keys, the phone's drawer, themes; and without scripts."""

from __future__ import annotations

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


def rows(page: Any) -> list[str]:
    return [text.strip() for text in page.locator("#found tbody th").all_text_contents()]


def test_typing_narrows_and_the_address_follows(browser: Any, live_server: Any, district: SmallDistrict) -> None:
    seen = office(browser, live_server, district)
    page = seen.page
    seen.go("/enterprises/")
    page.keyboard.press("/")
    page.keyboard.type("qfjm")
    expect(page.locator("#found tbody tr")).to_have_count(1)
    assert rows(page) == ["启帆精密机械有限公司"]
    assert page.url.endswith("/enterprises/?q=qfjm")
    assert page.evaluate("document.activeElement.id") == "f-q"
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url) if "/enterprises/" in request.url else None)
    page.locator(".chip").click()
    expect(page.locator("#found tbody tr")).to_have_count(ALL)
    assert page.input_value("#f-q") == ""
    assert asked == [f"{live_server.url}/enterprises/?"]
    page.go_back()
    expect(page.locator("#found tbody tr")).to_have_count(1)
    assert page.input_value("#f-q") == "qfjm"
    assert seen.faults == []


def test_sorting_keeps_what_is_asked_for(browser: Any, live_server: Any, district: SmallDistrict) -> None:
    seen = office(browser, live_server, district)
    seen.go("/enterprises/?covered=yes")
    seen.page.click("th >> text=职工人数")
    seen.page.wait_for_url("**/enterprises/?covered=yes&sort=staff")
    seen.page.wait_for_selector("th[aria-sort=ascending] >> text=职工人数")
    assert rows(seen.page)[0] == "凌奕文化传媒有限公司"
    seen.page.select_option("#f-covered", "no")
    seen.page.wait_for_url("**/enterprises/?covered=no&sort=staff")
    assert seen.faults == []


def test_ticks_open_the_bar_and_export_only_those(browser: Any, live_server: Any, district: SmallDistrict) -> None:
    seen = office(browser, live_server, district)
    page = seen.page
    seen.go("/enterprises/?columns=name")
    assert page.locator("[data-batch]").is_hidden()
    page.keyboard.press("j")
    page.keyboard.press("x")
    page.locator("#found tbody input").nth(2).check()
    assert page.text_content("[data-batch-count]") == "已勾选 2 行"
    with page.expect_download() as download:
        page.click("text=导出勾选的")
    assert download.value.suggested_filename.startswith("企业和单位-")
    page.click("[data-batch-clear]")
    assert page.locator("[data-batch]").is_hidden()
    assert seen.faults == []


def test_the_drawer_on_a_phone(browser: Any, live_server: Any, district: SmallDistrict) -> None:
    seen = office(browser, live_server, district, width=375)
    page = seen.page
    seen.go("/")
    assert page.locator("#sidebar").is_hidden()
    page.click("[data-drawer]")
    page.wait_for_selector("#sidebar a:visible")
    assert page.evaluate("document.getElementById('sidebar').contains(document.activeElement)")
    page.keyboard.press("Escape")
    page.wait_for_selector("#sidebar", state="hidden")
    assert page.evaluate("document.activeElement.dataset.drawer") == "sidebar"
    assert seen.faults == []


def test_dark_is_chosen_and_kept(browser: Any, live_server: Any, district: SmallDistrict) -> None:
    seen = office(browser, live_server, district)
    page = seen.page
    seen.go("/")
    page.click("#account-menu > summary")
    page.click("[data-theme-choice=dark]")
    assert page.get_attribute("html", "data-bs-theme") == "dark"
    seen.go("/members/")
    assert page.get_attribute("html", "data-bs-theme") == "dark"
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(22, 24, 27)"
    page.click("#account-menu > summary")
    page.click("button[name=language][value=en]")
    page.wait_for_selector("html[lang=en]")
    assert page.url.endswith("/members/")
    assert seen.faults == []


def test_keys_go_where_they_say(browser: Any, live_server: Any, district: SmallDistrict) -> None:
    seen = office(browser, live_server, district)
    seen.go("/")
    seen.page.keyboard.press("?")
    assert seen.page.locator("#keys").is_visible()
    seen.page.keyboard.press("Escape")
    assert seen.page.locator("#keys").is_hidden()
    seen.page.keyboard.press("g")
    seen.page.keyboard.press("e")
    seen.page.wait_for_url("**/enterprises/")
    assert seen.faults == []


def test_branches_of_a_tree_open(browser: Any, live_server: Any, district: SmallDistrict) -> None:
    seen = office(browser, live_server, district)
    seen.go("/areas/")
    seen.page.click("[aria-label='展开 西浦街道']")
    seen.page.wait_for_selector("text=澜江商圈")
    assert seen.page.get_attribute(f"#knob-{district.areas['west']}", "aria-expanded") == "true"
    assert "turned=" in seen.page.url
    assert seen.faults == []


def test_all_of_it_without_scripts(browser: Any, live_server: Any, district: SmallDistrict) -> None:
    seen = office(browser, live_server, district, scripts=False, width=375)
    page = seen.page
    seen.go("/enterprises/")
    page.fill("#f-q", "qfjm")
    page.click("#query button:visible")
    assert rows(page) == ["启帆精密机械有限公司"]
    page.click(".chip")
    assert len(rows(page)) == ALL
    assert page.locator("#sidebar nav").is_visible()
    page.click("summary >> text=显示列")
    page.uncheck("input[name=columns][value=uscc]")
    page.click("text=按勾选的列显示")
    assert "uscc" not in page.url
    assert page.locator("th >> text=统一社会信用代码").count() == 0
