"""Of which day an answer is where none is asked for: of the day it is here."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

import pytest
from django.utils import timezone

from api.askers import Asker, ok
from feigong.apps.accounts.roles import Role
from feigong.apps.clock import day_of
from feigong.apps.imports.actions import start_import
from feigong.apps.imports.models import Import
from feigong.apps.roll.actions.areas import create_area
from platform_district import ON, build_small_district

pytestmark = pytest.mark.django_db


def test_after_midnight_it_is_the_next_day() -> None:
    before = datetime(2026, 11, 1, 15, 59, tzinfo=UTC)
    assert [day_of(before), day_of(before + timedelta(minutes=1))] == [date(2026, 11, 1), date(2026, 11, 2)]


def test_imports_are_those_of_the_areas_of_the_day_here(monkeypatch: pytest.MonkeyPatch) -> None:
    district = build_small_district()
    office, east = district.actor(Role.DISTRICT_OFFICE), district.areas["east"]
    night = datetime.combine(timezone.now().date() + timedelta(days=1), time(17), UTC)  # one o'clock of the day after
    facts = {"name": "东湾新村", "kind": "other", "parent_id": east}
    made = create_area(office, facts, on=day_of(night))
    found = start_import(office, [("登记.csv", "企业名称\n启帆精密机械有限公司\n".encode())], today=ON, on=ON)
    Import.objects.filter(pk=found.pk).update(whole=False, areas=[made])
    monkeypatch.setattr(timezone, "now", lambda: night)
    town = Asker(district, Role.TOWNSHIP)
    assert [row["id"] for row in ok(town.get("/imports"))["items"]] == [found.pk]
    assert ok(town.get(f"/imports/{found.pk}"))["id"] == found.pk
    monkeypatch.setattr(timezone, "now", lambda: night - timedelta(hours=2))
    assert ok(town.get("/imports"))["items"] == []
