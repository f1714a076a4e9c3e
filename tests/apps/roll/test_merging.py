"""Two records become one and two again; what was decided is remembered; what was written since stays and is named."""

from datetime import timedelta

import pytest

from feigong.apps.accounts.roles import Permission, Role
from feigong.apps.audit.models import Record
from feigong.apps.audit.recording import changing
from feigong.apps.roll import queries
from feigong.apps.roll.actions.edges import assign_officer, cover
from feigong.apps.roll.actions.ending import end_record
from feigong.apps.roll.actions.merging import (
    Stayed,
    merge_records,
    say_not_same,
    split_records,
    unsay_not_same,
)
from feigong.apps.roll.actions.records import change_record, create_record
from feigong.apps.roll.kinds import RecordKind
from feigong.apps.roll.models import EnterpriseState, MemberState, OrganisationState
from feigong.apps.roll.queries.decisions import enterprise_by_code, merged_into, not_same, resolve
from feigong.apps.roll.taking_back import take_back, what_was_built_on
from feigong.core.errors import FeigongError
from platform_district import ON, SmallDistrict, build_small_district

pytestmark = pytest.mark.django_db
K = RecordKind
LATER = ON + timedelta(days=10)


@pytest.fixture
def district() -> SmallDistrict:
    return build_small_district()


def picture(district: SmallDistrict, on: object = ON) -> dict[str, list[tuple[object, ...]]]:
    """Everything that the district office sees of a day, without numbers of rows."""
    sight = district.sight(Role.DISTRICT_OFFICE, on)  # type: ignore[arg-type]
    asked = {
        "enterprises": queries.enterprises, "organisations": queries.organisations, "members": queries.members,
        "coverage": queries.coverage, "assignments": queries.assignments, "venues": queries.venues,
        "workers": queries.workers, "posts": queries.posts,
    }  # fmt: skip
    return {
        name: sorted(
            tuple(str(getattr(row, c)) for c in (*row.key_columns(), *row.facts())) for row in query(sight).order_by()
        )
        for name, query in asked.items()
    }


def test_what_hung_on_either_hangs_on_one(district: SmallDistrict) -> None:
    office, e = district.actor(Role.DISTRICT_OFFICE), district.enterprises
    before = picture(district)
    merge_records(
        office, K.ENTERPRISE, e["birch"], e["daisy"], on=ON, reason="同一家", take=["name", "staff"],
    )  # fmt: skip
    sight = district.sight(Role.DISTRICT_OFFICE)
    kept = queries.enterprises(sight).get(enterprise_id=e["birch"])
    assert (kept.name, kept.staff, kept.industry) == ("锦川软件有限公司", 25, "35")
    assert "jinchuanruanjian" in kept.search
    assert not queries.enterprises(sight).filter(enterprise_id=e["daisy"]).exists()
    assert {c.enterprise_id: c.host for c in queries.coverage(sight)}[e["birch"]] is True
    assert queries.members(sight).filter(employer_id=e["birch"]).count() == 2
    assert queries.venues(sight).get().enterprise_id == e["birch"]
    assert resolve(sight, "enterprise", e["daisy"]) == e["birch"]
    assert [m.gone for m in merged_into(sight, "enterprise", e["birch"])] == [e["daisy"]]
    daisy = EnterpriseState.rows.filter(enterprise_id=e["daisy"]).first()
    assert daisy is not None
    found = enterprise_by_code(sight, daisy.uscc)
    assert found is not None and found.enterprise_id == e["birch"]
    known = district.sight(Role.DISTRICT_OFFICE, ON, district.at)
    assert queries.enterprises(known).count() == 8
    assert resolve(known, "enterprise", e["daisy"]) == e["daisy"]
    assert picture(district, ON - timedelta(days=1)) == before


@pytest.mark.parametrize(
    ("kind", "kept", "gone"),
    [
        (K.ENTERPRISE, "birch", "daisy"), (K.ENTERPRISE, "daisy", "fern"), (K.ORGANISATION, "single", "joint"),
        (K.ORGANISATION, "joint", "town"), (K.MEMBER, "zhu", "zhong"), (K.WORKER, "deputy", "secretary"),
        (K.WORKER, "second", "liaison"),
    ],
)  # fmt: skip
def test_merged_and_split_at_once_is_as_before(district: SmallDistrict, kind: K, kept: str, gone: str) -> None:
    office, names = district.actor(Role.DISTRICT_OFFICE), getattr(district, f"{kind}s")
    before = picture(district)
    take = ["name", "area_id"] if kind is not K.MEMBER else ["name", "id_number", "phone"]
    merge_records(office, kind, names[kept], names[gone], on=ON, reason="重复", take=take)
    assert picture(district) != before
    assert split_records(office, kind, names[gone], on=ON, reason="并错了") == []
    assert picture(district) == before
    assert resolve(district.sight(Role.DISTRICT_OFFICE), kind, names[gone]) == names[gone]


def test_what_was_written_since_stays_with_the_kept_record(district: SmallDistrict) -> None:
    office, e, w = district.actor(Role.DISTRICT_OFFICE), district.enterprises, district.workers
    merge_records(office, K.ENTERPRISE, e["birch"], e["daisy"], on=ON, reason="同一家", take=["name", "staff"])
    change_record(office, K.ENTERPRISE, e["birch"], {"staff": 40}, on=ON)
    assign_officer(office, w["second"], [e["birch"]], on=LATER)
    cover(office, district.organisations["single"], e["birch"], on=LATER)
    stayed = split_records(office, K.ENTERPRISE, e["daisy"], on=ON, reason="并错了")
    assert stayed == [
        Stayed("roll.assignment", (w["second"], e["birch"])),
        Stayed("roll.coverage", (district.organisations["single"], e["birch"])),
        Stayed("roll.enterprisestate", (e["birch"],)),
    ]
    sight = district.sight(Role.DISTRICT_OFFICE, LATER)
    rows = {r.enterprise_id: r for r in queries.enterprises(sight)}
    assert (rows[e["birch"]].name, rows[e["birch"]].staff) == ("恒岳食品有限公司", 40)
    assert (rows[e["daisy"]].name, rows[e["daisy"]].staff) == ("锦川软件有限公司", 25)
    assert queries.coverage(sight).filter(enterprise_id=e["birch"]).count() == 1
    assert queries.members(sight).filter(employer_id=e["daisy"]).count() == 2


def test_a_merge_of_committees_takes_the_tree_along(district: SmallDistrict) -> None:
    office, o = district.actor(Role.DISTRICT_OFFICE), district.organisations
    with pytest.raises(FeigongError, match="merge_below"):
        merge_records(office, K.ORGANISATION, o["single"], o["town"], on=ON, reason="并入")
    merge_records(office, K.ORGANISATION, o["joint"], o["town"], on=ON, reason="并入")
    single = OrganisationState.rows.get(organisation_id=o["single"], valid_from=ON)
    assert single.path == f"{o['office']:08d}/{o['joint']:08d}/{o['single']:08d}/"


def test_said_not_to_be_the_same(district: SmallDistrict) -> None:
    office, e = district.actor(Role.DISTRICT_OFFICE), district.enterprises
    names = ("恒岳食品有限公司", "锦川软件有限公司")
    say_not_same(office, K.ENTERPRISE, *names, on=ON, reason="问过")
    assert [(n.first, n.second) for n in not_same(district.sight(Role.DISTRICT_OFFICE), "enterprise")] == [
        tuple(sorted(names))
    ]
    with pytest.raises(FeigongError, match="said_not_same"):
        merge_records(office, K.ENTERPRISE, e["birch"], e["daisy"], on=ON, reason="同一家")
    unsay_not_same(office, K.ENTERPRISE, *reversed(names), on=ON)
    merge_records(office, K.ENTERPRISE, e["birch"], e["daisy"], on=ON, reason="同一家")
    with pytest.raises(FeigongError, match="not_found"):
        unsay_not_same(office, K.ENTERPRISE, *names, on=ON)


def test_only_what_is_in_sight_is_merged(district: SmallDistrict) -> None:
    clerk, e = district.actor(Role.TOWNSHIP), district.enterprises
    assert clerk.may(Permission.ROLL_MERGE)
    with pytest.raises(FeigongError, match="not_found"):
        merge_records(clerk, K.ENTERPRISE, e["apple"], e["grape"], on=ON, reason="同一家")
    with pytest.raises(FeigongError, match="not_permitted"):
        merge_records(
            district.actor(Role.BRANCH_SECRETARY), K.ENTERPRISE, e["apple"], e["birch"], on=ON, reason="同一家"
        )
    with pytest.raises(FeigongError, match="merge_kind"):
        merge_records(clerk, K.ENTERPRISE, e["apple"], e["apple"], on=ON, reason="同一家")
    with pytest.raises(FeigongError, match="not_found"):
        split_records(clerk, K.ENTERPRISE, e["apple"], on=ON, reason="不是")


# Taking back across tables -------------------------------------------------------------------------------------------


def last() -> Record:
    return Record.objects.order_by("-number")[0]


def test_a_merge_is_taken_back_whole(district: SmallDistrict) -> None:
    office, e = district.actor(Role.DISTRICT_OFFICE), district.enterprises
    before = picture(district)
    merge_records(office, K.ENTERPRISE, e["birch"], e["daisy"], on=ON, reason="同一家", take=["name"])
    take_back(office, last().pk, "并错了")
    assert picture(district) == before


def test_what_a_record_made_cannot_go_while_others_name_it(district: SmallDistrict) -> None:
    office = district.actor(Role.DISTRICT_OFFICE)
    made = create_record(office, K.ENTERPRISE, {"name": "新设", "area_id": district.areas["park"]}, on=ON)
    creation = last()
    cover(office, district.organisations["joint"], made, on=LATER)
    assert [r.code for r in what_was_built_on(creation)] == ["coverage.cover"]
    with pytest.raises(FeigongError, match="built_on"):
        take_back(office, creation.pk, "录错")
    take_back(office, last().pk, "录错")
    take_back(office, creation.pk, "录错")
    assert not queries.enterprises(district.sight(Role.DISTRICT_OFFICE, LATER)).filter(enterprise_id=made).exists()


def test_a_closed_area_comes_back_with_all_that_was_in_it(district: SmallDistrict) -> None:
    office = district.actor(Role.DISTRICT_OFFICE)
    before = picture(district)
    end_record(office, K.ENTERPRISE, district.enterprises["apple"], on=ON, reason="注销", with_edges=True)
    take_back(office, last().pk, "没有注销")
    assert picture(district) == before
    zhu = MemberState.rows.filter(member_id=district.members["zhu"]).order_by("pk").last()
    assert zhu is not None and zhu.employer_id == district.enterprises["apple"]


def test_nobody_takes_back_what_they_do_not_see(district: SmallDistrict) -> None:
    office, clerk = district.actor(Role.DISTRICT_OFFICE), district.actor(Role.TOWNSHIP)
    change_record(office, K.ENTERPRISE, district.enterprises["grape"], {"staff": 1}, on=ON)
    park = last().pk
    change_record(office, K.ENTERPRISE, district.enterprises["apple"], {"staff": 1}, on=ON)
    east = last().pk
    with pytest.raises(FeigongError, match=r"roll\.outside"):
        take_back(clerk, park, "不对")
    with pytest.raises(FeigongError, match="not_permitted"):
        take_back(district.actor(Role.DEPARTMENT), east, "不对")
    take_back(clerk, east, "不对")
    with changing(office, "test") as nothing:
        pass
    with pytest.raises(FeigongError, match="nothing_to_take_back"):
        take_back(clerk, nothing.record.pk, "无")
    assert queries.enterprises(clerk.sight(ON, last().at)).get(enterprise_id=district.enterprises["apple"]).staff == 60
