"""A district's tables in the browser: dropped, understood, put right, checked, applied, looked at, and taken back."""

from __future__ import annotations

import re
import threading
import time
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import expect

from e2e.answering import ANSWERING
from e2e.visiting import Visit, visit
from feigong.apps.accounts import actors
from feigong.apps.accounts.actions.people import Person, create_account
from feigong.apps.accounts.models import User
from feigong.apps.accounts.roles import Role
from feigong.apps.accounts.sight import Scope, Sight
from feigong.apps.clock import now
from feigong.apps.imports import actions
from feigong.apps.jobs import running
from feigong.apps.jobs.models import Job, JobState
from feigong.apps.jobs.registry import discover
from feigong.apps.jobs.worker import JobWorker
from feigong.apps.roll import queries
from feigong.exchange.demo import AREA_FILE, DISTRICT_CODE, write_demo
from feigong.wording import Words

pytestmark = pytest.mark.django_db(transaction=True)

WORDS = Words("zh")
FIRMS = 150
FIRST, SECOND = date(2026, 10, 31), date(2026, 11, 20)


@pytest.fixture(scope="module")
def tables(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("demo")
    for month in (1, 2):
        write_demo(folder / str(month), WORDS, seed=11, enterprises=FIRMS, month=month, force=True)
    return folder


@pytest.fixture
def office(transactional_db: None, tables: Path) -> User:
    operator = actors.operator("tests")
    names = tables / "1" / WORDS.word(AREA_FILE)
    district = actions.seed_areas(operator, DISTRICT_CODE, on=date(2026, 1, 1), names=names)
    person = Person(username="office", display_name="区级办公室", role=Role.DISTRICT_OFFICE, scope=Scope((district,)))
    return create_account(operator, person, password="feigong-demo-2026", must_change=False)


def files(folder: Path) -> list[str]:
    return sorted(str(f) for f in folder.glob("*.xlsx"))


@pytest.fixture(autouse=True)
def no_beat(monkeypatch: pytest.MonkeyPatch) -> None:
    """A job's row is written by the job alone."""
    monkeypatch.setattr(running, "BEAT", 3600.0)


def work() -> None:
    """What a worker beside the pages does, but for saying that it is there; meanwhile no page is answered."""
    until = time.monotonic() + 60
    worker = JobWorker(discover(), threading.Event())
    while Job.objects.exclude(state__in=(JobState.DONE, JobState.FAILED)).exists() and time.monotonic() < until:
        with ANSWERING:
            found = worker.do_next()
        if not found:
            time.sleep(0.05)
    assert [job.error for job in Job.objects.exclude(state=JobState.DONE)] == []


def sound(there: Visit) -> None:
    """Nothing sticks out, axe finds nothing, no script failed and no request left."""
    page = there.page
    assert page.evaluate("document.documentElement.scrollWidth") <= page.viewport_size["width"]
    page.add_script_tag(url=f"{there.origin}/static/vendor/axe/axe.min.js")
    found = page.evaluate("axe.run(document, {resultTypes: ['violations']})")
    assert [(v["id"], [n["html"] for n in v["nodes"]][:2]) for v in found["violations"]] == []
    assert there.faults == []


def hand_in(there: Visit, given: list[str], on: date) -> str:
    """Upload; the address of the import."""
    page = there.page
    there.go("/imports/")
    page.get_by_role("link", name="导入表格").first.click()
    page.set_input_files("#files", given)
    expect(page.locator(".chosen li")).to_have_count(len(given))
    page.fill("#department", "联席会议")
    page.fill("#on", on.isoformat())
    page.get_by_role("button", name="上传并识别").click()
    page.wait_for_url(re.compile(r"/imports/\d+/$"))
    return str(page.url)


def checked(there: Visit) -> None:
    page = there.page
    page.get_by_role("button", name="检查", exact=True).click()
    page.get_by_text("正在检查").first.wait_for()
    work()
    page.get_by_role("heading", name="分类").wait_for()  # the page renews itself


def confirmed(there: Visit, button: str) -> None:
    """A step that says first what it will do to how many."""
    page = there.page
    page.get_by_role("button", name=re.compile(button)).first.click()
    page.locator("dialog[open] .btn-primary, dialog[open] .btn-danger").last.click()


def figure(there: Visit, name: str) -> int:
    text = there.page.locator(".figs a", has_text=name).locator("strong").inner_text()
    return int(text.replace(",", ""))


def firms_on(user: User, day: date) -> int:
    return queries.enterprises(Sight(Scope(whole=True), day, now())).count()


def test_a_month_a_second_month_and_back(office: User, live_server: Any, browser: Any, tables: Path) -> None:
    there = visit(browser, live_server.url, office)
    page = there.page
    hand_in(there, files(tables / "1"), FIRST)
    expect(page.get_by_text("企业登记表")).to_have_count(1)
    sound(there)
    sheet = page.locator(".sheet-read", has_text="社保参保.xlsx").first
    sheet.locator("summary").click()
    choice = sheet.locator("select[name=meaning]").last
    choice.select_option("")
    with page.expect_navigation():
        sheet.get_by_role("button", name="保存各列含义").click()
    sheet.locator("summary").click()
    expect(sheet.locator("select[name=meaning]").last).to_have_value("")
    sheet.locator("select[name=meaning]").last.select_option("staff")
    with page.expect_navigation():
        sheet.get_by_role("button", name="保存各列含义").click()
    checked(there)
    assert figure(there, "新增") >= FIRMS
    sound(there)
    confirmed(there, "写入")
    page.get_by_text("正在写入").first.wait_for()
    work()
    page.get_by_text("已写入台账").wait_for()
    sound(there)
    assert firms_on(office, FIRST) == FIRMS
    page.get_by_role("link", name="单位", exact=True).click()
    expect(page).to_have_url(re.compile("on=2026-10-31"))
    expect(page.locator("#list")).to_contain_text(f"{FIRMS}")

    address = hand_in(there, files(tables / "2"), SECOND)
    checked(there)
    with page.expect_navigation():
        page.locator(".figs a", has_text="有变更").click()
    expect(page.locator(".change ins").first).to_be_visible()
    sound(there)
    there.go(f"{address.removeprefix(live_server.url)}problems/")
    sound(there)
    there.go(f"{address.removeprefix(live_server.url)}rows/")
    with page.expect_download() as fetched:
        page.get_by_role("link", name=re.compile("市场监管登记")).click()
    assert fetched.value.suggested_filename == "标注_市场监管登记.xlsx"
    there.go(address.removeprefix(live_server.url))
    before = firms_on(office, SECOND)
    confirmed(there, "写入")
    page.get_by_text("正在写入").first.wait_for()
    work()
    page.get_by_text("已写入台账").wait_for()
    assert firms_on(office, SECOND) > before
    page.fill("#reason", "传错了月份")
    page.get_by_role("button", name="整批撤回").click()
    page.get_by_text("正在撤回").first.wait_for()
    work()
    page.get_by_text("已整批撤回").wait_for()
    sound(there)
    assert firms_on(office, SECOND) == before
    assert there.faults == []


def test_a_phone_in_the_dark_and_a_paste_from_a_table_program(
    office: User, live_server: Any, browser: Any, tables: Path
) -> None:
    there = visit(browser, live_server.url, office, width=375, theme="dark")
    page = there.page
    there.go("/imports/")
    sound(there)  # says what belongs here
    there.go("/imports/new/")
    page.get_by_role("button", name="上传并识别").click()
    expect(page.locator("[role=alert]")).to_have_text(WORDS.word("error.imports.no_files"))
    page.locator("summary", has_text="从 Excel 粘贴").click()
    page.fill("#pasted", "单位名称\t统一社会信用代码\t参保人数\n新到食品有限公司\t91990101MA00000009\t12\n")
    sound_but_for(there, "400")
    page.get_by_role("button", name="上传并识别").click()
    page.wait_for_url(re.compile(r"/imports/\d+/$"))
    expect(page.locator(".sheet-read")).to_contain_text("职工人数表")
    sound(there)


def sound_but_for(there: Visit, status: str) -> None:
    """The browser notes every answer that is not good: this one was meant."""
    there.faults[:] = [fault for fault in there.faults if status not in fault]
    sound(there)
