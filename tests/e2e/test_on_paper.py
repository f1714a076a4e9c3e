"""What is printed: rows as a table, nothing cut or folded away, no menus."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import expect

from e2e.visiting import Visit, visit
from feigong.apps.accounts.roles import Role
from feigong.apps.clock import today
from feigong.apps.roll.actions.records import change_record
from feigong.apps.roll.kinds import RecordKind
from platform_district import SmallDistrict, build_small_district

A4 = {"width": 680, "height": 1000}  # 180 mm between the margins


@pytest.fixture
def district(live_server: Any) -> SmallDistrict:
    return build_small_district()


def on_paper(browser: Any, live_server: Any, district: SmallDistrict, address: str) -> Visit:
    seen = visit(browser, live_server.url, district.users[Role.DISTRICT_OFFICE])
    seen.page.set_viewport_size(A4)
    seen.go(address)
    seen.page.emulate_media(media="print")
    assert seen.page.evaluate("document.documentElement.scrollWidth") <= A4["width"]
    for gone in (".sidebar", ".topbar", ".page-actions", "form#query", ".pager .btn", "main summary.btn"):
        for part in seen.page.locator(gone).all():
            expect(part).to_be_hidden()
    return seen


def test_a_list_is_a_table(browser: Any, live_server: Any, district: SmallDistrict) -> None:
    page = on_paper(browser, live_server, district, "/enterprises/").page
    style = "e => getComputedStyle(e).display"
    assert page.locator(".rows thead").evaluate(style) == "table-header-group"
    assert page.locator(".rows tbody td:not(.tick)").first.evaluate(style) == "table-cell"
    assert page.locator(".rows tbody td.tick").first.evaluate(style) == "none"
    assert page.locator(".table-frame").evaluate("e => getComputedStyle(e).page") == "auto"


def test_many_columns_lie_on_their_side(browser: Any, live_server: Any, district: SmallDistrict) -> None:
    columns = "name,uscc,industry,staff,standing,officer,flags,area,kind,control"
    page = on_paper(browser, live_server, district, f"/enterprises/?columns={columns}").page
    assert page.locator(".table-frame").evaluate("e => getComputedStyle(e).page") == "wide"


def test_first_page_and_tree_fit(browser: Any, live_server: Any, district: SmallDistrict) -> None:
    for address in ("/", "/areas/"):
        page = on_paper(browser, live_server, district, address).page
        expect(page.locator("h1")).to_be_visible()


def test_a_record_shows_all_that_happened(browser: Any, live_server: Any, district: SmallDistrict) -> None:
    actor, apple = district.actor(Role.DISTRICT_OFFICE), district.enterprises["apple"]
    for staff in range(100, 112):
        change_record(actor, RecordKind.ENTERPRISE, apple, {"staff": staff}, on=today())
    page = on_paper(browser, live_server, district, f"/enterprises/{apple}/").page
    expect(page.locator("#timeline .event").nth(11)).to_be_attached()
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    for event in page.locator("#timeline .event").all():
        expect(event).to_be_visible()
    expect(page.locator("#timeline details:not([open])")).to_have_count(0)
    page.evaluate("dispatchEvent(new Event('afterprint'))")
    expect(page.locator("#timeline details[open]")).to_have_count(0)
