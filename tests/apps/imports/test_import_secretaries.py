"""Secretaries whom a table of organisations names become Party workers with a post; a vacancy relieves them."""

from __future__ import annotations

from datetime import date

import pytest
from small_import import ON, applied, checked, csv, facts

from feigong.apps.accounts.roles import Role
from feigong.apps.imports import actions
from feigong.apps.imports.actions.checking import Alone
from feigong.apps.imports.models import Item
from feigong.apps.roll.adapters.roll import roll_of
from feigong.apps.roll.models import Post, WorkerState
from platform_district import SmallDistrict, build_small_district

pytestmark = pytest.mark.django_db

HEAD = "党组织名称,类别,覆盖企业,书记,换届时间"
BRANCH = "沐诺电子党支部,党支部,沐诺电子科技有限公司,{},2025-06-01"
LATER = date(2026, 11, 15)


@pytest.fixture
def district() -> SmallDistrict:
    return build_small_district()


def bodies(*rows: str) -> tuple[str, bytes]:
    return "党组织名册.csv", csv(HEAD, *rows)


def secretaries(on: date, organisation: int) -> list[str]:
    """Names of those who hold the post on a day."""
    workers = [p["worker_id"] for p in facts(Post, on, organisation_id=organisation, role="secretary")]
    return [facts(WorkerState, on, worker_id=w)[0]["name"] for w in workers]


def new_branch(district: SmallDistrict, secretary: str = "丛一鸣") -> int:
    office = district.actor(Role.DISTRICT_OFFICE)
    found = applied(office, checked(office, bodies(BRANCH.format(secretary))))
    branch = Item.objects.get(of=found, name="沐诺电子党支部").result
    assert branch is not None
    return branch


def test_a_new_organisation_comes_with_its_secretary(district: SmallDistrict) -> None:
    branch = new_branch(district)
    assert secretaries(ON, branch) == ["丛一鸣"]
    assert secretaries(date(2026, 10, 31), branch) == []


def test_the_same_name_again_changes_nothing(district: SmallDistrict) -> None:
    new_branch(district)
    office = district.actor(Role.DISTRICT_OFFICE)
    again = checked(office, bodies(BRANCH.format("丛一鸣")), on=LATER)
    assert Item.objects.get(of=again).verdict == "unchanged"


def test_another_name_takes_over_from_the_day_on(district: SmallDistrict) -> None:
    branch = new_branch(district)
    office = district.actor(Role.DISTRICT_OFFICE)
    applied(office, checked(office, bodies(BRANCH.format("郦望舒")), on=LATER))
    assert secretaries(date(2026, 11, 14), branch) == ["丛一鸣"]
    assert secretaries(LATER, branch) == ["郦望舒"]


def test_a_vacancy_relieves_and_is_seen_by_the_planner(district: SmallDistrict) -> None:
    branch = new_branch(district)
    office = district.actor(Role.DISTRICT_OFFICE)
    found = applied(office, checked(office, bodies(BRANCH.format("空缺")), on=LATER))
    assert secretaries(LATER, branch) == []
    read = roll_of(district.sight(Role.DISTRICT_OFFICE, LATER, found.ended_at))
    led = {o.name: o.has_secretary for o in read.roll.organisations}
    assert (led["沐诺电子党支部"], led["启帆精密机械党支部"]) == (False, True)


def test_taking_the_import_back_takes_the_secretary_back(district: SmallDistrict) -> None:
    office = district.actor(Role.DISTRICT_OFFICE)
    found = applied(office, checked(office, bodies(BRANCH.format("丛一鸣"))))
    actions.ask_take_back(office, found.pk, reason="表格拿错了")
    actions.take_back(office, found.pk, "表格拿错了", Alone())
    assert not facts(WorkerState, name="丛一鸣")
