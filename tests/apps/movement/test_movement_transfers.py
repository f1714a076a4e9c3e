"""Transfers from asking to acceptance: who sees them, who may do what, what the roll says before and after."""

from __future__ import annotations

from datetime import date

import pytest

from feigong.apps.accounts.roles import Role
from feigong.apps.accounts.sight import Scope, Sight
from feigong.apps.audit.models import Record
from feigong.apps.cases import actions as work
from feigong.apps.cases import queries as cases
from feigong.apps.clock import now, today
from feigong.apps.movement import actions, queries
from feigong.apps.movement.actions import Arriving, Sending
from feigong.apps.roll import queries as roll
from feigong.apps.roll.actions.records import change_record, create_record
from feigong.apps.roll.kinds import RecordKind
from feigong.apps.roll.taking_back import take_back
from feigong.core.coverage.movement import Danger
from feigong.core.errors import FeigongError
from platform_district import MEMBERS, ORGANISATIONS, SmallDistrict, build_small_district

pytestmark = pytest.mark.django_db
ASKED, SENT, ACCEPTED = date(2026, 11, 2), date(2026, 11, 4), date(2026, 11, 9)
JOINT = ORGANISATIONS["joint"][0]


@pytest.fixture
def district() -> SmallDistrict:
    return build_small_district()


def refused(code: str, call: object, *args: object, **named: object) -> FeigongError:
    with pytest.raises(FeigongError) as fault:
        call(*args, **named)  # type: ignore[operator]
    assert fault.value.reason.code == code, fault.value
    return fault.value


def ask(district: SmallDistrict, member: str = "bai", role: Role = Role.DISTRICT_OFFICE, **more: object) -> int:
    given: dict[str, object] = {"to_name": JOINT, "why": "job", **more}
    sending = Sending(district.members[member], **given)  # type: ignore[arg-type]
    return actions.ask_transfer(district.actor(role), sending, on=ASKED)


def do(
    district: SmallDistrict, case: int, ending: str, on: date, role: Role = Role.DISTRICT_OFFICE, **answers: object
) -> None:
    work.do_step(district.actor(role), case, ending, answers, on=on, today=today())


def send(district: SmallDistrict, case: int, role: Role = Role.DISTRICT_OFFICE) -> None:
    do(district, case, "agreed", ASKED, role)
    do(district, case, "sent", SENT, role, number="2026-17", sent_on=SENT.isoformat())


def branch_of(district: SmallDistrict, member: str, on: date) -> int | None:
    row = roll.members(district.sight(Role.DISTRICT_OFFICE, on)).filter(member_id=district.members[member]).first()
    return row.branch_id if row else None


def west(district: SmallDistrict) -> Sight:
    """An office of the other side, which sees the joint branch and nothing of the east."""
    office = district.actor(Role.TOWNSHIP)
    return Sight(Scope((district.areas["west"],)), ACCEPTED, now(), members=bool(office.permissions))


def test_the_sender_is_responsible_until_it_is_accepted(district: SmallDistrict) -> None:
    single, joint = district.organisations["single"], district.organisations["joint"]
    case = ask(district, role=Role.TOWNSHIP)
    send(district, case, Role.TOWNSHIP)
    assert branch_of(district, "bai", ACCEPTED) == single, "nothing changes while the letter is under way"
    do(district, case, "accepted", ACCEPTED)
    day_before = ACCEPTED.replace(day=ACCEPTED.day - 1)
    assert (branch_of(district, "bai", day_before), branch_of(district, "bai", ACCEPTED)) == (single, joint)
    sight = district.sight(Role.DISTRICT_OFFICE, ACCEPTED)
    assert cases.case(sight, case).step == "receipt"
    record = Record.objects.filter(code="case.step").latest("pk")
    take_back(district.actor(Role.DISTRICT_OFFICE), record.pk, reason="接收有误")
    assert branch_of(district, "bai", today()) == single
    assert cases.case(district.sight(Role.DISTRICT_OFFICE, today()), case).step == "accept"
    do(district, case, "accepted", ACCEPTED)
    do(district, case, "done", ACCEPTED)
    assert cases.case(district.sight(Role.DISTRICT_OFFICE, today()), case).outcome == "done"


def test_who_sees_it_and_whose_name_is_told(district: SmallDistrict) -> None:
    case = ask(district)
    roles = {r for r in Role if cases.cases(district.sight(r, today())).filter(case_id=case).exists()}
    assert roles >= {Role.DISTRICT_OFFICE, Role.TOWNSHIP, Role.BRANCH_SECRETARY}
    assert Role.LIAISON_OFFICER not in roles
    sight = west(district)
    assert cases.cases(sight).filter(case_id=case).exists(), "the receiving side"
    person, sender, receiver = cases.subjects(sight, [case])[case]
    assert (person.name, person.record_id) == (MEMBERS["bai"][0], None), "named, but not opened"
    assert (sender.name, receiver.name) == ("", JOINT)
    blind = Sight(Scope((district.areas["west"],)), ACCEPTED, now(), members=False)
    assert cases.subjects(blind, [case])[case][0].name == ""
    elsewhere = Sight(Scope((district.areas["park"],)), ACCEPTED, now(), members=True)
    assert not cases.cases(elsewhere).filter(case_id=case).exists()


def test_the_receiving_office_accepts_though_the_member_is_not_its_own_yet(district: SmallDistrict) -> None:
    """The township is the receiver; the member comes from the joint branch of another."""
    single = district.organisations["single"]
    case = ask(district, "lu", to=single, to_name="")
    refused("error.movement.not_sender", do, district, case, "agreed", ASKED, Role.TOWNSHIP)
    send(district, case)
    assert not roll.members(district.sight(Role.TOWNSHIP, ACCEPTED)).filter(member_id=district.members["lu"]).exists()
    town = district.organisations["town"]
    refused("error.movement.branch_needed", do, district, case, "accepted", ACCEPTED, Role.TOWNSHIP, branch=town)
    do(district, case, "accepted", ACCEPTED, Role.TOWNSHIP)
    assert roll.members(district.sight(Role.TOWNSHIP, ACCEPTED)).filter(member_id=district.members["lu"]).exists()


def test_the_sender_cannot_accept_for_the_other_side(district: SmallDistrict) -> None:
    case = ask(district, role=Role.TOWNSHIP)
    send(district, case, Role.TOWNSHIP)
    refused("error.movement.not_receiver", do, district, case, "accepted", ACCEPTED, Role.TOWNSHIP)
    given = {"ground": "papers", "why": "缺原件"}
    refused("error.movement.not_receiver", do, district, case, "returned", ACCEPTED, Role.TOWNSHIP, **given)
    refused("error.case.role", do, district, case, "accepted", ACCEPTED, Role.BRANCH_SECRETARY)


def test_nobody_is_refused_without_a_ground(district: SmallDistrict) -> None:
    case = ask(district)
    send(district, case)
    refused("error.case.answer_missing", do, district, case, "returned", ACCEPTED, why="不收")
    refused("error.case.answer_missing", do, district, case, "returned", ACCEPTED, ground="papers")
    refused("error.case.choice", do, district, case, "returned", ACCEPTED, ground="age", why="不收")
    do(district, case, "returned", ACCEPTED, ground="expired", why="介绍信已过有效期")
    assert cases.case(district.sight(Role.DISTRICT_OFFICE, today()), case).step == "letter"
    assert branch_of(district, "bai", today()) == district.organisations["single"]


def test_out_of_the_district_the_member_leaves_the_roll_when_the_receipt_is_here(district: SmallDistrict) -> None:
    office = district.actor(Role.DISTRICT_OFFICE)
    case = ask(district, "zhong", to_name="外省某市某街道党工委", outside=True, why="home")
    send(district, case)
    assert branch_of(district, "zhong", ACCEPTED) == district.organisations["single"]
    do(district, case, "accepted", ACCEPTED)
    sight = district.sight(Role.DISTRICT_OFFICE, ACCEPTED)
    assert not roll.members(sight).filter(member_id=district.members["zhong"]).exists()
    worker = roll.workers(sight).get(worker_id=district.workers["secretary"])
    assert worker.member_id is None
    assert not roll.posts(sight).filter(worker_id=worker.worker_id).exists()
    assert cases.subjects(sight, [case])[case][0].name == MEMBERS["zhong"][0], "still told who it was"
    arriving = Arriving("钟舒岩", True, district.organisations["joint"], "外省某街道", None, MEMBERS["zhong"][1])
    back = actions.enter_arrival(office, arriving, on=date(2026, 11, 12))
    do(district, back, "checked", date(2026, 11, 13), number="31", sent_on="2026-11-10")
    assert branch_of(district, "zhong", date(2026, 11, 13)) is None
    do(district, back, "accepted", date(2026, 11, 16))
    row = roll.members(district.sight(Role.DISTRICT_OFFICE, today())).get(member_id=district.members["zhong"])
    assert (row.branch_id, row.employer_id, row.joined_on) == (
        district.organisations["joint"], None, date(2016, 7, 1),
    )  # fmt: skip
    assert row.id_index, "taken up with what was known"


def test_somebody_new_arrives(district: SmallDistrict) -> None:
    office, joint = district.actor(Role.DISTRICT_OFFICE), district.organisations["joint"]
    refused(
        "error.movement.here_already", actions.enter_arrival, office,
        Arriving("柏知行", True, joint, "外地", None, MEMBERS["bai"][1]), on=ASKED,
    )  # fmt: skip
    case = actions.enter_arrival(office, Arriving("闻人月", False, joint, "外地", date(2025, 12, 1)), on=ASKED)
    do(district, case, "checked", SENT, number="31", sent_on="2026-11-01")
    do(district, case, "accepted", ACCEPTED)
    row = roll.members(district.sight(Role.DISTRICT_OFFICE, ACCEPTED)).get(name="闻人月")
    assert (row.branch_id, row.full, row.joined_on, row.valid_from) == (joint, False, date(2025, 12, 1), ACCEPTED)
    record = Record.objects.filter(code="case.step").latest("pk")
    take_back(office, record.pk, reason="重复登记")
    assert not roll.members(district.sight(Role.DISTRICT_OFFICE, today())).filter(name="闻人月").exists()


def test_what_is_refused_when_asked_for(district: SmallDistrict) -> None:
    refused("error.movement.why", ask, district, why="x")
    refused("error.roll.reason_missing", ask, district, why="other")
    refused("error.movement.to_missing", ask, district, to_name=" ")
    refused("error.movement.to_missing", ask, district, to_name=" ", outside=True)
    refused("error.movement.no_such_organisation", ask, district, to_name="澜汇大厦")
    refused("error.movement.same_branch", ask, district, to=district.organisations["single"])
    refused("error.not_found", ask, district, "lu", Role.TOWNSHIP)
    refused("error.not_found", ask, district, role=Role.TOWNSHIP, to=district.organisations["joint"])
    refused("error.not_permitted", ask, district, role=Role.MEMBER)
    case = ask(district, role=Role.BRANCH_SECRETARY)
    refused("error.movement.under_way", ask, district)
    do(district, case, "withdrawn", ASKED)
    assert ask(district) != case


def test_a_member_who_moved_meanwhile_is_not_moved_again(district: SmallDistrict) -> None:
    case = ask(district)
    send(district, case)
    town = create_record(
        district.actor(Role.DISTRICT_OFFICE), RecordKind.ORGANISATION,
        {"name": "东湾镇第二支部", "kind": "branch", "area_id": district.areas["east"]}, on=ASKED,
    )  # fmt: skip
    change_record(
        district.actor(Role.DISTRICT_OFFICE), RecordKind.MEMBER, district.members["bai"], {"branch_id": town}, on=SENT
    )
    refused("error.movement.moved_meanwhile", do, district, case, "accepted", ACCEPTED)


def test_what_it_does_to_the_branch(district: SmallDistrict) -> None:
    sight = district.sight(Role.DISTRICT_OFFICE, ACCEPTED)
    found = queries.effect_of(sight, district.members["zhong"])
    assert found is not None
    assert (found.branch, found.alone.before, found.alone.after) == (district.organisations["single"], 3, 2)
    assert found.alone.dangers == (Danger.MEMBERS, Danger.SECRETARY)
    host = queries.effect_of(sight, district.members["mu"])
    assert host is not None
    assert host.alone.dangers == (Danger.MEMBERS, Danger.HOST, Danger.SECRETARY)
    young = queries.effect_of(sight, district.members["zhuo"])
    assert young is not None
    assert young.alone.dangers == ()
    assert queries.effect_of(sight, district.members["lin"]) is None, "has no branch to leave"
    hidden = district.sight(Role.TOWNSHIP, ACCEPTED)
    assert queries.effect_of(hidden, district.members["mu"]) is None
