"""Applying: what was looked at is written, once; what changed meanwhile is not written over."""

from __future__ import annotations

from datetime import date

import pytest
from small_import import (
    APPLE,
    BIRCH,
    FRESH,
    ON,
    applied,
    checked,
    csv,
    facts,
    handed_in,
    people,
    register,
    verdicts,
)

from feigong.apps.accounts.roles import Role
from feigong.apps.audit.models import Record
from feigong.apps.audit.recording import changing
from feigong.apps.audit.verifying import verify_chain
from feigong.apps.clock import now
from feigong.apps.imports import actions, queries
from feigong.apps.imports.actions.checking import Alone
from feigong.apps.imports.models import Item
from feigong.apps.roll.models import Coverage, EnterpriseState, MemberState, OrganisationState, WorkerState
from feigong.apps.roll.queries.agreement import disagreements
from feigong.apps.roll.writing import Writer
from feigong.apps.seals.seals import open_seal
from feigong.core.errors import FeigongError
from merge_tables_maker import make_id
from platform_district import SmallDistrict, build_small_district

pytestmark = pytest.mark.django_db


@pytest.fixture
def district() -> SmallDistrict:
    return build_small_district()


def staff_of(uscc: str, on: date = ON) -> list[int | None]:
    return [row["staff"] for row in facts(EnterpriseState, on, uscc=uscc)]


def somebody_changes(district: SmallDistrict, name: str, **values: object) -> None:
    office = district.actor(Role.DISTRICT_OFFICE)
    with changing(office, "enterprise.change") as change:
        Writer(change).put(EnterpriseState, (district.enterprises[name],), values, date(2026, 10, 1))


def test_written_from_the_day_on_in_one_record(district: SmallDistrict) -> None:
    office = district.actor(Role.DISTRICT_OFFICE)
    found = applied(office, checked(office, register("same", "changed", "fresh")))
    assert (staff_of(APPLE), staff_of(APPLE, date(2026, 10, 31)), staff_of(FRESH)) == ([66], [60], [12])
    (fresh,) = facts(EnterpriseState, uscc=FRESH)
    assert fresh["area_id"] == district.areas["east"]
    assert fresh["search"].startswith("新到食品有限公司|")
    record = Record.objects.get(pk=found.applied_id)
    assert (record.code, record.params) == ("import.apply", {"import": found.pk, "new": 1, "changed": 1, "cases": 1})
    kinds = sorted(record.entries.values_list("kind", flat=True))
    written = ["cases.casestate", "imports.import", *["roll.enterprisestate"] * 4]
    assert kinds == written  # one ended, two in its place, one new with its case
    assert verify_chain().findings == ()
    assert list(disagreements()) == []


def test_never_twice(district: SmallDistrict) -> None:
    office = district.actor(Role.DISTRICT_OFFICE)
    found = applied(office, checked(office, register("fresh")))
    rows = EnterpriseState.rows.count()
    actions.apply(office, found.pk, Alone())  # a job taken up again
    assert EnterpriseState.rows.count() == rows
    with pytest.raises(FeigongError) as caught:
        actions.ask_apply(office, found.pk)
    assert caught.value.reason.code == "error.imports.state"


def test_who_may_not_apply(district: SmallDistrict) -> None:
    department, township = district.actor(Role.DEPARTMENT), district.actor(Role.TOWNSHIP)
    found = checked(department, register("fresh"))
    with pytest.raises(FeigongError) as caught:
        actions.ask_apply(department, found.pk)
    assert caught.value.reason.code == "error.not_permitted"
    with pytest.raises(FeigongError) as caught:
        actions.ask_apply(township, found.pk)
    assert caught.value.reason.code == "error.not_found"


def test_what_changed_meanwhile_is_said_and_nothing_is_written(district: SmallDistrict) -> None:
    office = district.actor(Role.DISTRICT_OFFICE)
    found = checked(office, register("changed", "fresh"))
    somebody_changes(district, "apple", staff=61)
    with pytest.raises(FeigongError) as caught:
        applied(office, found)
    assert (caught.value.reason.code, caught.value.reason.params["count"]) == ("error.imports.meanwhile", 1)
    found.refresh_from_db()
    assert (found.state, found.fault["code"]) == ("checked", "error.imports.meanwhile")
    assert [i.name for i in Item.objects.filter(of=found, meanwhile=True)] == ["启帆精密机械有限公司"]
    assert (staff_of(APPLE), staff_of(FRESH)) == ([61], [])
    actions.ask_check(office, found.pk)
    actions.check(found.pk, Alone(), now())
    item = Item.objects.get(of=found, key=APPLE)
    assert item.changes == [{"field": "staff", "before": 61, "after": 66}]
    found.refresh_from_db()
    applied(office, found)
    assert staff_of(APPLE) == [66]


def test_another_field_changed_meanwhile_is_kept(district: SmallDistrict) -> None:
    office = district.actor(Role.DISTRICT_OFFICE)
    found = checked(office, register("changed"))
    somebody_changes(district, "apple", shift="三班倒")
    applied(office, found)
    (row,) = facts(EnterpriseState, uscc=APPLE)
    assert (row["staff"], row["shift"]) == (66, "三班倒")


def test_what_somebody_entered_meanwhile_is_not_entered_twice(district: SmallDistrict) -> None:
    office, township = district.actor(Role.DISTRICT_OFFICE), district.actor(Role.TOWNSHIP)
    found = checked(office, register("fresh"))
    applied(township, checked(township, register("fresh")))
    with pytest.raises(FeigongError) as caught:
        applied(office, found)
    assert caught.value.reason.code == "error.imports.meanwhile"
    assert staff_of(FRESH) == [12]


def test_what_the_roll_knows_of_later_days_stays(district: SmallDistrict) -> None:
    office = district.actor(Role.DISTRICT_OFFICE)
    with changing(office, "enterprise.change") as change:
        Writer(change).put(EnterpriseState, (district.enterprises["apple"],), {"staff": 70}, date(2026, 11, 15))
    applied(office, checked(office, register("changed")))
    assert (staff_of(APPLE), staff_of(APPLE, date(2026, 11, 15))) == ([66], [70])


def test_parts_may_be_left_out(district: SmallDistrict) -> None:
    office = district.actor(Role.DISTRICT_OFFICE)
    found = checked(office, register("changed", "west", "fresh"))
    actions.skip_fields(office, found.pk, ["enterprise.staff"])
    fresh = Item.objects.get(of=found, key=FRESH)
    actions.choose_items(office, found.pk, [fresh.pk], left_out=True)
    found.refresh_from_db()
    assert found.skipped == ["enterprise.staff"]
    applied(office, found)
    assert (staff_of(APPLE), staff_of(FRESH)) == ([60], [])


def test_nothing_chosen_is_nothing_to_apply(district: SmallDistrict) -> None:
    office = district.actor(Role.DISTRICT_OFFICE)
    found = checked(office, register("same"))
    with pytest.raises(FeigongError) as caught:
        actions.ask_apply(office, found.pk)
    assert caught.value.reason.code == "error.imports.nothing_to_apply"


def test_people_organisations_and_officers_find_each_other(district: SmallDistrict) -> None:
    office = district.actor(Role.DISTRICT_OFFICE)
    number = make_id(12)
    members = people(
        f"汤若水,{number},正式党员,2015-07-01,新到食品有限公司,新到食品党支部,13912345678",
        "祝予安,990101198502020026,正式党员,2016-07-01,恒岳食品有限公司,启帆精密机械党支部,",
    )
    bodies = "党组织.csv", csv(
        "党组织名称,类别,覆盖企业,正式党员数,最近一次选举日期,上级党组织",
        "新到食品党支部,党支部,新到食品有限公司,1,2026-05-01,中共东湾镇委员会非公企业党委",
        "澜汇大厦联合党支部,联合党支部,锦川软件有限公司、昊舟餐饮管理有限公司,3,2024-06-01,",
    )
    head = "联络员姓名,办公地址,最多联系企业数,联系电话"
    officers = "联络员.csv", csv(head, "宁致远,云汀区东湾镇和路5号,4,13911112222")
    found = checked(office, register("fresh"), members, bodies, officers)
    assert verdicts(found) == {
        "新到食品有限公司": "new", "汤若水": "new", "祝予安": "changed", "新到食品党支部": "new",
        "澜汇大厦联合党支部": "changed", "宁致远": "new",
    }  # fmt: skip
    applied(office, found)
    (fresh,) = facts(EnterpriseState, uscc=FRESH)
    (branch,) = facts(OrganisationState, name="新到食品党支部")
    assert (branch["superior_id"], branch["area_id"]) == (district.organisations["town"], district.areas["east"])
    assert branch["path"].endswith(f"{district.organisations['town']:08d}/{branch['organisation_id']:08d}/")
    assert [c["enterprise_id"] for c in facts(Coverage, organisation_id=branch["organisation_id"])] == [
        fresh["enterprise_id"]
    ]
    (tang,) = facts(MemberState, name="汤若水")
    assert (tang["employer_id"], tang["branch_id"]) == (fresh["enterprise_id"], branch["organisation_id"])
    assert open_seal(tang["id_number"], "member.id_number") == number
    (zhu,) = facts(MemberState, member_id=district.members["zhu"])
    assert zhu["employer_id"] == district.enterprises["birch"]
    joint = facts(Coverage, organisation_id=district.organisations["joint"])
    assert [c["enterprise_id"] for c in joint] == [district.enterprises["daisy"], district.enterprises["fern"]]
    assert [c["host"] for c in joint] == [True, False]
    (ning,) = facts(WorkerState, name="宁致远")
    assert (ning["liaison"], ning["most"], ning["area_id"]) == (True, 4, district.areas["east"])
    assert list(disagreements()) == []


def test_an_import_of_one_table_touches_nothing_else(district: SmallDistrict) -> None:
    office = district.actor(Role.DISTRICT_OFFICE)
    survey = "班制.csv", csv("单位名称,班制,空闲时段", "恒岳食品有限公司,三班倒,周日下午")
    found = checked(office, survey)
    assert {c["field"] for c in Item.objects.get(of=found).changes} == {"shift", "free_text", "slots"}
    before = facts(EnterpriseState, uscc=BIRCH)[0]
    applied(office, found)
    after = facts(EnterpriseState, uscc=BIRCH)[0]
    changed = {name for name in after if after[name] != before[name]}
    assert changed == {"shift", "free_text", "slots"}


def test_a_joint_branch_that_is_new_has_a_host(district: SmallDistrict) -> None:
    office = district.actor(Role.DISTRICT_OFFICE)
    bodies = "党组织.csv", csv(
        "党组织名称,类别,覆盖企业", "东湾食品物流联合党支部,联合党支部,恒岳食品有限公司、瑞航物流有限公司"
    )
    applied(office, checked(office, bodies))
    (branch,) = facts(OrganisationState, name="东湾食品物流联合党支部")
    hosts = [c["host"] for c in facts(Coverage, organisation_id=branch["organisation_id"])]
    assert sorted(hosts) == [False, True]


def test_the_import_page_of_others_is_not_found(district: SmallDistrict) -> None:
    found = handed_in(district.actor(Role.DISTRICT_OFFICE), register("fresh"))
    at = now()
    with pytest.raises(FeigongError) as caught:
        queries.one(district.actor(Role.TOWNSHIP), found.pk, at.date(), at)
    assert caught.value.reason.code == "error.not_found"
