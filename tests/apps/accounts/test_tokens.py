"""Keys for programs: never more than their owner, on the day they are used."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from feigong.apps.accounts import actions, actors
from feigong.apps.accounts.limits import limits
from feigong.apps.accounts.models import ApiToken
from feigong.apps.accounts.roles import PERMISSIONS, WRITING, Permission, Role
from feigong.apps.accounts.sight import Actor, Door, Scope
from feigong.apps.audit.models import Entry
from feigong.apps.clock import now
from feigong.apps.roll import queries as roll
from feigong.apps.roll.actions.areas import create_area
from feigong.core.errors import FeigongError
from platform_district import ON, PASSWORD, SmallDistrict, build_small_district

pytestmark = pytest.mark.django_db

P = Permission
OPERATOR = actors.operator("tests")


@pytest.fixture
def district() -> SmallDistrict:
    return build_small_district()


def made(actor: Actor, *permissions: Permission, **more: Any) -> str:
    return actions.create_token(actor, "报表程序", permissions, **{"on": ON, "days": 30, **more})[1]


def names(actor: Actor) -> set[str]:
    return set(roll.enterprises(actor.sight(ON, now())).values_list("name", flat=True))


def test_a_token_reaches_as_far_as_its_permissions(district: SmallDistrict) -> None:
    owner = district.actor(Role.TOWNSHIP)
    secret = made(owner, P.ROLL_VIEW, P.EXPORT)
    actor = actors.of_token(secret, at=now(), address="10.0.0.9", request_id="r1")
    assert actor.permissions == {P.ROLL_VIEW, P.EXPORT, P.API_USE}
    assert (actor.user_id, actor.role, actor.scope) == (owner.user_id, Role.TOWNSHIP, owner.scope)
    assert (actor.door, actor.address, actor.request_id) == (Door.API, "10.0.0.9", "r1")
    assert actor.also == (f"token:{secret[:8]}",)
    assert names(actor) == names(owner)


def test_its_secret_is_not_kept(district: SmallDistrict) -> None:
    secret = made(district.actor(Role.TOWNSHIP), P.ROLL_VIEW)
    kept = ApiToken.objects.get()
    assert secret.startswith("fg_") and len(secret) > 40
    assert secret not in str(vars(kept)) and secret not in str(Entry.objects.latest("pk").after)


def test_for_reading_there_is_nothing_to_write(district: SmallDistrict) -> None:
    owner = district.actor(Role.DISTRICT_OFFICE)
    with pytest.raises(FeigongError, match="token_reads"):
        made(owner, P.ROLL_VIEW, P.ROLL_CHANGE)
    both = actors.of_token(made(owner, P.ROLL_VIEW, P.ROLL_CHANGE, read_only=False), at=now())
    assert both.may(P.ROLL_CHANGE)
    everything = made(owner, *owner.permissions, read_only=False)
    ApiToken.objects.filter(start=everything[:8]).update(read_only=True)
    assert not actors.of_token(everything, at=now()).permissions & WRITING


def test_nothing_that_the_owner_may_not(district: SmallDistrict) -> None:
    with pytest.raises(FeigongError, match="token_more"):
        made(district.actor(Role.TOWNSHIP), P.ROLL_VIEW, P.AUDIT_VIEW)
    with pytest.raises(FeigongError, match="token_more"):
        made(district.actor(Role.TOWNSHIP))
    with pytest.raises(FeigongError, match="not_permitted"):
        made(district.actor(Role.MEMBER), P.ROLL_VIEW)
    with pytest.raises(FeigongError, match="no_account"):
        made(actors.of_token(made(district.actor(Role.TOWNSHIP), P.ROLL_VIEW), at=now()), P.ROLL_VIEW)
    for days in (0, 367):
        with pytest.raises(FeigongError, match="token_days"):
            made(district.actor(Role.TOWNSHIP), P.ROLL_VIEW, days=days)


def test_a_part_is_inside_the_owners(district: SmallDistrict) -> None:
    office, east = district.actor(Role.DISTRICT_OFFICE), Scope((district.areas["east"],))
    narrow = actors.of_token(made(office, P.ROLL_VIEW, part=east), at=now())
    assert names(narrow) == names(district.actor(Role.TOWNSHIP))
    with pytest.raises(FeigongError, match="token_part"):
        made(district.actor(Role.TOWNSHIP), P.ROLL_VIEW, part=Scope((district.areas["west"],)))
    with pytest.raises(FeigongError, match="token_part"):  # in the area, but not led: it may cover firms elsewhere
        made(district.actor(Role.TOWNSHIP), P.ROLL_VIEW, part=Scope(organisations=(district.organisations["single"],)))
    for wrong in (Scope(), Scope(whole=True), Scope(member=district.members["zhu"])):
        with pytest.raises(FeigongError, match="token_part"):
            made(office, P.ROLL_VIEW, part=wrong)


def test_what_the_owner_loses_the_token_loses(district: SmallDistrict) -> None:
    office = district.users[Role.DISTRICT_OFFICE]
    parts = Scope((district.areas["east"], district.areas["park"]))
    secret = made(district.actor(Role.DISTRICT_OFFICE), P.ROLL_VIEW, P.MEMBERS_VIEW, part=parts)
    person = actions.Person(office.username, office.display_name, Role.DEPARTMENT, Scope((district.areas["park"],)))
    actions.change_account(OPERATOR, office.pk, person)
    actor = actors.of_token(secret, at=now())
    assert actor.permissions == {P.ROLL_VIEW, P.API_USE}
    assert actor.scope == Scope((district.areas["park"],))
    assert names(actor) == {"沐诺电子科技有限公司", "璟朗家具有限公司"}
    actions.change_account(
        OPERATOR, office.pk, actions.Person(office.username, office.display_name, Role.AUDITOR, parts)
    )
    with pytest.raises(FeigongError, match=r"error\.accounts\.token\("):
        actors.of_token(secret, at=now())


def test_a_narrowed_token_of_somebody_with_another_part_sees_nothing(district: SmallDistrict) -> None:
    office = district.users[Role.DISTRICT_OFFICE]
    secret = made(district.actor(Role.DISTRICT_OFFICE), P.ROLL_VIEW, part=Scope((district.areas["east"],)))
    person = actions.Person(office.username, office.display_name, Role.TOWNSHIP, Scope((district.areas["west"],)))
    actions.change_account(OPERATOR, office.pk, person)
    actor = actors.of_token(secret, at=now())
    assert actor.scope.empty and names(actor) == set()


@pytest.mark.parametrize("end", ["wrong", "expired", "revoked", "closed"])
def test_one_answer_for_every_token_that_does_not_hold(district: SmallDistrict, end: str) -> None:
    owner = district.actor(Role.TOWNSHIP)
    secret, at = made(owner, P.ROLL_VIEW), now()
    token = ApiToken.objects.get()
    match end:
        case "wrong":
            secret = secret[:-1] + ("A" if secret[-1] != "A" else "B")
        case "expired":
            at += timedelta(days=30, seconds=1)
        case "revoked":
            actions.revoke_token(owner, token.pk)
        case "closed":
            actions.close_account(OPERATOR, owner.account)
    with pytest.raises(FeigongError) as refused:
        actors.of_token(secret, at=at)
    assert (refused.value.reason.code, dict(refused.value.reason.params)) == ("error.accounts.token", {})


def test_only_ones_own_are_revoked_but_a_security_administrator_revokes_any(district: SmallDistrict) -> None:
    made(district.actor(Role.TOWNSHIP), P.ROLL_VIEW)
    token = ApiToken.objects.get().pk
    with pytest.raises(FeigongError, match="not_found"):
        actions.revoke_token(district.actor(Role.DISTRICT_OFFICE), token)
    actions.revoke_token(district.actor(Role.SECURITY_ADMINISTRATOR), token, reason="离岗")
    with pytest.raises(FeigongError, match="not_found"):
        actions.revoke_token(district.actor(Role.TOWNSHIP), token)


def test_the_last_use_is_known_to_the_hour(district: SmallDistrict) -> None:
    secret, at = made(district.actor(Role.TOWNSHIP), P.ROLL_VIEW), now()
    for later in (0, 30, 61):
        actors.of_token(secret, at=at + timedelta(minutes=later))
        expected = at + timedelta(minutes=61 if later == 61 else 0)
        assert ApiToken.objects.get().last_used_at == expected


def test_reading_never_writes() -> None:
    """Every permission is on one side: seeing, or writing."""
    reading = {
        P.ROLL_VIEW, P.MEMBERS_VIEW, P.REVEAL, P.EXPORT, P.COVERAGE_VIEW, P.JOBS_VIEW, P.API_USE, P.AUDIT_VIEW,
        P.AUDIT_VERIFY, P.CASES_VIEW, P.TARGETS_VIEW, P.VISITS_VIEW,
    }  # fmt: skip
    assert reading | WRITING == set(P) and not reading & WRITING
    assert PERMISSIONS[Role.DEPARTMENT] - reading == {P.IMPORT_UPLOAD}


def test_a_part_is_the_owners_on_the_day_it_is_made(district: SmallDistrict) -> None:
    facts = {"name": "东湾新村", "kind": "other", "parent_id": district.areas["east"]}
    part = Scope((create_area(district.actor(Role.DISTRICT_OFFICE), facts, on=ON),))
    with pytest.raises(FeigongError, match="token_part"):
        made(district.actor(Role.TOWNSHIP), P.ROLL_VIEW, part=part, on=ON - timedelta(days=1))
    assert ApiToken.objects.count() == 0
    made(district.actor(Role.TOWNSHIP), P.ROLL_VIEW, part=part, on=ON)
    assert ApiToken.objects.get().areas == list(part.areas)


def test_guesses_at_ones_own_password_lock_for_a_while(district: SmallDistrict) -> None:
    owner, at, rule = district.actor(Role.TOWNSHIP), now(), limits()
    for _ in range(rule.failures_name):
        with pytest.raises(FeigongError, match="wrong_password"):
            actions.change_password(owner, "guessed-2026", "feigong-new-2026", at=at)
    with pytest.raises(FeigongError, match="locked"):
        actions.change_password(owner, PASSWORD, "feigong-new-2026", at=at + rule.lock - timedelta(seconds=1))
    user = actions.change_password(owner, PASSWORD, "feigong-new-2026", at=at + rule.lock)
    assert user.check_password("feigong-new-2026")
