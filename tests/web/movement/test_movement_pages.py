"""Pages of movement: the form with its effect, a transfer step by step, endangered branches, figures that open."""

from __future__ import annotations

import re
from datetime import timedelta
from html import unescape

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from feigong.apps.accounts.roles import Role
from feigong.apps.cases import queries as cases
from feigong.apps.clock import now, today
from feigong.apps.coverage.actions import start_plan
from feigong.apps.coverage.jobs import plan_on_roll
from feigong.apps.coverage.models import Plan
from feigong.apps.jobs.models import Job
from feigong.apps.movement import actions
from feigong.apps.movement.actions import Sending
from feigong.apps.roll.actions.ending import end_record
from feigong.apps.roll.actions.records import change_record
from feigong.apps.roll.kinds import RecordKind
from platform_district import ORGANISATIONS, SmallDistrict, build_small_district

pytestmark = pytest.mark.django_db
JOINT, SINGLE = ORGANISATIONS["joint"][0], ORGANISATIONS["single"][0]


@pytest.fixture
def district() -> SmallDistrict:
    return build_small_district()


def signed_in(district: SmallDistrict, role: Role = Role.DISTRICT_OFFICE) -> Client:
    client = Client()
    client.force_login(district.users[role])
    return client


def asked(district: SmallDistrict, member: str = "zhong") -> int:
    sending = Sending(district.members[member], "job", district.organisations["joint"])
    return actions.ask_transfer(district.actor(Role.DISTRICT_OFFICE), sending, on=today())


def text(client: Client, address: str, **given: str) -> str:
    answer = client.get(address, given)
    assert answer.status_code == 200, answer
    return unescape(answer.content.decode())


def test_what_it_would_do_is_said_before_it_is_asked_for(district: SmallDistrict) -> None:
    secretary = signed_in(district, Role.BRANCH_SECRETARY)
    member = district.members["zhong"]
    assert reverse("movement:send", args=[member]) in text(secretary, reverse("members:detail", args=[member]))
    address = reverse("movement:send", args=[member])
    page = text(secretary, address)
    assert f"{SINGLE}转出后还有正式党员 2 名（现在 3 名）" in page
    assert "正式党员不足规定人数" in page
    assert "没有书记了" in page
    given = {"to": "", "to_name": "没有这个支部", "why": "job", "noted": "调往澜汇", "on": today().isoformat()}
    wrong = secretary.post(address, given)
    assert wrong.status_code == 400
    assert "没有“没有这个支部”" in wrong.content.decode()
    assert "调往澜汇" in wrong.content.decode(), "what was typed is kept"
    done = secretary.post(address, {**given, "to_name": JOINT}, follow=True).content.decode()
    assert "已提出转接" in done
    assert JOINT in done
    assert "变动工作单位" in done
    assert "转出后还有正式党员 2 名" in done, "the transfer's page says it too"
    late = secretary.post(address, {**given, "to_name": JOINT, "on": "2199-01-01"})
    assert late.status_code == 400
    assert signed_in(district, Role.LIAISON_OFFICER).get(address).status_code == 404
    assert signed_in(district, Role.MEMBER).get(address).status_code == 403


def test_from_the_letter_to_acceptance_on_pages(district: SmallDistrict) -> None:
    office, case = signed_in(district), asked(district, "bai")

    def post(**sent: object) -> str:
        version = cases.case(district.sight(Role.DISTRICT_OFFICE, today()), case).pk
        given = {"version": version, "on": today().isoformat(), **sent}
        return office.post(reverse("cases:step", args=[case]), given, follow=True).content.decode()

    post(ending="agreed")
    post(ending="sent", number="2026-17", sent_on=today().isoformat())
    assert "请填写“退回原因”" in post(ending="returned", why="不收")
    assert "“接收方接收”已办理" in post(ending="accepted", branch=district.organisations["joint"])
    page = text(office, reverse("members:detail", args=[district.members["bai"]]))
    assert JOINT in page
    assert "柏知行" in text(office, reverse("cases:list"), member_id=str(district.members["bai"]))
    assert "柏知行" not in text(office, reverse("cases:list"), member_id=str(district.members["zhu"]))
    assert "柏知行" in text(office, reverse("cases:list"), organisation_id=str(district.organisations["joint"]))


def test_arrivals_are_entered(district: SmallDistrict) -> None:
    office, address = signed_in(district, Role.TOWNSHIP), reverse("movement:arrive")
    assert "只用来查找以前是否在册" in text(office, address)
    given = {
        "name": "闻人月", "full": "1", "from_name": "外省某街道", "to": str(district.organisations["single"]),
        "on": today().isoformat(), "joined_on": "2020-07-01",
    }  # fmt: skip
    page = office.post(address, given, follow=True).content.decode()
    assert "收到介绍信" in page
    assert "闻人月" in page
    elsewhere = office.post(address, {**given, "to": str(district.organisations["joint"])})
    assert elsewhere.status_code == 404
    assert office.post(address, {**given, "name": " "}).status_code == 400
    assert office.post(address, {**given, "id_number": "123"}).status_code == 400


def test_endangered_branches(district: SmallDistrict) -> None:
    office, address = signed_in(district), reverse("movement:list")
    page = text(office, address)
    assert SINGLE in page
    assert "61.4%" in page, "three of three stay at the planner's turnover of 15 %"
    assert "按方案参数的流失率（15.0%" in page
    assert SINGLE not in text(office, address, danger="secretary")
    asked(district)
    page = text(office, address, danger="secretary")
    assert SINGLE in page
    assert "没有书记了" in page
    assert JOINT not in page
    detail = text(office, reverse("organisations:detail", args=[district.organisations["single"]]))
    assert "在办的转出有 1 名，全部接收后还有正式党员 2 名" in detail
    assert "在办的转出" not in text(office, reverse("organisations:detail", args=[district.organisations["joint"]]))
    township = text(signed_in(district, Role.TOWNSHIP), address)
    assert SINGLE in township
    assert JOINT not in township
    exported = b"".join(office.post(reverse("movement:export"), {"format": "csv"}).streaming_content).decode()  # type: ignore[attr-defined]
    assert SINGLE in exported


def test_every_figure_of_turnover_opens_its_members(district: SmallDistrict) -> None:
    office = district.actor(Role.DISTRICT_OFFICE)
    joint, day = district.organisations["joint"], today() - timedelta(days=40)
    change_record(office, RecordKind.MEMBER, district.members["bai"], {"branch_id": joint}, on=day)
    end_record(office, RecordKind.MEMBER, district.members["lu"], on=day, reason="去世")
    client, first = signed_in(district), today() - timedelta(days=60)
    page = text(client, reverse("movement:turnover"), first=first.isoformat(), last=today().isoformat())
    figures = re.findall(r'<td class="num"[^>]*><a href="([^"]+)">([\d,]+)</a>', page)
    assert len(figures) >= 4 * 6
    for address, figure in figures:
        listed = text(client, address)
        assert f"{figure} 名" in listed or f"{figure} 人" in listed, address
    moved = next(a for a, n in figures if "moved_out" in a and n == "1")
    assert "柏知行" in text(client, moved)
    wrong = client.get(reverse("movement:turnover"), {"first": "2030-01-01"})
    assert wrong.status_code == 400
    assert client.get(reverse("movement:turnover"), {"area": "99999"}).status_code == 404
    assert text(client, reverse("movement:turnover"), area=str(district.areas["west"]))


class _Context:
    """The worker's side of a planner's job."""

    def __init__(self, actor: object, job: int) -> None:
        self.actor, self.job_id = actor, job

    def progress(self, stage: str, done: int = 0, total: int = 0, **reached: object) -> None: ...

    def stopped(self) -> bool:
        return False

    def fence(self) -> None: ...


def _run(district: SmallDistrict, job: Job) -> int:
    context = _Context(district.actor(Role.DISTRICT_OFFICE), job.pk)
    found: int = plan_on_roll.run(context, job.params)["plan"]  # type: ignore[arg-type]
    return found


def test_planning_again_goes_on_from_the_latest_plan(district: SmallDistrict) -> None:
    office, client = district.actor(Role.DISTRICT_OFFICE), signed_in(district)
    assert client.post(reverse("movement:again")).status_code == 400
    first = _run(district, start_plan(office, on=today(), known_at=now()))
    assert "按今天的台账重新测算" in text(client, reverse("movement:list"))
    answer = client.post(reverse("movement:again"))
    job = Job.objects.latest("pk")
    assert (answer.status_code, answer.headers["Location"]) == (302, reverse("jobs:detail", args=[job.pk]))
    second = _run(district, job)
    assert Plan.objects.get(pk=second).previous_id == first
    page = text(client, reverse("movement:changes", args=[second]))
    assert "没有变动" in page, "nothing moved, nothing changes"
    assert reverse("movement:changes", args=[second]) in text(client, reverse("movement:list"))
    assert signed_in(district, Role.TOWNSHIP).get(reverse("movement:changes", args=[second])).status_code == 404


def test_pages_ask_few_queries(district: SmallDistrict) -> None:
    client = signed_in(district)
    asked(district)
    for address, most in ((reverse("movement:list"), 45), (reverse("movement:turnover"), 20)):
        client.get(address)
        with CaptureQueriesContext(connection) as seen:
            client.get(address)
        assert len(seen) <= most, (address, len(seen))


def test_the_most_endangered_first(district: SmallDistrict) -> None:
    """A chance has no column of its own: it falls with those who would be left."""
    office, page = signed_in(district), reverse("movement:list")
    asked(district)

    def order(sort: str) -> list[str]:
        rows = text(office, page, sort=sort, danger="turnover").partition("<tbody")[2]
        return list(dict.fromkeys(re.findall(rf"{SINGLE}|{JOINT}", rows)))

    assert order("chance") == order("after") == [SINGLE, JOINT]
    assert order("-chance") == [JOINT, SINGLE]
