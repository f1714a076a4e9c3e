"""Coming in by OpenID Connect, the whole way, with a provider on loopback."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from http.client import HTTPConnection
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from django.test import Client

from feigong.apps.accounts.models import User
from feigong.apps.accounts.roles import Role
from feigong.apps.audit.models import Record
from oidc_provider import CLIENT, SECRET, Provider
from platform_district import SmallDistrict, build_small_district

pytestmark = pytest.mark.django_db

GO = "/login/via/office/"


@pytest.fixture
def provider(settings: Any) -> Iterator[Provider]:
    with Provider() as running:
        settings.OIDC_NAME = "区统一认证"
        app = {
            "provider_id": "office",
            "name": "区统一认证",
            "client_id": CLIENT,
            "secret": SECRET,
            "settings": {"server_url": running.issuer, "uid_field": "sub", "fetch_userinfo": False},
        }
        settings.SOCIALACCOUNT_PROVIDERS = {"openid_connect": {"OAUTH_PKCE_ENABLED": True, "APPS": [app]}}
        yield running


@pytest.fixture
def district() -> SmallDistrict:
    found = build_small_district()
    User.objects.filter(pk=found.users[Role.TOWNSHIP].pk).update(subject="staff-0042")
    return found


def at_the_provider(address: str) -> str:
    """What the browser does there: it is sent back with a code."""
    url = urlsplit(address)
    connection = HTTPConnection(url.netloc)
    connection.request("GET", f"{url.path}?{url.query}")
    answer = connection.getresponse()
    assert answer.status == 302
    return str(answer.headers["Location"])


def come(client: Client, **sent: str) -> Any:
    """The whole way; the answer to coming back."""
    back = urlsplit(at_the_provider(client.post(GO, sent)["Location"]))
    assert back.netloc == "testserver"
    return client.get(f"{back.path}?{back.query}")


def test_who_is_known_by_the_subject_comes_in(client: Client, provider: Provider, district: SmallDistrict) -> None:
    page = client.get("/login/?next=/me/").content.decode()
    assert "用区统一认证登录" in page and 'value="/me/"' in page
    assert come(client, next="/me/")["Location"] == "/me/"
    assert "乡镇街道" in client.get("/me/").content.decode()
    assert Record.objects.get(code="account.came_in").params == {"way": "oidc"}
    assert provider.refused == []


def test_the_request_carries_what_makes_it_safe(client: Client, provider: Provider) -> None:
    asked = parse_qs(urlsplit(client.post(GO)["Location"]).query)
    assert asked["scope"] == ["openid"] and asked["code_challenge_method"] == ["S256"]
    assert asked["redirect_uri"] == ["http://testserver/login/via/office/back/"]
    meddled = client.post(GO + "?process=connect&scope=admin&auth_params=prompt%3Dnone")
    more = parse_qs(urlsplit(meddled["Location"]).query)
    assert more["scope"] == ["openid"] and "prompt" not in more


def test_who_is_not_known_stays_out_and_gets_no_account(
    client: Client, provider: Provider, district: SmallDistrict
) -> None:
    provider.subject, before = "staff-9999", User.objects.count()
    answer = come(client)
    assert answer["Location"] == "/login/"
    assert "还没有对应的账号" in client.get("/login/").content.decode()
    assert User.objects.count() == before
    assert Record.objects.get(code="account.failed").params == {"step": "oidc", "known": False}


def test_a_closed_account_stays_out(client: Client, provider: Provider, district: SmallDistrict) -> None:
    User.objects.filter(subject="staff-0042").update(is_active=False)
    assert come(client)["Location"] == "/login/"
    assert client.get("/me/").status_code == 302


def _other(name: str, value: object) -> Callable[[dict[str, Any]], None]:
    def spoil(claims: dict[str, Any]) -> None:
        claims[name] = value

    return spoil


@pytest.mark.parametrize("name, value", [("iss", "http://evil.example"), ("aud", "another"), ("exp", 1), ("sub", None)])
def test_a_token_that_says_something_else_is_refused(
    client: Client, provider: Provider, district: SmallDistrict, name: str, value: object
) -> None:
    provider.spoil = _other(name, value)
    assert come(client)["Location"] == "/login/"
    assert client.get("/me/").status_code == 302


def test_a_forged_signature_is_refused(client: Client, provider: Provider, district: SmallDistrict) -> None:
    provider.forge = True
    assert come(client)["Location"] == "/login/"
    assert "统一认证没有完成" in client.get("/login/").content.decode()


def test_an_answer_to_another_browser_is_refused(client: Client, provider: Provider, district: SmallDistrict) -> None:
    back = urlsplit(at_the_provider(client.post(GO)["Location"]))
    assert Client().get(f"{back.path}?{back.query}")["Location"] == "/login/"
    assert client.get(f"{back.path}?state=guessed&code=x")["Location"] == "/login/"


def test_a_provider_that_is_away_is_said_in_words(client: Client, provider: Provider) -> None:
    provider.__exit__()
    assert client.post(GO)["Location"] == "/login/"
    assert "暂时连不上统一认证" in client.get("/login/").content.decode()


def test_without_settings_there_is_no_such_way(client: Client) -> None:
    assert client.post(GO).status_code == 404
    assert "统一认证" not in client.get("/login/").content.decode()
