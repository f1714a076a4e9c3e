"""The list of records, for auditors."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from feigong.apps.accounts.roles import Permission, Role
from feigong.apps.accounts.sight import Door
from feigong.apps.audit import queries
from feigong.web.audit.filters import About, Days, Who
from feigong.web.audit.shown import action_word
from feigong.web.lists import Ask, Column, Kind, ListSpec
from feigong.web.lists.filters import Choice


def _actions(rows: Sequence[Any], ask: Ask) -> Mapping[int, Any]:
    return {row.pk: action_word(ask.words, row.code) for row in rows}


def _things(rows: Sequence[Any], ask: Ask) -> Mapping[int, Any]:
    """Names of what each record is about."""
    things = queries.things_of(ask.actor, [row.number for row in rows])
    names = queries.names_for_auditors(ask.actor, {one for found in things.values() for one in found})
    return {row.pk: [names[one] for one in things.get(row.number, ()) if one in names] for row in rows}


def _codes(ask: Ask) -> list[tuple[str, str]]:
    return [(code, action_word(ask.words, code)) for code in queries.codes(ask.actor)]


SPEC = ListSpec(
    code="audit",
    permission=Permission.AUDIT_VIEW,
    rows=lambda ask: queries.records(ask.actor),
    key="number",
    detail="audit:record",
    sort="-number",
    columns=(
        Column("action", word="web.audit.action", fill=_actions, first=True),
        Column("at", Kind.MOMENT, word="web.audit.at", sort=("at", "number")),
        Column("actor_name", word="web.audit.who", sort=("actor_name", "number")),
        Column("role", Kind.CHOICE, "role", word="web.audit.role"),
        Column("things", Kind.NAMES, word="web.audit.things", fill=_things),
        Column("reason", word="field.reason"),
        Column("address", word="web.audit.address"),
        Column("number", Kind.NUMBER, word="web.audit.number", sort=("number",)),
        Column("door", Kind.CHOICE, "door", word="web.audit.door", shown=False),
        Column("entries_count", Kind.NUMBER, word="web.audit.entries", shown=False),
    ),
    filters=(
        Who(),
        Choice("code", _codes, word="web.audit.action", folded=False),
        Days(),
        Choice("role", tuple(Role.values), family="role", word="web.audit.role"),
        Choice("door", tuple(d.value for d in Door), family="door", word="web.audit.door"),
        About(),
    ),
    dated=False,
    aside="audit/aside.html",
    export=Permission.AUDIT_VIEW,
)
