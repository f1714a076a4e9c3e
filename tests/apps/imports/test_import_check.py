"""The dry run: what is new, changed, the same, doubtful or not one's own; and nothing of others is told."""

from __future__ import annotations

import json
from datetime import date

import pytest
from small_import import APPLE, DAISY, FRESH, REGISTER, applied, checked, csv, handed_in, people, register, verdicts

from feigong.apps.accounts.roles import Role
from feigong.apps.clock import now
from feigong.apps.imports import queries
from feigong.apps.imports.models import Import, Item, Problem, Row
from feigong.apps.roll.models import EnterpriseState
from feigong.apps.roll.models.dated import NEVER
from feigong.core.roll.history import FOREVER
from merge_tables_maker import make_code, make_id
from platform_district import SmallDistrict, build_small_district

pytestmark = pytest.mark.django_db


@pytest.fixture
def district() -> SmallDistrict:
    return build_small_district()


def item(found: Import, name: str) -> Item:
    return Item.objects.get(of=found, name=name)


def test_everything_has_a_verdict_and_nothing_is_written(district: SmallDistrict) -> None:
    before = EnterpriseState.rows.count()
    found = checked(district.actor(Role.DISTRICT_OFFICE), register("same", "changed", "west", "fresh"))
    assert verdicts(found) == {
        "恒岳食品有限公司": "unchanged", "启帆精密机械有限公司": "changed", "锦川软件有限公司": "changed",
        "新到食品有限公司": "new",
    }  # fmt: skip
    assert found.figures["verdicts"] == {"unchanged": 1, "changed": 2, "new": 1}
    assert found.figures["rows"] == {"used": 4}
    assert item(found, "启帆精密机械有限公司").changes == [{"field": "staff", "before": 60, "after": 66}]
    assert EnterpriseState.rows.count() == before


def test_a_closer_area_than_a_table_can_know_is_kept(district: SmallDistrict) -> None:
    found = checked(district.actor(Role.DISTRICT_OFFICE), register("west"))
    assert [c["field"] for c in item(found, "锦川软件有限公司").changes] == ["staff"]  # stays in its building


def test_a_township_imports_only_its_own(district: SmallDistrict) -> None:
    found = checked(district.actor(Role.TOWNSHIP), register("same", "changed", "west", "fresh"))
    assert verdicts(found)["锦川软件有限公司"] == "foreign"
    assert verdicts(found)["新到食品有限公司"] == "new"
    foreign = item(found, "锦川软件有限公司")
    assert (foreign.target, foreign.base, foreign.facts, foreign.changes) == (None, None, {}, [])
    assert not queries.chosen(found).filter(pk=foreign.pk).exists()


def test_a_township_is_told_nothing_of_other_townships(district: SmallDistrict) -> None:
    number = make_id(7)
    rows = (
        f"万里行,{number},正式党员,2015-07-01,锦川软件,,",  # works in the west: roughly named, so it would be asked
        f"毛远行,{make_id(8)},正式党员,2015-07-01,恒岳食品,,",
    )
    found = checked(district.actor(Role.TOWNSHIP), people(*rows))
    told = json.dumps(list(Problem.objects.filter(of=found).values("params", "candidates")), ensure_ascii=False)
    assert "锦川软件有限公司" not in told
    assert DAISY not in told
    assert "恒岳食品有限公司" in told
    assert verdicts(found)["万里行"] == "foreign"


def test_people_of_others_are_not_taken_for_new(district: SmallDistrict) -> None:
    row = "穆青禾,990101199104040042,正式党员,2016-07-01,启帆精密机械有限公司,,"  # on the roll in the west
    found = checked(district.actor(Role.TOWNSHIP), people(row))
    assert verdicts(found) == {"穆青禾": "foreign"}
    assert item(found, "穆青禾").facts == {}


def test_no_plain_number_stands_in_what_is_staged(district: SmallDistrict) -> None:
    number, phone = make_id(12), "13912345678"
    row = f"汤若水,{number},正式党员,2015-07-01,启帆精密机械有限公司,启帆精密机械党支部,{phone}"
    known = "祝予安,990101198502020026,正式党员,2016-07-01,启帆精密机械有限公司,启帆精密机械党支部,13900009999"
    found = checked(district.actor(Role.DISTRICT_OFFICE), people(row, known))
    assert verdicts(found) == {"汤若水": "new", "祝予安": "changed"}
    staged = [
        json.dumps(list(rows.values()), ensure_ascii=False, default=str)
        for rows in (Item.objects.all(), Row.objects.all(), Problem.objects.all(), queries.sheets(found))
    ]
    for text in staged:
        assert number not in text
        assert phone not in text
        assert "13900009999" not in text
    assert item(found, "祝予安").changes == [{"field": "phone", "before": "•••", "after": "•••"}]


def test_rows_that_are_not_used_say_why(district: SmallDistrict) -> None:
    bad = csv(REGISTER, ",没有这家公司,,5", f"{APPLE},启帆精密机械有限公司,,60", "合计,2,,")
    found = checked(district.actor(Role.DISTRICT_OFFICE), ("社保.csv", bad))
    aside = queries.rows(found).filter(fate="put_aside")
    assert [(r.row, r.reasons[0]["code"]) for r in aside] == [(2, "merge.firm_unknown")]


def test_an_enterprise_known_only_from_a_later_day_is_the_same_one(district: SmallDistrict) -> None:
    office = district.actor(Role.DISTRICT_OFFICE)
    later = applied(office, checked(office, register("fresh"), on=date(2026, 11, 10)))
    identity = Item.objects.get(of=later).result
    found = applied(office, checked(office, register("fresh"), on=date(2026, 11, 3)))
    assert item(found, "新到食品有限公司").target == identity
    rows = EnterpriseState.rows.filter(uscc=FRESH, recorded_to=NEVER).order_by("valid_from")
    assert list(rows.values_list("enterprise_id", "valid_from", "valid_to")) == [
        (identity, date(2026, 11, 3), date(2026, 11, 10)),
        (identity, date(2026, 11, 10), FOREVER),
    ]


def test_who_sees_an_import(district: SmallDistrict) -> None:
    township, department = district.actor(Role.TOWNSHIP), district.actor(Role.DEPARTMENT)
    office, secretary = district.actor(Role.DISTRICT_OFFICE), district.actor(Role.BRANCH_SECRETARY)
    by_township, by_department = handed_in(township, register("same")), handed_in(department, register("same"))

    def seen(actor: object) -> set[int]:
        at = now()
        return set(queries.imports(actor, at.date(), at).values_list("pk", flat=True))  # type: ignore[arg-type]

    assert seen(office) == {by_township.pk, by_department.pk}
    assert seen(township) == {by_township.pk}
    assert seen(department) == {by_department.pk}
    assert seen(secretary) == set()


def test_a_department_sees_no_people_of_the_roll(district: SmallDistrict) -> None:
    department = district.actor(Role.DEPARTMENT)
    row = "祝予安,990101198502020026,正式党员,2016-07-01,启帆精密机械有限公司,启帆精密机械党支部,13900009999"
    found = checked(department, people(row), register("changed"))
    assert set(verdicts(found)) == {"祝予安", "启帆精密机械有限公司"}
    assert [i.name for i in queries.items_seen(department, found, now())] == ["启帆精密机械有限公司"]
    office = district.actor(Role.DISTRICT_OFFICE)
    assert queries.items_seen(office, found, now()).count() == 2
    assert queries.items_seen(district.actor(Role.TOWNSHIP), found, now()).count() == 0


def test_codes_that_no_table_mends_are_asked_about(district: SmallDistrict) -> None:
    code = make_code(91)
    wrong = code[:-1] + ("0" if code[-1] != "0" else "1")
    row = csv(REGISTER, f"{wrong},错码贸易有限公司,云汀区东湾镇和路31号,3")
    found = checked(district.actor(Role.DISTRICT_OFFICE), ("登记.csv", row))
    assert verdicts(found) == {"错码贸易有限公司": "doubtful"}
    assert queries.chosen(found).count() == 0


def test_nobody_is_asked_about_rows_that_certainly_are_others(district: SmallDistrict) -> None:
    wrong = make_code(91)[:-1] + "?"
    rows = (
        f"{wrong},错码贸易有限公司,云汀区西浦街道江路31号,3",  # lies in the west, by its own address
        f"{make_code(92)},远处食品有限公司,云汀区西浦街道江路32号,十几人",
        f"{make_code(93)},近处食品有限公司,云汀区东湾镇和路33号,十几人",
    )
    table = ("登记.csv", csv(REGISTER, *rows))
    whole = checked(district.actor(Role.DISTRICT_OFFICE), table)
    asked = set(Problem.objects.filter(of=whole).values_list("subject", flat=True))
    assert {wrong, make_code(92), make_code(93)} <= asked
    assert whole.figures["others"] == 0
    town = checked(district.actor(Role.TOWNSHIP), table)
    assert set(Problem.objects.filter(of=town).values_list("subject", flat=True)) == {make_code(93)}
    assert town.figures["others"] == 2


def test_rows_that_may_be_ones_own_are_asked_about(district: SmallDistrict) -> None:
    wrong = make_code(91)[:-1] + "?"
    rows = f"{wrong},错码贸易有限公司,云汀区,3", f"{make_code(92)},某处食品有限公司,云汀区,十几人"
    town = checked(district.actor(Role.TOWNSHIP), ("登记.csv", csv(REGISTER, *rows)))
    assert verdicts(town) == {"错码贸易有限公司": "foreign", "某处食品有限公司": "foreign"}
    asked = set(Problem.objects.filter(of=town).values_list("subject", flat=True))
    assert {wrong, make_code(92)} <= asked
    assert town.figures["others"] == 0


@pytest.mark.parametrize("number", ["990101199104040042", make_id(9)])  # on the roll in the west, and nowhere
def test_what_is_asked_does_not_tell_who_is_on_the_roll(district: SmallDistrict, number: str) -> None:
    row = f"穆青禾,{number},正式党员,2016-07-01,哪里也没有的食品有限公司,,"
    found = checked(district.actor(Role.TOWNSHIP), people(row))
    assert verdicts(found) == {"穆青禾": "foreign"}
    assert "merge.employer_unknown" in {p.code for p in queries.problems(found)}
    assert found.figures["others"] == 0
