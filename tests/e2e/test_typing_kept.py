"""A session that ends in the middle of a form: after signing in again, what was typed stands there."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import expect

from e2e.visiting import Visit, visit
from feigong.apps.accounts.models import User
from feigong.apps.accounts.roles import Role
from platform_district import SmallDistrict, build_small_district

PASSWORD = "feigong-demo-2026"
KEPT = "sessionStorage.getItem('feigong-typed')"


@pytest.fixture
def district(live_server: Any) -> SmallDistrict:
    return build_small_district()


def sign_in(page: Any, user: User) -> None:
    page.fill("input[name=login]", user.username)
    page.fill("input[name=password]", PASSWORD)
    page.get_by_role("button", name="登录").click()


def ended(browser: Any, live_server: Any, district: SmallDistrict, address: str, **typed: str) -> Visit:
    """Typed, and sent when the session was over."""
    seen = visit(browser, live_server.url, district.users[Role.DISTRICT_OFFICE])
    seen.go(address)
    for name, text in typed.items():
        seen.page.fill(f"#id_{name}", text)
    seen.page.context.clear_cookies(name="sessionid")
    seen.page.get_by_role("button", name="保存").click()
    expect(seen.page.locator("[data-sign-in]")).to_have_count(1)
    return seen


def test_what_was_typed_is_filled_in_again(browser: Any, live_server: Any, district: SmallDistrict) -> None:
    address = f"/enterprises/{district.enterprises['apple']}/change/"
    seen = ended(browser, live_server, district, address, staff="77", reason="年报核对")
    page = seen.page
    sign_in(page, district.users[Role.DISTRICT_OFFICE])
    expect(page.locator("main .note-info")).to_contain_text("已填回")
    expect(page.locator("#id_staff")).to_have_value("77")
    expect(page.locator("#id_reason")).to_have_value("年报核对")
    page.get_by_role("button", name="保存").click()
    expect(page.locator("#messages")).to_contain_text("已保存 1 项变动")
    assert page.evaluate(KEPT) is None
    assert seen.faults == []


def test_a_ticked_week_is_filled_in_again(browser: Any, live_server: Any, district: SmallDistrict) -> None:
    """Also where the words made two weeks of it, which the page that comes back does not have."""
    address = f"/enterprises/{district.enterprises['apple']}/change/"
    seen = visit(browser, live_server.url, district.users[Role.DISTRICT_OFFICE])
    page = seen.page
    seen.go(address)
    page.fill("#id_free_text", "单周周六上午，双周周日上午")
    expect(page.locator(".week-ticks")).to_have_count(2)
    page.locator("#slot-1\\.0").set_checked(True)
    ticked = page.locator("#reading [name=slots]:checked").evaluate_all("all => all.map(one => one.value)")
    page.context.clear_cookies(name="sessionid")
    page.get_by_role("button", name="保存").click()
    expect(page.locator("[data-sign-in]")).to_have_count(1)
    sign_in(page, district.users[Role.DISTRICT_OFFICE])
    expect(page.locator(".week-ticks")).to_have_count(2)
    assert len(ticked) == 3
    for value in ticked:
        expect(page.locator(f"#reading [name=slots][value='{value}']")).to_be_checked()
    expect(page.locator("#reading [name=slots]:checked")).to_have_count(3)
    expect(page.locator("#id_free_text")).to_have_value("单周周六上午，双周周日上午")
    assert seen.faults == []


def test_sealed_numbers_are_not_kept(browser: Any, live_server: Any, district: SmallDistrict) -> None:
    address = f"/members/{next(iter(district.members.values()))}/change/"
    seen = ended(browser, live_server, district, address, name="改名", phone="13900001111")
    assert "改名" in seen.page.evaluate(KEPT)
    assert "13900001111" not in seen.page.evaluate(KEPT)


def test_somebody_else_finds_nothing(browser: Any, live_server: Any, district: SmallDistrict) -> None:
    address = f"/enterprises/{district.enterprises['apple']}/change/"
    seen = ended(browser, live_server, district, address, staff="77")
    sign_in(seen.page, district.users[Role.TOWNSHIP])
    expect(seen.page.locator("#id_staff")).to_have_value("60")
    assert seen.page.evaluate(KEPT) is None
