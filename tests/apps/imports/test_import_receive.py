"""Tables are handed in: limits, names, what columns mean, and that it is remembered."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from small_import import ON, csv, handed_in, people, register

from feigong.apps.accounts.roles import Role
from feigong.apps.accounts.sight import Scope
from feigong.apps.imports import actions, queries, store
from feigong.apps.imports.limits import limits
from feigong.apps.imports.models import File, Import, Sheet
from feigong.apps.imports.queries import standing
from feigong.core.errors import FeigongError
from platform_district import SmallDistrict, build_small_district

pytestmark = pytest.mark.django_db

ODD = "甲栏,乙栏,丙栏,丁栏"
ODD_ROW = "启帆精密机械有限公司,某某,66,91990101MA0000000X"


@pytest.fixture
def district() -> SmallDistrict:
    return build_small_district()


def code_of(call: object, *args: object, **named: object) -> str:
    with pytest.raises(FeigongError) as caught:
        call(*args, **named)  # type: ignore[operator]
    return caught.value.reason.code


def test_sheets_are_understood_with_samples_that_show_nothing_personal(district: SmallDistrict) -> None:
    row = "钟舒岩,990101198001010014,正式党员,2016-07-01,启帆精密机械有限公司,启帆精密机械党支部,13900000001"
    found = handed_in(district.actor(Role.DISTRICT_OFFICE), people(row), register("same"))
    members, firms = queries.sheets(found)
    assert (members.subject, members.kind, members.rows) == ("member", "members", 1)
    assert (firms.subject, firms.kind, firms.rows) == ("enterprise", "register", 1)
    samples = {c["meaning"]: c["samples"] for c in members.columns}
    assert samples["person_name"] == ["钟**"]
    assert samples["id_number"] == ["***"]
    assert samples["phone"] == ["***"]
    assert samples["employer"] == ["启帆精密机械有限公司"]


def test_nothing_is_kept_where_one_file_cannot_be_read(district: SmallDistrict) -> None:
    before = store.places()
    broken = ("坏.xlsx", b"PK\x03\x04 this is no workbook")
    office = district.actor(Role.DISTRICT_OFFICE)
    assert code_of(handed_in, office, register("same"), broken) == "error.table_broken"
    assert not Import.objects.exists()
    assert store.places() == before


def test_limits_are_said(district: SmallDistrict, monkeypatch: pytest.MonkeyPatch) -> None:
    office = district.actor(Role.DISTRICT_OFFICE)
    assert code_of(handed_in, office) == "error.imports.no_files"
    many = [(f"{n}.csv", register("same")[1]) for n in range(limits().files + 1)]
    assert code_of(handed_in, office, *many) == "error.imports.too_many_files"
    assert code_of(handed_in, office, ("图.png", b"x")) == "error.table_kind"
    large = ("大.csv", b"x" * (limits().bytes + 1))
    assert code_of(handed_in, office, large) == "error.imports.file_too_large"
    rows = csv("企业名称,统一社会信用代码", *["甲,乙"] * (limits().rows + 1))
    assert code_of(handed_in, office, ("多.csv", rows)) == "error.imports.too_many_rows"


def test_who_may_hand_in(district: SmallDistrict) -> None:
    liaison = district.actor(Role.LIAISON_OFFICER)
    assert code_of(handed_in, liaison, register("same")) == "error.not_permitted"
    homeless = replace(district.actor(Role.DEPARTMENT), scope=Scope())
    assert code_of(handed_in, homeless, register("same")) == "error.imports.no_area"
    assert handed_in(district.actor(Role.DEPARTMENT), register("same")).areas == [district.areas["district"]]


def test_names_are_told_apart_and_lead_nowhere(district: SmallDistrict) -> None:
    content = register("same")[1]
    given = [("../../etc/登记.csv", content), ("C:\\表\\登记.csv", content), ("登\n记.csv", content)]
    found = handed_in(district.actor(Role.DISTRICT_OFFICE), *given)
    names = [f.name for f in queries.files(found)]
    assert names == ["登记.csv", "登记 (2).csv", "登_记.csv"]


def test_the_day_is_that_of_the_tables(district: SmallDistrict) -> None:
    title = csv("企业登记表（截至2026年10月31日）,", "统一社会信用代码,企业名称", "x,甲公司")
    office = district.actor(Role.DISTRICT_OFFICE)
    found = actions.start_import(office, [("登记.csv", title)], today=date(2026, 11, 20))
    assert found.on == date(2026, 10, 31)
    late = actions.start_import(office, [("登记.csv", title)], today=date(2026, 10, 5))
    assert late.on == date(2026, 10, 5)  # not in the future unless somebody says so


def test_columns_are_told_once_and_remembered(district: SmallDistrict) -> None:
    office = district.actor(Role.DISTRICT_OFFICE)
    found = handed_in(office, ("怪表.csv", csv(ODD, ODD_ROW)), department="税务局")
    (sheet,) = queries.sheets(found)
    meanings = ["name", "", "staff", "uscc"]
    told = actions.tell_columns(office, found.pk, sheet.pk, subject="enterprise", meanings=meanings)
    assert (told.told, told.fault, told.kind, told.used) == (True, None, "staff", True)
    again = handed_in(office, ("怪表二.csv", csv(ODD, ODD_ROW)), department="税务局")
    (known,) = queries.sheets(again)
    assert known.remembered
    assert [c["meaning"] for c in known.columns] == meanings
    other = handed_in(office, ("怪表三.csv", csv(ODD, ODD_ROW)), department="民政局")
    assert not Sheet.objects.get(of=other).remembered


def test_what_is_missing_stands_in_the_way_until_it_is_told_or_left_out(district: SmallDistrict) -> None:
    office = district.actor(Role.DISTRICT_OFFICE)
    bare = csv("姓名,身份证号,联系电话", "钟舒岩,990101198001010014,1")
    found = handed_in(office, ("党员.csv", bare), register("same"))
    members = Sheet.objects.get(of=found, subject="member")
    assert members.fault["code"] == "error.column_missing"
    assert code_of(actions.ask_check, office, found.pk) == "error.imports.sheet_unclear"
    actions.use_sheet(office, found.pk, members.pk, used=False)
    actions.ask_check(office, found.pk)
    found.refresh_from_db()
    assert standing(found) == "checking"


def test_files_come_and_go_while_it_is_prepared(district: SmallDistrict) -> None:
    office = district.actor(Role.DISTRICT_OFFICE)
    found = handed_in(office, register("same"))
    actions.add_files(office, found.pk, [register("fresh")])
    first, second = queries.files(found)
    assert (first.name, second.name) == ("登记.csv", "登记 (2).csv")
    actions.remove_file(office, found.pk, first.pk)
    assert [f.name for f in queries.files(found)] == ["登记 (2).csv"]
    actions.describe(office, found.pk, on=ON, department="市场监管局")
    found.refresh_from_db()
    assert found.department == "市场监管局"


@pytest.mark.django_db(transaction=True)
def test_abandoned_its_files_are_gone(district: SmallDistrict) -> None:
    office = district.actor(Role.DISTRICT_OFFICE)
    found = handed_in(office, register("same"))
    place = File.objects.get(of=found).place
    assert place in store.places()
    actions.abandon(office, found.pk)
    assert place not in store.places()
    found.refresh_from_db()
    assert found.state == "abandoned"
    assert code_of(actions.ask_check, office, found.pk) == "error.imports.state"
