"""The second factor: set up with a telephone, asked for at the door, codes on paper, required by role."""

from __future__ import annotations

import re
import time
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.test import Client

from feigong.apps.accounts.roles import Role
from feigong.apps.audit.models import Record
from platform_district import PASSWORD, SmallDistrict, build_small_district

pytestmark = pytest.mark.django_db


@pytest.fixture
def district() -> SmallDistrict:
    return build_small_district()


def code_of(secret: str, later: int = 0) -> str:
    """What the telephone shows, now or some steps later."""
    return format_hotp_value(hotp_value(secret, int(time.time()) // 30 + later))


def sign_in(client: Client, name: str) -> str:
    return str(client.post("/login/", {"login": name, "password": PASSWORD})["Location"])


def set_up(client: Client) -> tuple[str, list[str]]:
    page = client.get("/me/second-factor/").content.decode()
    secret = re.search(r'class="key">([A-Z2-7]+)<', page)
    assert secret is not None
    assert 'src="data:image/svg+xml;base64,' in page
    sent = {"code": code_of(secret[1]), "password": PASSWORD}
    done = client.post("/me/second-factor/", sent).content.decode()
    return secret[1], re.findall(r"<code>(\d{8})</code>", done)


def test_a_telephone_is_set_up_and_asked_for(client: Client, district: SmallDistrict) -> None:
    assert sign_in(client, "township") == "/"
    secret, paper = set_up(client)
    assert len(paper) == 10
    kept = Authenticator.objects.get(type="totp").data["secret"]
    assert secret not in kept and kept.startswith("k1:")
    other = Client()
    assert sign_in(other, "township") == "/login/code/"
    assert other.get("/me/").status_code == 302
    assert "验证码不对" in other.post("/login/code/", {"code": "000000"}).content.decode()
    assert other.post("/login/code/", {"code": code_of(secret, 1)})["Location"] == "/"
    assert other.get("/me/").status_code == 200
    assert Record.objects.filter(code="account.came_in").latest("number").params == {"way": "password_totp"}


def test_a_code_is_taken_once(client: Client, district: SmallDistrict) -> None:
    sign_in(client, "township")
    secret, paper = set_up(client)
    for code in (code_of(secret, 1), paper[0]):
        first, second = Client(), Client()
        sign_in(first, "township")
        assert first.post("/login/code/", {"code": code}).status_code == 302
        sign_in(second, "township")
        assert second.post("/login/code/", {"code": code}).status_code == 200
    assert "备用码还剩 9 个" in client.get("/me/").content.decode()


def test_guessing_codes_locks_the_account_though_the_password_is_right(client: Client, district: SmallDistrict) -> None:
    sign_in(client, "township")
    secret, _ = set_up(client)
    for _ in range(5):
        guesser = Client()
        sign_in(guesser, "township")
        guesser.post("/login/code/", {"code": "000000"})
    assert Client().post("/login/", {"login": "township", "password": PASSWORD}).status_code == 200
    said = guesser.post("/login/code/", {"code": code_of(secret, 1)}).content.decode()
    assert "已暂时锁定" in said
    assert Record.objects.filter(code="account.failed", params__step="code").count() == 5


def test_a_wrong_code_or_password_sets_nothing_up(client: Client, district: SmallDistrict) -> None:
    sign_in(client, "township")
    client.get("/me/second-factor/")
    wrong = client.post("/me/second-factor/", {"code": "000000", "password": PASSWORD})
    assert "验证码不对" in wrong.content.decode()
    assert "当前密码不对" in client.post("/me/second-factor/", {"code": "000000", "password": "x"}).content.decode()
    assert Authenticator.objects.count() == 0


def test_roles_that_must_have_one_get_no_further_without(
    client: Client, district: SmallDistrict, settings: Any
) -> None:
    settings.TOTP_ROLES = frozenset({"district_office"})
    sign_in(client, "district_office")
    for path in ("/", "/me/", "/enterprises/", "/me/tokens/"):
        assert client.get(path)["Location"] == "/me/second-factor/"
    assert "您的角色须使用两步验证" in client.get("/me/second-factor/").content.decode()
    set_up(client)
    assert client.get("/me/").status_code == 200
    kept = client.post("/me/second-factor/change/", {"password": PASSWORD, "wish": "remove"})
    assert "不能关闭" in kept.content.decode()
    township = Client()
    sign_in(township, "township")
    assert township.get("/me/").status_code == 200


def test_paper_codes_are_changed_and_the_factor_removed(client: Client, district: SmallDistrict) -> None:
    sign_in(client, "township")
    _, paper = set_up(client)
    page = client.post("/me/second-factor/change/", {"password": PASSWORD, "wish": "codes"}).content.decode()
    fresh = re.findall(r"<code>(\d{8})</code>", page)
    assert len(fresh) == 10 and not set(fresh) & set(paper)
    assert "当前密码不对" in client.post("/me/second-factor/change/", {"password": "x"}).content.decode()
    assert client.post("/me/second-factor/change/", {"password": PASSWORD, "wish": "remove"}).status_code == 302
    assert sign_in(Client(), "township") == "/"


def test_a_security_administrator_resets_it(client: Client, district: SmallDistrict) -> None:
    sign_in(client, "township")
    set_up(client)
    admin = Client()
    sign_in(admin, "security_administrator")
    who = district.users[Role.TOWNSHIP].pk
    assert admin.post(f"/accounts/{who}/second-factor/", {"reason": "换了手机"}).status_code == 302
    assert client.get("/me/").status_code == 302
    assert sign_in(Client(), "township") == "/"
    assert Record.objects.get(code="account.reset_totp").reason == "换了手机"
