"""Cases in the database: who sees them, what their steps write, and that all of it can be taken back."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

import pytest

from feigong.apps.accounts.roles import Role
from feigong.apps.audit.models import Record
from feigong.apps.cases import actions, queries
from feigong.apps.cases.actions import Opening
from feigong.apps.cases.models import Case, CaseState
from feigong.apps.clock import now, today
from feigong.apps.roll import queries as roll
from feigong.apps.roll.actions.edges import uncover
from feigong.apps.roll.actions.records import change_record, create_record
from feigong.apps.roll.kinds import RecordKind
from feigong.apps.roll.taking_back import take_back
from feigong.core.errors import FeigongError
from platform_district import SmallDistrict, build_small_district

pytestmark = pytest.mark.django_db
START = date(2026, 3, 2)


@pytest.fixture
def district() -> SmallDistrict:
    return build_small_district()


def opened(district: SmallDistrict, kind: str = "branch_own", firm: str = "grape", **more: object) -> int:
    office = district.actor(Role.DISTRICT_OFFICE)
    number = district.enterprises[firm]
    area = roll.enterprises(district.sight(Role.DISTRICT_OFFICE)).get(enterprise_id=number).area_id
    return actions.open_case(office, Opening(kind, area, (number,), **more), on=START)  # type: ignore[arg-type]


def do(
    district: SmallDistrict, case: int, ending: str, on: date, role: Role = Role.DISTRICT_OFFICE, **answers: object
) -> None:
    actions.do_step(district.actor(role), case, ending, answers, on=on, today=today())


def stands(district: SmallDistrict, case: int, on: date | None = None) -> tuple[str, str, str]:
    row = queries.case(district.sight(Role.DISTRICT_OFFICE, on or today()), case)
    return row.standing, row.step, row.outcome


def refused(code: str, call: object, *args: object, **named: object) -> FeigongError:
    with pytest.raises(FeigongError) as fault:
        call(*args, **named)  # type: ignore[operator]
    assert fault.value.reason.code == code, fault.value
    return fault.value


def to_filing(district: SmallDistrict, case: int) -> None:
    do(district, case, "agreed", date(2026, 3, 9), with_whom="贺总", noted="同意")
    do(district, case, "submitted", date(2026, 3, 20), applied_on="2026-03-19", full_members=3)
    do(district, case, "approved", date(2026, 4, 3), number="云开委〔2026〕1号")
    do(district, case, "elected", date(2026, 4, 20), met_on="2026-04-18", due=3, present=3, secretary="蔺景初", votes=3)


def two_more(district: SmallDistrict) -> list[int]:
    """Members of the enterprise that has one."""
    office = district.actor(Role.DISTRICT_OFFICE)
    facts = {"full": True, "joined_on": date(2016, 7, 1), "employer_id": district.enterprises["grape"]}
    names = ("元朗山", "宁听雨")
    return [
        create_record(office, RecordKind.MEMBER, {**facts, "name": name}, on=date(2026, 1, 2)) for name in names
    ]  # fmt: skip


FILED: Mapping[str, Any] = {"organisation_name": "中共沐诺电子科技有限公司支部"}


def test_from_proposal_to_a_branch_on_the_roll_and_back(district: SmallDistrict) -> None:
    two_more(district)
    case = opened(district)
    office = roll.organisations(district.sight(Role.DISTRICT_OFFICE, today()))
    before = office.count()
    to_filing(district, case)
    assert office.count() == before, "no step but the last changes the roll"
    superior = district.organisations["office"]
    do(district, case, "filed", date(2026, 5, 6), **FILED, superior=superior)
    assert stands(district, case) == ("closed", "file", "filed")
    sight = district.sight(Role.DISTRICT_OFFICE, date(2026, 5, 6))
    branch = roll.organisations(sight).get(name=FILED["organisation_name"])
    assert (branch.kind, branch.superior_id, branch.founded_on, branch.elected_on) == (
        "branch", superior, date(2026, 5, 6), date(2026, 4, 18),
    )  # fmt: skip
    covered = roll.coverage(sight).filter(organisation_id=branch.organisation_id)
    assert list(covered.values_list("enterprise_id", "host")) == [(district.enterprises["grape"], False)]
    assert roll.members(sight).filter(branch_id=branch.organisation_id).count() == 3
    day_before = district.sight(Role.DISTRICT_OFFICE, date(2026, 5, 5))
    assert not roll.organisations(day_before).filter(name=FILED["organisation_name"]).exists()
    step = Record.objects.filter(code="case.step").latest("pk")
    take_back(district.actor(Role.DISTRICT_OFFICE), step.pk, reason="备案有误")
    assert stands(district, case) == ("open", "file", "")
    sight = district.sight(Role.DISTRICT_OFFICE, today())
    assert not roll.organisations(sight).filter(name=FILED["organisation_name"]).exists()
    assert roll.members(sight).filter(employer_id=district.enterprises["grape"], branch=None).count() == 3
    assert [e.code for e in queries.events(sight, case)] == ["opened", *["done"] * 4]


def test_nobody_takes_back_what_is_out_of_sight(district: SmallDistrict) -> None:
    case = opened(district, firm="grape")  # of the park
    do(district, case, "agreed", date(2026, 3, 9), with_whom="贺总", noted="同意")
    step = Record.objects.filter(code="case.step").latest("pk")
    township = district.actor(Role.TOWNSHIP)
    refused("error.roll.outside", take_back, township, step.pk, reason="无关")
    refused("error.not_permitted", take_back, district.actor(Role.DEPARTMENT), step.pk, reason="无关")
    assert stands(district, case) == ("open", "apply", "")


def test_where_it_stood_on_a_past_day(district: SmallDistrict) -> None:
    two_more(district)
    case = opened(district)
    to_filing(district, case)
    assert stands(district, case, date(2026, 3, 8)) == ("open", "talk", "")
    assert stands(district, case, date(2026, 3, 9)) == ("open", "apply", "")
    assert stands(district, case, date(2026, 4, 19)) == ("open", "elect", "")
    early = queries.cases(district.sight(Role.DISTRICT_OFFICE, START - timedelta(days=1)))
    assert not early.filter(case_id=case).exists()


def test_members_too_few_on_the_roll_are_no_branch(district: SmallDistrict) -> None:
    case = opened(district)
    to_filing(district, case)
    refused("error.case.too_few_members", do, district, case, "filed", date(2026, 5, 6), **FILED)
    assert stands(district, case) == ("open", "file", "")


def test_a_covered_enterprise_gets_no_second_branch(district: SmallDistrict) -> None:
    case = opened(district, firm="apple")
    to_filing(district, case)
    refused("error.case.organisation_there", do, district, case, "filed", date(2026, 5, 6), **FILED)


def test_one_case_for_a_key(district: SmallDistrict) -> None:
    opened(district, key="plan:1:grape")
    refused("error.case.there", opened, district, key="plan:1:grape")
    assert Case.objects.filter(key="plan:1:grape").count() == 1


def test_who_sees_it_and_who_does_the_step(district: SmallDistrict) -> None:
    case = opened(district, firm="birch")  # in the east, looked after by the liaison officer
    sees = {
        role for role in Role if queries.cases(district.sight(role, today())).filter(case_id=case).exists()
    }  # fmt: skip
    by_area = {Role.DISTRICT_OFFICE, Role.TOWNSHIP, Role.DEPARTMENT, Role.AUDITOR}  # the last two have no door to it
    assert sees == by_area | {Role.LIAISON_OFFICER}
    refused("error.not_permitted", do, district, case, "agreed", START, Role.DEPARTMENT)
    refused("error.not_found", do, district, opened(district, firm="grape"), "agreed", START, Role.TOWNSHIP)
    do(district, case, "agreed", START, Role.LIAISON_OFFICER, with_whom="贺总", noted="同意")
    do(district, case, "submitted", START, Role.LIAISON_OFFICER, applied_on="2026-03-01", full_members=3)
    refused("error.case.role", do, district, case, "approved", START, Role.LIAISON_OFFICER)


def test_two_at_once_and_days_out_of_order(district: SmallDistrict) -> None:
    case = opened(district)
    seen = queries.case(district.sight(Role.DISTRICT_OFFICE, today()), case).pk
    office, given = district.actor(Role.DISTRICT_OFFICE), {"with_whom": "贺总", "noted": "同意"}
    actions.do_step(office, case, "agreed", given, on=date(2026, 3, 9), today=today(), expected=seen)
    refused(
        "error.changed_meanwhile", actions.do_step, office, case, "agreed", given, on=date(2026, 3, 9),
        today=today(), expected=seen,
    )  # fmt: skip
    refused("error.case.day_early", do, district, case, "submitted", date(2026, 3, 8), applied_on="2026-03-01")
    assert CaseState.rows.filter(case_id=case, standing="closed").count() == 0


def test_hold_hand_over_remark_and_close(district: SmallDistrict) -> None:
    case, office = opened(district, firm="birch"), district.actor(Role.DISTRICT_OFFICE)
    due = queries.case(district.sight(Role.DISTRICT_OFFICE, today()), case).due_on
    refused("error.roll.reason_missing", actions.hold, office, case, on=START, until=None, text=" ")
    actions.hold(office, case, on=date(2026, 3, 10), until=date(2026, 3, 30), text="业主出差")
    late = district.sight(Role.DISTRICT_OFFICE, date(2026, 6, 1))
    assert not queries.cases(late).filter(queries.overdue(late.on)).exists()
    assert queries.cases(late).filter(queries.waiting(late.on), case_id=case).exists()
    actions.resume(office, case, on=date(2026, 3, 30))
    row = queries.case(district.sight(Role.DISTRICT_OFFICE, today()), case)
    assert due is not None
    assert row.due_on == due + timedelta(days=20)
    township, secretary = district.users[Role.TOWNSHIP].pk, district.users[Role.BRANCH_SECRETARY].pk
    refused("error.case.owner_blind", actions.hand_over, office, case, on=today(), owner=secretary)
    refused("error.roll.no_liaison", actions.hand_over, office, case, on=today(), worker=district.workers["deputy"])
    actions.hand_over(office, case, on=today(), owner=township, worker=district.workers["liaison"])
    mine = queries.mine(account=township, worker=None)
    assert queries.cases(district.sight(Role.TOWNSHIP, today())).filter(mine, case_id=case).exists()
    refused("error.case.nothing_said", actions.comment, office, case, "　", on=today())
    actions.comment(office, case, "业主下周回来", on=today())
    do(district, case, "not_now", today(), with_whom="贺总", noted="先不建")
    assert stands(district, case) == ("closed", "talk", "not_now")
    refused("error.case.closed", actions.hand_over, office, case, on=today(), owner=township)
    actions.reopen(office, case, on=today(), text="业主改变主意")
    assert stands(district, case)[0] == "open"
    codes = [e.code for e in queries.events(district.sight(Role.DISTRICT_OFFICE, today()), case)]
    assert codes == ["opened", "held", "resumed", "handed", "remarked", "done", "reopened"]


def test_nobody_stops_the_clock_of_anothers_step(district: SmallDistrict) -> None:
    """A liaison officer sees the case, and may remark on it; the committee's month is not the officer's to stop."""
    case, officer = opened(district, firm="birch"), district.actor(Role.LIAISON_OFFICER)
    actions.hold(officer, case, on=date(2026, 3, 4), until=None, text="业主出差")
    actions.resume(officer, case, on=date(2026, 3, 5))
    do(district, case, "agreed", date(2026, 3, 9), with_whom="贺总", noted="同意")
    do(district, case, "submitted", date(2026, 3, 20), applied_on="2026-03-19", full_members=3)
    on = date(2026, 3, 21)
    refused("error.case.role", actions.hold, officer, case, on=on, until=None, text="等一等")
    refused("error.case.role", actions.hand_over, officer, case, on=on, owner=district.users[Role.TOWNSHIP].pk)
    actions.comment(officer, case, "业主催问", on=on)
    office = district.actor(Role.DISTRICT_OFFICE)
    actions.hand_over(office, case, on=on, worker=district.workers["liaison"])
    actions.hand_over(officer, case, on=on, owner=district.users[Role.TOWNSHIP].pk)  # given back by whose it was
    actions.hold(office, case, on=on, until=None, text="等上级")
    refused("error.case.role", actions.resume, officer, case, on=on)
    actions.resume(office, case, on=on)
    do(district, case, "refused", date(2026, 3, 25), why="党员不足")
    refused("error.case.role", actions.reopen, officer, case, on=date(2026, 3, 26), text="再试一次")
    assert stands(district, case) == ("closed", "reply", "refused")


def test_papers_are_sealed_and_of_known_kinds(district: SmallDistrict) -> None:
    case, office = opened(district), district.actor(Role.DISTRICT_OFFICE)
    refused("error.case.paper_kind", actions.attach, office, case, "申请.exe", b"x", on=START)
    refused("error.case.paper_size", actions.attach, office, case, "申请.pdf", b"", on=START)
    number = actions.attach(office, case, "申请.pdf", b"%PDF-1.7 ...", on=START)
    sight = district.sight(Role.DISTRICT_OFFICE, today())
    kept = queries.papers(sight, case).get()
    assert (kept.name, kept.size, kept.step) == ("申请.pdf", 12, "talk")
    assert b"PDF" not in bytes(kept.content)
    assert queries.paper(sight, case, number) == ("申请.pdf", b"%PDF-1.7 ...")
    refused("error.not_found", queries.paper, district.sight(Role.TOWNSHIP, today()), case, number)


def test_putting_right_appoints_and_dissolving_needs_empty(district: SmallDistrict) -> None:
    office, single = district.actor(Role.DISTRICT_OFFICE), district.organisations["single"]
    area = district.areas["east"]
    repair = actions.open_case(office, Opening("branch_repair", area, organisations=(single,)), on=START)
    do(district, repair, "confirmed", START, found="没有按期换届")
    do(district, repair, "done", START, measures="补选书记")
    deputy = district.workers["deputy"]
    do(district, repair, "right", date(2026, 4, 1), judged="到位", secretary=deputy)
    sight = district.sight(Role.DISTRICT_OFFICE, date(2026, 4, 1))
    led = roll.posts(sight).filter(organisation_id=single, role="secretary")
    assert list(led.values_list("worker_id", flat=True)) == [deputy]
    end = actions.open_case(office, Opening("branch_dissolve", area, organisations=(single,)), on=START)
    do(district, end, "submitted", START, why="企业外迁", members_go="转入镇非公党委")
    do(district, end, "approved", date(2026, 4, 2))
    refused("error.case.members_left", do, district, end, "done", date(2026, 4, 3))
    for name in ("zhong", "zhu", "bai"):
        facts = {"branch_id": district.organisations["town"]}
        change_record(office, RecordKind.MEMBER, district.members[name], facts, on=date(2026, 4, 2))
    do(district, end, "done", date(2026, 4, 3))
    later = district.sight(Role.DISTRICT_OFFICE, date(2026, 4, 3))
    assert not roll.organisations(later).filter(organisation_id=single).exists()
    assert not roll.coverage(later).filter(organisation_id=single).exists()
    assert roll.organisations(district.sight(Role.DISTRICT_OFFICE, date(2026, 4, 2))).filter(
        organisation_id=single
    ).exists()


def test_joining_makes_a_joint_branch_with_a_host(district: SmallDistrict) -> None:
    office, single = district.actor(Role.DISTRICT_OFFICE), district.organisations["single"]
    apple, birch = district.enterprises["apple"], district.enterprises["birch"]
    case = actions.open_case(
        office, Opening("branch_join", district.areas["east"], (birch,), (single,)), on=START
    )  # fmt: skip
    do(district, case, "agreed", START, with_whom="双方", noted="同意")
    do(district, case, "approved", date(2026, 4, 2))
    sight = district.sight(Role.DISTRICT_OFFICE, date(2026, 4, 2))
    assert roll.organisations(sight).get(organisation_id=single).kind == "joint_branch"
    covers = roll.coverage(sight).filter(organisation_id=single)
    assert dict(covers.values_list("enterprise_id", "host")) == {apple: True, birch: False}
    uncover(office, single, birch, on=date(2026, 5, 1))
    assert roll.coverage(district.sight(Role.DISTRICT_OFFICE, date(2026, 5, 1), now())).filter(
        organisation_id=single
    ).count() == 1  # fmt: skip


def test_a_taking_back_that_was_taken_back_counts_for_nothing(district: SmallDistrict) -> None:
    case, office = opened(district), district.actor(Role.DISTRICT_OFFICE)
    do(district, case, "agreed", date(2026, 3, 9), with_whom="贺总", noted="同意")
    step = Record.objects.filter(code="case.step").latest("pk")
    taken = take_back(office, step.pk, reason="记错")
    sight = district.sight(Role.DISTRICT_OFFICE, today())
    assert [e.code for e in queries.events(sight, case)] == ["opened"]
    take_back(office, taken.pk, reason="没有记错")
    sight = district.sight(Role.DISTRICT_OFFICE, today())
    assert [e.code for e in queries.events(sight, case)] == ["opened", "done"]
    assert stands(district, case) == ("open", "apply", "")


def test_whom_a_case_can_be_given_to(district: SmallDistrict) -> None:
    office, now_ = district.actor(Role.DISTRICT_OFFICE), now()
    east, park = district.areas["east"], district.areas["park"]
    township, head = district.users[Role.TOWNSHIP], district.users[Role.DISTRICT_OFFICE]
    of_east = dict(actions.owners(office, [east], on=today(), known_at=now_))
    assert set(of_east) == {township.pk, head.pk}
    assert set(dict(actions.owners(office, [park], on=today(), known_at=now_))) == {head.pk}
    refused("error.case.owner_blind", opened, district, firm="grape", owner=township.pk)
    refused("error.case.owner_blind", opened, district, firm="birch", owner=99_999_999)
    assert opened(district, firm="birch", owner=township.pk)
