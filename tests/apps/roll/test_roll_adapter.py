"""The database's roll as values: keys, places, flags; and the planner runs on it."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from feigong.apps.accounts.roles import Role
from feigong.apps.roll.actions.records import change_record, create_record
from feigong.apps.roll.adapters.roll import roll_of
from feigong.apps.roll.kinds import RecordKind
from feigong.core.coverage.plan import plan_coverage
from feigong.core.coverage.values import Outcome
from feigong.core.roll.places.values import AreaFrom
from feigong.core.roll.slots import FreeSlots
from feigong.core.roll.values import FlagCode
from feigong.exchange.parameters_file import load_parameters
from feigong.exchange.rules_file import load_rules
from platform_district import CODE, ON, SmallDistrict, build_small_district

pytestmark = pytest.mark.django_db
K = RecordKind


@pytest.fixture
def district() -> SmallDistrict:
    return build_small_district()


def test_everything_in_sight_with_the_way_back(district: SmallDistrict) -> None:
    read = roll_of(district.sight(Role.DISTRICT_OFFICE))
    roll = read.roll
    assert (len(roll.enterprises), len(roll.members), len(roll.organisations), len(roll.officers)) == (8, 8, 4, 2)
    assert roll.district == CODE
    assert [(a.code, a.name) for a in roll.areas] == [
        (CODE, "云汀区"), (CODE + "001", "东湾镇"), (CODE + "002", "西浦街道"), (CODE + "003", "云汀经济开发区"),
    ]  # fmt: skip
    code = {identity: key for key, identity in read.enterprises.items()}
    firms = {e.uscc: e for e in roll.enterprises}
    daisy = firms[code[district.enterprises["daisy"]]]
    assert (daisy.place.area, daisy.place.area_from) == (CODE + "002", AreaFrom.GIVEN)
    assert daisy.place.building_key == firms[code[district.enterprises["elm"]]].place.building_key is not None
    assert daisy.slots == FreeSlots((0b111111 << 15,))
    joint = next(o for o in roll.organisations if read.organisations[o.key] == district.organisations["joint"])
    assert joint.covers == tuple(sorted(code[district.enterprises[n]] for n in ("daisy", "elm", "fern")))
    assert joint.has_secretary is True
    assert joint.superior is not None and read.organisations[joint.superior] == district.organisations["office"]
    people = {read.members[m.key]: m for m in roll.members}
    mu = people[district.members["mu"]]
    assert (mu.employer, mu.organisation, mu.identity) == (daisy.uscc, joint.key, None)
    assert people[district.members["lin"]].organisation is None


def test_a_township_reads_its_own_part(district: SmallDistrict) -> None:
    read = roll_of(district.sight(Role.TOWNSHIP))
    assert sorted(read.enterprises.values()) == sorted(district.enterprises[n] for n in ("apple", "birch", "cedar"))
    assert read.roll.district == CODE
    assert {e.place.area for e in read.roll.enterprises} == {CODE + "001"}
    assert len(roll_of(district.sight(Role.DEPARTMENT)).roll.members) == 0


def test_what_the_standing_says_is_a_flag(district: SmallDistrict) -> None:
    office, target = district.actor(Role.DISTRICT_OFFICE), district.enterprises["apple"]
    change_record(office, K.ENTERPRISE, target, {"standing": "closed"}, on=ON)
    read = roll_of(district.sight(Role.DISTRICT_OFFICE))
    flagged = {read.enterprises[e.uscc] for e in read.roll.enterprises if e.flagged(FlagCode.CLOSED)}
    assert flagged == {target}
    before = roll_of(district.sight(Role.DISTRICT_OFFICE, ON - timedelta(days=1)))
    assert not any(e.flags for e in before.roll.enterprises)


def test_without_a_code_the_number_is_the_key(district: SmallDistrict) -> None:
    office = district.actor(Role.DISTRICT_OFFICE)
    made = create_record(office, K.ENTERPRISE, {"name": "无码店", "area_id": district.areas["park"]}, on=ON)
    read = roll_of(district.sight(Role.DISTRICT_OFFICE))
    assert read.enterprises[f"e{made:08d}"] == made


def test_the_planner_runs_on_it_and_queries_do_not_grow(district: SmallDistrict) -> None:
    sight = district.sight(Role.DISTRICT_OFFICE)
    with CaptureQueriesContext(connection) as few:
        read = roll_of(sight)
    parameters, _ = load_parameters(None, load_rules(None), ON)
    plan = plan_coverage(read.roll, parameters, on=ON)
    decided = {read.enterprises[d.uscc]: d.outcome for d in plan.decisions}
    assert decided[district.enterprises["apple"]] is Outcome.KEEP
    assert len(decided) == 8
    office = district.actor(Role.DISTRICT_OFFICE)
    for n in range(5):
        create_record(office, K.ENTERPRISE, {"name": f"新{n}", "area_id": district.areas["park"]}, on=ON)
    later = district.sight(Role.DISTRICT_OFFICE)
    with CaptureQueriesContext(connection) as more:
        roll_of(later)
    assert len(more) == len(few) <= 25
