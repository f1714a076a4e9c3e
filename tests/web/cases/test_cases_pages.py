"""The pages of cases: the list, one case, its step done in the form, refusals that lose nothing."""

from __future__ import annotations

import io
from datetime import timedelta

import docx
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from feigong.apps.accounts.roles import Role
from feigong.apps.cases import actions, queries
from feigong.apps.cases.actions import Opening
from feigong.apps.clock import today
from platform_district import SmallDistrict, build_small_district

pytestmark = pytest.mark.django_db


@pytest.fixture
def district() -> SmallDistrict:
    return build_small_district()


@pytest.fixture
def case(district: SmallDistrict) -> int:
    firm = district.enterprises["birch"]
    opening = Opening("branch_own", district.areas["east"], (firm,), facts={"full_members": 4})
    return actions.open_case(district.actor(Role.DISTRICT_OFFICE), opening, on=today() - timedelta(days=40))


def signed_in(district: SmallDistrict, role: Role) -> Client:
    client = Client()
    client.force_login(district.users[role])
    return client


def version(district: SmallDistrict, case: int) -> int:
    return queries.case(district.sight(Role.DISTRICT_OFFICE, today()), case).pk


def test_the_list_says_what_is_late(district: SmallDistrict, case: int) -> None:
    office = signed_in(district, Role.DISTRICT_OFFICE)
    page = office.get(reverse("cases:list"), {"overdue": "yes"}).content.decode()
    assert "恒岳食品有限公司" in page
    assert "与业主谈话" in page
    assert "恒岳食品" not in office.get(reverse("cases:list"), {"standing": "closed"}).content.decode()
    assert "恒岳食品" not in office.get(reverse("cases:list"), {"mine": "yes"}).content.decode()
    assert "恒岳食品" in office.get(reverse("cases:list"), {"enterprise": "恒岳"}).content.decode()
    exported = office.post(reverse("cases:export"), {"format": "csv"})
    assert "恒岳食品有限公司" in b"".join(exported.streaming_content).decode()  # type: ignore[attr-defined]


def test_a_step_is_done_on_the_page(district: SmallDistrict, case: int) -> None:
    officer, address = signed_in(district, Role.LIAISON_OFFICER), reverse("cases:detail", args=[case])
    page = officer.get(address).content.decode()
    assert "超期 10 天" in page
    sent = {
        "version": version(district, case), "ending": "agreed", "on": today().isoformat(), "with_whom": "贺总",
        "noted": "同意申请",
    }  # fmt: skip
    answer = officer.post(reverse("cases:step", args=[case]), sent, follow=True).content.decode()
    assert "“与业主谈话”已办理" in answer
    assert "比规定时间晚 10 天" in answer
    assert "提出申请" in answer
    assert 'value="4"' in answer, "what the plan knew stands in the form"
    clash = officer.post(reverse("cases:step", args=[case]), sent)
    assert clash.status_code == 409


def test_what_only_some_results_ask_for_is_not_asked_of_all(district: SmallDistrict, case: int) -> None:
    office = district.actor(Role.DISTRICT_OFFICE)
    talk = {"with_whom": "贺总", "noted": "同意"}
    actions.do_step(office, case, "agreed", talk, on=today(), today=today())
    paper = {"applied_on": today().isoformat(), "full_members": "4"}
    actions.do_step(office, case, "submitted", paper, on=today(), today=today())
    page = signed_in(district, Role.DISTRICT_OFFICE).get(reverse("cases:detail", args=[case])).content.decode()
    label, below = page.split('<label for="ask-why">')[1].split('<div class="form-line">')[0].split("</label>")
    assert label.strip() == "理由"
    assert "结果选“退回补充、不同意”时必填" in below


def test_a_refusal_keeps_what_was_typed(district: SmallDistrict, case: int) -> None:
    office = signed_in(district, Role.DISTRICT_OFFICE)
    sent = {"version": version(district, case), "ending": "agreed", "on": today().isoformat(), "noted": "谈得很好"}
    answer = office.post(reverse("cases:step", args=[case]), sent)
    page = answer.content.decode()
    assert answer.status_code == 400
    assert "请填写“谈话对象”" in page
    assert "谈得很好" in page
    late = office.post(reverse("cases:step", args=[case]), {**sent, "on": "2199-01-01", "with_whom": "贺总"})
    assert "最晚是今天" in late.content.decode()


def test_held_resumed_handed_over_remarked(district: SmallDistrict, case: int) -> None:
    office = signed_in(district, Role.DISTRICT_OFFICE)

    def post(what: str, **sent: object) -> str:
        given = {"version": version(district, case), **sent}
        return office.post(reverse(f"cases:{what}", args=[case]), given, follow=True).content.decode()

    assert "时限暂停计算" in post("hold", text="业主出差")
    assert "暂缓办理，时限不计" in office.get(reverse("cases:detail", args=[case])).content.decode()
    assert "时限顺延" in post("resume")
    assert "经办人：" in post("hand_over", owner=district.users[Role.TOWNSHIP].pk)
    assert "业主下周回来" in post("remark", text="业主下周回来")


def test_papers_come_back_as_they_were(district: SmallDistrict, case: int) -> None:
    office = signed_in(district, Role.DISTRICT_OFFICE)
    file = SimpleUploadedFile("申请.pdf", b"%PDF-1.7 x")
    page = office.post(reverse("cases:attach", args=[case]), {"paper": file}, follow=True).content.decode()
    assert "申请.pdf" in page
    number = queries.papers(district.sight(Role.DISTRICT_OFFICE, today()), case).get().pk
    answer = office.get(reverse("cases:paper", args=[case, number]))
    assert (answer.content, answer["Content-Type"]) == (b"%PDF-1.7 x", "application/octet-stream")
    wrong = SimpleUploadedFile("病毒.exe", b"MZ")
    assert office.post(reverse("cases:attach", args=[case]), {"paper": wrong}).status_code == 400


def test_who_has_no_business_with_it(district: SmallDistrict, case: int) -> None:
    for role, status in ((Role.DEPARTMENT, 403), (Role.MEMBER, 403), (Role.BRANCH_SECRETARY, 404)):
        assert signed_in(district, role).get(reverse("cases:detail", args=[case])).status_code == status


def test_a_plan_is_opened_from_a_case_by_those_who_may_see_plans(district: SmallDistrict) -> None:
    opening = Opening("branch_own", district.areas["east"], (district.enterprises["birch"],), facts={"plan": 1})
    case = actions.open_case(district.actor(Role.DISTRICT_OFFICE), opening, on=today())
    for role, there in ((Role.DISTRICT_OFFICE, True), (Role.LIAISON_OFFICER, False)):
        page = signed_in(district, role).get(reverse("cases:detail", args=[case])).content.decode()
        assert (reverse("coverage:detail", args=[1]) in page) is there


def test_documents_are_filled_in(district: SmallDistrict, case: int) -> None:
    office = signed_in(district, Role.DISTRICT_OFFICE)
    page = office.get(reverse("cases:detail", args=[case])).content.decode()
    address = reverse("cases:document", args=[case, "talk_record", "docx"])
    assert address in page
    answer = office.get(address)
    book = docx.Document(io.BytesIO(answer.content))
    cells = [cell.text for table in book.tables for row in table.rows for cell in row.cells]
    text = "\n".join([*(p.text for p in book.paragraphs), *cells])
    assert "恒岳食品有限公司" in text
    assert "裴知远" in text  # the legal representative
    pdf = office.get(reverse("cases:document", args=[case, "own_proposal", "pdf"]))
    assert pdf.content.startswith(b"%PDF")
    assert office.get(reverse("cases:document", args=[case, "filing_form", "docx"])).status_code == 404  # not yet
    assert office.get(reverse("cases:document", args=[case, "talk_record", "exe"])).status_code == 400
