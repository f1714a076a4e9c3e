"""Doubts are asked once: the answer is heeded by the next check and by all later imports."""

from __future__ import annotations

import pytest
from small_import import APPLE, REGISTER, applied, checked, csv, facts, people, verdicts

from feigong.apps.accounts.roles import Role
from feigong.apps.clock import now
from feigong.apps.imports import actions, queries
from feigong.apps.imports.actions.checking import Alone
from feigong.apps.imports.choices import Answer, Kind, Verdict
from feigong.apps.imports.models import Decision, Import, Item, Problem
from feigong.apps.roll.models import EnterpriseState, MemberState
from feigong.core.errors import FeigongError
from merge_tables_maker import make_code, make_id
from platform_district import SmallDistrict, build_small_district

pytestmark = pytest.mark.django_db
TWIN = make_code(95)


@pytest.fixture
def district() -> SmallDistrict:
    return build_small_district()


def twin() -> tuple[str, bytes]:
    """Another code, the name of a firm on the roll."""
    return "登记.csv", csv(REGISTER, f"{TWIN},启帆精密机械有限公司,云汀区东湾镇和路12号,9")


def doubt(found: Import) -> Problem:
    return Problem.objects.filter(of=found).exclude(spelling="").get()


def again(actor: object, found: Import) -> Import:
    actions.ask_check(actor, found.pk)  # type: ignore[arg-type]
    actions.check(found.pk, Alone(), now())
    found.refresh_from_db()
    return found


def test_the_same_is_joined_and_not_asked_again(district: SmallDistrict) -> None:
    office = district.actor(Role.DISTRICT_OFFICE)
    found = checked(office, twin())
    assert verdicts(found) == {"启帆精密机械有限公司": "doubtful"}
    asked = doubt(found)
    assert [code for code, _, _ in asked.candidates] == [APPLE]
    actions.answer_doubt(office, found.pk, asked.pk, Answer.SAME, APPLE)
    assert queries.answered(found) == 1
    assert verdicts(again(office, found)) == {"启帆精密机械有限公司": "changed"}
    assert Item.objects.get(of=found).key == APPLE
    later = checked(office, twin())
    assert verdicts(later) == {"启帆精密机械有限公司": "changed"}
    assert not Problem.objects.filter(of=later, severity="decide").exists()


def test_not_the_same_is_new_and_not_asked_again(district: SmallDistrict) -> None:
    office = district.actor(Role.DISTRICT_OFFICE)
    found = checked(office, twin())
    actions.answer_doubt(office, found.pk, doubt(found).pk, Answer.NOT_SAME)
    assert verdicts(again(office, found)) == {"启帆精密机械有限公司": "new"}
    applied(office, found)
    assert [row["staff"] for row in facts(EnterpriseState, name="启帆精密机械有限公司")] == [60, 9]
    assert verdicts(checked(office, twin())) == {"启帆精密机械有限公司": "unchanged"}


def test_an_answer_can_be_changed(district: SmallDistrict) -> None:
    office = district.actor(Role.DISTRICT_OFFICE)
    found = checked(office, twin())
    asked = doubt(found)
    actions.answer_doubt(office, found.pk, asked.pk, Answer.SAME, APPLE)
    actions.answer_doubt(office, found.pk, asked.pk, Answer.NOT_SAME)
    assert [(d.spelling, d.code, d.same) for d in Decision.objects.all()] == [(TWIN, APPLE, False)]
    actions.answer_doubt(office, found.pk, asked.pk, Answer.LATER)
    assert not Decision.objects.exists()
    with pytest.raises(FeigongError) as caught:
        actions.answer_doubt(office, found.pk, asked.pk, Answer.SAME, TWIN)
    assert caught.value.reason.code == "error.imports.candidate"


def test_a_roughly_named_employer(district: SmallDistrict) -> None:
    office = district.actor(Role.DISTRICT_OFFICE)
    row = people(f"汤若水,{make_id(12)},正式党员,2015-07-01,启帆机械,,")
    found = checked(office, row)
    asked = doubt(found)
    assert asked.spelling == "启帆机械"
    actions.answer_doubt(office, found.pk, asked.pk, Answer.SAME, APPLE)
    again(office, found)
    assert verdicts(found) == {"汤若水": "new"}
    applied(office, found)
    (tang,) = facts(MemberState, name="汤若水")
    assert tang["employer_id"] == district.enterprises["apple"]


def test_what_is_doubtful_is_written_only_where_somebody_takes_it(district: SmallDistrict) -> None:
    office = district.actor(Role.DISTRICT_OFFICE)
    found = checked(office, twin())
    assert not queries.chosen(found).exists()
    item = Item.objects.get(of=found)
    actions.choose_items(office, found.pk, [item.pk], accepted=True)
    assert list(queries.chosen(found)) == [item]
    actions.choose_verdict(office, found.pk, Kind.ENTERPRISE, Verdict.DOUBTFUL, left_out=True)
    assert not queries.chosen(found).exists()
    actions.choose_items(office, found.pk, [item.pk], left_out=False)
    again(office, found)
    assert queries.chosen(found).get().key == TWIN  # a choice outlives a check


def test_only_who_may_apply_decides(district: SmallDistrict) -> None:
    department = district.actor(Role.DEPARTMENT)
    found = checked(department, twin())
    with pytest.raises(FeigongError) as caught:
        actions.answer_doubt(department, found.pk, doubt(found).pk, Answer.LATER)
    assert caught.value.reason.code == "error.not_permitted"
