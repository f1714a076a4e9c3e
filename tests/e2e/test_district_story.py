"""Two districts' tables, made from real registers: uploaded, checked, applied, listed as of days, a month later, and
taken back; in a browser, before pages and a worker that are processes of their own. On PostgreSQL under DATABASE_URL.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.conf import global_settings
from django.db import connection
from django.test import override_settings
from playwright.sync_api import expect

from benchmarks.district import shared
from e2e.real_district import Desk, Made, Place, make, served
from e2e.visiting import visit
from feigong.apps.accounts import actors
from feigong.apps.accounts.actions.people import Person, create_account
from feigong.apps.accounts.roles import Role
from feigong.apps.accounts.sight import Scope, Sight
from feigong.apps.audit.verifying import verify_chain
from feigong.apps.clock import now
from feigong.apps.imports.models import Import
from feigong.apps.jobs.models import Job, JobState
from feigong.apps.roll import queries
from feigong.core.roll.merge.names import exact_key
from own_database import OwnDatabase, own_database  # noqa: F401

PASSWORD = "feigong-demo-2026"
FIRST, SECOND = date(2026, 10, 31), date(2026, 11, 20)
BEFORE = FIRST - timedelta(days=1)
SCREENS = ("enterprises", "members", "organisations", "workers")
PLACES = [
    Place("benxi", "210502", "千金街道", seed=7001, limit=500),
    Place("ganjingzi", "210211", "大连湾街道", seed=7002, limit=600),
]

pytestmark = [
    pytest.mark.district,
    pytest.mark.skipif(shared() is None, reason="no registers: FEIGONG_SHARED does not lead to data/make_district.py"),
]


@dataclass(frozen=True)
class Office:
    desk: Desk
    town: Desk  # of one township, looking on
    township: str
    made: Made


@pytest.fixture(params=PLACES, ids=lambda place: place.register)
def office(
    request: pytest.FixtureRequest, browser: Any, own_database: OwnDatabase, tmp_path: Path  # noqa: F811
) -> Iterator[Office]:
    place: Place = request.param
    root = shared()
    assert root is not None
    made = make(root, place, tmp_path / "tables")
    with served(own_database, place.district) as address:
        _accounts(place)
        desks = [Desk(visit(browser, address, None)) for _ in range(2)]
        for desk, name in zip(desks, ("office", "town"), strict=True):
            desk.sign_in(name, PASSWORD)
        yield Office(*desks, place.township, made)


def _accounts(place: Place) -> None:
    """Of the district office and of one township; with the password kept as the served pages read it."""
    operator = actors.operator("tests")
    areas = dict(queries.areas(Sight(Scope(whole=True), SECOND, now())).values_list("name", "area_id"))
    root = queries.areas(Sight(Scope(whole=True), SECOND, now())).get(parent=None).area_id
    with override_settings(PASSWORD_HASHERS=global_settings.PASSWORD_HASHERS):
        for name, role, area in (
            ("office", Role.DISTRICT_OFFICE, root), ("town", Role.TOWNSHIP, areas[place.township])
        ):  # fmt: skip
            person = Person(username=name, display_name=name, role=role, scope=Scope((area,)))
            create_account(operator, person, password=PASSWORD, must_change=False)



def test_a_month_another_month_and_back(office: Office) -> None:
    desk, truth = office.desk, office.made.truth
    first = _first_month(office)
    month = _lists(desk, FIRST)
    _town_sees_its_part(office, FIRST)
    second = _second_month(office)
    assert _lists(desk, FIRST) == month
    _town_sees_its_part(office, SECOND)

    desk.take_back(first, "传错了")
    expect(desk.page.locator("[role=alert]")).to_contain_text("建立在它之上", timeout=30_000)
    assert desk.count("enterprises", SECOND) == len(truth[2].enterprises | truth[1].enterprises)
    desk.take_back(second, "传错了月份")
    desk.follow("已整批撤回")
    assert _lists(desk, FIRST) == month
    assert _lists(desk, SECOND) == month

    _changed_by_hand_then_back(office, first)
    desk.take_back(first, "从头再来")
    desk.follow("已整批撤回")
    assert [desk.exported(screen, SECOND) for screen in SCREENS] == [[]] * 4
    assert [office.town.exported(screen, SECOND) for screen in SCREENS] == [[]] * 4
    _jobs_said_how_far_they_were()
    assert verify_chain().findings == ()
    assert not Job.objects.exclude(state=JobState.DONE).exclude(kind="imports.take_back").exists()
    assert (desk.seen.faults, office.town.seen.faults) == ([], [])
    _say_speed()


def _jobs_said_how_far_they_were() -> None:
    """What a job said last is kept with it; that a page shows it is tested where a job runs as slowly as one likes."""
    last = {
        "imports.dry_run": "imports.keep", "imports.apply": "imports.finish", "imports.take_back": "imports.take_back"
    }  # fmt: skip
    done = Job.objects.filter(state=JobState.DONE)
    assert {(job.kind, job.stage) for job in done} == set(last.items())
    assert all(0 < job.done == job.total for job in done.filter(kind="imports.apply"))
    assert all(job.total > 0 for job in done.filter(kind="imports.dry_run"))


def _say_speed() -> None:
    """Rows a second of each job, under ``-rP``."""
    rows = {row.pk: sum(row.figures["rows"].values()) for row in Import.objects.all()}
    for job in Job.objects.filter(state=JobState.DONE, ended_at__isnull=False).order_by("pk"):
        assert job.started_at is not None and job.ended_at is not None
        seconds, n = (job.ended_at - job.started_at).total_seconds(), rows[job.params["import"]]
        print(f"{connection.vendor} {job.kind}: {n} rows in {seconds:.1f} s, {n / seconds:.0f} a second")


def _first_month(office: Office) -> int:
    desk, made, truth = office.desk, office.made, office.made.truth[1]
    number = desk.hand_in(made.files(1), FIRST)
    for kind in ("企业登记表", "职工人数表", "班制调查表", "党员名册", "党组织名册", "联络员名册"):
        expect(desk.page.locator(".sheet-read", has_text=f"{kind} · ")).to_have_count(1)
    desk.check()
    assert desk.figure("有变更") == desk.figure("没有变化") == 0
    assert desk.figure("没有采用的行") == 0
    assert desk.count("enterprises", FIRST) == 0  # a check writes nothing
    assert desk.answer_codes(number, truth.written) > 0
    desk.check("个回答重新检查")
    desk.at(number)
    assert (desk.figure("新增"), desk.figure("待定")) == (desk.items(number, verdict="new"), 0)
    assert desk.items(number, kind="enterprise", verdict="new") == len(truth.enterprises)
    _sent_back(office, number)
    desk.apply(number)

    assert [desk.count(screen, BEFORE) for screen in SCREENS] == [0, 0, 0, 0]
    codes = desk.column("enterprises", FIRST, "name", "uscc", "staff", "standing")
    assert {code for _, code, _, _ in codes} == truth.enterprises
    assert len(codes) == len(truth.enterprises)
    asleep = {code for _, code, _, standing in codes if standing == "停业"}
    assert truth.dormant <= asleep
    _staff_as_told(office, 1, {code: staff for _, code, staff, _ in codes})
    _people_as_told(office, 1, FIRST)
    return number


def _second_month(office: Office) -> int:
    desk, made, truth = office.desk, office.made, office.made.truth
    number = desk.hand_in(made.files(2), SECOND)
    assert desk.page.get_by_text("按上次指明的列").count() == 0  # nobody had to say anything
    desk.check()
    if desk.answer_codes(number, truth[2].written):
        desk.check("个回答重新检查")
    new = truth[2].enterprises - truth[1].enterprises
    assert desk.items(number, kind="enterprise", verdict="new") == len(new)
    assert desk.items(number, kind="enterprise", verdict="doubtful") == 0
    moved = {n for n, firm in truth[2].employers.items() if truth[1].employers.get(n, firm) != firm}
    assert desk.items(number, kind="member", verdict="changed", field="employer") > 0.6 * len(moved)
    desk.at(number)
    if desk.figure("待定"):
        desk.seen.go(f"/imports/{number}/problems/")
        desk.confirm(re.compile("按建议处理"))
        desk.page.wait_for_url(f"**/imports/{number}/")
    desk.apply(number)
    codes = desk.column("enterprises", SECOND, "name", "uscc", "staff")
    assert {code for _, code, _ in codes} == truth[2].enterprises | truth[1].enterprises  # who shut is still listed
    _staff_as_told(office, 2, {code: staff for _, code, staff in codes})
    _people_as_told(office, 2, SECOND)
    return number


def _lists(desk: Desk, on: date) -> list[list[tuple[str, ...]]]:
    """All that the lists show of a day; of those with one name in any order."""
    return [sorted(desk.exported(screen, on)) for screen in SCREENS]


def _staff_as_told(office: Office, month: int, listed: dict[str, str]) -> None:
    """Numbers of staff are those of the insurance, whoever it names by a code."""
    told = {row["信用代码"]: row["参保人数"].removesuffix("人") for row in office.made.told(month, "社保参保")}
    assert {code: listed[code] for code in told} == told


def _people_as_told(office: Office, month: int, on: date) -> None:
    """Everybody of the roster and nobody else; who names a firm by its whole name, which one bears, works there."""
    roster = office.made.told(month, "党员名册")
    people = office.desk.column("members", on, "name", "employer")
    assert Counter(name for name, _ in people) == Counter(row["姓名"] for row in roster)
    bearing = Counter(exact_key(name) for name, in office.desk.column("enterprises", on, "name"))
    written = [(row["姓名"], exact_key(row["工作单位"])) for row in roster]
    sure = Counter(one for one in written if bearing[one[1]] == 1)
    assert sure.total() > 0.85 * len(roster)
    assert sure <= Counter((name, exact_key(employer)) for name, employer in people)


def _sent_back(office: Office, number: int) -> None:
    """The register comes back row for row; of each wrong code, and of each row that is there twice, it is said."""
    key = "统一社会信用代码"
    rows = office.desk.annotated(number, "市场监管登记.xlsx", key)
    told = office.made.told(1, "市场监管登记")
    assert [row[key] for row in rows] == [row[key] for row in told]
    assert {row["处理结果"][:5] for row in rows} == {"新增到台账", "与另一行重"}
    wrong = [row for row in rows if row[key] in office.made.truth[1].written]
    assert len(wrong) == len(office.made.truth[1].written)
    assert all("代码" in row["处理结果"] + row["要做什么"] for row in wrong)


def _town_sees_its_part(office: Office, on: date) -> None:
    """The township's lists are the district's rows of its area, and its imports none."""
    desk, town = office.desk, office.town
    whole = desk.column("enterprises", on, "name", "uscc", "area")
    part = [row for row in whole if row[2] == office.township]
    assert 0 < len(part) < len(whole)
    assert town.column("enterprises", on, "name", "uscc", "area") == part
    names = {name for name, _, _ in part}
    bodies = {name for name, in town.column("organisations", on, "name")}
    assert bodies < {name for name, in desk.column("organisations", on, "name")}
    people = Counter(row for row in desk.column("members", on, "name", "employer") if row[1] in names)
    seen = town.column("members", on, "name", "branch", "employer")
    assert Counter((name, employer) for name, _, employer in seen if employer in names) == people
    assert {branch for _, branch, employer in seen if employer not in names} <= bodies
    assert town.refused("/imports/1/") == 404
    foreign = _address_of(desk, next(row for row in whole if row not in part)[1], on)
    assert town.refused(foreign) == 404


def _address_of(desk: Desk, code: str, on: date) -> str:
    desk.seen.go(f"/enterprises/?on={on}&q={code}")
    return str(desk.page.locator("#found tbody th a").first.get_attribute("href"))


def _changed_by_hand_then_back(office: Office, first: int) -> None:
    """Something else stands on the import: it is named, and nothing goes; when that is taken back, it does."""
    desk = office.desk
    code = min(office.made.truth[1].enterprises)
    address = _address_of(desk, code, SECOND).partition("?")[0]
    desk.seen.go(f"{address}change/")
    desk.page.fill("#id_staff", "4321")
    desk.page.fill("#id_reason", "年报核对")
    desk.page.get_by_role("button", name="保存").click()
    expect(desk.page.locator("#messages")).to_contain_text("已保存 1 项变动")
    desk.take_back(first, "从头再来")
    expect(desk.page.locator("[role=alert]")).to_contain_text("此后还有 1 次操作建立在它之上", timeout=30_000)
    desk.seen.go(address)
    desk.page.locator("#timeline .event").first.get_by_role("link", name="撤回").click()
    desk.page.fill("[name=reason]", "改回来")
    desk.page.locator("main").get_by_role("button", name="撤回").click()
    expect(desk.page.locator("#messages")).to_contain_text("已撤回")
