"""What is approved of a plan becomes cases; the roll does not change by it."""

from __future__ import annotations

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from feigong.apps.accounts.roles import Role
from feigong.apps.cases import actions as cases
from feigong.apps.cases import queries
from feigong.apps.cases.models import Case
from feigong.apps.clock import now, today
from feigong.apps.coverage import actions, approving
from feigong.apps.coverage.jobs import plan_on_roll
from feigong.apps.coverage.models import Plan, PlannedOutcome
from feigong.apps.roll import queries as roll
from feigong.apps.roll.actions.edges import relieve
from feigong.apps.roll.actions.records import change_record, create_record
from feigong.apps.roll.kinds import RecordKind
from feigong.core.errors import FeigongError
from platform_district import ON, SmallDistrict, build_small_district
from web.coverage.test_coverage_pages import Context

pytestmark = pytest.mark.django_db
JOINED = date(2016, 7, 1)


@pytest.fixture
def district() -> SmallDistrict:
    """With members in three enterprises of the east that have no organisation, and three in one of the park."""
    made = build_small_district()
    office = made.actor(Role.DISTRICT_OFFICE)
    people = {"birch": 2, "cedar": 1, "grape": 2}
    for firm, count in people.items():
        for number in range(count):
            employer = made.enterprises[firm]
            facts = {"name": f"党员{firm}{number}", "full": True, "joined_on": JOINED, "employer_id": employer}
            create_record(office, RecordKind.MEMBER, facts, on=date(2026, 1, 2))
    for firm in ("birch", "cedar"):
        facts = {"free_text": "周日全天", "slots": "1835008"}
        change_record(office, RecordKind.ENTERPRISE, made.enterprises[firm], facts, on=date(2026, 1, 2))
    return made


@pytest.fixture
def kept(district: SmallDistrict) -> Plan:
    job = actions.start_plan(district.actor(Role.DISTRICT_OFFICE), on=ON, known_at=now())
    plan_on_roll.run(Context(job, district), job.params)
    return Plan.objects.get()


def outcome(kept: Plan, district: SmallDistrict, firm: str) -> PlannedOutcome:
    return PlannedOutcome.objects.get(plan=kept, enterprise_id=district.enterprises[firm])


def test_a_joint_branch_becomes_a_case_with_all_that_is_known(district: SmallDistrict, kept: Plan) -> None:
    planned = outcome(kept, district, "birch")
    assert (planned.outcome, outcome(kept, district, "cedar").branch) == ("joint", planned.branch)
    office = district.actor(Role.DISTRICT_OFFICE)
    before = roll.organisations(district.sight(Role.DISTRICT_OFFICE)).count()
    done = approving.approve(office, kept.pk, branches=[planned.branch], on=ON)
    assert (len(done.opened), done.under_way) == (1, 0)
    assert roll.organisations(district.sight(Role.DISTRICT_OFFICE)).count() == before
    case = Case.objects.get(pk=done.opened[0])
    assert case.kind == "branch_joint"
    assert case.facts["superior"] == district.organisations["town"]
    assert case.facts["full_members"] == 3
    assert case.facts["organisation_name"].startswith("中共")
    subjects = queries.subjects(district.sight(Role.TOWNSHIP, today()), [case.pk])[case.pk]
    assert {s.record_id for s in subjects} == {district.enterprises["birch"], district.enterprises["cedar"]}
    assert [s.host for s in subjects] == [True, False]
    again = approving.approve(office, kept.pk, branches=[planned.branch], on=ON)
    assert (again.opened, again.under_way) == ((), 1)


def test_new_branches_hang_under_the_committee_nearest_above(district: SmallDistrict) -> None:
    """Of however many areas with two queries more than the sight itself asks."""
    areas, units = district.areas, district.organisations
    sights = district.sight(Role.DISTRICT_OFFICE), district.sight(Role.DISTRICT_OFFICE)
    with CaptureQueriesContext(connection) as one:
        assert approving.superiors_for(sights[0], [areas["east"]]) == {areas["east"]: units["town"]}
    with CaptureQueriesContext(connection) as all_:
        found = approving.superiors_for(sights[1], areas.values())
    assert len(all_) == len(one)
    assert {name: found[area] for name, area in areas.items()} == {
        name: units["town" if name == "east" else "office"] for name in areas
    }


def test_from_plan_to_joint_branch_on_the_roll(district: SmallDistrict, kept: Plan) -> None:
    office, planned = district.actor(Role.TOWNSHIP), outcome(kept, district, "birch")
    (case,) = approving.approve(office, kept.pk, branches=[planned.branch], on=ON).opened
    steps = (
        ("agreed", {"with_whom": "两家业主", "noted": "同意"}),
        ("submitted", {"applied_on": "2026-11-02", "full_members": 3}),
        ("approved", {"number": "东委〔2026〕9号"}),
        ("elected", {"met_on": "2026-11-05", "due": 3, "present": 3, "secretary": "党员甲", "votes": 3}),
        ("filed", {"organisation_name": Case.objects.get().facts["organisation_name"],
                   "superior": Case.objects.get().facts["superior"]}),
    )  # fmt: skip
    day = date(2026, 11, 6)
    for ending, answers in steps:
        cases.do_step(office, case, ending, answers, on=day, today=day)
    sight = district.sight(Role.TOWNSHIP, day)
    branch = roll.organisations(sight).get(kind="joint_branch")
    assert branch.superior_id == district.organisations["town"]
    covers = dict(roll.coverage(sight).filter(organisation_id=branch.organisation_id).values_list(
        "enterprise_id", "host"))  # fmt: skip
    assert set(covers) == {district.enterprises["birch"], district.enterprises["cedar"]}
    assert sorted(covers.values()) == [False, True]
    assert roll.members(sight).filter(branch_id=branch.organisation_id).count() == 3
    post = roll.posts(sight).get(organisation_id=branch.organisation_id)
    elected = roll.workers(sight).get(worker_id=post.worker_id)
    assert (post.role, elected.name, elected.route) == ("secretary", "党员甲", "elected")


def test_single_enterprises(district: SmallDistrict, kept: Plan) -> None:
    office = district.actor(Role.DISTRICT_OFFICE)
    assert outcome(kept, district, "grape").outcome == "own"
    done = approving.approve(office, kept.pk, enterprises=[district.enterprises["grape"]], on=ON)
    case = Case.objects.get(pk=done.opened[0])
    assert (case.kind, case.facts["organisation_name"]) == ("branch_own", "中共沐诺电子科技有限公司支部")
    assert case.facts["superior"] == district.organisations["office"]


def test_an_organisation_is_put_right_once(district: SmallDistrict) -> None:
    """The joint branch has no secretary any more: all three enterprises are told so, and there is one case."""
    office = district.actor(Role.DISTRICT_OFFICE)
    joint = district.organisations["joint"]
    relieve(office, district.workers["joint_secretary"], joint, "secretary", on=date(2026, 10, 1))
    job = actions.start_plan(office, on=ON, known_at=now())
    plan_on_roll.run(Context(job, district), job.params)
    plan = Plan.objects.get()
    told = list(PlannedOutcome.objects.filter(plan=plan, outcome="repair").values_list("enterprise_id", flat=True))
    three = {district.enterprises[name] for name in ("daisy", "elm", "fern")}
    assert three <= set(told)
    done = approving.approve(office, plan.pk, enterprises=sorted(three), on=ON)
    assert len(done.opened) == 1
    subjects = queries.subjects(district.sight(Role.DISTRICT_OFFICE, today()), list(done.opened))[done.opened[0]]
    assert {s.record_id for s in subjects} == {*three, joint}
    again = approving.approve(office, plan.pk, enterprises=[min(three)], on=ON)
    assert (again.opened, again.under_way) == ((), 1)


@pytest.mark.parametrize(
    ("role", "branches", "firms", "code"),
    [
        (Role.DISTRICT_OFFICE, (), (), "error.coverage.nothing_chosen"),
        (Role.DISTRICT_OFFICE, ("no-such",), (), "error.not_found"),
        (Role.DISTRICT_OFFICE, (), ("apple",), "error.coverage.not_for_cases"),
        (Role.TOWNSHIP, (), ("grape",), "error.not_found"),  # of the park
        (Role.DEPARTMENT, (), ("grape",), "error.not_permitted"),
    ],
)
def test_what_cannot_be_approved(
    district: SmallDistrict, kept: Plan, role: Role, branches: tuple[str, ...], firms: tuple[str, ...], code: str
) -> None:
    with pytest.raises(FeigongError) as fault:
        chosen = [district.enterprises[f] for f in firms]
        approving.approve(district.actor(role), kept.pk, branches=branches, enterprises=chosen, on=ON)
    assert fault.value.reason.code == code
    assert Case.objects.count() == 0
