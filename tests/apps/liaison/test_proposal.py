"""Assignments by a plan: what changes, doing it in one record, taking it back; a township's own part."""

from __future__ import annotations

import pytest

from feigong.apps.accounts.roles import Role
from feigong.apps.audit.models import Record
from feigong.apps.clock import now, today
from feigong.apps.coverage.models import Plan
from feigong.apps.liaison.proposal import Proposal, carry_out, metres, proposal
from feigong.apps.roll import queries
from feigong.apps.roll.actions.edges import assign_officer, unassign_officer
from feigong.apps.roll.actions.records import change_record
from feigong.apps.roll.kinds import RecordKind
from feigong.apps.roll.taking_back import take_back
from feigong.core.coverage.handing import Move
from feigong.core.errors import FeigongError
from platform_district import SmallDistrict, build_small_district
from platform_plans import planned

pytestmark = pytest.mark.django_db
DAY = today()


@pytest.fixture
def district() -> SmallDistrict:
    return build_small_district()


@pytest.fixture
def plan(district: SmallDistrict) -> Plan:
    """The plan keeps who has whom; then birch goes to the other officer, cedar to nobody, and apple gets one."""
    found = planned(district)
    office, firms = district.actor(Role.DISTRICT_OFFICE), district.enterprises
    assign_officer(office, district.workers["second"], [firms["birch"], firms["apple"]], on=DAY)
    unassign_officer(office, [firms["cedar"]], on=DAY)
    return found


def of(district: SmallDistrict, role: Role, plan: Plan) -> Proposal:
    return proposal(district.sight(role, DAY), plan)


def holders(district: SmallDistrict) -> dict[str, set[str]]:
    rows = queries.assignments(district.sight(Role.DISTRICT_OFFICE, DAY)).values_list("enterprise_id", "worker_id")
    firms = {number: name for name, number in district.enterprises.items()}
    people = {number: name for name, number in district.workers.items()}
    found: dict[str, set[str]] = {}
    for firm, worker in rows:
        found.setdefault(firms[firm], set()).add(people[worker])
    return found


def test_each_enterprise_with_its_move(district: SmallDistrict, plan: Plan) -> None:
    found = of(district, Role.DISTRICT_OFFICE, plan)
    names = {number: name for name, number in district.enterprises.items()}
    moves = {names[c.enterprise]: (c.move, c.officer) for c in found.changes}
    first, second = district.workers["liaison"], district.workers["second"]
    assert moves["birch"] == (Move.TAKE, first)
    assert moves["cedar"] == (Move.GAIN, first)
    assert moves["grape"] == (Move.KEEP, second)
    assert moves["apple"] == (Move.END, None)
    sides = {side.officer: side for side in found.sides}
    assert {c.enterprise for c in sides[second].change.loses} == {district.enterprises["birch"]}
    loads = {side.officer: len(side.load.enterprises) if side.load else 0 for side in found.sides}
    assert {side.officer: side.after for side in found.sides} == loads
    assert (found.usual, found.warn) == (3, 5)


def test_all_is_done_in_one_record_and_taken_back(district: SmallDistrict, plan: Plan) -> None:
    office = district.actor(Role.DISTRICT_OFFICE)
    before = holders(district)
    found = of(district, Role.DISTRICT_OFFICE, plan)
    wanted = sum(c.officer is not None for c in found.open)
    assert carry_out(office, plan.pk, None, on=DAY) == wanted
    after = holders(district)
    assert (after["birch"], after["cedar"], after["apple"]) == ({"liaison"}, {"liaison"}, {"second"})
    record = Record.objects.get(code="assignment.plan")
    assert record.params["plan"] == plan.pk
    assert [c.move for c in of(district, Role.DISTRICT_OFFICE, plan).open] == [Move.END]
    take_back(office, record.pk, "先征求意见")
    assert holders(district) == before


def test_a_part_is_done(district: SmallDistrict, plan: Plan) -> None:
    office, firms = district.actor(Role.DISTRICT_OFFICE), district.enterprises
    assert carry_out(office, plan.pk, [firms["cedar"], firms["apple"]], on=DAY) == 2
    after = holders(district)
    assert (after["birch"], after["cedar"]) == ({"second"}, {"liaison"})
    assert "apple" not in after
    with pytest.raises(FeigongError, match=r"error\.changed_meanwhile"):
        carry_out(office, plan.pk, [firms["cedar"]], on=DAY)
    with pytest.raises(FeigongError, match=r"error\.lists\.none_chosen"):
        carry_out(office, plan.pk, [], on=DAY)


def test_a_township_has_its_own_part(district: SmallDistrict, plan: Plan) -> None:
    found = of(district, Role.TOWNSHIP, plan)
    assert {c.enterprise for c in found.changes} <= {district.enterprises[n] for n in ("apple", "birch", "cedar")}
    assert {side.officer for side in found.sides} == {district.workers["liaison"]}
    whole = {side.officer: side.after for side in of(district, Role.DISTRICT_OFFICE, plan).sides}
    assert all(whole[side.officer] == side.after for side in found.sides)
    town = district.actor(Role.TOWNSHIP)
    assert carry_out(town, plan.pk, [district.enterprises["cedar"]], on=DAY) == 1
    with pytest.raises(FeigongError, match=r"error\.changed_meanwhile"):
        carry_out(town, plan.pk, [district.enterprises["grape"]], on=DAY)
    with pytest.raises(FeigongError, match=r"error\.not_permitted"):
        carry_out(district.actor(Role.LIAISON_OFFICER), plan.pk, None, on=DAY)


def test_who_waits_is_counted_where_it_waits(district: SmallDistrict) -> None:
    office = district.actor(Role.DISTRICT_OFFICE)
    for name in ("liaison", "second"):
        change_record(office, RecordKind.WORKER, district.workers[name], {"most": 1}, on=DAY.replace(day=1))
    found = of(district, Role.DISTRICT_OFFICE, planned(district))
    waiting = [one for short in found.shortages for one in short.waiting]
    assert len(waiting) == len(set(waiting)) >= 2
    assert {short.area for short in found.shortages} <= {district.areas[n] for n in ("east", "west", "park")}
    assert all(short.missing == -(-len(short.waiting) // 3) for short in found.shortages)


def test_metres_where_both_places_are_known(district: SmallDistrict) -> None:
    office, first = district.actor(Role.DISTRICT_OFFICE), district.workers["liaison"]
    birch = district.enterprises["birch"]
    assert metres(office.sight(DAY, now()), [(birch, first)]) == {}
    place = {"longitude": 123.601, "latitude": 30.611}
    change_record(office, RecordKind.WORKER, first, place, on=DAY)
    found = metres(office.sight(DAY, now()), [(birch, first)])
    assert round(found[birch, first]) == 1112  # a hundredth of a degree to the north
