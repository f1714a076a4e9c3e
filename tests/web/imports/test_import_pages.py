"""Pages of an import from the first file to taking it back, as the office goes through them."""

from __future__ import annotations

import threading
from datetime import date, timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from feigong.apps.accounts.roles import Role
from feigong.apps.imports.models import Import
from feigong.apps.jobs.registry import discover
from feigong.apps.jobs.worker import JobWorker
from feigong.apps.roll.models import EnterpriseState
from feigong.apps.roll.models.dated import NEVER, as_of
from merge_tables_maker import make_code
from platform_district import SmallDistrict, build_small_district

pytestmark = pytest.mark.django_db

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
    JobWorker(discover(), threading.Event()).run(until_idle=True)


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
