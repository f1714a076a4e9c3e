"""The pages of templates: what is used, one document, handing in, taking away, going back."""

from __future__ import annotations

import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from docx.shared import Mm
from pypdf import PdfReader

from exchange.documents.paper_maker import edited, opened, saved
from feigong.apps.accounts.models import Grant
from feigong.apps.accounts.roles import Role
from feigong.apps.audit.models import Record
from feigong.apps.documents.making import documents
from feigong.apps.documents.models import Template
from platform_district import SmallDistrict, build_small_district

pytestmark = pytest.mark.django_db
CODE = "reply_set_up"
DETAIL = f"/documents/{CODE}/"


@pytest.fixture
def district() -> SmallDistrict:
    return build_small_district()


@pytest.fixture
def office(district: SmallDistrict) -> Client:
    client = Client()
    client.force_login(district.users[Role.DISTRICT_OFFICE])
    return client


def handed_in(client: Client, said: str = "特此批复。", old: str = "此复。", **more: str) -> object:
    file = SimpleUploadedFile("我区批复.docx", edited(CODE, old, said))
    return client.post(DETAIL, {"file": file, **more})


def text(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200
    return answer.content.decode()


def test_every_document_is_listed_with_whose_template_it_uses(office: Client) -> None:
    page = text(office, "/documents/")
    assert all(f"/documents/{found.code}/" in page and found.name.zh in page for found in documents())
    assert page.count(">自带</span>") == len(documents())
    handed_in(office)
    page = text(office, "/documents/")
    assert page.count(">自带</span>") == len(documents()) - 1 and page.count(">自己的</span>") == 1


def test_a_template_is_handed_in_used_and_taken_away(office: Client) -> None:
    answer = handed_in(office, reason="统一落款")
    assert answer.headers["Location"].startswith(DETAIL)  # type: ignore[attr-defined]
    page = text(office, DETAIL)
    assert "我区批复.docx" in page and "统一落款" in page and "已换上" in page
    word = office.get(f"{DETAIL}template/")
    assert "filename*=UTF-8''%E5%90%8C%E6%84%8F" in word.headers["Content-Disposition"]
    assert "特此批复。" in [p.text for p in opened(word.content).paragraphs]
    ours = office.get(f"{DETAIL}template/?which=ours")
    assert "此复。" in [p.text for p in opened(ours.content).paragraphs]


def test_samples_in_word_pdf_and_as_a_picture(office: Client) -> None:
    handed_in(office)
    word = opened(office.get(f"{DETAIL}sample/docx/").content)
    assert "特此批复。" in [p.text for p in word.paragraphs]
    pdf = office.get(f"{DETAIL}sample/pdf/")
    assert pdf.headers["Content-Type"] == "application/pdf"
    assert pdf.headers["Content-Disposition"].startswith("inline")
    assert "特此批复。" in PdfReader(io.BytesIO(pdf.content)).pages[0].extract_text()
    assert office.get(f"{DETAIL}sample/png/").content.startswith(b"\x89PNG")
    refused = office.get(f"{DETAIL}sample/odt/")
    assert refused.status_code == 400 and "不能是“odt”" in refused.content.decode()


def test_what_is_wrong_is_said_beside_the_form(office: Client) -> None:
    answer = handed_in(office, "{{单位}}：", "{{申请单位}}：", reason="试试")
    page = answer.content.decode()  # type: ignore[attr-defined]
    assert answer.status_code == 400  # type: ignore[attr-defined]
    assert "不认识占位符“{{单位}}”。是不是“{{申请单位}}”？" in page and 'value="试试"' in page
    assert Template.objects.count() == 0
    nothing = office.post(DETAIL, {})
    assert nothing.status_code == 400 and "没有选文件" in nothing.content.decode()
    old = office.post(DETAIL, {"file": SimpleUploadedFile("旧.doc", b"\xd0\xcf\x11\xe0 old")})
    assert "另存为 .docx" in old.content.decode()


def test_what_only_word_prints_is_said(office: Client) -> None:
    assert "PDF 里没有" not in text(office, DETAIL)
    paper = opened(edited(CODE, "此复。", "特此批复。"))
    picture = io.BytesIO(office.get(f"{DETAIL}sample/png/").content)
    paper.paragraphs[0].add_run().add_picture(picture, width=Mm(20))
    office.post(DETAIL, {"file": SimpleUploadedFile("带图.docx", saved(paper))})
    assert "有 1 处图片、文本框或自动编号" in text(office, DETAIL)


def test_placeholders_are_listed_as_they_are_typed(office: Client) -> None:
    page = text(office, "/documents/meeting_minutes/")
    for written in ("{{会议时间}}", "{%tr for 行 in 得票 %}", "{{行.赞成}}", "{%tr endfor %}", "{%p if 名称 %}"):
        assert written in page
    assert page.count(">必须</span>") == 4


def test_back_to_an_earlier_version_and_to_ours(office: Client) -> None:
    handed_in(office, "第一版。")
    handed_in(office, "第二版。")
    first, second = Template.objects.order_by("pk").values_list("pk", flat=True)
    kept = opened(office.get(f"{DETAIL}versions/{first}/").content)
    assert "第一版。" in [p.text for p in kept.paragraphs]
    office.post(f"{DETAIL}versions/{first}/use/", {"version": second})
    assert "第一版。" in [p.text for p in opened(office.get(f"{DETAIL}template/").content).paragraphs]
    last = Template.objects.latest("pk").pk
    again = office.post(f"{DETAIL}reset/", {"version": last})
    assert again.status_code == 302
    assert "此复。" in [p.text for p in opened(office.get(f"{DETAIL}template/").content).paragraphs]
    page = text(office, DETAIL)
    assert "不用自己的模板" not in page.split("</header>")[0]  # nothing to take out of use any more
    assert [r.code for r in Record.objects.filter(code__startswith="documents.").order_by("pk")] == [
        "documents.upload", "documents.upload", "documents.reuse", "documents.reset",
    ]  # fmt: skip


def test_who_comes_second_is_told(office: Client) -> None:
    handed_in(office, "第一版。", version="0")
    late = handed_in(office, "第二版。", version="0")
    assert late.status_code == 409  # type: ignore[attr-defined]
    assert Template.objects.count() == 1
    stale = office.post(f"{DETAIL}reset/", {"version": "0"})
    assert stale.status_code == 409


def test_an_office_of_two_areas_says_which(district: SmallDistrict, office: Client) -> None:
    user, east = district.users[Role.DISTRICT_OFFICE], district.areas["east"]
    Grant.objects.create(user=user, area_id=east, granted_by=Record.objects.latest("pk"))
    page = text(office, "/documents/")
    assert f"?area={east}" in page
    handed_in(office, "东区。", area=str(east))
    assert "东区。" in [p.text for p in opened(office.get(f"{DETAIL}template/?area={east}").content).paragraphs]
    assert "此复。" in [p.text for p in opened(office.get(f"{DETAIL}template/").content).paragraphs]
    handed_in(office, "全区。")
    office.post(f"{DETAIL}reset/", {"area": str(east)})
    assert "云汀区的" in text(office, f"{DETAIL}?area={east}")


def test_without_an_area_ours_are_shown(district: SmallDistrict, office: Client) -> None:
    Grant.objects.filter(user=district.users[Role.DISTRICT_OFFICE]).delete()
    page = text(office, DETAIL)
    assert "还没有负责的区域" in page and 'type="file"' not in page
    assert office.get(f"{DETAIL}sample/pdf/").content.startswith(b"%PDF")
    assert handed_in(office).status_code == 400  # type: ignore[attr-defined]


@pytest.mark.parametrize("area", ["x", "-1", "99999999", "9" * 40])
def test_an_area_that_is_none(office: Client, area: str) -> None:
    assert office.get(f"{DETAIL}?area={area}").status_code == 404


def test_a_document_that_is_none(office: Client) -> None:
    answer = office.get("/documents/nothing/")
    assert answer.status_code == 400 and "没有“nothing”这种文书" in answer.content.decode()


def test_others_have_no_such_page(district: SmallDistrict) -> None:
    for role in (Role.TOWNSHIP, Role.LIAISON_OFFICER, Role.SYSTEM_ADMINISTRATOR):
        client = Client()
        client.force_login(district.users[role])
        assert client.get("/documents/").status_code == 403
        assert reverse("documents:list") not in client.get("/").content.decode()


def test_a_page_asks_few_queries_however_many_versions(office: Client) -> None:
    def asked(address: str) -> int:
        with CaptureQueriesContext(connection) as queries:
            assert office.get(address).status_code == 200
        return len(queries)

    handed_in(office, "第零版。")
    asked("/documents/")
    few = asked("/documents/"), asked(DETAIL)
    for n in range(4):
        handed_in(office, f"第{n + 1}版。")
    assert (asked("/documents/"), asked(DETAIL)) == few
    assert max(few) <= 18


def test_in_english(district: SmallDistrict, office: Client) -> None:
    office.cookies["feigong_language"] = "en"
    page = text(office, DETAIL)
    assert "Reply: the branch may be founded (同意成立党支部的批复)" in page and "applying unit" in page
