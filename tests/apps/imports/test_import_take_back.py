"""Taking back: every list on every day is as before; what was built on it is said."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from import_tables import NEXT, demo_files, operator, seed_demo_areas
from import_tables import ON as DEMO_ON
from small_import import FRESH, ON, applied, checked, facts, register

from feigong.apps.accounts.roles import Role
from feigong.apps.audit.models import Record
from feigong.apps.clock import now
from feigong.apps.imports import actions
from feigong.apps.imports.actions.checking import Alone
from feigong.apps.imports.models import Import, Item
from feigong.apps.roll.actions.edges import assign_officer, unassign_officer
from feigong.apps.roll.models import (
    AreaState,
    Assignment,
    Coverage,
    EnterpriseState,
    MemberState,
    OrganisationState,
    Post,
    VenueState,
    WorkerState,
)
from feigong.apps.roll.taking_back import take_back
from feigong.core.errors import FeigongError
from platform_district import SmallDistrict, build_small_district

pytestmark = pytest.mark.django_db

EVERY = (
    AreaState, Assignment, Coverage, EnterpriseState, MemberState, OrganisationState, Post, VenueState, WorkerState,
)  # fmt: skip
DAYS = (date(2026, 1, 1), date(2026, 10, 31), ON, date(2026, 11, 20), NEXT, date(2027, 6, 1))


def lists() -> dict[tuple[str, date], list[dict[str, Any]]]:
    """Every list of the roll, whole, on several days."""
    return {(model.__name__, day): facts(model, day) for model in EVERY for day in DAYS}


def taken_back(actor: Any, found: Import) -> Import:
    actions.ask_take_back(actor, found.pk, reason="传错了")
    actions.take_back(actor, found.pk, "传错了", Alone())
    found.refresh_from_db()
    return found


def test_every_list_is_as_before() -> None:
    seed_demo_areas()
    actions.run_whole(operator(), demo_files(), on=DEMO_ON, at=now(), take_offered=True)
    before = lists()
    later = actions.run_whole(operator(), demo_files(month=2), on=NEXT, at=now(), take_offered=True)
    assert lists() != before
    found = taken_back(operator(), later)
    assert (found.state, found.taken_back_id is not None) == ("taken_back", True)
    assert lists() == before
    with pytest.raises(FeigongError) as caught:
        actions.ask_take_back(operator(), found.pk, reason="再来")
    assert caught.value.reason.code == "error.imports.state"


def test_month_by_month_back_to_nothing() -> None:
    """What was taken back stands on nothing: neither it nor its taking back is in the way of what came before."""
    seed_demo_areas()
    empty = lists()
    first = actions.run_whole(operator(), demo_files(), on=DEMO_ON, at=now(), take_offered=True)
    one = lists()
    second = actions.run_whole(operator(), demo_files(month=2), on=NEXT, at=now(), take_offered=True)
    with pytest.raises(FeigongError) as caught:
        taken_back(operator(), first)
    assert second.applied is not None
    assert caught.value.reason.params == {"n": 1, "records": f"#{second.applied.number}"}
    taken_back(operator(), second)
    assert lists() == one
    again = actions.run_whole(operator(), demo_files(month=2), on=NEXT, at=now(), take_offered=True)
    assert again.applied is not None
    with pytest.raises(FeigongError) as caught:
        taken_back(operator(), first)
    assert caught.value.reason.params == {"n": 1, "records": f"#{again.applied.number}"}
    taken_back(operator(), again)
    taken_back(operator(), first)
    assert lists() == empty


def test_what_was_built_on_it_is_said_and_nothing_is_taken_back() -> None:
    district: SmallDistrict = build_small_district()
    office = district.actor(Role.DISTRICT_OFFICE)
    found = applied(office, checked(office, register("fresh", "changed")))
    identity = Item.objects.get(of=found, key=FRESH).result
    assert identity is not None
    assign_officer(office, district.workers["liaison"], [identity], on=ON)
    before = lists()
    with pytest.raises(FeigongError) as caught:
        taken_back(office, found)
    assert (caught.value.reason.code, caught.value.reason.params["n"]) == ("error.roll.built_on", 1)
    found.refresh_from_db()
    assert (found.state, found.fault["code"]) == ("applied", "error.roll.built_on")
    assert lists() == before


def test_a_reason_is_asked_for_and_the_permission_too() -> None:
    district = build_small_district()
    office = district.actor(Role.DISTRICT_OFFICE)
    found = applied(office, checked(office, register("fresh")))
    with pytest.raises(FeigongError) as caught:
        actions.ask_take_back(office, found.pk, reason="  ")
    assert caught.value.reason.code == "error.roll.reason_missing"
    with pytest.raises(FeigongError) as caught:
        actions.ask_take_back(district.actor(Role.DEPARTMENT), found.pk, reason="传错了")
    assert caught.value.reason.code == "error.not_permitted"


def test_a_township_takes_back_its_own() -> None:
    district = build_small_district()
    township = district.actor(Role.TOWNSHIP)
    before = lists()
    found = applied(township, checked(township, register("fresh", "changed", "west")))
    assert taken_back(township, found).state == "taken_back"
    assert lists() == before


def test_what_was_built_on_it_is_said_through_what_was_taken_back() -> None:
    """Somebody's work on it was changed and changed back: that work is named, not the changing."""
    district: SmallDistrict = build_small_district()
    office = district.actor(Role.DISTRICT_OFFICE)
    before = lists()
    found = applied(office, checked(office, register("fresh", "changed")))
    identity = Item.objects.get(of=found, key=FRESH).result
    assert identity is not None
    assign_officer(office, district.workers["liaison"], [identity], on=ON)
    work = Record.objects.latest("pk")
    unassign_officer(office, [identity], on=date(2026, 11, 20))
    ending = Record.objects.latest("pk")
    back = take_back(office, ending.pk, "弄错了")
    with pytest.raises(FeigongError) as caught:
        taken_back(office, found)
    assert caught.value.reason.params == {"n": 1, "records": f"#{work.number}"}
    take_back(office, back.pk, "还是不派")  # and so it ends after all
    with pytest.raises(FeigongError) as caught:
        taken_back(office, found)
    assert caught.value.reason.params == {"n": 1, "records": f"#{ending.number}"}
    take_back(office, ending.pk, "弄错了")
    take_back(office, work.pk, "弄错了")
    taken_back(office, found)
    assert lists() == before
