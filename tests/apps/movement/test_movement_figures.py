"""Endangered branches and turnover by area: against what was done, by hand; within fixed numbers of queries."""

from __future__ import annotations

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from feigong.apps.accounts.roles import Role
from feigong.apps.accounts.sight import Scope, Sight
from feigong.apps.clock import now
from feigong.apps.jobs.models import Job
from feigong.apps.movement import actions, queries
from feigong.apps.movement.actions import Sending
from feigong.apps.roll.actions.ending import end_record
from feigong.apps.roll.actions.records import change_record, create_record
from feigong.apps.roll.kinds import RecordKind
from feigong.core.coverage.movement import Danger, Flow, Way
from feigong.core.coverage.survival import survival
from feigong.core.errors import FeigongError
from platform_district import SmallDistrict, build_small_district

pytestmark = pytest.mark.django_db
FIRST, LAST = date(2026, 3, 1), date(2026, 11, 1)
K = RecordKind


@pytest.fixture
def district() -> SmallDistrict:
    return build_small_district()


@pytest.fixture
def moving(district: SmallDistrict) -> SmallDistrict:
    """One goes from the east to the tower, one leaves, one is new; one comes and goes in between."""
    office, units = district.actor(Role.DISTRICT_OFFICE), district.organisations
    change_record(office, K.MEMBER, district.members["bai"], {"branch_id": units["joint"]}, on=date(2026, 5, 4))
    end_record(office, K.MEMBER, district.members["lu"], on=date(2026, 6, 1), reason="去世")
    new = {"name": "闻人月", "full": False, "branch_id": units["single"]}
    create_record(office, K.MEMBER, new, on=date(2026, 7, 1))
    brief = create_record(office, K.MEMBER, {**new, "name": "仲孙山"}, on=date(2026, 7, 2))
    end_record(office, K.MEMBER, brief, on=date(2026, 8, 1), reason="去世", with_edges=True)
    return district


def test_turnover_by_area(moving: SmallDistrict) -> None:
    areas, sight = moving.areas, moving.sight(Role.DISTRICT_OFFICE, LAST)
    found = queries.turnover(sight, FIRST, LAST)
    assert found[areas["district"]] == Flow(start=8, joined=1, left=1, end=8)
    assert found[areas["east"]] == Flow(start=3, joined=1, moved_out=1, end=3)
    assert found[areas["west"]] == found[areas["tower"]] == Flow(start=4, moved_in=1, left=1, end=4)
    assert found[areas["park"]] == Flow(start=1, end=1), "by the employer, who has no branch"
    assert queries.moved(sight, FIRST, LAST, areas["tower"], Way.MOVED_IN) == {moving.members["bai"]}
    assert queries.moved(sight, FIRST, LAST, areas["west"], Way.LEFT) == {moving.members["lu"]}
    lines = queries.table(sight, FIRST, LAST)
    assert [(line.name, line.level) for line in lines][:2] == [("云汀区", 0), ("东湾镇", 1)]
    assert queries.table(sight, FIRST, LAST, areas["west"])[1].flow == found[areas["street"]]


def test_a_figure_does_not_depend_on_who_asks(moving: SmallDistrict) -> None:
    """The township sees somebody move out, not where to; and nothing of the west."""
    own = queries.turnover(moving.sight(Role.TOWNSHIP, LAST), FIRST, LAST)
    whole = queries.turnover(moving.sight(Role.DISTRICT_OFFICE, LAST), FIRST, LAST)
    assert own == {moving.areas["east"]: whole[moving.areas["east"]]}
    blind = Sight(Scope((moving.areas["district"],)), LAST, now(), members=False)
    assert queries.turnover(blind, FIRST, LAST) == {}
    with pytest.raises(FeigongError, match=r"error\.not_found"):
        queries.table(moving.sight(Role.TOWNSHIP, LAST), FIRST, LAST, moving.areas["west"])


def test_branches_endangered(district: SmallDistrict) -> None:
    office, units = district.actor(Role.DISTRICT_OFFICE), district.organisations
    sight = district.sight(Role.DISTRICT_OFFICE, LAST)
    found = queries.endangered(sight)
    assert not found.rate.measured
    chance = survival(3, found.rate.share, 3)
    assert found.rate.share == 0.15
    assert {n: (one.dangers, one.chance) for n, one in found.branches.items()} == {
        units["single"]: ((Danger.TURNOVER,), chance), units["joint"]: ((Danger.TURNOVER,), chance),
    }  # fmt: skip
    actions.ask_transfer(office, Sending(district.members["zhong"], "job", units["joint"]), on=LAST)
    found = queries.endangered(district.sight(Role.DISTRICT_OFFICE, LAST))
    one = found.branches[units["single"]]
    assert (one.before, one.after, one.leaving) == (3, 2, 1)
    assert one.dangers == (Danger.MEMBERS, Danger.SECRETARY, Danger.TURNOVER)
    assert found.joining == {units["joint"]: 1}
    assert found.branches[units["joint"]].after == 3, "who is to come does not count before it is accepted"
    alone = queries.outlook_of(district.sight(Role.TOWNSHIP, LAST), units["single"])
    assert alone is not None
    assert alone.dangers == (Danger.MEMBERS, Danger.SECRETARY)
    assert queries.outlook_of(sight, units["joint"]) is None
    day_before = district.sight(Role.DISTRICT_OFFICE, date(2026, 10, 31))
    assert queries.endangered(day_before).branches[units["single"]].dangers == (Danger.TURNOVER,)


def test_together_with_the_others(district: SmallDistrict) -> None:
    office, joint = district.actor(Role.DISTRICT_OFFICE), district.organisations["joint"]
    four = {"name": "闻人月", "full": True, "branch_id": district.organisations["single"]}
    create_record(office, K.MEMBER, four, on=LAST)
    sight = district.sight(Role.DISTRICT_OFFICE, LAST)
    found = queries.effect_of(sight, district.members["bai"])
    assert found is not None
    assert found.alone.dangers == found.together.dangers == ()
    actions.ask_transfer(office, Sending(district.members["zhu"], "home", joint), on=LAST)
    found = queries.effect_of(district.sight(Role.DISTRICT_OFFICE, LAST), district.members["bai"])
    assert found is not None
    assert (found.alone.after, found.together.after) == (3, 2)
    assert (found.alone.dangers, found.together.dangers) == ((), (Danger.MEMBERS,))


def test_their_own_turnover_where_there_are_enough(moving: SmallDistrict) -> None:
    office, single = moving.actor(Role.DISTRICT_OFFICE), moving.organisations["single"]
    for n in range(30):
        facts = {"name": f"闻人{n}", "full": True, "branch_id": single}
        create_record(office, K.MEMBER, facts, on=date(2026, 2, 1))
    rate = queries.rate(moving.sight(Role.DISTRICT_OFFICE, date(2027, 2, 15)))
    assert (rate.measured, rate.start, rate.gone) == (True, 38, 1)
    assert rate.share == pytest.approx(1 / 38)
    assert (rate.first, rate.last) == (date(2026, 2, 15), date(2027, 2, 15))


def test_however_many_there_are_the_queries_are_as_many(moving: SmallDistrict) -> None:
    def asked() -> int:
        with CaptureQueriesContext(connection) as seen:
            queries.endangered(moving.sight(Role.DISTRICT_OFFICE, LAST))
            queries.table(moving.sight(Role.DISTRICT_OFFICE, LAST), FIRST, LAST)
        return len(seen)

    office, units = moving.actor(Role.DISTRICT_OFFICE), moving.organisations
    actions.ask_transfer(office, Sending(moving.members["zhong"], "job", units["joint"]), on=LAST)
    few = asked()
    for n in range(12):
        facts = {"name": f"第{n}支部", "kind": "branch", "area_id": moving.areas["west"]}
        branch = create_record(office, K.ORGANISATION, facts, on=FIRST)
        member = create_record(office, K.MEMBER, {"name": f"闻人{n}", "full": True, "branch_id": branch}, on=FIRST)
        actions.ask_transfer(office, Sending(member, "job", units["joint"]), on=LAST)
    assert asked() == few
    assert few <= 40


def test_planning_again_goes_on_from_the_latest(district: SmallDistrict) -> None:
    office = district.actor(Role.DISTRICT_OFFICE)
    with pytest.raises(FeigongError, match=r"error\.movement\.no_plan"):
        actions.plan_again(office, on=LAST, known_at=now())
    with pytest.raises(FeigongError, match=r"error\.not_permitted"):
        actions.plan_again(district.actor(Role.TOWNSHIP), on=LAST, known_at=now())
    assert not Job.objects.exists()
