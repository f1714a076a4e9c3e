"""Rows dated twice, written and read back."""

from datetime import date

import pytest

from feigong.apps.accounts.actors import operator
from feigong.apps.accounts.sight import Scope, Sight
from feigong.apps.audit.models import Entry, Record
from feigong.apps.audit.recording import changing
from feigong.apps.roll import queries
from feigong.apps.roll.models import Area, AreaState, Enterprise, EnterpriseState
from feigong.apps.roll.writing import Writer

pytestmark = pytest.mark.django_db


def test_a_day_can_be_asked_as_true_then_and_as_known_then() -> None:
    with changing(operator("clerk"), "test") as change:
        area = Area.objects.create(created=change.record)
        firm = Enterprise.objects.create(created=change.record)
        writer = Writer(change)
        writer.put(
            AreaState, (area.pk,), {"name": "示范区", "kind": "district", "path": f"{area.pk:08d}/"}, date(2026, 1, 1)
        )
        writer.put(EnterpriseState, (firm.pk,), {"name": "甲厂", "area_id": area.pk, "staff": 10}, date(2026, 1, 1))
    before = change.at
    with changing(operator("clerk"), "test", reason="counted anew") as later:
        assert Writer(later).put(EnterpriseState, (firm.pk,), {"staff": 12}, date(2026, 3, 1)) == 2

    def staff(on: date, known_at: object) -> list[int | None]:
        sight = Sight(Scope(areas=(area.pk,)), on, known_at)  # type: ignore[arg-type]
        return [row.staff for row in queries.enterprises(sight)]

    assert staff(date(2026, 2, 1), later.at) == [10]
    assert staff(date(2026, 4, 1), later.at) == [12]
    assert staff(date(2026, 4, 1), before) == [10]
    assert staff(date(2025, 12, 31), later.at) == []
    assert [r.number for r in Record.objects.order_by("number")] == [1, 2]
    assert Entry.objects.filter(record=later.record).count() == 3


def test_an_empty_scope_sees_nothing() -> None:
    with changing(operator("clerk"), "test") as change:
        area = Area.objects.create(created=change.record)
        Writer(change).put(
            AreaState, (area.pk,), {"name": "示范区", "kind": "district", "path": f"{area.pk:08d}/"}, date(2026, 1, 1)
        )
    for scope, seen in ((Scope(), 0), (Scope(whole=True), 1), (Scope(areas=(area.pk,)), 1)):
        assert queries.areas(Sight(scope, date(2026, 2, 1), change.at)).count() == seen
