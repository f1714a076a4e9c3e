"""Whether we are there is told to everybody, what is wrong only to the system administrator."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from feigong.apps.accounts.models import User
from feigong.apps.accounts.roles import Role
from feigong.apps.seals.keyring import keyring

pytestmark = pytest.mark.django_db


def signed_in(role: Role) -> Client:
    client = Client()
    client.force_login(User.objects.create(username=role.value, display_name=role.value, role=role))
    return client


def test_alive_asks_nothing_of_the_database() -> None:
    with CaptureQueriesContext(connection) as asked:
        answer = Client().get("/health/")
    assert (answer.status_code, answer.content) == (200, b"ok\n")
    assert len(asked) == 0
    assert "no-store" in answer.headers["Cache-Control"]
    assert Client().post("/health/").status_code == 405


def test_ready_says_no_more_than_yes_or_no(settings: object, tmp_path: object) -> None:
    keyring()
    assert Client().get("/health/ready/").json() == {"ready": True}
    settings.KEYS = f"{tmp_path}/none.json"  # type: ignore[attr-defined]
    answer = Client().get("/health/ready/")
    assert (answer.status_code, answer.json()) == (503, {"ready": False})


def test_the_state_of_the_system_is_for_its_administrator() -> None:
    text = signed_in(Role.SYSTEM_ADMINISTRATOR).get("/system/").content.decode()
    for shown in ("系统状况", "没有后台程序在运行", "请启动：内置数据库用 feigong serve", "还没有备份过", "正常"):
        assert shown in text
    for role in (Role.DISTRICT_OFFICE, Role.SECURITY_ADMINISTRATOR, Role.AUDITOR):
        assert signed_in(role).get("/system/").status_code == 403
    assert Client().get("/system/").status_code == 302


def test_health_needs_no_https(settings: object) -> None:
    settings.SECURE_SSL_REDIRECT = True  # type: ignore[attr-defined]
    assert Client().get("/health/").status_code == 200
    assert Client().get("/jobs/").status_code == 301
