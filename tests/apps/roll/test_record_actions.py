"""Records are created, changed and ended: checked, in sight before and after, dated, with one record of the audit."""

from datetime import date, timedelta
from typing import Any

import pytest

from feigong.apps.accounts.roles import Role
from feigong.apps.audit.models import Record
from feigong.apps.clock import now
from feigong.apps.roll import queries
from feigong.apps.roll.actions.batches import set_for_many
from feigong.apps.roll.actions.ending import end_record, what_hangs
from feigong.apps.roll.actions.records import change_record, create_record
from feigong.apps.roll.kinds import RecordKind
from feigong.apps.roll.models import EnterpriseState, MemberState
from feigong.apps.seals.seals import open_seal
from feigong.core.errors import FeigongError
from merge_tables_maker import make_code
from platform_district import ON, SINCE, SmallDistrict, build_small_district

pytestmark = pytest.mark.django_db
K = RecordKind


@pytest.fixture
def district() -> SmallDistrict:
    return build_small_district()


def firm(district: SmallDistrict, name: str, role: Role = Role.DISTRICT_OFFICE, on: date = ON) -> EnterpriseState:
    return queries.enterprises(district.sight(role, on)).get(enterprise_id=district.enterprises[name])


def refused(code: str, call: Any, *args: Any, **named: Any) -> FeigongError:
    with pytest.raises(FeigongError) as found:
        call(*args, **named)
    assert found.value.reason.code == code
    return found.value


def test_a_new_enterprise_is_in_one_form_and_can_be_found(district: SmallDistrict) -> None:
    clerk = district.actor(Role.TOWNSHIP)
    code = make_code(77)
    facts = {
        "name": " 澄霖塑胶制品　有限公司 ", "uscc": f"{code[:4]} {code[4:]}".lower(), "area_id": district.areas["east"],
        "staff": "12", "registered_on": "2020-02-03", "shift": "两班倒", "free_text": "周日全天", "industry": "29",
    }  # fmt: skip
    made = create_record(clerk, K.ENTERPRISE, facts, on=ON)
    row = queries.enterprises(clerk.sight(ON, now())).get(enterprise_id=made)
    assert (row.name, row.uscc, row.staff, row.registered_on) == (
        "澄霖塑胶制品 有限公司", code, 12, date(2020, 2, 3),
    )  # fmt: skip
    assert row.slots == str(0b111 << 18)
    assert "chenglinsujiaozhipin" in row.search and "clsjzpyxgs" in row.search
    assert code.lower() in row.search
    assert row.valid_from == ON
    record = Record.objects.order_by("-number")[0]
    assert (record.code, record.user_id, record.entries_count) == ("enterprise.create", clerk.user_id, 1)


@pytest.mark.parametrize(
    ("facts", "code"),
    [
        ({"name": ""}, "error.roll.field_missing"),
        ({"name": "长" * 201}, "error.roll.too_long"),
        ({"kind": "village"}, "error.roll.choice"),
        ({"staff": -1}, "error.roll.number"),
        ({"staff": "many"}, "error.roll.number"),
        ({"staff": True}, "error.roll.number"),
        ({"registered_on": "1900-01-01"}, "error.roll.day_range"),
        ({"registered_on": ON + timedelta(days=1)}, "error.roll.day_range"),
        ({"registered_on": "yesterday"}, "error.roll.day"),
        ({"longitude": 120.0, "latitude": None}, "error.roll.half_a_point"),
        ({"longitude": 200.0, "latitude": 3.0}, "error.roll.number"),
        ({"industry": "00"}, "error.roll.industry"),
        ({"slots": "free"}, "error.roll.slots"),
        ({"search": "x"}, "error.roll.field_unknown"),
        ({"uscc": make_code(3)}, "error.roll.uscc_taken"),
    ],
)
def test_what_cannot_be_is_refused(district: SmallDistrict, facts: dict[str, Any], code: str) -> None:
    before = Record.objects.count()
    target = district.enterprises["apple"]
    refused(code, change_record, district.actor(Role.DISTRICT_OFFICE), K.ENTERPRISE, target, facts, on=ON)
    assert Record.objects.count() == before


def test_a_wrong_code_is_refused_with_what_it_may_have_been(district: SmallDistrict) -> None:
    right = make_code(500)
    wrong = right[:17] + ("0" if right[17] != "0" else "1")
    fault = refused(
        "error.roll.uscc", change_record, district.actor(Role.DISTRICT_OFFICE), K.ENTERPRISE,
        district.enterprises["apple"], {"uscc": wrong}, on=ON,
    )  # fmt: skip
    assert fault.reason.params["uscc"] == wrong
    assert fault.reason.params["likely"]


def test_a_township_writes_in_its_own_part_only(district: SmallDistrict) -> None:
    clerk, office = district.actor(Role.TOWNSHIP), district.actor(Role.DISTRICT_OFFICE)
    apple, grape = district.enterprises["apple"], district.enterprises["grape"]
    refused("error.not_found", change_record, clerk, K.ENTERPRISE, grape, {"staff": 1}, on=ON)
    away = {"area_id": district.areas["park"]}
    refused("error.roll.reference", change_record, clerk, K.ENTERPRISE, apple, away, on=ON)
    refused("error.roll.reference", create_record, clerk, K.ENTERPRISE, {"name": "远处", **away}, on=ON)
    assert change_record(office, K.ENTERPRISE, apple, away, on=ON) == 2
    assert firm(district, "apple").area_id == district.areas["park"]
    refused("error.not_found", change_record, clerk, K.ENTERPRISE, apple, {"staff": 1}, on=ON)


def test_who_may_not_change_is_told_so(district: SmallDistrict) -> None:
    for role in (Role.DEPARTMENT, Role.LIAISON_OFFICER, Role.MEMBER, Role.AUDITOR, Role.BRANCH_SECRETARY):
        refused(
            "error.not_permitted", change_record, district.actor(role), K.ENTERPRISE, district.enterprises["apple"],
            {"staff": 1}, on=ON,
        )  # fmt: skip


def test_what_was_seen_must_still_be_so(district: SmallDistrict) -> None:
    office, target = district.actor(Role.DISTRICT_OFFICE), district.enterprises["apple"]
    seen = firm(district, "apple").pk
    change_record(office, K.ENTERPRISE, target, {"staff": 61}, on=ON, expected=seen)
    refused(
        "error.changed_meanwhile", change_record, office, K.ENTERPRISE, target, {"staff": 62}, on=ON, expected=seen
    )
    assert firm(district, "apple").staff == 61


def test_putting_right_the_past_leaves_what_came_later(district: SmallDistrict) -> None:
    office, target = district.actor(Role.DISTRICT_OFFICE), district.enterprises["apple"]
    june, march = date(2026, 6, 1), date(2026, 3, 1)
    change_record(office, K.ENTERPRISE, target, {"staff": 80}, on=june)
    change_record(office, K.ENTERPRISE, target, {"staff": 65, "scope": "机械零部件加工"}, on=march)
    said = {day: (firm(district, "apple", on=day).staff, firm(district, "apple", on=day).scope) for day in
            (SINCE, march, june)}  # fmt: skip
    assert said == {SINCE: (60, ""), march: (65, "机械零部件加工"), june: (80, "机械零部件加工")}


def test_saying_the_same_again_writes_nothing(district: SmallDistrict) -> None:
    office = district.actor(Role.DISTRICT_OFFICE)
    before = Record.objects.count()
    assert change_record(office, K.ENTERPRISE, district.enterprises["apple"], {"staff": "60"}, on=ON) == 0
    same = {"phone": "139 0000 0001", "name": "钟舒岩"}
    assert change_record(office, K.MEMBER, district.members["zhong"], same, on=ON) == 0
    assert Record.objects.count() == before


def test_a_stated_control_answers_the_flag(district: SmallDistrict) -> None:
    office, target = district.actor(Role.DISTRICT_OFFICE), district.enterprises["birch"]
    row = firm(district, "birch")
    flags = [["state_owned", "merge.flag_state_hint", {"word": "国"}], ["contradiction", "merge.x", {}]]
    EnterpriseState.rows.filter(pk=row.pk).update(flags=flags)
    change_record(office, K.ENTERPRISE, target, {"staff": 30}, on=ON)
    assert [f[0] for f in firm(district, "birch").flags] == ["state_owned", "contradiction"]
    change_record(office, K.ENTERPRISE, target, {"control": "foreign"}, on=ON)
    assert [f[0] for f in firm(district, "birch").flags] == ["contradiction"]


def test_a_member_is_sealed_and_one_number_is_one_member(district: SmallDistrict) -> None:
    clerk = district.actor(Role.TOWNSHIP)
    facts = {
        "name": "单雄", "id_number": "99010119800101001" + "x", "full": True, "phone": "13900001234",
        "branch_id": district.organisations["single"],
    }  # fmt: skip
    refused("error.roll.id_number", create_record, clerk, K.MEMBER, facts, on=ON)
    zhong = queries.members(district.sight(Role.DISTRICT_OFFICE)).get(member_id=district.members["zhong"])
    number = open_seal(zhong.id_number, "member.id_number")
    refused("error.roll.id_number_taken", create_record, clerk, K.MEMBER, {**facts, "id_number": number}, on=ON)
    made = create_record(clerk, K.MEMBER, {**facts, "id_number": ""}, on=ON)
    row = queries.members(clerk.sight(ON, now())).get(member_id=made)
    assert row.phone != "13900001234" and open_seal(row.phone, "member.phone") == "13900001234"
    assert "shanxiong" in row.search
    refused("error.roll.phone", change_record, clerk, K.MEMBER, made, {"phone": "call me"}, on=ON)


def test_a_branch_secretary_enters_members_of_the_own_branch_only(district: SmallDistrict) -> None:
    secretary = district.actor(Role.BRANCH_SECRETARY)
    own = {"name": "柯行", "full": False, "branch_id": district.organisations["single"]}
    made = create_record(secretary, K.MEMBER, own, on=ON)
    assert queries.members(secretary.sight(ON, now())).filter(member_id=made).exists()
    other = {**own, "branch_id": district.organisations["joint"]}
    refused("error.roll.reference", create_record, secretary, K.MEMBER, other, on=ON)
    refused("error.roll.outside", create_record, secretary, K.MEMBER, {"name": "无支部", "full": True}, on=ON)
    refused("error.roll.outside", change_record, secretary, K.MEMBER, made, {"branch_id": None}, on=ON)


def test_ending_says_what_hangs_on_it(district: SmallDistrict) -> None:
    clerk, target = district.actor(Role.TOWNSHIP), district.enterprises["apple"]
    assert what_hangs(clerk, K.ENTERPRISE, target, on=ON) == {"coverage": 1, "members": 3}
    fault = refused("error.still_used.enterprise", end_record, clerk, K.ENTERPRISE, target, on=ON, reason="注销")
    assert fault.reason.params["members"] == 3
    refused("error.roll.reason_missing", end_record, clerk, K.ENTERPRISE, target, on=ON, reason=" ")
    end_record(clerk, K.ENTERPRISE, target, on=ON, reason="注销", with_edges=True)
    sight = district.sight(Role.DISTRICT_OFFICE)
    assert not queries.enterprises(sight).filter(enterprise_id=target).exists()
    assert not queries.coverage(sight).filter(enterprise_id=target).exists()
    zhu = MemberState.rows.get(member_id=district.members["zhu"], valid_from=ON)
    assert (zhu.employer_id, zhu.employer_text) == (None, "启帆精密机械有限公司")
    before = district.sight(Role.DISTRICT_OFFICE, ON - timedelta(days=1))
    assert queries.coverage(before).filter(enterprise_id=target).exists()


def test_an_organisation_ends_and_those_below_hang_under_its_superior(district: SmallDistrict) -> None:
    office, town = district.actor(Role.DISTRICT_OFFICE), district.organisations["town"]
    end_record(office, K.ORGANISATION, town, on=ON, reason="机构调整", with_edges=True)
    single = queries.organisations(district.sight(Role.DISTRICT_OFFICE)).get(
        organisation_id=district.organisations["single"]
    )
    assert single.superior_id == district.organisations["office"]
    assert single.path == f"{district.organisations['office']:08d}/{district.organisations['single']:08d}/"


def test_a_batch_is_one_record_and_all_or_nothing(district: SmallDistrict) -> None:
    clerk, office = district.actor(Role.TOWNSHIP), district.actor(Role.DISTRICT_OFFICE)
    ids = [district.enterprises[n] for n in ("apple", "birch", "cedar")]
    before = Record.objects.count()
    assert set_for_many(clerk, K.ENTERPRISE, ids, {"standing": "dormant"}, on=ON, reason="停产") == 3
    assert Record.objects.count() == before + 1
    assert firm(district, "cedar").standing == "dormant"
    refused(
        "error.not_found", set_for_many, clerk, K.ENTERPRISE, [*ids, district.enterprises["grape"]],
        {"standing": "active"}, on=ON,
    )  # fmt: skip
    refused("error.roll.field_unknown", set_for_many, clerk, K.ENTERPRISE, ids, {"name": "同名"}, on=ON)
    park = {"area_id": district.areas["park"]}
    refused("error.roll.reference", set_for_many, clerk, K.ENTERPRISE, ids, park, on=ON)
    assert set_for_many(office, K.ENTERPRISE, ids, park, on=ON) == 3
    assert set_for_many(office, K.ENTERPRISE, ids, park, on=ON) == 0
    assert queries.enterprises(clerk.sight(ON, now())).count() == 0
