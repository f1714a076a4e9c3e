"""Sessions: how long they hold, how many there are, and what ends them."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from feigong.apps.accounts import actions, actors
from feigong.apps.accounts.models import Sitting
from feigong.apps.accounts.roles import Role
from feigong.apps.accounts.sight import Scope
from feigong.apps.clock import now
from platform_district import PASSWORD, SmallDistrict, build_small_district

pytestmark = pytest.mark.django_db

OPERATOR = actors.operator("tests")


@pytest.fixture
def district() -> SmallDistrict:
    return build_small_district()


def signed_in(name: str) -> Client:
    client = Client()
    assert client.post("/login/", {"login": name, "password": PASSWORD}).status_code == 302
    assert client.get("/me/").status_code == 200
    return client


def is_in(client: Client) -> bool:
    return client.get("/me/").status_code == 200


def test_an_idle_session_ends(district: SmallDistrict, settings: Any) -> None:
    client = signed_in("township")
    idle = timedelta(minutes=settings.ACCOUNT_LIMITS["idle_minutes"])
    Sitting.objects.update(seen_at=now() - idle + timedelta(seconds=30))
    assert is_in(client)
    Sitting.objects.update(seen_at=now() - idle - timedelta(seconds=1))
    answer = client.get("/me/", follow=True)
    assert "会话已结束，请重新登录" in answer.content.decode()
    assert not is_in(client)


def test_a_session_in_use_ends_too(district: SmallDistrict, settings: Any) -> None:
    client = signed_in("township")
    longest = timedelta(hours=settings.ACCOUNT_LIMITS["session_hours"])
    Sitting.objects.update(started_at=now() - longest - timedelta(seconds=1))
    assert not is_in(client)


def test_with_one_session_too_many_the_oldest_ends(district: SmallDistrict, settings: Any) -> None:
    settings.ACCOUNT_LIMITS = {**settings.ACCOUNT_LIMITS, "sessions": 2}
    first, second, third = (signed_in("township") for _ in range(3))
    other = signed_in("department")
    assert [is_in(c) for c in (first, second, third, other)] == [False, True, True, True]


def test_own_sessions_are_listed_and_ended(district: SmallDistrict) -> None:
    here, there, third = (signed_in("township") for _ in range(3))
    stranger = signed_in("department")
    page = here.get("/me/").content.decode()
    assert page.count("/me/sessions/") == 3 and "当前" in page
    of_there = Sitting.objects.filter(user=district.users[Role.TOWNSHIP]).order_by("pk")[1].pk
    assert stranger.post(f"/me/sessions/{of_there}/end/").status_code == 404
    assert here.post(f"/me/sessions/{of_there}/end/").status_code == 302
    assert [is_in(c) for c in (here, there, third, stranger)] == [True, False, True, True]
    here.post("/me/sessions/end/")
    assert [is_in(c) for c in (here, third, stranger)] == [True, False, True]


def test_what_is_noted_of_use_is_only_the_minute(district: SmallDistrict) -> None:
    client = signed_in("township")
    seen = Sitting.objects.get().seen_at
    assert is_in(client) and Sitting.objects.get().seen_at == seen
    Sitting.objects.update(seen_at=seen - timedelta(seconds=61))
    assert is_in(client) and Sitting.objects.get().seen_at >= seen


@pytest.mark.parametrize("change", ["role", "part", "close", "invite", "second_factor"])
def test_changes_of_an_account_end_its_sessions(district: SmallDistrict, change: str) -> None:
    client, other = signed_in("township"), signed_in("department")
    user = district.users[Role.TOWNSHIP]
    east, west = Scope((district.areas["east"],)), Scope((district.areas["west"],))
    match change:
        case "role":
            person = actions.Person("township", "township", Role.DEPARTMENT, east)
            actions.change_account(OPERATOR, user.pk, person)
        case "part":
            actions.change_account(OPERATOR, user.pk, actions.Person("township", "township", Role.TOWNSHIP, west))
        case "close":
            actions.close_account(OPERATOR, user.pk)
        case "invite":
            actions.invite(OPERATOR, user.pk)
        case "second_factor":
            owner = actors.of_user(user, door=OPERATOR.door)
            actions.set_up_second_factor(owner, *_secret_and_code(), PASSWORD, at=now())
            actions.reset_second_factor(OPERATOR, user.pk)
    assert [is_in(client), is_in(other)] == [False, True]


def _secret_and_code() -> tuple[str, str]:
    from allauth.mfa.totp.internal.auth import (
        format_hotp_value,
        generate_totp_secret,
        hotp_value,
        yield_hotp_counters_from_time,
    )

    secret = generate_totp_secret()
    return secret, format_hotp_value(hotp_value(secret, next(iter(yield_hotp_counters_from_time()))))


def test_a_new_password_keeps_this_session_and_ends_the_others(district: SmallDistrict) -> None:
    here, there = signed_in("township"), signed_in("township")
    new = "another-word-2026"
    wrong = here.post("/me/password/", {"password": "nope", "new_password": new, "again": new})
    assert "当前密码不对" in wrong.content.decode()
    weak = here.post("/me/password/", {"password": PASSWORD, "new_password": "township", "again": "township"})
    assert "这个密码不够安全" in weak.content.decode()
    unlike = here.post("/me/password/", {"password": PASSWORD, "new_password": new, "again": new + "x"})
    assert "两遍不一样" in unlike.content.decode()
    assert here.post("/me/password/", {"password": PASSWORD, "new_password": new, "again": new}).status_code == 302
    assert [is_in(here), is_in(there)] == [True, False]
    assert Client().post("/login/", {"login": "township", "password": PASSWORD}).status_code == 200
    assert Client().post("/login/", {"login": "township", "password": new}).status_code == 302


def test_a_password_given_by_others_is_changed_first(district: SmallDistrict) -> None:
    person = actions.Person("newcomer", "新同志", Role.TOWNSHIP, Scope((district.areas["east"],)))
    actions.create_account(OPERATOR, person, password=PASSWORD)
    client = Client()
    client.post("/login/", {"login": "newcomer", "password": PASSWORD})
    for path in ("/", "/me/", "/me/tokens/"):
        assert client.get(path)["Location"] == "/me/password/"
    part = client.get("/", headers={"HX-Request": "true"})
    assert (part.status_code, part["HX-Redirect"]) == (204, "/me/password/")
    new = "another-word-2026"
    client.post("/me/password/", {"password": PASSWORD, "new_password": new, "again": new})
    assert is_in(client)


def test_guessing_the_password_from_a_desk_left_open_is_counted(district: SmallDistrict) -> None:
    client = signed_in("township")
    for _ in range(5):
        client.post("/me/password/", {"password": "nope", "new_password": "x" * 12, "again": "x" * 12})
    said = client.post("/me/password/", {"password": PASSWORD, "new_password": "y" * 12, "again": "y" * 12})
    assert "已暂时锁定" in said.content.decode()
