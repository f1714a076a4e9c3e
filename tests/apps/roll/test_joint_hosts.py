"""An organisation becomes a joint branch, or ceases to be one, or two become one: one host, or none."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from feigong.apps.accounts.roles import Role
from feigong.apps.audit.models import Record
from feigong.apps.roll import queries
from feigong.apps.roll.actions.edges import cover, set_host, uncover
from feigong.apps.roll.actions.merging import merge_records, split_records
from feigong.apps.roll.actions.records import change_record, create_record
from feigong.apps.roll.kinds import RecordKind
from feigong.apps.roll.taking_back import take_back
from feigong.core.errors import FeigongError
from platform_district import ON, SINCE, SmallDistrict, build_small_district

pytestmark = pytest.mark.django_db
O = RecordKind.ORGANISATION  # noqa: E741
LATER = ON + timedelta(days=10)


@pytest.fixture
def district() -> SmallDistrict:
    """With one more branch, ``plain``, which covers two enterprises of the east."""
    made = build_small_district()
    clerk, e = made.actor(Role.DISTRICT_OFFICE), made.enterprises
    facts = {"name": "东湾沿路党支部", "kind": "branch", "area_id": made.areas["east"]}
    made.organisations["plain"] = plain = create_record(clerk, O, facts, on=SINCE)
    for name in ("birch", "cedar"):
        cover(clerk, plain, e[name], on=SINCE)
    return made


def hosts(district: SmallDistrict, organisation: str, on: date = ON) -> list[str]:
    rows = queries.coverage(district.sight(Role.DISTRICT_OFFICE, on)).filter(host=True)
    rows = rows.filter(organisation_id=district.organisations[organisation])
    found = set(rows.values_list("enterprise_id", flat=True))
    return [name for name, number in district.enterprises.items() if number in found]


def become(district: SmallDistrict, organisation: str, kind: str, on: date = ON, **more: object) -> None:
    clerk = district.actor(Role.DISTRICT_OFFICE)
    change_record(clerk, O, district.organisations[organisation], {"kind": kind, **more}, on=on)


def test_of_several_enterprises_the_host_is_named(district: SmallDistrict) -> None:
    clerk, plain, e = district.actor(Role.DISTRICT_OFFICE), district.organisations["plain"], district.enterprises
    for wrong in (None, e["apple"], 10**9, "birch"):
        with pytest.raises(FeigongError, match=r"error\.roll\.host_choose"):
            become(district, "plain", "joint_branch", host_id=wrong)
    assert queries.organisations(district.sight(Role.DISTRICT_OFFICE)).get(organisation_id=plain).kind == "branch"
    become(district, "plain", "joint_branch", host_id=e["birch"])
    assert hosts(district, "plain") == ["birch"]
    assert hosts(district, "plain", ON - timedelta(days=1)) == []
    with pytest.raises(FeigongError, match=r"error\.roll\.host_needed"):
        uncover(clerk, plain, e["birch"], on=LATER)


def test_the_only_enterprise_is_the_host(district: SmallDistrict) -> None:
    uncover(district.actor(Role.DISTRICT_OFFICE), district.organisations["plain"], district.enterprises["birch"], on=ON)
    become(district, "plain", "joint_branch")
    assert hosts(district, "plain") == ["cedar"]


def test_a_host_is_in_sight_and_of_a_joint_branch(district: SmallDistrict) -> None:
    clerk, e = district.actor(Role.DISTRICT_OFFICE), district.enterprises
    cover(clerk, district.organisations["plain"], e["daisy"], on=ON)
    with pytest.raises(FeigongError, match=r"error\.roll\.no_host"):
        become(district, "plain", "general_branch", host_id=e["birch"])
    with pytest.raises(FeigongError, match=r"error\.roll\.no_host"):
        become(district, "plain", "branch", host_id=e["birch"])
    change = {"kind": "joint_branch", "host_id": e["daisy"]}
    with pytest.raises(FeigongError, match=r"error\.roll\.host_choose"):
        change_record(district.actor(Role.TOWNSHIP), O, district.organisations["plain"], change, on=ON)
    assert hosts(district, "plain") == []


def test_what_is_no_joint_branch_any_more_has_no_host(district: SmallDistrict) -> None:
    become(district, "joint", "branch")
    assert hosts(district, "joint") == []
    assert hosts(district, "joint", ON - timedelta(days=1)) == ["daisy"]
    become(district, "joint", "joint_branch", LATER, host_id=district.enterprises["elm"])
    assert (hosts(district, "joint"), hosts(district, "joint", LATER)) == ([], ["elm"])


def test_what_is_known_of_later_days_stays(district: SmallDistrict) -> None:
    clerk, e = district.actor(Role.DISTRICT_OFFICE), district.enterprises
    become(district, "plain", "joint_branch", LATER, host_id=e["birch"])
    become(district, "plain", "joint_branch", ON, host_id=e["cedar"])
    assert (hosts(district, "plain"), hosts(district, "plain", LATER)) == (["cedar"], ["birch"])
    set_host(clerk, district.organisations["joint"], e["elm"], on=LATER)
    become(district, "joint", "joint_branch", LATER + timedelta(days=9))
    become(district, "joint", "branch", ON)
    assert (hosts(district, "joint"), hosts(district, "joint", LATER)) == ([], [])


def test_taken_back_with_the_change(district: SmallDistrict) -> None:
    clerk = district.actor(Role.DISTRICT_OFFICE)
    become(district, "joint", "branch")
    take_back(clerk, Record.objects.latest("number").pk, "误改")
    assert hosts(district, "joint") == ["daisy"]


def test_two_joint_branches_become_one_with_one_host(district: SmallDistrict) -> None:
    clerk, o, e = district.actor(Role.DISTRICT_OFFICE), district.organisations, district.enterprises
    become(district, "plain", "joint_branch", host_id=e["birch"])
    merge_records(clerk, O, o["joint"], o["plain"], on=LATER, reason="合并")
    assert hosts(district, "joint", LATER) == ["daisy"]
    split_records(clerk, O, o["plain"], on=LATER, reason="误并")
    assert (hosts(district, "joint", LATER), hosts(district, "plain", LATER)) == (["daisy"], ["birch"])
    merge_records(clerk, O, o["joint"], o["plain"], on=LATER, reason="合并", take=["kind"])
    assert hosts(district, "joint", LATER) == ["daisy"]


def test_a_branch_takes_over_without_a_host_or_with_the_kind_and_its_host(district: SmallDistrict) -> None:
    clerk, o = district.actor(Role.DISTRICT_OFFICE), district.organisations
    merge_records(clerk, O, o["plain"], o["joint"], on=ON, reason="合并")
    assert hosts(district, "plain") == []
    split_records(clerk, O, o["joint"], on=ON, reason="误并")
    assert hosts(district, "joint") == ["daisy"]
    merge_records(clerk, O, o["plain"], o["joint"], on=LATER, reason="合并", take=["kind"])
    assert hosts(district, "plain", LATER) == ["daisy"]
