"""Pages of an import from the first file to taking it back, as the office goes through them."""

from __future__ import annotations

import io
import threading
import time
from datetime import date, timedelta

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from feigong.apps.accounts.roles import Role
from feigong.apps.audit.models import Record
from feigong.apps.imports import uploading
from feigong.apps.imports.limits import limits
from feigong.apps.imports.models import Import, Item, Problem
from feigong.apps.jobs.models import Job, JobState
from feigong.apps.jobs.registry import discover
from feigong.apps.jobs.worker import JobWorker
from feigong.apps.roll.models import EnterpriseState, MemberState
from feigong.apps.roll.models.dated import NEVER, as_of
from feigong.apps.seals.seals import open_seal
from merge_tables_maker import make_code
from platform_district import SmallDistrict, build_small_district

pytestmark = pytest.mark.django_db(transaction=True)  # jobs have connections of their own

HEAD = "统一社会信用代码,企业名称,住所,参保人数\n"
APPLE = f"{make_code(0)},启帆精密机械有限公司,云汀区东湾镇和路12号,66\n"
NEW = f"{make_code(90)},新到食品有限公司,云汀区东湾镇和路30号,12\n"


@pytest.fixture
def district() -> SmallDistrict:
    return build_small_district()


def as_role(district: SmallDistrict, role: Role) -> Client:
    client = Client()
    client.force_login(district.users[role], backend="allauth.account.auth_backends.AuthenticationBackend")
    return client


def csv(*rows: str, name: str = "登记.csv") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, (HEAD + "".join(rows)).encode())


def work() -> None:
    """What a worker beside the pages does, but for saying that it is there: a database in memory refuses two writers
    at the same moment, and does not wait."""
    until = time.monotonic() + 60
    worker = JobWorker(discover(), threading.Event())
    while Job.objects.exclude(state__in=(JobState.DONE, JobState.FAILED)).exists() and time.monotonic() < until:
        if not worker.do_next():
            time.sleep(0.05)
    assert [job.error for job in Job.objects.exclude(state=JobState.DONE)] == []


def hand_in(client: Client, *rows: str) -> Import:
    answer = client.post("/imports/new/", {"files": [csv(*rows)], "on": "2026-11-01", "department": "市场监管局"})
    assert answer.status_code == 302
    return Import.objects.latest("pk")


def test_the_office_hands_in_checks_applies_and_takes_back(district: SmallDistrict) -> None:
    client = as_role(district, Role.DISTRICT_OFFICE)
    found = hand_in(client, APPLE, NEW)
    page = client.get(f"/imports/{found.pk}/").content.decode()
    assert "企业登记表" in page
    assert "启帆精密机械有限公司" in page  # a sample
    assert client.post(f"/imports/{found.pk}/check/").status_code == 302
    assert "正在检查" in client.get(f"/imports/{found.pk}/").content.decode()
    work()
    found.refresh_from_db()
    assert found.figures["verdicts"] == {"changed": 1, "new": 1}
    page = client.get(f"/imports/{found.pk}/items/?verdict=changed").content.decode()
    assert "<del>60</del>" in page
    assert "<ins>66</ins>" in page
    client.post(f"/imports/{found.pk}/apply/")
    work()
    now_known = as_of(EnterpriseState, date(2026, 11, 1), NEVER - timedelta(seconds=1))
    assert sorted(now_known.filter(uscc__in=[make_code(0), make_code(90)]).values_list("staff", flat=True)) == [12, 66]
    page = client.get(f"/imports/{found.pk}/").content.decode()
    assert "新增 1 项，更新 1 项" in page
    client.post(f"/imports/{found.pk}/take-back/", {"reason": "传错了"})
    work()
    assert "已撤回" in client.get(f"/imports/{found.pk}/").content.decode()
    assert list(now_known.filter(uscc__in=[make_code(0), make_code(90)]).values_list("staff", flat=True)) == [60]


def test_doubts_are_answered_and_parts_left_out(district: SmallDistrict) -> None:
    client = as_role(district, Role.DISTRICT_OFFICE)
    twin = f"{make_code(95)},启帆精密机械有限公司,云汀区东湾镇和路12号,9\n"
    found = hand_in(client, APPLE, NEW, twin)
    client.post(f"/imports/{found.pk}/check/")
    work()
    page = client.get(f"/imports/{found.pk}/problems/?severity=decide").content.decode()
    assert "是“启帆精密机械有限公司”" in page
    doubt = Problem.objects.exclude(spelling="").get(of=found)
    answered = client.post(f"/imports/{found.pk}/problems/{doubt.pk}/answer/", {"answer": "not_same"})
    assert answered.headers["Location"] == f"/imports/{found.pk}/problems/#problem-{doubt.pk}"
    assert "按 1 个回答重新检查" in client.get(f"/imports/{found.pk}/problems/").content.decode()
    client.post(f"/imports/{found.pk}/fields/", {"shown": ["enterprise.staff"], "kept": []})
    found.refresh_from_db()
    assert found.skipped == ["enterprise.staff"]
    fresh = Item.objects.get(of=found, key=make_code(90))
    choice = {"ids": [fresh.pk], "choice": "leave_out", "back": "https://elsewhere.example/"}
    left = client.post(f"/imports/{found.pk}/items/choose/", choice)
    assert left.headers["Location"] == f"/imports/{found.pk}/items/"
    assert Item.objects.get(pk=fresh.pk).left_out
    assert client.post(f"/imports/{found.pk}/items/choose/", {"choice": "burn"}).status_code == 400
    client.post(f"/imports/{found.pk}/problems/take/")
    assert Item.objects.get(of=found, key=make_code(95)).accepted


def test_a_department_sees_and_checks_but_does_not_apply(district: SmallDistrict) -> None:
    client = as_role(district, Role.DEPARTMENT)
    found = hand_in(client, APPLE, NEW)
    client.post(f"/imports/{found.pk}/check/")
    work()
    page = client.get(f"/imports/{found.pk}/").content.decode()
    assert "由区级或街道办公室写入" in page
    assert "/apply/" not in page
    assert client.post(f"/imports/{found.pk}/apply/").status_code == 403
    assert as_role(district, Role.TOWNSHIP).get(f"/imports/{found.pk}/").status_code == 404
    assert as_role(district, Role.LIAISON_OFFICER).get("/imports/").status_code == 403
    assert as_role(district, Role.DISTRICT_OFFICE).get(f"/imports/{found.pk}/").status_code == 200


def test_a_file_that_cannot_be_read_is_said_beside_the_form(district: SmallDistrict) -> None:
    client = as_role(district, Role.DISTRICT_OFFICE)
    broken = SimpleUploadedFile("坏.xlsx", b"PK\x03\x04 no workbook")
    answer = client.post("/imports/new/", {"files": [broken]})
    assert answer.status_code == 400
    assert "坏.xlsx" in answer.content.decode()
    assert not Import.objects.exists()


def test_what_is_pasted_is_a_table_too(district: SmallDistrict) -> None:
    client = as_role(district, Role.DISTRICT_OFFICE)
    pasted = HEAD.replace(",", "\t") + APPLE.replace(",", "\t")
    assert client.post("/imports/new/", {"pasted": pasted, "on": "2026-11-01"}).status_code == 302
    found = Import.objects.get()
    assert "启帆精密机械有限公司" in client.get(f"/imports/{found.pk}/").content.decode()


def test_the_annotated_table_is_fetched_and_recorded(district: SmallDistrict) -> None:
    client = as_role(district, Role.DISTRICT_OFFICE)
    found = hand_in(client, APPLE, NEW)
    file = found.files.get()
    assert client.get(f"/imports/{found.pk}/files/{file.pk}/annotated/").status_code == 400  # not checked yet
    client.post(f"/imports/{found.pk}/check/")
    work()
    answer = client.get(f"/imports/{found.pk}/files/{file.pk}/annotated/")
    rows = list(openpyxl.load_workbook(io.BytesIO(answer.content)).active.values)
    assert rows[0][-2:] == ("处理结果", "要做什么")
    assert [row[-2] for row in rows[1:]] == ["更新台账：职工人数", "新增到台账"]
    assert answer.headers["Cache-Control"] == "private, no-store"  # people's data on a shared computer
    assert Record.objects.filter(code="import.send_back").count() == 1


def test_an_upload_needs_its_token(district: SmallDistrict) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(district.users[Role.DISTRICT_OFFICE])
    assert client.post("/imports/new/", {"files": [csv(APPLE)]}).status_code == 403
    assert not Import.objects.exists()


def test_an_upload_that_is_too_large_is_ended(
    district: SmallDistrict, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(uploading, "limits", lambda: limits().model_copy(update={"megabytes": 0}))
    answer = as_role(district, Role.DISTRICT_OFFICE).post("/imports/new/", {"files": [csv(APPLE)]})
    assert answer.status_code == 400
    assert "合计超过" in answer.content.decode()


def test_in_english_too(district: SmallDistrict) -> None:
    client = as_role(district, Role.DISTRICT_OFFICE)
    client.cookies["feigong_language"] = "en"
    found = hand_in(client, APPLE)
    client.post(f"/imports/{found.pk}/check/")
    work()
    parts = {"": "Checked, not applied", "items/": "Items", "problems/": "Problems", "rows/": "Rows not used"}
    for part, words in parts.items():
        answer = client.get(f"/imports/{found.pk}/{part}")
        assert (answer.status_code, words in answer.content.decode()) == (200, True), part


def test_no_table_of_names_tells_a_department_who_is_a_member(district: SmallDistrict) -> None:
    known = MemberState.rows.filter(recorded_to=NEVER).exclude(id_index="").order_by("pk").first()
    assert known is not None
    number = open_seal(known.id_number, "member.id_number")
    head = "姓名,身份证号,人员类别,入党日期,工作单位,所在党支部,联系电话\n"
    roster = SimpleUploadedFile("名册.csv", f"{head}{known.name},{number},正式党员,2010-07-01,,,\n".encode())
    client = as_role(district, Role.DEPARTMENT)
    client.post("/imports/new/", {"files": [roster], "on": "2026-11-01"})
    found = Import.objects.get()
    client.post(f"/imports/{found.pk}/check/")
    work()
    found.refresh_from_db()
    assert sum(found.figures["kinds"]["member"].values()) == 1  # it was compared
    shown = client.get(f"/imports/{found.pk}/")
    assert shown.context["imported"].kinds == []
    assert {n for _, n, _ in shown.context["imported"].verdicts} == {0}
    file = found.files.get()
    sent = client.get(f"/imports/{found.pk}/files/{file.pk}/annotated/")
    sheet = openpyxl.load_workbook(io.BytesIO(sent.content)).active
    assert sheet is not None
    assert [cell.value for cell in sheet[2]][-2:] == ["已收到，由主管部门核对", ""]
    assert Job.objects.get().result == {"import": found.pk}
