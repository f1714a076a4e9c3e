"""A change that began before another one ended does not write over what it has not seen."""

from datetime import timedelta

import pytest

from feigong.apps.accounts.actors import operator
from feigong.apps.accounts.roles import Role
from feigong.apps.audit.recording import changing
from feigong.apps.roll.actions.records import change_record
from feigong.apps.roll.kinds import RecordKind
from feigong.apps.roll.models import EnterpriseState
from feigong.apps.roll.writing import Writer
from feigong.core.errors import FeigongError
from platform_district import ON, build_small_district

pytestmark = pytest.mark.django_db


def test_who_began_earlier_and_comes_later_is_told_to_look_again() -> None:
    district = build_small_district()
    apple, birch = district.enterprises["apple"], district.enterprises["birch"]
    office = district.actor(Role.DISTRICT_OFFICE)
    with changing(operator("slow"), "test") as slow:
        change_record(office, RecordKind.ENTERPRISE, apple, {"staff": 70}, on=ON)
        with pytest.raises(FeigongError, match="changed_meanwhile"):
            Writer(slow).put(EnterpriseState, (apple,), {"staff": 71}, ON)
        assert Writer(slow).put(EnterpriseState, (birch,), {"staff": 36}, ON) == 2
        assert Writer(slow).put(EnterpriseState, (birch,), {"staff": 37}, ON + timedelta(days=1)) == 2
    rows = EnterpriseState.rows.filter(enterprise_id=apple).order_by("pk")
    assert [row.staff for row in rows] == [60, 60, 70]
