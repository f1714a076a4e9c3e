"""First pages: each role sees its own, every number opens a list of exactly that length."""

from __future__ import annotations

import html
import re
from datetime import date

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from feigong.apps.accounts.roles import Role
from feigong.apps.imports.models import Import
from feigong.web.home.office import month_before
from feigong.web.home.parts import PARTS, ROLES
from platform_district import ON, SmallDistrict, build_small_district

pytestmark = pytest.mark.django_db


@pytest.fixture
def district(db: None) -> SmallDistrict:
    return build_small_district()


def visit(district: SmallDistrict, role: Role) -> Client:
    client = Client()
    client.force_login(district.users[role])
    return client


def page(client: Client, address: str = "/") -> str:
    response = client.get(address)
    assert response.status_code == 200
    return response.content.decode()


@pytest.mark.parametrize(
    ("role", "said"),
    [
        (Role.DISTRICT_OFFICE, ["等着办的", "各区域覆盖情况", "云汀区", "在册企业和单位"]),
        (Role.TOWNSHIP, ["等着办的", "东湾镇"]),
        (Role.DEPARTMENT, ["上传表格", "还没有报送过"]),
        (Role.LIAISON_OFFICER, ["我联络的 2 户企业", "恒岳食品有限公司", "云汀区东湾镇和路18号"]),
        (Role.BRANCH_SECRETARY, ["启帆精密机械党支部", "共 3 名", "钟舒岩", "启帆精密机械有限公司"]),
        (Role.MEMBER, ["祝予安", "启帆精密机械党支部", "正式党员", "••••"]),
        (Role.SYSTEM_ADMINISTRATOR, ["系统状况"]),
        (Role.SECURITY_ADMINISTRATOR, ["启用的账号", "被锁定"]),
    ],
)
def test_what_each_role_sees_first(district: SmallDistrict, role: Role, said: list[str]) -> None:
    text = page(visit(district, role))
    assert [word for word in said if word not in text] == []


@pytest.mark.parametrize("role", [Role.AUDITOR, Role.AUDIT_ADMINISTRATOR])
def test_auditors_see_the_records(district: SmallDistrict, role: Role) -> None:
    assert 'class="figs"' in page(visit(district, role))


@pytest.mark.parametrize("role", list(Role))
@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_role_in_both_languages(district: SmallDistrict, role: Role, language: str) -> None:
    client = visit(district, role)
    client.cookies["feigong_language"] = language
    assert f'<html lang="{"zh-CN" if language == "zh" else "en"}"' in page(client)


def test_every_role_has_a_page() -> None:
    assert set(ROLES) == set(Role)
    assert {name for names in ROLES.values() for name in names} == set(PARTS)


def test_nobody_sees_what_belongs_to_others(district: SmallDistrict) -> None:
    text = page(visit(district, Role.TOWNSHIP))
    assert "西浦街道" not in text
    assert "云汀经济开发区" not in text
    assert "锦川软件" not in page(visit(district, Role.LIAISON_OFFICER))
    assert "穆青禾" not in page(visit(district, Role.BRANCH_SECRETARY))
    assert "云汀区" not in page(visit(district, Role.SYSTEM_ADMINISTRATOR))


@pytest.mark.parametrize("role", [Role.DISTRICT_OFFICE, Role.TOWNSHIP, Role.BRANCH_SECRETARY])
def test_every_number_is_the_length_of_its_list(district: SmallDistrict, role: Role) -> None:
    client = visit(district, role)
    text = page(client, f"/?on={ON.isoformat()}").split('id="content"')[1]
    lists = r'<a (?:class="strong" )?href="(/(?:enterprises|organisations|members)/(?:\?[^"]*)?)"[^>]*>(.*?)</a>'
    links = re.findall(lists, text, re.S)
    counted = [(a, m[1]) for a, inner in links if (m := re.search(r"(?:<strong>|<b>|^|共 )(\d+)", inner.strip()))]
    assert len(counted) >= (1 if role is Role.BRANCH_SECRETARY else 6)
    for address, number in counted:
        assert role is Role.BRANCH_SECRETARY or f"on={ON.isoformat()}" in address
        listed = page(client, html.unescape(address))
        assert re.search(rf"共 {number} (户|个|名)", listed), (address, number)


def test_a_month_before() -> None:
    assert month_before(date(2026, 11, 30)) == date(2026, 10, 30)
    assert month_before(date(2026, 3, 31)) == date(2026, 2, 28)
    assert month_before(date(2026, 1, 15)) == date(2025, 12, 15)


def test_the_first_month_is_all_new(district: SmallDistrict) -> None:
    text = page(visit(district, Role.DISTRICT_OFFICE), "/?on=2026-01-15")
    assert '<span class="good">+4</span>' in text


@pytest.mark.parametrize("role", list(Role))
def test_the_number_of_queries_is_small(district: SmallDistrict, role: Role) -> None:
    client = visit(district, role)
    page(client)
    with CaptureQueriesContext(connection) as caught:
        page(client)
    assert len(caught) <= 35


def test_imports_that_wait_are_said_with_their_doubts(district: SmallDistrict) -> None:
    user = district.users[Role.DISTRICT_OFFICE]
    facts = {"on": ON, "user": user, "user_name": "王一", "at": district.at, "areas": [district.areas["east"]]}
    waiting = Import.objects.create(state="checked", department="税务局", figures={"problems": {"decide": 12}}, **facts)
    Import.objects.create(state="applied", department="社保局", **facts)
    text = page(visit(district, Role.DISTRICT_OFFICE))
    assert f'href="/imports/{waiting.pk}/"' in text
    assert "税务局" in text
    assert "存疑 12 行" in text
    assert "社保局" not in text
    assert "税务局" not in page(visit(district, Role.LIAISON_OFFICER))
