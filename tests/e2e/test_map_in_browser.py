"""The map under the hand: it counts what the list counts; a row shows its point, a point opens its rows."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import expect

from e2e.visiting import Visit, visit
from feigong.apps.accounts.roles import Role
from feigong.apps.roll.actions.records import change_record
from feigong.apps.roll.kinds import RecordKind
from feigong.apps.roll.models import AreaOutline
from platform_district import AREAS, SINCE, SmallDistrict, build_small_district

PLACES: dict[str, tuple[float | None, float | None]] = {
    "apple": (123.6, 30.6), "birch": (123.6, 30.6), "cedar": (123.62, 30.6), "daisy": (123.7, 30.65),
    "elm": (123.7, 30.65), "fern": (123.72, 30.66), "grape": (123.8, 30.7), "hazel": (None, None),
}  # fmt: skip


@pytest.fixture
def district(live_server: Any) -> SmallDistrict:
    made = build_small_district()
    office = made.actor(Role.DISTRICT_OFFICE)
    for name, (lon, lat) in PLACES.items():
        facts = {"longitude": lon, "latitude": lat}
        change_record(office, RecordKind.ENTERPRISE, made.enterprises[name], facts, on=SINCE)
    return made


def office(browser: Any, live_server: Any, district: SmallDistrict, **window: Any) -> Visit:
    return visit(browser, live_server.url, district.users[Role.DISTRICT_OFFICE], **window)


def drawn(page: Any, held: int) -> int:
    """What the numbers on the map come to, once it holds so many enterprises."""
    expect(page.locator("[data-district]")).to_have_attribute("data-enterprises", str(held))
    return sum(int(text) if text else 1 for text in page.locator(".map .stack").all_text_contents())


def test_the_map_counts_what_the_list_counts(browser: Any, live_server: Any, district: SmallDistrict) -> None:
    seen = office(browser, live_server, district)
    seen.go("/map/")
    page = seen.page
    expect(page.locator("#found .count")).to_contain_text("共 8 户")
    expect(page.locator("#found")).to_contain_text("图上 7 户")
    assert drawn(page, 7) == 7
    expect(page.locator(".map .star-mark")).to_have_count(1)
    page.locator("#f-covered").select_option("yes")
    expect(page.locator("#found .count")).to_contain_text("共 4 户")
    assert drawn(page, 4) == 4
    expect(page).to_have_url(re.compile("covered=yes"))
    page.go_back()
    expect(page.locator("#found .count")).to_contain_text("共 8 户")
    assert seen.faults == []


def test_a_row_shows_its_point_and_a_point_opens_its_rows(
    browser: Any, live_server: Any, district: SmallDistrict
) -> None:
    seen = office(browser, live_server, district)
    seen.go("/map/")
    page = seen.page
    assert drawn(page, 7) == 7
    button = page.get_by_role("button", name="在图上看 启帆精密机械有限公司")
    button.focus()
    page.keyboard.press("Enter")
    expect(button).to_have_attribute("aria-pressed", "true")
    expect(page.locator("#found tr[aria-current=true]")).to_have_count(1)
    expect(page.locator(".map .chosen-ring")).to_have_count(1)
    expect(page.locator(".map .stack")).to_have_count(1)  # it came near, and moves no more
    page.locator(".map .stack", has_text="2").click()
    expect(page.locator("#found .count")).to_contain_text("此处 2 户")
    expect(page.locator("#found tbody tr[data-enterprise]")).to_have_count(2)
    expect(page.locator("#found tr[aria-current=true]")).to_have_count(1)
    expect(page).to_have_url(re.compile(rf"at={district.enterprises['apple']}\b"))
    assert seen.faults == []


def test_outlines_are_uploaded_looked_at_and_drawn(
    browser: Any, live_server: Any, district: SmallDistrict, tmp_path: Path
) -> None:
    ring = [[123.58, 30.58], [123.64, 30.58], [123.64, 30.62], [123.58, 30.62], [123.58, 30.58]]
    features = [
        {"type": "Feature", "properties": {"name": name}, "geometry": {"type": "Polygon", "coordinates": [ring]}}
        for name in (AREAS["east"][0], "没有这个镇")
    ]
    file = tmp_path / "乡镇.geojson"
    file.write_text(json.dumps({"type": "FeatureCollection", "features": features}), encoding="utf-8")
    seen = office(browser, live_server, district)
    seen.go("/map/upload/")
    page = seen.page
    page.locator("#file").set_input_files(file)
    page.locator("#on").fill("2026-01-01")
    page.get_by_role("button", name="检查文件").click()
    expect(page.locator("main")).to_contain_text("没有这个镇）对不上任何区域")
    expect(page.locator(".map .area-shape")).to_have_count(1)
    assert not AreaOutline.rows.exists()
    page.get_by_role("button", name="写入 1 个轮廓").click()
    expect(page.locator("#messages")).to_contain_text("已写入 1 个区域轮廓")
    expect(page.locator(".map .area-label")).to_have_text("东湾镇")
    seen.go(f"/areas/{district.areas['east']}/")
    expect(page.locator(".map .area-shape")).to_have_count(1)
    assert seen.faults == []


def test_without_scripts_the_list_says_it_all(browser: Any, live_server: Any, district: SmallDistrict) -> None:
    seen = office(browser, live_server, district, scripts=False)
    seen.go("/map/?covered=yes")
    page = seen.page
    expect(page.locator("#found tbody tr[data-enterprise]")).to_have_count(4)
    expect(page.locator("[data-district]")).to_be_hidden()
    expect(page.locator("#found")).to_contain_text("现有联合党支部 1 个")
