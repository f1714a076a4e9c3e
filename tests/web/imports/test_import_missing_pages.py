"""Pages about what a full register no longer has: said to be full, looked at, answered, taken away as a file."""

from __future__ import annotations

import io
from datetime import date

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from feigong.apps.accounts.roles import Role
from feigong.apps.audit.models import Record
from feigong.apps.clock import now
from feigong.apps.imports import actions
from feigong.apps.imports.actions.checking import Alone
from feigong.apps.imports.models import Import, Item
from merge_tables_maker import make_code
from platform_district import SmallDistrict, build_small_district

pytestmark = pytest.mark.django_db

HEAD = "统一社会信用代码,企业名称,住所,参保人数\n"
APPLE = f"{make_code(0)},启帆精密机械有限公司,云汀区东湾镇和路12号,66\n"
GONE = f"{make_code(90)},新到食品有限公司,云汀区东湾镇和路30号,12\n"


@pytest.fixture
def district() -> SmallDistrict:
    return build_small_district()


@pytest.fixture
def office(district: SmallDistrict) -> Client:
    client = Client()
    user = district.users[Role.DISTRICT_OFFICE]
    client.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
    return client


def hand_in(client: Client, on: str, *rows: str) -> Import:
    file = SimpleUploadedFile("登记.csv", (HEAD + "".join(rows)).encode())
    assert client.post("/imports/new/", {"files": [file], "on": on, "department": "市场监管局"}).status_code == 302
    return Import.objects.latest("pk")


def test_a_full_register_is_said_looked_at_and_answered(district: SmallDistrict, office: Client) -> None:
    actor = district.actor(Role.DISTRICT_OFFICE)
    before = hand_in(office, "2026-11-01", APPLE, GONE)
    actions.check(before.pk, Alone(), now())
    actions.ask_apply(actor, before.pk)
    actions.apply(actor, before.pk, Alone())
    found = hand_in(office, "2026-11-10", APPLE)
    assert "这是完整名册" in office.get(f"/imports/{found.pk}/").content.decode()
    sheet = found.sheets.get()
    assert office.post(f"/imports/{found.pk}/sheets/{sheet.pk}/", {"full": "yes"}).status_code == 302
    assert "不是完整名册" in office.get(f"/imports/{found.pk}/").content.decode()
    actions.check(found.pk, Alone(), now())
    page = office.get(f"/imports/{found.pk}/").content.decode()
    assert "有 1 个单位以前的名册里有，这次没有。" in page
    listed = f"/imports/{found.pk}/items/?verdict=missing"
    page = office.get(listed).content.decode()
    assert "2026-11-01 的名册里有，这次没有" in page
    item = Item.objects.get(of=found, verdict="missing")
    choose = f"/imports/{found.pk}/items/choose/"
    refused = office.post(choose, {"choice": "ended", "ids": item.pk, "ends_on": "2026-13-01"})
    assert refused.status_code == 400
    office.post(choose, {"choice": "ended", "ids": item.pk, "ends_on": "2026-11-05", "back": listed})
    item.refresh_from_db()
    assert (item.answer, item.ends_on) == ("ended", date(2026, 11, 5))
    office.post(choose, {"choice": "unanswered", "ids": item.pk})
    office.post(choose, {"choice": "there", "ids": ""})
    item.refresh_from_db()
    assert (item.answer, item.ends_on) == ("", None)
    office.post(choose, {"choice": "there", "all": "1"})
    item.refresh_from_db()
    assert item.answer == "there"
    assert "仍在" in office.get(listed).content.decode()


def test_the_list_is_taken_away_as_a_file_and_recorded(district: SmallDistrict, office: Client) -> None:
    found = hand_in(office, "2026-11-01", APPLE, GONE)
    actions.check(found.pk, Alone(), now())
    answer = office.get(f"/imports/{found.pk}/items/?verdict=new&as=xlsx")
    content = b"".join(answer.streaming_content)  # type: ignore[attr-defined]
    lines = list(openpyxl.load_workbook(io.BytesIO(content)).active.iter_rows(values_only=True))
    assert [line[:4] for line in lines[1:]] == [("单位", "新到食品有限公司", make_code(90), "新增")]
    record = Record.objects.filter(code="imports.export").get()
    assert record.params == {"import": found.pk, "rows": 1, "verdict": "new"}
