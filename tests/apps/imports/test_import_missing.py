"""Enterprises that a full register no longer has: asked about once, ended or not as a person says, and back again."""

from __future__ import annotations

from datetime import date

import pytest
from small_import import FRESH, ON, REGISTER, ROWS, applied, checked, csv, facts, handed_in, people, register

from feigong.apps.accounts.roles import Role
from feigong.apps.accounts.sight import Actor
from feigong.apps.audit.models import Record
from feigong.apps.clock import now
from feigong.apps.imports import actions, queries
from feigong.apps.imports.actions.checking import Alone
from feigong.apps.imports.choices import Answer, MissingAnswer
from feigong.apps.imports.models import Import, Item, SaidThere
from feigong.apps.roll.models import Coverage, EnterpriseState, MemberState
from feigong.core.errors import FeigongError
from merge_tables_maker import make_code, make_id
from platform_district import SmallDistrict, build_small_district

pytestmark = pytest.mark.django_db
NEXT = date(2026, 11, 10)
LAST = date(2026, 11, 20)
FRESH_NAME = "新到食品有限公司"


@pytest.fixture
def district() -> SmallDistrict:
    return build_small_district()


def full(actor: Actor, *names: str, on: date = NEXT, tick: bool = True, department: str = "市场监管局") -> Import:
    """A register that is said to be full, checked."""
    found = handed_in(actor, register(*names), on=on, department=department)
    if tick:
        actions.say_full(actor, found.pk, found.sheets.get().pk, full=True)
    return again(found)


def again(found: Import) -> Import:
    actions.check(found.pk, Alone(), now())
    found.refresh_from_db()
    return found


def first(actor: Actor, *names: str) -> Import:
    return applied(actor, full(actor, *(names or ("same", "changed", "west", "fresh")), on=ON, tick=False))


def missing(found: Import) -> list[str]:
    return sorted(queries.items(found).filter(verdict="missing").values_list("name", flat=True))


def taken_back(actor: Actor, found: Import) -> None:
    actions.ask_take_back(actor, found.pk, reason="传错了")
    actions.take_back(actor, found.pk, "传错了", Alone())


def test_who_is_not_in_a_full_register_is_asked_about_and_stays(district: SmallDistrict) -> None:
    office = district.actor(Role.DISTRICT_OFFICE)
    first(office)
    assert missing(full(office, "same", "changed", "west", tick=False)) == []  # nobody said that it is full
    found = full(office, "same", "changed", "west")
    assert missing(found) == [FRESH_NAME]
    assert found.figures["verdicts"]["missing"] == 1
    item = Item.objects.get(of=found, verdict="missing")
    assert item.reasons == [{"code": "imports.missing", "params": {"on": "2026-11-01"}}]
    assert not queries.chosen(found).exists()
    with pytest.raises(FeigongError) as refused:
        actions.ask_apply(office, found.pk)
    assert refused.value.reason.code == "error.imports.nothing_to_apply"
    assert len(facts(EnterpriseState, LAST, uscc=FRESH)) == 1


def test_only_the_areas_of_the_register_and_registers_of_the_department_count(district: SmallDistrict) -> None:
    office = district.actor(Role.DISTRICT_OFFICE)
    first(office)
    assert missing(full(office, "same", "changed")) == [FRESH_NAME]  # the west is not in it at all
    assert missing(full(office, "west")) == []
    assert missing(full(office, "same", "changed", "west", department="人社局")) == []
    assert missing(full(district.actor(Role.TOWNSHIP), "same")) == ["启帆精密机械有限公司", FRESH_NAME]


def test_what_a_doubtful_row_may_mean_waits(district: SmallDistrict) -> None:
    office = district.actor(Role.DISTRICT_OFFICE)
    first(office)
    rows = f"{make_code(95)},{FRESH_NAME},云汀区东湾镇和路30号,12", ROWS["same"]
    found = handed_in(office, ("登记.csv", csv(REGISTER, *rows)), on=NEXT, department="市场监管局")
    actions.say_full(office, found.pk, found.sheets.get().pk, full=True)
    assert FRESH_NAME not in missing(again(found))
    for doubt in queries.problems(found).exclude(spelling=""):
        actions.answer_doubt(office, found.pk, doubt.pk, Answer.NOT_SAME)
    assert FRESH_NAME in missing(again(found))


def test_ended_with_the_import_and_back_with_it(district: SmallDistrict) -> None:
    office = district.actor(Role.DISTRICT_OFFICE)
    works = f"汤若水,{make_id(12)},正式党员,2015-07-01,{FRESH_NAME},,"
    applied(office, checked(office, register("same", "fresh"), people(works), on=ON))
    models = EnterpriseState, MemberState, Coverage
    before = {(m, day): facts(m, day) for m in models for day in (ON, NEXT, LAST)}
    found = full(office, "same", department="")
    assert missing(found) == [FRESH_NAME]
    assert actions.answer_missing(office, found.pk, MissingAnswer.ENDED, ends_on=date(2026, 11, 5)) == 1
    assert missing(again(found)) == [FRESH_NAME]  # what was answered stays so
    applied(office, found)
    assert found.figures["written"] == {"ended": 1}
    assert len(facts(EnterpriseState, date(2026, 11, 4), uscc=FRESH)) == 1
    assert facts(EnterpriseState, date(2026, 11, 5), uscc=FRESH) == []
    member = facts(MemberState, NEXT, name="汤若水")[0]
    assert (member["employer_id"], member["employer_text"]) == (None, FRESH_NAME)
    assert Record.objects.filter(code="import.apply").latest("pk").params["ended"] == 1
    assert missing(full(office, "same", on=LAST, department="")) == []  # it is no more
    taken_back(office, found)
    assert {(m, day): facts(m, day) for m in models for day in (ON, NEXT, LAST)} == before
    assert missing(full(office, "same", on=LAST, department="")) == [FRESH_NAME]


def test_an_enterprise_that_other_tables_of_the_import_name_ends_with_what_they_say(district: SmallDistrict) -> None:
    office = district.actor(Role.DISTRICT_OFFICE)
    applied(office, checked(office, register("same", "fresh"), on=ON))
    works = f"汤若水,{make_id(12)},正式党员,2015-07-01,{FRESH_NAME},,"
    found = handed_in(office, register("same"), people(works), on=NEXT)
    actions.say_full(office, found.pk, found.sheets.get(kind="register").pk, full=True)
    actions.answer_missing(office, again(found).pk, MissingAnswer.ENDED, ends_on=NEXT)
    before = {m: facts(m, LAST) for m in (EnterpriseState, MemberState)}
    applied(office, found)
    assert facts(EnterpriseState, NEXT, uscc=FRESH) == []
    assert [m["employer_id"] for m in facts(MemberState, NEXT, name="汤若水")] == [None]
    taken_back(office, found)
    assert {m: facts(m, LAST) for m in (EnterpriseState, MemberState)} == before


def test_still_there_is_remembered_until_it_comes_and_goes_again(district: SmallDistrict) -> None:
    office = district.actor(Role.DISTRICT_OFFICE)
    first(office)
    found = full(office, "same", "changed", "west")
    one = queries.items(found).get(verdict="missing")
    actions.answer_missing(office, found.pk, MissingAnswer.THERE, items=[one.pk])
    applied(office, found)
    assert found.figures["written"] == {"there": 1}
    assert len(facts(EnterpriseState, LAST, uscc=FRESH)) == 1
    assert missing(full(office, "same", "changed", "west", on=LAST)) == []
    taken_back(office, found)
    assert not SaidThere.objects.exists()
    assert missing(full(office, "same", "changed", "west", on=LAST)) == [FRESH_NAME]
    found = full(office, "same", "changed", "west")
    actions.answer_missing(office, found.pk, MissingAnswer.THERE)
    applied(office, found)
    back = full(office, "changed", "fresh", on=LAST)
    actions.answer_missing(office, back.pk, MissingAnswer.THERE)
    applied(office, back)
    assert missing(full(office, "changed", "west", on=LAST)) == [FRESH_NAME]


def test_a_full_register_is_remembered_with_its_columns(district: SmallDistrict) -> None:
    office = district.actor(Role.DISTRICT_OFFICE)
    full(office, "same")
    later = handed_in(office, register("same"), on=NEXT, department="市场监管局")
    assert (later.sheets.get().full, later.sheets.get().kind) == (True, "register")
    assert handed_in(office, register("same"), on=NEXT, department="人社局").sheets.get().full is False
    mixed = handed_in(office, people(f"汤若水,{make_id(12)},正式党员,2015-07-01,恒岳食品有限公司,,"), on=NEXT)
    with pytest.raises(FeigongError) as refused:
        actions.say_full(office, mixed.pk, mixed.sheets.get().pk, full=True)
    assert refused.value.reason.code == "error.imports.not_register"


@pytest.mark.parametrize(
    ("day", "code"),
    [(None, "error.imports.ends_on"), (LAST, "error.imports.ends_on"), (ON, "error.imports.ends_before")],
)
def test_a_day_on_which_it_cannot_have_ended_is_refused(
    district: SmallDistrict, day: date | None, code: str
) -> None:
    office = district.actor(Role.DISTRICT_OFFICE)
    first(office)
    found = full(office, "same", "changed", "west")
    with pytest.raises(FeigongError) as refused:
        actions.answer_missing(office, found.pk, MissingAnswer.ENDED, ends_on=day)
    assert refused.value.reason.code == code
    assert queries.items(found).get(verdict="missing").answer == ""


def test_one_that_changed_meanwhile_is_not_ended(district: SmallDistrict) -> None:
    office = district.actor(Role.DISTRICT_OFFICE)
    first(office)
    found = full(office, "same", "changed", "west")
    actions.answer_missing(office, found.pk, MissingAnswer.ENDED, ends_on=NEXT)
    other = full(office, "same", "changed", "west")
    actions.answer_missing(office, other.pk, MissingAnswer.ENDED, ends_on=NEXT)
    applied(office, other)
    actions.ask_apply(office, found.pk)
    with pytest.raises(FeigongError) as refused:
        actions.apply(office, found.pk, Alone())
    assert refused.value.reason.code == "error.imports.meanwhile"
