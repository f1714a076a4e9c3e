"""Coming in with a name and a password; what is answered when it fails; the lock and the way back."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from feigong.apps.accounts.models import Failures, Sitting
from feigong.apps.accounts.roles import Role
from feigong.apps.audit.models import Entry, Record
from feigong.apps.clock import now
from platform_district import PASSWORD, SmallDistrict, build_small_district

pytestmark = pytest.mark.django_db


@pytest.fixture
def district() -> SmallDistrict:
    return build_small_district()


def sign_in(client: Client, name: str, password: str = PASSWORD) -> bool:
    """Whether it was let in."""
    return client.post("/login/", {"login": name, "password": password}).status_code == 302


def _codes() -> list[str]:
    return list(Record.objects.filter(code__startswith="account.").order_by("number").values_list("code", flat=True))


def test_the_page_is_chinese_and_offers_no_sign_up(client: Client) -> None:
    page = client.get("/login/").content.decode()
    assert "<h1>登录</h1>" in page
    assert "请联系本区安全管理员" in page
    assert "signup" not in page and "注册" not in page


def test_right_words_open_wrong_ones_say_nothing_about_which(client: Client, district: SmallDistrict) -> None:
    def answer(name: str, password: str) -> str:
        response = client.post("/login/", {"login": name, "password": password})
        assert response.status_code == 200
        return response.content.decode().replace(name, "NAME").split('name="csrfmiddlewaretoken"')[1][80:]

    closed = district.users[Role.DEPARTMENT]
    closed.is_active = False
    closed.save()
    wrong = answer("township", "not-this-one")
    assert "用户名或密码不对" in wrong
    assert answer("nobody-has-it", "not-this-one") == wrong
    assert answer("department", PASSWORD) == wrong
    assert sign_in(client, "township")
    assert client.get("/me/").status_code == 200
    assert _codes() == ["account.failed", "account.failed", "account.failed", "account.came_in"]


def test_what_was_typed_as_a_name_is_not_kept(client: Client, district: SmallDistrict) -> None:
    sign_in(client, "my-Secret-2026", "township")
    record = Record.objects.get(code="account.failed")
    assert record.params == {"step": "password", "known": False}
    assert "my-Secret" not in "".join(Failures.objects.values_list("subject", flat=True))


def test_five_failures_lock_the_name_for_known_and_unknown_alike(client: Client, district: SmallDistrict) -> None:
    for name in ("township", "nobody-has-it"):
        for _ in range(5):
            assert not sign_in(client, name, "not-this-one")
        locked = client.post("/login/", {"login": name, "password": PASSWORD})
        assert "已暂时锁定" in locked.content.decode()
    assert sign_in(Client(), "department")
    lock = Record.objects.filter(code="account.locked").order_by("number").first()
    assert lock is not None and Entry.objects.get(record=lock).object_id == district.users[Role.TOWNSHIP].pk


def test_a_lock_ends_by_itself_and_by_a_security_administrator(client: Client, district: SmallDistrict) -> None:
    for _ in range(5):
        sign_in(client, "township", "not-this-one")
    assert not sign_in(client, "township")
    Failures.objects.update(locked_until=now() - timedelta(seconds=1))
    assert sign_in(Client(), "TOWNSHIP")
    for _ in range(5):
        sign_in(client, "township", "not-this-one")
    admin = Client()
    sign_in(admin, "security_administrator")
    who = district.users[Role.TOWNSHIP].pk
    assert "已锁定" in admin.get(f"/accounts/{who}/").content.decode()
    assert admin.post(f"/accounts/{who}/unlock/").status_code == 302
    assert sign_in(Client(), "township")
    assert Record.objects.filter(code="account.unlock").count() == 1


def test_an_address_is_locked_over_many_names(
    client: Client, district: SmallDistrict, settings: Any
) -> None:
    settings.ACCOUNT_LIMITS = {**settings.ACCOUNT_LIMITS, "failures_address": 6}
    for number in range(6):
        sign_in(client, f"name-{number}", "not-this-one")
    assert not sign_in(client, "township")
    assert sign_in(Client(REMOTE_ADDR="10.1.2.3"), "township")
    admin = Client(REMOTE_ADDR="10.1.2.4")
    sign_in(admin, "security_administrator")
    assert "127.0.0.1" in admin.get("/accounts/").content.decode()
    admin.post("/accounts/addresses/unlock/", {"address": "127.0.0.1"})
    assert sign_in(client, "township")


def test_a_good_account_does_not_wash_bad_attempts_away(client: Client, district: SmallDistrict) -> None:
    for number in range(3):
        sign_in(client, f"name-{number}", "not-this-one")
    assert sign_in(client, "township")
    assert Failures.objects.get(subject="address:127.0.0.1").count == 3


def test_leaving_needs_the_button(client: Client, district: SmallDistrict) -> None:
    sign_in(client, "township")
    assert client.get("/logout/").status_code == 405
    assert client.post("/logout/")["Location"] == "/login/"
    assert client.get("/me/").status_code == 302
    assert Sitting.objects.count() == 0
    assert _codes()[-1] == "account.left"


def test_one_comes_back_where_one_wanted_to_go_but_never_elsewhere(client: Client, district: SmallDistrict) -> None:
    assert client.get("/me/tokens/")["Location"] == "/login/?next=%2Fme%2Ftokens%2F"
    inside = client.post("/login/?next=/me/tokens/", {"login": "township", "password": PASSWORD})
    assert inside["Location"] == "/me/tokens/"
    outside = Client().post("/login/?next=https://evil.example/", {"login": "township", "password": PASSWORD})
    assert outside["Location"] == "/"
