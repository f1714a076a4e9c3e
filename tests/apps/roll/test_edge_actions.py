"""Coverage with one host, posts with one secretary, one officer an enterprise: dated and in sight."""

from datetime import timedelta

import pytest

from feigong.apps.accounts.roles import Role
from feigong.apps.roll import queries
from feigong.apps.roll.actions.edges import (
    appoint,
    assign_officer,
    cover,
    relieve,
    set_host,
    unassign_officer,
    uncover,
)
from feigong.core.errors import FeigongError
from platform_district import ON, SmallDistrict, build_small_district

pytestmark = pytest.mark.django_db


@pytest.fixture
def district() -> SmallDistrict:
    return build_small_district()


def covered(district: SmallDistrict, organisation: str, on: object = ON) -> dict[int, bool]:
    rows = queries.coverage(district.sight(Role.DISTRICT_OFFICE, on))  # type: ignore[arg-type]
    return {r.enterprise_id: r.host for r in rows.filter(organisation_id=district.organisations[organisation])}


def test_a_joint_branch_has_one_host(district: SmallDistrict) -> None:
    office, joint, e = district.actor(Role.DISTRICT_OFFICE), district.organisations["joint"], district.enterprises
    cover(office, joint, e["grape"], on=ON, host=True)
    assert covered(district, "joint") == {e["daisy"]: False, e["elm"]: False, e["fern"]: False, e["grape"]: True}
    assert covered(district, "joint", ON - timedelta(days=1))[e["daisy"]] is True
    set_host(office, joint, e["elm"], on=ON + timedelta(days=2))
    assert [k for k, host in covered(district, "joint", ON + timedelta(days=2)).items() if host] == [e["elm"]]
    with pytest.raises(FeigongError, match="host_needed"):
        uncover(office, joint, e["elm"], on=ON + timedelta(days=3))
    with pytest.raises(FeigongError, match="host_needed"):
        uncover(office, joint, e["elm"], on=ON + timedelta(days=3), host=e["apple"])
    uncover(office, joint, e["elm"], on=ON + timedelta(days=3), host=e["fern"])
    last = covered(district, "joint", ON + timedelta(days=3))
    assert last == {e["daisy"]: False, e["fern"]: True, e["grape"]: False}
    with pytest.raises(FeigongError, match="covered_already"):
        cover(office, joint, e["fern"], on=ON + timedelta(days=4))
    with pytest.raises(FeigongError, match="no_host"):
        set_host(office, district.organisations["single"], e["apple"], on=ON)


def test_both_ends_must_be_in_sight(district: SmallDistrict) -> None:
    clerk, e = district.actor(Role.TOWNSHIP), district.enterprises
    with pytest.raises(FeigongError, match="not_found"):
        cover(clerk, district.organisations["joint"], e["birch"], on=ON)
    with pytest.raises(FeigongError, match="not_found"):
        cover(clerk, district.organisations["single"], e["grape"], on=ON)
    cover(clerk, district.organisations["single"], e["birch"], on=ON, host=True)
    assert covered(district, "single")[e["birch"]] is False
    uncover(clerk, district.organisations["single"], e["birch"], on=ON + timedelta(days=1))
    with pytest.raises(FeigongError, match="not_found"):
        uncover(clerk, district.organisations["single"], e["cedar"], on=ON)


def test_one_secretary(district: SmallDistrict) -> None:
    clerk, single = district.actor(Role.TOWNSHIP), district.organisations["single"]
    w = district.workers
    with pytest.raises(FeigongError, match="secretary_there"):
        appoint(clerk, w["deputy"], single, "secretary", on=ON)
    appoint(clerk, w["deputy"], single, "secretary", on=ON, replacing=True)
    relieve(clerk, w["deputy"], single, "deputy_secretary", on=ON)
    held = queries.posts(district.sight(Role.DISTRICT_OFFICE)).filter(organisation_id=single)
    assert {(p.worker_id, p.role) for p in held} == {(w["deputy"], "secretary")}
    yesterday = queries.posts(district.sight(Role.DISTRICT_OFFICE, ON - timedelta(days=1)))
    assert yesterday.filter(organisation_id=single).count() == 2
    with pytest.raises(FeigongError, match="appointed_already"):
        appoint(clerk, w["deputy"], single, "secretary", on=ON)
    with pytest.raises(FeigongError, match="not_found"):
        relieve(clerk, w["secretary"], single, "secretary", on=ON)
    with pytest.raises(FeigongError, match=r"roll\.choice"):
        appoint(clerk, w["deputy"], single, "king", on=ON)


def test_one_officer_an_enterprise(district: SmallDistrict) -> None:
    office, e, w = district.actor(Role.DISTRICT_OFFICE), district.enterprises, district.workers
    assert assign_officer(office, w["second"], [e["birch"], e["grape"], e["apple"]], on=ON) == 2
    cases = {(a.enterprise_id, a.worker_id) for a in queries.assignments(district.sight(Role.DISTRICT_OFFICE))}
    assert cases == {
        (e["birch"], w["second"]), (e["grape"], w["second"]), (e["apple"], w["second"]), (e["cedar"], w["liaison"]),
    }  # fmt: skip
    with pytest.raises(FeigongError, match="no_liaison"):
        assign_officer(office, w["secretary"], [e["apple"]], on=ON)
    with pytest.raises(FeigongError, match="not_found"):
        assign_officer(district.actor(Role.TOWNSHIP), w["liaison"], [e["apple"], e["grape"]], on=ON)
    assert unassign_officer(district.actor(Role.TOWNSHIP), [e["birch"], e["cedar"]], on=ON + timedelta(days=1)) == 2
    with pytest.raises(FeigongError, match="unassigned"):
        unassign_officer(office, [e["birch"]], on=ON + timedelta(days=1))
