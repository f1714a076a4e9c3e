"""Areas and organisations in trees: moved, renamed, closed; old days show the old tree, and nothing is lost."""

from datetime import date, timedelta

import pytest

from feigong.apps.accounts.roles import Role
from feigong.apps.accounts.sight import Sight
from feigong.apps.audit.models import Record
from feigong.apps.clock import now
from feigong.apps.roll import queries
from feigong.apps.roll.actions.areas import create_area, move_area, rename_area
from feigong.apps.roll.actions.ending import close_area, end_record
from feigong.apps.roll.actions.records import change_record, create_record
from feigong.apps.roll.kinds import RecordKind
from feigong.apps.roll.models import AreaState, EnterpriseState, OrganisationState, VenueState, WorkerState
from feigong.apps.roll.models.dated import NEVER
from feigong.apps.roll.taking_back import take_back
from feigong.core.errors import FeigongError
from platform_district import ON, SINCE, SmallDistrict, build_small_district

pytestmark = pytest.mark.django_db
BEFORE = ON - timedelta(days=1)
K = RecordKind


@pytest.fixture
def district() -> SmallDistrict:
    return build_small_district()


def tree(sight: Sight) -> dict[str, str]:
    """Names with the names above them, by the paths."""
    rows = list(queries.areas(sight))
    names = {f"{r.area_id:08d}": r.name for r in rows}
    return {r.name: ">".join(names[part] for part in r.path.split("/") if part) for r in rows}


def test_a_move_takes_all_below_along_from_its_day(district: SmallDistrict) -> None:
    office = district.actor(Role.DISTRICT_OFFICE)
    before = district.at
    move_area(office, district.areas["street"], district.areas["park"], on=ON, reason="区划调整")
    now_there = tree(district.sight(Role.DISTRICT_OFFICE))
    assert now_there["澜汇大厦"] == "云汀区>云汀经济开发区>澜江商圈>澜汇大厦"
    old = "云汀区>西浦街道>澜江商圈>澜汇大厦"
    assert tree(district.sight(Role.DISTRICT_OFFICE, BEFORE))["澜汇大厦"] == old
    assert tree(district.sight(Role.DISTRICT_OFFICE, ON, before + timedelta(microseconds=1)))["澜汇大厦"] == old


def test_a_scope_follows_the_tree_of_the_day(district: SmallDistrict) -> None:
    office, clerk = district.actor(Role.DISTRICT_OFFICE), district.actor(Role.TOWNSHIP)
    move_area(office, district.areas["street"], district.areas["east"], on=ON)
    seen = [queries.enterprises(clerk.sight(day, now())).count() for day in (BEFORE, ON)]
    assert seen == [3, 6]


def test_a_new_name_holds_from_its_day(district: SmallDistrict) -> None:
    office = district.actor(Role.DISTRICT_OFFICE)
    version = AreaState.rows.get(area_id=district.areas["east"]).pk
    assert rename_area(office, district.areas["east"], "东湾街道", on=ON, expected=version) == 2
    names = [queries.areas(district.sight(Role.DISTRICT_OFFICE, day)).get(area_id=district.areas["east"]).name
             for day in (BEFORE, ON)]  # fmt: skip
    assert names == ["东湾镇", "东湾街道"]
    with pytest.raises(FeigongError, match="changed_meanwhile"):
        rename_area(office, district.areas["east"], "又改", on=ON, expected=version)


def test_nothing_hangs_under_itself(district: SmallDistrict) -> None:
    office = district.actor(Role.DISTRICT_OFFICE)
    for above in ("tower", "street", "west"):
        with pytest.raises(FeigongError, match="tree_cycle"):
            move_area(office, district.areas["west"], district.areas[above], on=ON)
    with pytest.raises(FeigongError, match="tree_cycle"):
        change_record(
            office, K.ORGANISATION, district.organisations["office"], {"superior_id": district.organisations["town"]},
            on=ON,
        )  # fmt: skip


def test_a_new_area_is_below_and_not_before_what_is_above_it(district: SmallDistrict) -> None:
    office = district.actor(Role.DISTRICT_OFFICE)
    facts = {"name": "云汀国际中心", "kind": "building", "parent_id": district.areas["park"]}
    made = create_area(office, facts, on=ON)
    assert tree(district.sight(Role.DISTRICT_OFFICE))["云汀国际中心"] == "云汀区>云汀经济开发区>云汀国际中心"
    below = {"name": "三层", "kind": "other", "parent_id": made}
    with pytest.raises(FeigongError, match=r"roll\.reference"):
        create_area(office, below, on=BEFORE)
    with pytest.raises(FeigongError, match="not_permitted"):
        create_area(district.actor(Role.TOWNSHIP), facts, on=ON)


def test_closing_an_area_needs_somewhere_to_go(district: SmallDistrict) -> None:
    office, west = district.actor(Role.DISTRICT_OFFICE), district.areas["west"]
    with pytest.raises(FeigongError) as found:
        end_record(office, K.AREA, district.areas["east"], on=ON, reason="撤并")
    assert found.value.reason.code == "error.still_used.area"
    assert (found.value.reason.params["enterprises"], found.value.reason.params["workers"]) == (3, 3)
    for wrong in ("west", "tower"):
        with pytest.raises(FeigongError, match=r"roll\.successor"):
            close_area(office, west, successor=district.areas[wrong], on=ON, reason="撤并")


def test_closing_moves_everything_and_loses_nothing(district: SmallDistrict) -> None:
    office, street, park = district.actor(Role.DISTRICT_OFFICE), district.areas["street"], district.areas["park"]
    later = ON + timedelta(days=30)
    planned = create_record(office, K.ENTERPRISE, {"name": "将来公司", "area_id": street}, on=later)
    before = [model.rows.filter(recorded_to=NEVER, valid_to__gt=ON).values(model.key_columns()[0]).distinct().count()
              for model in (EnterpriseState, OrganisationState, VenueState, WorkerState)]  # fmt: skip
    close_area(office, street, successor=park, on=ON, reason="商圈撤并")
    after = [model.rows.filter(recorded_to=NEVER, valid_to__gt=ON).values(model.key_columns()[0]).distinct().count()
             for model in (EnterpriseState, OrganisationState, VenueState, WorkerState)]  # fmt: skip
    assert after == before
    assert not queries.areas(district.sight(Role.DISTRICT_OFFICE)).filter(area_id=street).exists()
    assert tree(district.sight(Role.DISTRICT_OFFICE))["澜汇大厦"] == "云汀区>云汀经济开发区>澜汇大厦"
    there = {r.enterprise_id: r.area_id for r in queries.enterprises(district.sight(Role.DISTRICT_OFFICE, later))}
    assert (there[district.enterprises["fern"]], there[planned]) == (park, park)
    assert there[district.enterprises["daisy"]] == district.areas["tower"]
    was = queries.enterprises(district.sight(Role.DISTRICT_OFFICE, BEFORE))
    assert was.get(enterprise_id=district.enterprises["fern"]).area_id == street
    assert queries.areas(district.sight(Role.DISTRICT_OFFICE, BEFORE)).count() == 6


def test_a_past_move_leaves_a_later_move_alone(district: SmallDistrict) -> None:
    office, tower = district.actor(Role.DISTRICT_OFFICE), district.areas["tower"]
    july, march = date(2026, 7, 1), date(2026, 3, 1)
    move_area(office, tower, district.areas["park"], on=july)
    move_area(office, tower, district.areas["west"], on=march)
    said = [tree(district.sight(Role.DISTRICT_OFFICE, day))["澜汇大厦"] for day in (SINCE, march, july)]
    assert said == ["云汀区>西浦街道>澜江商圈>澜汇大厦", "云汀区>西浦街道>澜汇大厦", "云汀区>云汀经济开发区>澜汇大厦"]
    rows = [queries.areas(district.sight(Role.DISTRICT_OFFICE, day)).get(area_id=tower) for day in (SINCE, march, july)]
    assert [row.parent_id for row in rows] == [district.areas[name] for name in ("street", "west", "park")]


def test_what_is_put_right_in_the_past_is_written_before_a_later_change(district: SmallDistrict) -> None:
    office, joint = district.actor(Role.DISTRICT_OFFICE), district.organisations["joint"]
    july, march = date(2026, 7, 1), date(2026, 3, 1)
    change_record(office, RecordKind.ORGANISATION, joint, {"name": "澜汇联合党支部"}, on=july)
    change_record(office, RecordKind.ORGANISATION, joint, {"name": "大厦联合党支部", "claimed_members": 9}, on=march)
    found = [
        queries.organisations(district.sight(Role.DISTRICT_OFFICE, day)).get(organisation_id=joint)
        for day in (SINCE, march, july)
    ]
    names = [(row.name, row.claimed_members) for row in found]
    assert names == [("澜汇大厦联合党支部", None), ("大厦联合党支部", 9), ("澜汇联合党支部", 9)]


def test_a_township_names_a_superior_above_what_it_sees(district: SmallDistrict) -> None:
    clerk = district.actor(Role.TOWNSHIP)
    facts = {"name": "恒岳食品党支部", "kind": "branch", "area_id": district.areas["east"]}
    office = district.organisations["office"]
    made = create_record(clerk, K.ORGANISATION, {**facts, "superior_id": office}, on=ON)
    assert queries.organisations(clerk.sight(ON, now())).get(organisation_id=made).path == f"{office:08d}/{made:08d}/"
    joint = {**facts, "superior_id": district.organisations["joint"]}
    with pytest.raises(FeigongError, match=r"roll\.reference"):
        create_record(clerk, K.ORGANISATION, joint, on=ON)


def test_a_move_taken_back_takes_along_what_came_below_it_since(district: SmallDistrict) -> None:
    office = district.actor(Role.DISTRICT_OFFICE)
    move_area(office, district.areas["street"], district.areas["park"], on=ON)
    moved = Record.objects.order_by("-number")[0]
    create_area(office, {"name": "澜汇二期", "kind": "building", "parent_id": district.areas["street"]}, on=ON)
    take_back(office, moved.pk, "不并了")
    said = tree(district.sight(Role.DISTRICT_OFFICE))
    assert said["澜汇二期"] == "云汀区>西浦街道>澜江商圈>澜汇二期"
    assert said["澜汇大厦"] == "云汀区>西浦街道>澜江商圈>澜汇大厦"


def test_taking_back_never_makes_a_circle(district: SmallDistrict) -> None:
    office, a = district.actor(Role.DISTRICT_OFFICE), district.areas
    move_area(office, a["street"], a["district"], on=ON)
    moved = Record.objects.order_by("-number")[0]
    move_area(office, a["west"], a["street"], on=ON)
    with pytest.raises(FeigongError, match=r"tree_cycle|built_on"):
        take_back(office, moved.pk, "不并了")
    assert tree(district.sight(Role.DISTRICT_OFFICE))["西浦街道"] == "云汀区>澜江商圈>西浦街道"
