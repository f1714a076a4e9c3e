"""The small district of the tests: what each role sees of it."""

import pytest

from feigong.apps.accounts.roles import Role
from feigong.apps.roll import queries
from platform_district import PASSWORD, SmallDistrict, build_small_district

pytestmark = pytest.mark.django_db


@pytest.fixture
def district() -> SmallDistrict:
    return build_small_district()


@pytest.mark.parametrize(
    ("role", "seen"),
    [
        (Role.DISTRICT_OFFICE, (6, 8, 4, 1, 8, 5)),
        (Role.TOWNSHIP, (1, 3, 2, 0, 3, 3)),
        (Role.DEPARTMENT, (6, 8, 4, 1, 0, 0)),
        (Role.LIAISON_OFFICER, (0, 2, 0, 0, 0, 1)),
        (Role.BRANCH_SECRETARY, (0, 1, 1, 0, 3, 2)),
        (Role.MEMBER, (0, 1, 1, 0, 1, 0)),
        (Role.SYSTEM_ADMINISTRATOR, (0, 0, 0, 0, 0, 0)),
    ],
)
def test_what_each_role_sees(district: SmallDistrict, role: Role, seen: tuple[int, ...]) -> None:
    sight = district.sight(role)
    asked = ("areas", "enterprises", "organisations", "venues", "members", "workers")
    assert tuple(getattr(queries, name)(sight).count() for name in asked) == seen
    assert district.users[role].check_password(PASSWORD)
