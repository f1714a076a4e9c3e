"""The tree of areas changes: a node is made, renamed, hung elsewhere. `ending.close_area` closes one."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from feigong.apps.accounts.sight import Actor
from feigong.apps.roll.actions.records import change_record, create_record
from feigong.apps.roll.kinds import RecordKind

_AREA = RecordKind.AREA


def create_area(actor: Actor, facts: Mapping[str, Any], *, on: date, reason: str = "") -> int:
    """A new area under ``parent_id``; its identity."""
    return create_record(actor, _AREA, facts, on=on, reason=reason)


def rename_area(
    actor: Actor, area_id: int, name: str, *, on: date, reason: str = "", expected: int | None = None
) -> int:
    return change_record(actor, _AREA, area_id, {"name": name}, on=on, reason=reason, expected=expected)


def move_area(
    actor: Actor, area_id: int, parent_id: int, *, on: date, reason: str = "", expected: int | None = None
) -> int:
    """Hang an area, with all below it, under another from a day on. Returns rows written."""
    return change_record(actor, _AREA, area_id, {"parent_id": parent_id}, on=on, reason=reason, expected=expected)
