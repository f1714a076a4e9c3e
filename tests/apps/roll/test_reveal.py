"""A sealed field is shown to those who may, for a reason, after it was recorded; found by its exact value likewise."""

from datetime import date

import pytest
from django.db import transaction

from feigong.apps.accounts.actors import operator
from feigong.apps.audit.models import Entry, Record
from feigong.apps.audit.verifying import verify_chain
from feigong.apps.roll.actions.reveal import find_by_number, reveal
from feigong.apps.roll.kinds import RecordKind
from feigong.core.errors import FeigongError
from platform_district import ON, SINCE, Role, SmallDistrict, build_small_district

pytestmark = pytest.mark.django_db

K = RecordKind


@pytest.fixture
def district() -> SmallDistrict:
    return build_small_district()


def refused(district: SmallDistrict, role: Role, member: str, **given: object) -> str:
    before = Record.objects.count()
    asked = {"field": "phone", "reason": "核对联系方式", "on": ON} | given
    with pytest.raises(FeigongError) as error:
        reveal(district.actor(role), K.MEMBER, district.members[member], **asked)  # type: ignore[arg-type]
    assert Record.objects.count() == before
    return error.value.reason.code


def test_what_is_shown_is_recorded_without_what_it_says(district: SmallDistrict) -> None:
    member = district.members["zhu"]
    actor = district.actor(Role.TOWNSHIP)
    assert reveal(actor, K.MEMBER, member, "id_number", reason=" 核对身份，补登 ", on=ON) == "990101198502020026"
    record = Record.objects.order_by("-number")[0]
    assert (record.code, record.reason, record.user_id) == ("reveal", "核对身份，补登", actor.user_id)
    assert record.params == {"kind": "member", "field": "id_number"}
    entry = Entry.objects.get(record=record)
    assert (entry.kind, entry.object_id, entry.before, entry.after) == (
        "roll.member", member, None, {"revealed": "id_number"},
    )  # fmt: skip
    assert verify_chain().whole


def test_wages_and_telephones_of_workers(district: SmallDistrict) -> None:
    actor, worker = district.actor(Role.DISTRICT_OFFICE), district.workers["liaison"]
    assert reveal(actor, K.WORKER, worker, "wage", reason="核对补贴标准", on=ON) == "800"
    assert reveal(actor, K.WORKER, worker, "phone", reason="核对补贴标准", on=ON) == "13911110000"


@pytest.mark.parametrize(
    ("role", "member", "code"),
    [
        (Role.TOWNSHIP, "mu", "error.not_found"),  # of another township
        (Role.BRANCH_SECRETARY, "mu", "error.not_found"),  # of another branch
        (Role.MEMBER, "zhu", "error.not_permitted"),  # even one's own: the member knows it
        (Role.AUDITOR, "zhu", "error.not_permitted"),
        (Role.SECURITY_ADMINISTRATOR, "zhu", "error.not_permitted"),
        (Role.DISTRICT_OFFICE, "lu2", "error.reveal.nothing"),
    ],
)
def test_others_see_nothing_and_nothing_is_recorded(
    district: SmallDistrict, role: Role, member: str, code: str
) -> None:
    assert refused(district, role, member) == code


def test_reason_field_and_day_must_be_such(district: SmallDistrict) -> None:
    office = Role.DISTRICT_OFFICE
    assert refused(district, office, "zhu", reason="查看") == "error.reveal.reason"
    assert refused(district, office, "zhu", reason=" \u3000 \n ") == "error.reveal.reason"
    assert refused(district, office, "zhu", field="name") == "error.not_found"
    assert refused(district, office, "zhu", field="phone_index") == "error.not_found"
    assert refused(district, office, "zhu", on=date(2025, 12, 31)) == "error.not_found"


@pytest.mark.django_db(transaction=True)
def test_a_reveal_cannot_be_undone_by_its_caller() -> None:
    district = build_small_district()
    with pytest.raises(RuntimeError), transaction.atomic():
        reveal(
            district.actor(Role.TOWNSHIP), K.MEMBER, district.members["zhu"], "phone", reason="核对联系方式", on=ON
        )
    assert not Record.objects.filter(code="reveal").exists()


@pytest.mark.parametrize("typed", ["990101198502020026", " 990101 19850202 0026 ", "13900000002", "+86 139-0000-0002"])
def test_members_are_found_by_number_however_it_is_typed(district: SmallDistrict, typed: str) -> None:
    actor = district.actor(Role.TOWNSHIP)
    assert find_by_number(actor, K.MEMBER, typed, on=ON) == (district.members["zhu"],)
    record = Record.objects.order_by("-number")[0]
    assert (record.code, record.params) == ("find_by_number", {"kind": "member", "found": 1})
    assert list(record.entries.values_list("kind", "object_id")) == [("roll.member", district.members["zhu"])]
    assert verify_chain().whole


def test_only_those_in_sight_are_found_and_the_asking_is_recorded(district: SmallDistrict) -> None:
    secretary = district.actor(Role.BRANCH_SECRETARY)
    for typed in ("990101199104040042", "990101", "13900000099", "没有号码"):
        assert find_by_number(secretary, K.MEMBER, typed, on=ON) == ()
    assert Record.objects.filter(code="find_by_number", params__found=0).count() == 4
    assert find_by_number(secretary, K.MEMBER, "99010119900303003x", on=ON) == (district.members["bai"],)
    assert find_by_number(secretary, K.MEMBER, "13900000003", on=SINCE) == (district.members["bai"],)
    with pytest.raises(FeigongError) as error:
        find_by_number(secretary, K.MEMBER, "　", on=ON)
    assert error.value.reason.code == "error.find_by_number.empty"
    with pytest.raises(FeigongError) as error:
        find_by_number(district.actor(Role.LIAISON_OFFICER), K.MEMBER, "13900000003", on=ON)
    assert error.value.reason.code == "error.not_permitted"


def test_workers_are_found_by_telephone(district: SmallDistrict) -> None:
    everybody = find_by_number(operator("clerk"), K.WORKER, "139 1111 0000", on=ON)
    assert sorted(everybody) == sorted(district.workers.values())
    assert find_by_number(operator("clerk"), K.WORKER, "800", on=ON) == ()  # wages have no index
