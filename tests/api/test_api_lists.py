"""Lists by REST: asked for as on the pages, in an order that stays, and never beyond the scope."""

from __future__ import annotations

import pytest

from api.askers import Asker, code, ok
from feigong.apps.accounts.roles import Role
from platform_district import ENTERPRISES, SmallDistrict, build_small_district

pytestmark = pytest.mark.django_db


@pytest.fixture
def district() -> SmallDistrict:
    return build_small_district()


@pytest.fixture
def office(district: SmallDistrict) -> Asker:
    return Asker(district, Role.DISTRICT_OFFICE)


def found(asker: Asker, district: SmallDistrict, query: str) -> list[str]:
    """Short names of the enterprises that a query finds, in the order of the answer."""
    names = {number: name for name, number in district.enterprises.items()}
    return [names[e["enterprise_id"]] for e in ok(asker.get(f"/enterprises?{query}"))["items"]]


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("area={street}", "daisy elm fern"),
        ("area={park}&area={east}", "apple birch cedar grape hazel"),
        ("covered=true", "apple daisy elm fern"),
        ("covered=false&area={park}", "grape hazel"),
        ("has_officer=true", "birch cedar grape"),
        ("organisation_id={joint}", "daisy elm fern"),
        ("worker_id={liaison}", "birch cedar"),
        ("staff_from=35&staff_to=60", "apple birch"),
        ("standing=closed", ""),
        ("kind=enterprise&kind=other&q=qifan", "apple"),
        ("area=99999", ""),
    ],
)
def test_enterprises_are_asked_for_as_on_the_page(
    district: SmallDistrict, office: Asker, query: str, names: str
) -> None:
    numbers = {**district.areas, **district.organisations, **district.workers}
    assert sorted(found(office, district, query.format(**numbers))) == names.split()


def test_sorted_with_what_is_unknown_last(district: SmallDistrict, office: Asker) -> None:
    by_staff = sorted((n for n in ENTERPRISES if ENTERPRISES[n][2] is not None), key=lambda n: ENTERPRISES[n][2] or 0)
    assert found(office, district, "sort=staff") == [*by_staff, "hazel"]
    assert found(office, district, "sort=-staff") == [*reversed(by_staff), "hazel"]
    assert code(office.get("/enterprises?sort=search")) == (422, "error.api_shape")


def test_pages_of_one_moment_hold_everything_once(district: SmallDistrict, office: Asker) -> None:
    first = ok(office.get("/enterprises?sort=industry&size=3"))
    known = first["known_at"].replace("+", "%2B")
    ok(office.post("/enterprises", {"facts": {"name": "后来者", "area_id": district.areas["east"]}}), 201)
    pages = [found(office, district, f"sort=industry&size=3&page={n}&known={known}") for n in (1, 2, 3, 4)]
    assert [len(p) for p in pages] == [3, 3, 2, 0]
    assert sorted(name for page in pages for name in page) == sorted(ENTERPRISES)


def test_a_filter_that_is_misspelt_is_refused(office: Asker) -> None:
    answer = office.get("/enterprises?standings=closed")
    assert (code(answer), answer.json()["fields"]) == ((422, "error.api_shape"), ["standings"])
    assert office.get("/me?on=2026-01-01").status_code == 422


def test_a_township_asks_for_what_is_foreign_in_vain(district: SmallDistrict) -> None:
    township = Asker(district, Role.TOWNSHIP)
    foreign = {"area": district.areas["park"], "organisation_id": district.organisations["joint"],
               "worker_id": district.workers["second"]}  # fmt: skip
    for name, number in foreign.items():
        assert found(township, district, f"{name}={number}") == [], name


def test_other_lists(district: SmallDistrict, office: Asker) -> None:
    def total(path: str) -> int:
        return int(ok(office.get(path))["total"])

    joint, single = district.organisations["joint"], district.organisations["single"]
    assert total(f"/organisations?superior_id={district.organisations['office']}") == 2
    assert total(f"/organisations?enterprise_id={district.enterprises['elm']}") == 1
    assert total("/organisations?has_secretary=true&kind=branch&kind=joint_branch") == 2
    assert total(f"/members?branch_id={joint}&full=true") == 3
    assert total(f"/members?employer_id={district.enterprises['apple']}") == 3
    assert total("/workers?liaison=true") == 2
    assert total(f"/posts?organisation_id={single}&role=secretary") == 1
    assert total(f"/coverage?organisation_id={joint}&host=true") == 1
    assert total(f"/assignments?worker_id={district.workers['liaison']}") == 2
    assert total(f"/areas?parent_id={district.areas['district']}") == 3
    assert total(f"/venues?area={district.areas['west']}") == 1
