"""What a case decided is not undone by the next month's table, which does not know of it yet; by hand it can be."""

from __future__ import annotations

from datetime import date

import pytest
from small_import import ON, applied, checked, csv, facts, people

from feigong.apps.accounts.roles import Role
from feigong.apps.audit.recording import changing
from feigong.apps.imports.models import Item
from feigong.apps.roll.appointing import appoint
from feigong.apps.roll.models import Coverage, MemberState, OrganisationState, Post
from feigong.apps.roll.writing import Writer, ending, putting
from platform_district import SmallDistrict, build_small_district

pytestmark = pytest.mark.django_db

HEAD = "党组织名称,类别,覆盖企业,书记,换届时间"
STEPPED, LATER = date(2026, 11, 10), date(2026, 11, 15)


@pytest.fixture
def district() -> SmallDistrict:
    return build_small_district()


def bodies(covers: str, secretary: str = "空缺") -> tuple[str, bytes]:
    return "党组织名册.csv", csv(HEAD, f"沐诺电子党支部,党支部,{covers},{secretary},2025-06-01")


def branch_of_the_table(district: SmallDistrict) -> int:
    office = district.actor(Role.DISTRICT_OFFICE)
    found = applied(office, checked(office, bodies("沐诺电子科技有限公司")))
    branch = Item.objects.get(of=found, name="沐诺电子党支部").result
    assert branch is not None
    return branch


def step(district: SmallDistrict, branch: int, code: str) -> None:
    """Birch instead of grape, a joint branch, a secretary: by a step of a case, or by something else."""
    with changing(district.actor(Role.DISTRICT_OFFICE), code) as change:
        writer = Writer(change)
        firms = district.enterprises
        writer.write(Coverage, {
            (branch, firms["birch"]): [putting(Coverage, {"host": True}, STEPPED)],
            (branch, firms["grape"]): [ending(STEPPED)],
        })  # fmt: skip
        kind = putting(OrganisationState, {"kind": "joint_branch"}, STEPPED, create=False)
        writer.write(OrganisationState, {(branch,): [kind]})
        appoint(writer, change, {branch: "邬听雨"}, STEPPED)


def covered(district: SmallDistrict, branch: int, on: date = LATER) -> set[str]:
    names = {number: name for name, number in district.enterprises.items()}
    return {names[row["enterprise_id"]] for row in facts(Coverage, on, organisation_id=branch)}


def test_what_a_case_decided_stands_against_the_old_table(district: SmallDistrict) -> None:
    branch = branch_of_the_table(district)
    step(district, branch, "case.step")
    office = district.actor(Role.DISTRICT_OFFICE)
    again = checked(office, bodies("沐诺电子科技有限公司"), on=LATER)
    assert Item.objects.get(of=again).verdict == "unchanged"
    assert covered(district, branch, ON) == {"grape"}
    assert covered(district, branch) == {"birch"}


def test_a_table_that_says_more_adds_to_it(district: SmallDistrict) -> None:
    branch = branch_of_the_table(district)
    step(district, branch, "case.step")
    office = district.actor(Role.DISTRICT_OFFICE)
    applied(office, checked(office, bodies("沐诺电子科技有限公司、启帆精密机械有限公司"), on=LATER))
    assert covered(district, branch) == {"birch", "apple"}
    assert len(facts(Post, LATER, organisation_id=branch, role="secretary")) == 1
    assert facts(OrganisationState, LATER, organisation_id=branch)[0]["kind"] == "joint_branch"


def test_what_was_changed_by_hand_is_the_tables_again(district: SmallDistrict) -> None:
    branch = branch_of_the_table(district)
    step(district, branch, "organisation.change")
    office = district.actor(Role.DISTRICT_OFFICE)
    applied(office, checked(office, bodies("沐诺电子科技有限公司"), on=LATER))
    assert covered(district, branch) == {"grape"}
    assert facts(Post, LATER, organisation_id=branch, role="secretary") == []


def test_who_was_transferred_stays_while_the_roster_names_the_branch_that_was_left(district: SmallDistrict) -> None:
    branch, office = branch_of_the_table(district), district.actor(Role.DISTRICT_OFFICE)
    own = facts(OrganisationState, ON, name="启帆精密机械党支部")[0]["organisation_id"]
    third = csv(HEAD, "云汀街道党支部,党支部,恒岳食品有限公司,空缺,2025-06-01")
    applied(office, checked(office, ("党组织名册.csv", third)))
    row = "乐知秋,990101199003071234,正式党员,2015-06-01,启帆精密机械有限公司,{},19900001111"
    applied(office, checked(office, people(row.format("启帆精密机械党支部"))))
    member = facts(MemberState, ON, name="乐知秋")[0]
    assert member["branch_id"] == own
    with changing(office, "case.step") as change:
        moved = putting(MemberState, {"branch_id": branch}, STEPPED, create=False)
        Writer(change).write(MemberState, {(member["member_id"],): [moved]})
    again = checked(office, people(row.format("启帆精密机械党支部")), on=LATER)
    assert Item.objects.get(of=again).verdict == "unchanged"
    applied(office, checked(office, people(row.format("云汀街道党支部")), on=LATER))
    other = facts(OrganisationState, ON, name="云汀街道党支部")[0]["organisation_id"]
    assert facts(MemberState, LATER, name="乐知秋")[0]["branch_id"] == other
