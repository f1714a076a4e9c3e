"""Visits: logged once, corrected by another, seen with the enterprise; problems become cases; when the next is due."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from feigong.apps.accounts.roles import Role
from feigong.apps.accounts.sight import Actor
from feigong.apps.audit.models import Record
from feigong.apps.cases import actions as case_actions
from feigong.apps.cases import queries as cases
from feigong.apps.clock import now, today
from feigong.apps.liaison import queries
from feigong.apps.liaison.actions import Logged, Told, correct_visit, log_visit
from feigong.apps.liaison.models import Visit
from feigong.apps.roll.actions.edges import assign_officer
from feigong.apps.roll.taking_back import take_back
from feigong.core.coverage.rungs import Rung
from feigong.core.errors import FeigongError
from platform_district import SmallDistrict, build_small_district

pytestmark = pytest.mark.django_db
DAY = today()
TOLD = Told(DAY, "owner", "talk", "谈了组建的事")
KEY = "visit-0001"


@pytest.fixture
def district() -> SmallDistrict:
    return build_small_district()


@pytest.fixture
def officer(district: SmallDistrict) -> Actor:
    return district.actor(Role.LIAISON_OFFICER)


def seen(district: SmallDistrict, role: Role) -> list[int]:
    return list(queries.visits(district.sight(role, DAY)).values_list("pk", flat=True))


def test_a_visit_is_seen_by_whoever_sees_the_enterprise(district: SmallDistrict, officer: Actor) -> None:
    logged = log_visit(officer, district.enterprises["birch"], TOLD, KEY, today=DAY)
    assert seen(district, Role.LIAISON_OFFICER) == seen(district, Role.TOWNSHIP) == [logged.visit]
    assert seen(district, Role.BRANCH_SECRETARY) == []
    kept = Visit.objects.get()
    assert (kept.worker_id, kept.on, kept.met) == (district.workers["liaison"], DAY, "owner")
    record = Record.objects.get(code="visit.log")
    assert record.number is not None
    assert "谈了" not in str(record.params)


def test_sent_twice_is_one_visit(district: SmallDistrict, officer: Actor) -> None:
    birch = district.enterprises["birch"]
    told = replace(TOLD, problem="用工难")
    first = log_visit(officer, birch, told, KEY, today=DAY)
    assert log_visit(officer, birch, told, KEY, today=DAY) == Logged(first.visit, again=True, case=first.case)
    assert Visit.objects.count() == 1
    assert cases.cases(district.sight(Role.TOWNSHIP, DAY)).count() == 1
    with pytest.raises(FeigongError, match=r"error\.visit\.key"):
        log_visit(district.actor(Role.TOWNSHIP), birch, TOLD, KEY, today=DAY)


@pytest.mark.parametrize(
    ("told", "code"),
    [
        (replace(TOLD, on=DAY + timedelta(1)), "future"),
        (replace(TOLD, on=DAY - timedelta(400)), "long_ago"),
        (replace(TOLD, met="somebody"), "met"),
        (replace(TOLD, purpose=""), "purpose"),
        (replace(TOLD, members=-1), "members"),
        (replace(TOLD, note="长" * 501), "too_long"),
    ],
)
def test_what_makes_no_sense_is_refused(district: SmallDistrict, officer: Actor, told: Told, code: str) -> None:
    with pytest.raises(FeigongError) as refused:
        log_visit(officer, district.enterprises["birch"], told, KEY, today=DAY)
    assert refused.value.reason.code == f"error.visit.{code}"
    assert Visit.objects.count() == 0


def test_only_enterprises_in_sight_are_visited(district: SmallDistrict, officer: Actor) -> None:
    with pytest.raises(FeigongError, match=r"error\.not_found"):
        log_visit(officer, district.enterprises["daisy"], TOLD, KEY, today=DAY)
    with pytest.raises(FeigongError, match=r"error\.not_permitted"):
        log_visit(district.actor(Role.DEPARTMENT), district.enterprises["birch"], TOLD, KEY, today=DAY)


def test_what_was_told_late_is_still_taken(district: SmallDistrict, officer: Actor) -> None:
    """An officer who was offline when the enterprise went to somebody else."""
    birch = district.enterprises["birch"]
    assign_officer(district.actor(Role.DISTRICT_OFFICE), district.workers["second"], [birch], on=DAY)
    with pytest.raises(FeigongError, match=r"error\.not_found"):
        log_visit(officer, birch, TOLD, KEY, today=DAY)
    logged = log_visit(officer, birch, replace(TOLD, on=DAY - timedelta(1)), KEY, today=DAY)
    assert seen(district, Role.TOWNSHIP) == [logged.visit]


def test_a_problem_becomes_a_case_of_the_township(district: SmallDistrict, officer: Actor) -> None:
    birch = district.enterprises["birch"]
    logged = log_visit(officer, birch, replace(TOLD, problem="厂门口道路积水"), KEY, today=DAY)
    assert logged.case is not None
    row = cases.case(district.sight(Role.TOWNSHIP, DAY), logged.case)
    assert (row.case.kind, row.step, row.due_on) == ("follow_up", "take", DAY + timedelta(5))
    assert row.owner_id == district.users[Role.TOWNSHIP].pk
    assert row.worker_id == district.workers["liaison"]
    assert row.case.facts["problem"] == "厂门口道路积水"
    with pytest.raises(FeigongError, match=r"error\.case\.role"):
        case_actions.do_step(officer, logged.case, "taken", {"handled_by": "自己"}, on=DAY, today=DAY)
    town = district.actor(Role.TOWNSHIP)
    case_actions.do_step(town, logged.case, "taken", {"handled_by": "市政科"}, on=DAY, today=DAY)
    case_actions.do_step(town, logged.case, "handled", {"done": "已修"}, on=DAY, today=DAY)
    case_actions.do_step(officer, logged.case, "satisfied", {"told_on": DAY.isoformat()}, on=DAY, today=DAY)
    assert cases.case(district.sight(Role.TOWNSHIP, DAY), logged.case).outcome == "satisfied"


def test_an_enterprise_without_a_township_leaves_the_case_to_all(district: SmallDistrict) -> None:
    office = district.actor(Role.DISTRICT_OFFICE)
    logged = log_visit(office, district.enterprises["grape"], replace(TOLD, problem="停车难"), KEY, today=DAY)
    row = cases.case(office.sight(DAY, now()), logged.case or 0)
    assert (row.owner_id, row.worker_id) == (None, None)


def test_what_was_wrong_is_said_anew_and_the_earlier_stays(district: SmallDistrict, officer: Actor) -> None:
    first = log_visit(officer, district.enterprises["birch"], replace(TOLD, problem="缺工"), KEY, today=DAY)
    told = replace(TOLD, on=DAY - timedelta(2), members=4, problem="缺工、缺电")
    second = correct_visit(officer, first.visit, told, "visit-0002", today=DAY)
    assert seen(district, Role.TOWNSHIP) == [second.visit]
    assert second.case == first.case
    old = Visit.objects.get(pk=first.visit)
    assert (old.on, old.members, old.corrections.get().pk) == (DAY, None, second.visit)
    with pytest.raises(FeigongError, match=r"error\.changed_meanwhile"):
        correct_visit(officer, first.visit, told, "visit-0003", today=DAY)
    gone = correct_visit(officer, second.visit, replace(told, took_place=False), "visit-0004", today=DAY)
    assert seen(district, Role.TOWNSHIP) == []
    assert queries.written(district.sight(Role.TOWNSHIP, DAY)).filter(pk=gone.visit).exists()


def test_nobody_corrects_what_another_saw(district: SmallDistrict, officer: Actor) -> None:
    theirs = log_visit(district.actor(Role.TOWNSHIP), district.enterprises["birch"], TOLD, KEY, today=DAY)
    with pytest.raises(FeigongError, match=r"error\.visit\.not_yours"):
        correct_visit(officer, theirs.visit, TOLD, "visit-0002", today=DAY)
    own = log_visit(officer, district.enterprises["birch"], TOLD, "visit-0003", today=DAY)
    assert correct_visit(district.actor(Role.TOWNSHIP), own.visit, TOLD, "visit-0004", today=DAY).case is None


def test_a_visit_taken_back_is_gone_with_its_case(district: SmallDistrict, officer: Actor) -> None:
    logged = log_visit(officer, district.enterprises["birch"], replace(TOLD, problem="缺工"), KEY, today=DAY)
    before = now()
    take_back(district.actor(Role.DISTRICT_OFFICE), Record.objects.get(code="visit.log").pk, "重复")
    assert seen(district, Role.TOWNSHIP) == []
    earlier = district.sight(Role.TOWNSHIP, DAY, before)
    assert list(queries.visits(earlier).values_list("pk", flat=True)) == [logged.visit]


def test_rounds_say_when_the_next_visit_is_due(district: SmallDistrict, officer: Actor) -> None:
    birch, cedar = district.enterprises["birch"], district.enterprises["cedar"]
    log_visit(officer, birch, replace(TOLD, on=DAY - timedelta(3)), KEY, today=DAY)
    found = queries.rounds(district.sight(Role.LIAISON_OFFICER, DAY), [birch, cedar])
    assert found[birch].ladder is not None
    assert found[birch].ladder.rung is Rung.NONE
    assert (found[birch].last, found[birch].due) == (DAY - timedelta(3), DAY + timedelta(57))
    assert (found[cedar].last, found[cedar].due) == (None, date(2026, 1, 15))
    assert found[cedar].late(DAY) == (DAY - date(2026, 1, 15)).days
    assert found[birch].late(DAY) == 0
