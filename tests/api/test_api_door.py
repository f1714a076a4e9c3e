"""What stands before every operation: who it is, how often, in which language; and what is not there."""

from __future__ import annotations

import importlib
import pkgutil
from collections import Counter
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import OperationalError
from django.test import Client
from pydantic import BaseModel

import feigong.api
from api.askers import Asker, code, ok
from feigong.api import usage
from feigong.apps.accounts.models import ApiToken
from feigong.apps.accounts.roles import Role
from feigong.apps.audit.models import Record
from platform_district import SmallDistrict, build_small_district

pytestmark = pytest.mark.django_db


@pytest.fixture
def district() -> SmallDistrict:
    return build_small_district()


@pytest.fixture(autouse=True)
def nothing_counted() -> Iterator[None]:
    usage._used.__init__(60)  # type: ignore[misc]
    usage._denied.__init__(3600)  # type: ignore[misc]
    yield


def test_who_a_token_stands_for(district: SmallDistrict) -> None:
    me = ok(Asker(district, Role.TOWNSHIP, read_only=True).get("/me"))
    assert (me["role"], me["permissions"]) == ("township", ["api.use", "roll.view"])
    assert me["scope"] == {"areas": [district.areas["east"]], "organisations": [], "worker": None, "member": None}


def test_a_reading_token_changes_nothing(district: SmallDistrict) -> None:
    reading = Asker(district, Role.DISTRICT_OFFICE, read_only=True)
    path = f"/enterprises/{district.enterprises['apple']}"
    answer = reading.patch(path, {"facts": {"staff": 1}}, if_match=reading.version(path))
    assert code(answer) == (403, "error.not_permitted")
    assert not Record.objects.filter(code="enterprise.change").exists()


def test_too_many_requests_are_told_when_to_come_back(district: SmallDistrict, settings: Any) -> None:
    settings.ACCOUNT_LIMITS = {**settings.ACCOUNT_LIMITS, "token_requests": 3}
    busy, other = Asker(district, Role.TOWNSHIP), Asker(district, Role.DISTRICT_OFFICE)
    answers = [busy.get("/me") for _ in range(4)]
    assert [a.status_code for a in answers[:2]] == [200, 200]
    assert code(answers[3]) == (429, "error.api_too_many")
    assert 0 < int(answers[3].headers["Retry-After"]) <= 60
    assert other.get("/me").status_code == 200


def test_denied_use_is_recorded_once_an_hour(district: SmallDistrict) -> None:
    department = Asker(district, Role.DEPARTMENT)
    for _ in range(3):
        assert department.get("/members").status_code == 403
    stranger = Client(headers={"authorization": "Bearer fg_abcdefghijklm"})
    for _ in range(3):
        assert stranger.get("/api/v1/me").status_code == 401
    denied = list(Record.objects.filter(code="api.denied").order_by("number"))
    assert [(r.door, r.user_id) for r in denied] == [("api", district.users[Role.DEPARTMENT].pk), ("api", None)]
    assert denied[0].params == {
        "route": "api/v1/members", "method": "GET", "code": "error.not_permitted", "token": department.secret[:8],
    }  # fmt: skip
    assert denied[1].params["token"] == "fg_abcde"


def test_a_revoked_token_is_one_nobody_knows(district: SmallDistrict) -> None:
    asker = Asker(district, Role.TOWNSHIP)
    assert asker.get("/me").status_code == 200
    token = ApiToken.objects.get()
    assert token.last_used_at is not None
    token.revoked_at = token.created_at
    token.save()
    answer = asker.get("/me")
    assert (code(answer), answer.headers["WWW-Authenticate"]) == ((401, "error.accounts.token"), "Bearer")


@pytest.mark.parametrize(
    ("asked", "language", "ends"),
    [
        ("zh-CN,zh;q=0.9", "zh-CN", "。"), ("fr, en-GB;q=0.8", "en", "."), ("", "zh-CN", "。"),
        ("x" * 999, "zh-CN", "。"),
    ],
)
def test_it_speaks_the_language_asked_for(district: SmallDistrict, asked: str, language: str, ends: str) -> None:
    answer = Asker(district, Role.TOWNSHIP, language=asked).get("/areas/99999")
    assert (answer.headers["Content-Language"], answer.json()["message"][-1]) == (language, ends)
    assert answer.headers["Cache-Control"] == "private, no-cache"


@pytest.mark.parametrize(
    ("method", "path", "allowed"),
    [
        ("delete", "/enterprises/1", "GET, PATCH"), ("put", "/areas", "GET, POST"),
        ("post", "/openapi.json", "GET, HEAD"),
    ],
)
def test_other_methods_are_not_allowed(method: str, path: str, allowed: str) -> None:
    answer = getattr(Client(), method)(f"/api/v1{path}")
    assert (code(answer), answer.headers["Allow"]) == ((405, "error.api_method"), allowed)


NOWHERE = ("", "nothing", "enterprises/abc", "enterprises/", "enterprises/1/2/3", f"areas/{'9' * 5000}")


@pytest.mark.parametrize("path", NOWHERE, ids=lambda path: path[:20])
def test_what_is_not_there_is_said_as_anything_else(path: str) -> None:
    for ask in (Client().get, Client().post):
        assert code(ask(f"/api/v1/{path}")) == (404, "error.api_no_address")


def test_numbers_beyond_the_database_are_refused(district: SmallDistrict) -> None:
    asker = Asker(district, Role.DISTRICT_OFFICE)
    large = f"/enterprises?organisation_id={2**63}"
    for path in (f"/areas/{2**63}", "/areas/0", large, "/areas?page=0", "/enterprises?q=%00"):
        assert code(asker.get(path)) == (422, "error.api_shape"), path
    assert code(asker.get(f"/areas/{2**63 - 1}")) == (404, "error.not_found")


@pytest.mark.parametrize(
    "query",
    ["on=0001-01-01", "on=9999-12-31", "known=1900-01-01T00:00:00Z", "known=2026-11-01T00:00:00+08:00", "q=x%20%7C"],
)
def test_any_day_can_be_asked_for(district: SmallDistrict, query: str) -> None:
    assert ok(Asker(district, Role.DISTRICT_OFFICE).get(f"/enterprises?{query}"))["total"] >= 0


@pytest.mark.parametrize("query", ["known=0001-01-01T00:00:00Z", "known=9999-12-31T23:59:59-12:00", "known=1767225600"])
def test_moments_out_of_the_calendar_are_not(district: SmallDistrict, query: str) -> None:
    assert code(Asker(district, Role.DISTRICT_OFFICE).get(f"/enterprises?{query}")) == (422, "error.api_shape")


def test_a_database_that_is_busy_is_no_fault(district: SmallDistrict, monkeypatch: pytest.MonkeyPatch) -> None:
    def locked(*args: Any, **kwargs: Any) -> None:
        raise OperationalError("database is locked")

    asker = Asker(district, Role.TOWNSHIP)
    monkeypatch.setattr("feigong.api.changes.change_record", locked)
    path = f"/enterprises/{district.enterprises['apple']}"
    answer = asker.patch(path, {"facts": {"staff": 1}}, if_match=asker.version(path))
    assert (code(answer), answer.headers["Retry-After"]) == ((503, "error.api_busy"), "30")


def test_the_description_is_there_for_all_and_its_page_for_who_has_come_in(district: SmallDistrict) -> None:
    client = Client()
    assert "/api/v1/enterprises" in client.get("/api/v1/openapi.json").json()["paths"]
    away = client.get("/api/v1/docs")
    assert (away.status_code, away.headers["Location"]) == (302, "/login/?next=/api/v1/docs")
    client.force_login(district.users[Role.TOWNSHIP])
    page = client.get("/api/v1/docs")
    text = page.content.decode()
    assert page.status_code == 200
    assert "script-src" not in page.headers["Content-Security-Policy"]  # so that default-src 'self' holds for scripts
    assert "https://" not in text
    assert text.count("<script") == text.count("<script src=") + text.count('<script type="application/json"')


def test_no_two_shapes_have_one_name() -> None:
    """The description knows shapes by their names: of two that share one it would show the last."""
    shapes = [
        thing
        for module in pkgutil.iter_modules(feigong.api.__path__, "feigong.api.")
        for thing in vars(importlib.import_module(module.name)).values()
        if isinstance(thing, type) and issubclass(thing, BaseModel) and thing.__module__ == module.name
    ]
    counted = Counter(shape.__name__ for shape in shapes)
    assert len(shapes) > 40
    assert [name for name, n in counted.items() if n > 1] == []
