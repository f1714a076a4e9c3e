"""The report in a browser: filters, map and list, keyboard, phone, dark mode. Needs Chromium (`scripts/chromium`).

Skipped where there is none; under CI (the variable CI is set) that is a failure.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from plan_sample import Sample

from chromium import browser
from feigong.core.coverage.values import Outcome
from feigong.exchange.report import write_report
from feigong.wording import Words

__all__ = ["browser"]

SAMPLE = Sample(400, located=0.8)


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("report") / "plan.html"
    write_report(SAMPLE.plan, SAMPLE.roll, path, Words(), previous=Sample(400, located=0.8, seed=9).plan)
    return path


@pytest.fixture
def page(browser: Any, report: Path) -> Iterator[Any]:
    context = browser.new_context(viewport={"width": 1440, "height": 900}, locale="zh-CN")
    opened = context.new_page()
    faults: list[str] = []
    opened.on("pageerror", lambda e: faults.append(str(e)))
    opened.on("console", lambda m: faults.append(m.text) if m.type == "error" else None)
    opened.on("request", lambda r: None if r.url.startswith("file:") else faults.append(r.url))
    opened.goto(report.as_uri())
    yield opened
    assert faults == []
    context.close()


def count(page: Any) -> int:
    return int(page.text_content("#count").split(" ")[0].replace(",", ""))


def test_a_figure_opens_its_rows(page: Any) -> None:
    page.click(".figs a:nth-child(4)")
    assert count(page) == sum(d.outcome is Outcome.RECRUIT for d in SAMPLE.plan.decisions)
    page.click(".needs a[href='#flag=waiting']")
    assert count(page) == len(SAMPLE.plan.waiting)
    page.go_back()
    assert "outcome=recruit" in page.url
    page.click(".chip[data-outcome=keep]")
    assert page.locator(".chip.on").get_attribute("data-outcome") == "keep"
    assert set(page.locator("#rows .tag").all_text_contents()) == {"保持"}


def test_search_and_sort(page: Any) -> None:
    name = SAMPLE.roll.enterprises[7].name
    page.fill("#q", name)
    page.locator("#rows tbody tr").nth(1).wait_for(state="detached")
    assert page.text_content("#rows tbody td").startswith(name)
    page.fill("#q", "")
    page.locator("#rows tbody tr").nth(24).wait_for()
    page.click("#rows th button >> text=职工")
    page.click("#rows th button >> text=职工")
    staff = [int(t) for t in page.locator("#rows tbody td:nth-child(5)").all_text_contents()]
    assert staff == sorted(staff, reverse=True)
    assert page.locator("#rows th[aria-sort=descending]").count() == 1


def test_only_one_page_of_rows_is_drawn(page: Any) -> None:
    assert page.locator("#rows tbody tr").count() == 25
    page.click("#pager button >> nth=1")
    assert "page=2" in page.url


def test_list_and_map_are_one(page: Any) -> None:
    page.click("#branches li:nth-child(2) > button")
    number = page.get_attribute("#branches li.on", "data-b")
    assert page.get_attribute("#map .b.on", "data-b") == number
    seats = SAMPLE.plan.branches[int(number)].seats
    assert page.locator("#branches .seats li").count() == len(seats)
    page.click("[data-zoom='0']")
    page.locator("#map .b").first.focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Enter")
    assert page.get_attribute("#branches li.on", "data-b") == page.get_attribute("#map .b.on", "data-b") != number


def test_the_map_is_a_table_too(page: Any) -> None:
    page.click("a[href='#seats']")
    page.wait_for_selector("#seat-table tbody tr")
    assert page.locator("#seat-table tbody tr").count() == sum(len(b.seats) for b in SAMPLE.plan.branches)


@pytest.mark.parametrize("width", [375, 768, 1440])
def test_nothing_sticks_out(page: Any, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 900})
    assert page.evaluate("document.documentElement.scrollWidth") == width


def test_dark_when_the_system_asks(page: Any) -> None:
    light = page.evaluate("getComputedStyle(document.body).backgroundColor")
    page.emulate_media(color_scheme="dark")
    dark = page.evaluate("getComputedStyle(document.body).backgroundColor")
    assert (light, dark) == ("rgb(251, 250, 248)", "rgb(22, 24, 27)")


def test_everything_is_printed(page: Any) -> None:
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    assert page.locator("#branches > li").count() == len(SAMPLE.plan.branches)
    page.evaluate("dispatchEvent(new Event('afterprint'))")
    assert page.locator("#branches > li").count() == 8
