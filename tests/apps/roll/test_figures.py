"""Figures of areas: added up along the tree, restricted, and each the count of the rows that it opens."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from feigong.apps.accounts.roles import Role
from feigong.apps.roll import queries
from feigong.apps.roll.queries.figures import counts_by_area, employed_in, in_area
from platform_district import SmallDistrict, build_small_district

pytestmark = pytest.mark.django_db


@pytest.fixture
def district() -> SmallDistrict:
    return build_small_district()


def test_added_up_along_the_tree(district: SmallDistrict) -> None:
    sight = district.sight(Role.DISTRICT_OFFICE)
    with CaptureQueriesContext(connection) as asked:
        found = {f.name: f for f in counts_by_area(sight)}
    assert len(asked) <= 25
    said = {
        name: (f.enterprises.n, f.with_organisation.n, f.without_organisation.n, f.members.n)
        for name, f in found.items()
    }
    assert said == {
        "云汀区": (8, 4, 4, 8), "东湾镇": (3, 1, 2, 3), "西浦街道": (3, 3, 0, 4), "云汀经济开发区": (2, 0, 2, 1),
        "澜江商圈": (3, 3, 0, 4), "澜汇大厦": (2, 2, 0, 3),
    }  # fmt: skip
    assert found["东湾镇"].without_organisation.params == {"area": str(district.areas["east"]), "covered": "no"}


@pytest.mark.parametrize("role", [Role.DISTRICT_OFFICE, Role.TOWNSHIP, Role.DEPARTMENT])
def test_a_figure_is_the_rows_that_it_opens(district: SmallDistrict, role: Role) -> None:
    sight = district.sight(role)
    found = counts_by_area(sight)
    assert len(found) == queries.areas(sight).count() > 0
    for f in found:
        rows = queries.enterprises(sight).filter(in_area(sight, f.area))
        assert rows.count() == f.enterprises.n
        assert rows.filter(queries.is_covered(sight)).count() == f.with_organisation.n
        assert rows.exclude(queries.is_covered(sight)).count() == f.without_organisation.n
        assert employed_in(sight, f.area).count() == f.members.n


def test_an_area_out_of_sight_holds_nothing(district: SmallDistrict) -> None:
    sight = district.sight(Role.TOWNSHIP)
    assert not queries.enterprises(sight).filter(in_area(sight, district.areas["park"])).exists()
    assert not employed_in(sight, district.areas["park"]).exists()
