"""A new settler from the first contact to the next rung: what is asked, what changes the roll, what keeps it open."""

from __future__ import annotations

from typing import Any

import pytest

from feigong.apps.accounts.roles import Role
from feigong.apps.cases import actions as cases
from feigong.apps.cases import queries
from feigong.apps.cases.actions import Opening
from feigong.apps.cases.effects import discover
from feigong.apps.clock import today
from feigong.apps.roll import queries as roll
from feigong.apps.roll.actions.edges import assign_officer
from feigong.core.errors import FeigongError
from feigong.exchange.rules_file import load_rules
from platform_district import SmallDistrict, build_small_district

pytestmark = pytest.mark.django_db
FOUND = {
    "operation": "dormant", "staff": "41", "members": "1", "investor": "贺云川", "organisation": "none",
    "reason_for_none": "few_members",
}  # fmt: skip


@pytest.fixture
def district() -> SmallDistrict:
    return build_small_district()


@pytest.fixture
def case(district: SmallDistrict) -> int:
    """Of an enterprise of the east, given to the liaison officer."""
    opening = Opening(
        "settler", district.areas["east"], (district.enterprises["birch"],), worker=district.workers["liaison"]
    )
    return cases.open_case(district.actor(Role.DISTRICT_OFFICE), opening, on=today())


def do(district: SmallDistrict, case: int, ending: str, role: Role = Role.TOWNSHIP, **answers: str) -> None:
    cases.do_step(district.actor(role), case, ending, answers, on=today(), today=today())


def stands(district: SmallDistrict, case: int) -> tuple[str, str, str]:
    row = queries.case(district.sight(Role.TOWNSHIP, today()), case)
    return row.standing, row.step, row.outcome


def refused(district: SmallDistrict, case: int, ending: str, **answers: str) -> str:
    with pytest.raises(FeigongError) as fault:
        do(district, case, ending, **answers)
    return fault.value.reason.code


def surveyed(district: SmallDistrict, case: int, **changed: str) -> None:
    do(district, case, "reached", Role.LIAISON_OFFICER, with_whom="贺总", noted="约好")
    do(district, case, "clear", Role.LIAISON_OFFICER, **{**FOUND, **changed})


def firm(district: SmallDistrict) -> Any:
    seen = roll.enterprises(district.sight(Role.TOWNSHIP, today()))
    return seen.get(enterprise_id=district.enterprises["birch"])


def judged(district: SmallDistrict, case: int, ending: str) -> None:
    do(district, case, "same")
    do(district, case, ending, judged="查实")


def test_the_survey_asks_the_six_facts_of_the_rule() -> None:
    asked = [a.name for a in queries.kinds()["settler"].step("survey").asks]
    six = [item.code for item in load_rules(None).at("cover.six_clear", today()).rule.items]
    assert [name for name in asked if name != "investor_member"] == six


def test_every_code_that_steps_name_is_registered() -> None:
    named = {c for k in queries.kinds().values() for s in k.steps for e in s.endings for c in (e.effect, e.calls) if c}
    assert named - discover().keys() == set()
    assert {"settler.update", "settler.under_way", "recruit.reached"} <= named


def test_the_roll_changes_only_at_its_step_and_with_a_ground(district: SmallDistrict, case: int) -> None:
    surveyed(district, case)
    assert (firm(district).standing, firm(district).staff) == ("active", 35)
    assert refused(district, case, "update") == "error.case.answer_missing"
    do(district, case, "update", why="走访所见")
    assert (firm(district).standing, firm(district).staff) == ("dormant", 41)
    last = queries.events(district.sight(Role.TOWNSHIP, today()), case).last()
    assert last is not None
    assert last.answers == {"why": "走访所见", "updated_standing": "dormant", "updated_staff": 41}
    assert stands(district, case) == ("open", "outcome", "")


def test_nothing_learned_is_nothing_to_change(district: SmallDistrict, case: int) -> None:
    surveyed(district, case, operation="active", staff="35")
    assert refused(district, case, "update", why="走访所见") == "error.settler.nothing_to_update"


def test_an_officer_does_not_decide(district: SmallDistrict, case: int) -> None:
    surveyed(district, case)
    with pytest.raises(FeigongError) as fault:
        do(district, case, "same", Role.LIAISON_OFFICER)
    assert fault.value.reason.code == "error.case.role"


def test_it_stays_until_the_next_rung_is_planned(district: SmallDistrict, case: int) -> None:
    office, birch = district.actor(Role.DISTRICT_OFFICE), district.enterprises["birch"]
    surveyed(district, case)
    judged(district, case, "own")
    assert stands(district, case) == ("open", "next", "")
    assert refused(district, case, "under_way") == "error.settler.not_under_way"
    assert refused(district, case, "grows", growth="创五星") == "error.settler.not_set_up"
    cases.open_case(office, Opening("branch_own", district.areas["east"], (birch,)), on=today())
    do(district, case, "under_way")
    assert stands(district, case) == ("closed", "next", "under_way")


def test_who_looks_after_it_is_on_the_roll(district: SmallDistrict) -> None:
    office, grape = district.actor(Role.DISTRICT_OFFICE), district.enterprises["hazel"]
    case = cases.open_case(office, Opening("settler", district.areas["park"], (grape,)), on=today())
    reached = {"with_whom": "贺总", "noted": "约好"}
    for ending, answers in (("reached", reached), ("clear", FOUND), ("same", {}), ("liaison", {"judged": "无党员"})):
        cases.do_step(office, case, ending, answers, on=today(), today=today())
    with pytest.raises(FeigongError) as fault:
        cases.do_step(office, case, "looked_after", {}, on=today(), today=today())
    assert fault.value.reason.code == "error.settler.nobody_looks_after"
    assign_officer(office, district.workers["second"], [grape], on=today())
    cases.do_step(office, case, "looked_after", {}, on=today(), today=today())
    assert queries.case(district.sight(Role.DISTRICT_OFFICE, today()), case).outcome == "looked_after"


def test_too_few_goes_on_as_recruiting(district: SmallDistrict, case: int) -> None:
    surveyed(district, case)
    judged(district, case, "few")
    do(district, case, "recruit")
    about = queries.about(district.sight(Role.TOWNSHIP, today()), enterprise=district.enterprises["birch"])
    assert {(r.case.kind, r.standing) for r in about} == {("settler", "closed"), ("recruit", "open")}


@pytest.mark.parametrize("ending", ["not_operating", "not_here"])
def test_whoever_is_not_there_needs_no_next_rung(district: SmallDistrict, case: int, ending: str) -> None:
    do(district, case, "nowhere", noted="地址无此企业")
    do(district, case, ending, judged="两次上门未见")
    assert stands(district, case) == ("closed", "outcome", ending)
