"""The security administrator's pages: invite, change, close; and what the duty keeps apart."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.test import Client

from feigong.apps.accounts import actions, actors
from feigong.apps.accounts.models import Invitation, User
from feigong.apps.accounts.roles import Role
from feigong.apps.accounts.sight import Door, Scope
from feigong.apps.audit.models import Entry, Record
from feigong.apps.clock import now
from feigong.core.errors import FeigongError
from platform_district import MEMBERS, PASSWORD, SmallDistrict, build_small_district

pytestmark = pytest.mark.django_db

OPERATOR = actors.operator("tests")


@pytest.fixture
def district() -> SmallDistrict:
    return build_small_district()


@pytest.fixture
def admin(district: SmallDistrict) -> Client:
    client = Client()
    client.post("/login/", {"login": "security_administrator", "password": PASSWORD})
    return client


def new_account(admin: Client, **sent: object) -> str:
    usual = {"username": "chen", "display_name": "陈知远", "role": "township", "language": "zh"}
    return admin.post("/accounts/new/", {**usual, **sent}).content.decode()


def link_in(page: str) -> str:
    found = re.search(r"http://testserver(/invitation/[\w-]+/)", page)
    assert found is not None
    return found[1]


def test_an_invitation_from_the_form_to_the_first_page(admin: Client, district: SmallDistrict) -> None:
    link = link_in(new_account(admin, areas=[district.areas["east"]]))
    user = User.objects.get(username="chen")
    assert not user.has_usable_password()
    assert link.split("/")[2] not in Invitation.objects.get().digest
    assert link not in admin.get(f"/accounts/{user.pk}/").content.decode()  # shown once
    guest = Client()
    assert "陈知远，您好" in guest.get(link).content.decode()
    assert "不够安全" in guest.post(link, {"new_password": "1234567890", "again": "1234567890"}).content.decode()
    word = "willow-by-the-river"
    assert guest.post(link, {"new_password": word, "again": word})["Location"] == "/login/"
    assert guest.get(link).status_code == 400  # used
    assert guest.post("/login/", {"login": "chen", "password": word})["Location"] == "/"
    names = guest.get("/enterprises/").content.decode()
    assert "启帆精密机械有限公司" in names and "锦川软件有限公司" not in names
    codes = list(Record.objects.filter(code__startswith="account.").order_by("number").values_list("code", flat=True))
    assert codes == ["account.came_in", "account.create", "account.invite", "account.accept", "account.came_in"]
    noted = Entry.objects.get(record__code="account.create").after
    assert noted == {
        "username": "chen", "display_name": "陈知远", "role": "township", "subject": False,
        "areas": [district.areas["east"]],
    }  # fmt: skip


def test_a_link_ends_by_time_by_a_newer_one_and_with_the_account(admin: Client, district: SmallDistrict) -> None:
    first = link_in(new_account(admin, areas=[district.areas["east"]]))
    who = User.objects.get(username="chen").pk
    second = link_in(admin.post(f"/accounts/{who}/invite/").content.decode())
    assert [Client().get(link).status_code for link in (first, second)] == [400, 200]
    Invitation.objects.filter(ended_at=None).update(expires_at=now() - timedelta(seconds=1))
    assert Client().get(second).status_code == 400
    third = link_in(admin.post(f"/accounts/{who}/invite/").content.decode())
    admin.post(f"/accounts/{who}/close/")
    assert Client().get(third).status_code == 400


@pytest.mark.parametrize(
    "sent, said",
    [
        ({"username": "township"}, "已有人用"),
        ({"username": "TOWNSHIP"}, "已有人用"),
        ({"username": "a b"}, "不能用"),
        ({"display_name": " "}, "请填写"),
        ({}, "要指定范围"),
        ({"role": "auditor", "organisations": ["1"]}, "不能指定这种范围"),
        ({"role": "system_administrator", "display_name": "security_administrator"}, "不能由同一人兼任"),
        ({"areas": ["99999999"]}, "已不存在"),
    ],
)
def test_what_is_wrong_is_said_beside_it(admin: Client, sent: dict[str, object], said: str) -> None:
    assert said in new_account(admin, **sent)
    assert not User.objects.filter(username="chen").exists()


def test_role_and_part_are_changed_with_the_version_of_the_page(admin: Client, district: SmallDistrict) -> None:
    user = district.users[Role.TOWNSHIP]
    path = f"/accounts/{user.pk}/edit/"
    page = admin.get(path).content.decode()
    assert "checked> 东湾镇" in page
    sent = {"username": "township", "display_name": "东湾镇", "role": "township", "language": "zh", "version": 0}
    assert admin.post(path, {**sent, "areas": [district.areas["west"]]}).status_code == 302
    user.refresh_from_db()
    assert actors.scope_of(user) == Scope((district.areas["west"],))
    late = admin.post(path, {**sent, "areas": [district.areas["east"]]}).content.decode()
    assert "别人改过" in late


def test_nobody_changes_his_own_account(admin: Client, district: SmallDistrict) -> None:
    own = district.users[Role.SECURITY_ADMINISTRATOR].pk
    actor = district.actor(Role.SECURITY_ADMINISTRATOR)
    page = admin.get(f"/accounts/{own}/").content.decode()
    assert "请另一位安全管理员办理" in page and f"/accounts/{own}/close/" not in page
    for step in ("close", "reopen", "invite", "second-factor"):
        assert admin.post(f"/accounts/{own}/{step}/").status_code == 400
    person = actions.Person("security_administrator", "x", Role.DISTRICT_OFFICE, Scope((district.areas["district"],)))
    with pytest.raises(FeigongError, match="oneself"):
        actions.change_account(actor, own, person)


def test_duties_of_administrators_are_kept_apart(district: SmallDistrict) -> None:
    own = district.users[Role.SYSTEM_ADMINISTRATOR]
    with pytest.raises(FeigongError, match="two_duties"):
        actions.change_account(
            OPERATOR, own.pk, actions.Person(own.username, own.display_name, Role.AUDIT_ADMINISTRATOR)
        )
    actions.close_account(OPERATOR, own.pk)
    actions.create_account(OPERATOR, actions.Person("second", own.display_name, Role.AUDIT_ADMINISTRATOR))
    with pytest.raises(FeigongError, match="two_duties"):
        actions.reopen_account(OPERATOR, own.pk)


def test_the_last_security_administrator_stays(district: SmallDistrict) -> None:
    own = district.users[Role.SECURITY_ADMINISTRATOR]
    with pytest.raises(FeigongError, match="last_one"):
        actions.close_account(OPERATOR, own.pk)
    actions.create_account(OPERATOR, actions.Person("second", "第二位", Role.SECURITY_ADMINISTRATOR))
    with pytest.raises(FeigongError, match="last_one"):  # the second cannot come in yet
        actions.close_account(OPERATOR, own.pk)
    actions.create_account(OPERATOR, actions.Person("third", "第三位", Role.SECURITY_ADMINISTRATOR), password=PASSWORD)
    actions.close_account(OPERATOR, own.pk)


def test_of_the_roll_only_names_are_seen(admin: Client, district: SmallDistrict) -> None:
    def found(kind: str, text: str) -> str:
        return admin.get(f"/accounts/picks/{kind}/", {f"text_{kind}": text}).content.decode()

    assert "澜汇大厦联合党支部" in found("organisations", "联合")
    assert "西浦街道" in found("areas", "西浦")
    assert all(words[0] not in found("member", words[0][:2]) for words in MEMBERS.values() if len(words[0]) > 2)
    person = found("member", "穆青禾")
    assert "穆青禾" in person and "澜汇大厦联合党支部" in person and "1390000" not in person
    assert found("member", "") .count("checkbox") == 0
    assert admin.get("/enterprises/").status_code == 403
    assert admin.get("/accounts/picks/enterprise/").status_code == 404


def test_nobody_else_manages_accounts(district: SmallDistrict) -> None:
    person = actions.Person("x", "x", Role.TOWNSHIP, Scope((district.areas["east"],)))
    for role in set(Role) - {Role.SECURITY_ADMINISTRATOR}:
        with pytest.raises(FeigongError, match="not_permitted"):
            actions.create_account(actors.of_user(district.users[role], door=Door.PAGE), person)


def test_the_last_log_in_is_shown_to_security_administrators_only(admin: Client, district: SmallDistrict) -> None:
    page = admin.get("/accounts/").content.decode()
    assert "最近登录" in page and "从未" in page
    assert "最近登录" not in admin.get("/me/").content.decode()
