"""The frame of pages: menu by permission, language, headers, errors in words."""

from __future__ import annotations

import re

import pytest
from django.http import HttpRequest, HttpResponse
from django.test import Client
from django.urls import path

from feigong.apps.accounts.models import User
from feigong.apps.accounts.roles import Permission, Role
from feigong.config.urls import urlpatterns as product
from feigong.core.errors import FeigongError
from feigong.web.screen import screen

pytestmark = [pytest.mark.django_db, pytest.mark.urls(__name__)]


@screen(Permission.AUDIT_VIEW)
def _audit(request: HttpRequest) -> HttpResponse:
    return HttpResponse("seen")


@screen()
def _missing(request: HttpRequest) -> HttpResponse:
    raise FeigongError("error.not_found")


@screen()
def _meanwhile(request: HttpRequest) -> HttpResponse:
    raise FeigongError("error.changed_meanwhile")


def _broken(request: HttpRequest) -> HttpResponse:
    raise RuntimeError("broken on purpose")


urlpatterns = [
    path("try/audit/", _audit),
    path("try/missing/", _missing),
    path("try/meanwhile/", _meanwhile),
    path("try/broken/", _broken),
    *product,
]
handler400 = "feigong.web.errors.bad_request"
handler403 = "feigong.web.errors.forbidden"
handler404 = "feigong.web.errors.not_found"
handler500 = "feigong.web.errors.fault"


def _user(role: Role, language: str = "zh") -> User:
    return User.objects.create_user(
        username=role.value, password="feigong-demo-2026", display_name="王一", role=role, language=language
    )


@pytest.fixture
def township(client: Client) -> Client:
    client.force_login(_user(Role.TOWNSHIP))
    return client


def _text(response: object) -> str:
    return response.content.decode()  # type: ignore[attr-defined]


def test_who_is_not_signed_in_is_sent_to_sign_in_and_comes_back(client: Client) -> None:
    response = client.get("/try/audit/?page=2")
    assert response.status_code == 302
    assert response.headers["Location"] == "/login/?next=%2Ftry%2Faudit%2F%3Fpage%3D2"


def test_a_part_of_a_page_sends_the_whole_page_to_sign_in(client: Client) -> None:
    response = client.get("/try/audit/", headers={"HX-Request": "true", "HX-Current-URL": "http://testserver/here/?q=1"})
    assert response.status_code == 204
    assert response.headers["HX-Redirect"] == "/login/?next=%2Fhere%2F%3Fq%3D1"


def test_a_permission_that_is_missing_is_said_in_words(township: Client) -> None:
    response = township.get("/try/audit/")
    assert response.status_code == 403
    assert "您的账号没有这项权限" in _text(response)
    assert 'href="/"' in _text(response)


def test_an_auditor_may(client: Client) -> None:
    client.force_login(_user(Role.AUDITOR))
    assert client.get("/try/audit/").content == b"seen"


def test_errors_have_the_status_that_fits(township: Client) -> None:
    assert township.get("/try/missing/").status_code == 404
    assert township.get("/try/meanwhile/").status_code == 409
    assert township.get("/no/such/page/").status_code == 404
    assert "没有这个页面" in _text(township.get("/no/such/page/"))


def test_a_part_gets_only_the_sentence(township: Client) -> None:
    response = township.get("/try/missing/", headers={"HX-Request": "true"})
    assert _text(response).strip() == '<div class="note note-error">没有找到，或者不在您的范围内。</div>'


def test_a_fault_shows_no_trace_but_its_number(township: Client) -> None:
    township.raise_request_exception = False
    response = township.get("/try/broken/")
    assert response.status_code == 500
    assert "broken on purpose" not in _text(response)
    assert response.headers["X-Request-ID"] in _text(response)
    assert "系统出了故障" in _text(response)


def test_a_form_that_is_too_old_says_so() -> None:
    client = Client(enforce_csrf_checks=True)
    response = client.post("/language/", {"language": "en"})
    assert response.status_code == 403
    assert "请刷新后再提交一次" in _text(response)


def _menu(client: Client) -> list[str]:
    return re.findall(r'<a href="(/[^"]*)"[^>]*data-go', _text(client.get("/")))


def test_the_menu_holds_what_the_role_may_open(client: Client) -> None:
    client.force_login(_user(Role.MEMBER))
    assert "/" in _menu(client)
    assert 'data-go="u"' not in _text(client.get("/"))


def test_language_is_the_accounts_until_another_is_chosen(client: Client) -> None:
    client.force_login(_user(Role.TOWNSHIP, "en"))
    assert '<html lang="en"' in _text(client.get("/"))
    assert client.get("/").headers["Content-Language"] == "en"
    response = client.post("/language/", {"language": "zh", "next": "/?on=2026-06-30"})
    assert response.headers["Location"] == "/?on=2026-06-30"
    assert '<html lang="zh-CN"' in _text(client.get("/"))


def test_language_never_leads_out(client: Client) -> None:
    for back in ("https://example.com/", "//example.com", "javascript:alert(1)"):
        assert client.post("/language/", {"language": "en", "next": back}).headers["Location"] == "/"
    assert client.post("/language/", {"language": "xx"}).cookies.get("feigong_language") is None


def test_pages_are_kept_to_themselves(township: Client) -> None:
    headers = township.get("/").headers
    assert "default-src 'self'" in headers["Content-Security-Policy"]
    assert "unsafe-eval" not in headers["Content-Security-Policy"]
    assert "frame-ancestors 'none'" in headers["Content-Security-Policy"]
    assert headers["Content-Security-Policy"].endswith("form-action 'self'; frame-ancestors 'none'")
    assert headers["Cache-Control"] == "private, no-store"
    assert len(headers["X-Request-ID"]) == 16


def test_pages_hold_no_script_and_no_outside_address(township: Client) -> None:
    text = _text(township.get("/"))
    assert re.findall(r"<script(?![^>]*\bsrc=)", text) == []
    assert re.findall(r'(?:src|href|action)="(?:https?:)?//[^"]*"', text) == []
