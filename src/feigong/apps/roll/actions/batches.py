"""One change of many records at once, with one record."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from feigong.apps.accounts.sight import Actor
from feigong.apps.audit.recording import changing
from feigong.apps.roll.actions.records import check_references
from feigong.apps.roll.cleaning import clean
from feigong.apps.roll.kinds import TABLES, RecordKind, all_in_sight, check_day
from feigong.apps.roll.writing import Fact, Key, Writer, altering
from feigong.core.errors import FeigongError
from feigong.core.roll.history import Span
from feigong.core.text import fold

# What a batch may set: nothing that is each record's own.
ALLOWED: Mapping[RecordKind, frozenset[str]] = {
    RecordKind.ENTERPRISE: frozenset({"area_id", "standing", "industry", "control", "kind"}),
    RecordKind.ORGANISATION: frozenset({"area_id", "venue_id"}),
    RecordKind.MEMBER: frozenset({"branch_id", "employer_id", "full"}),
    RecordKind.WORKER: frozenset({"area_id", "liaison"}),
}


def set_for_many(
    actor: Actor, kind: RecordKind, ids: Iterable[int], facts: Mapping[str, Any], *, on: date, reason: str = ""
) -> int:
    """Let the same facts hold for many records from a day on; how many changed. All must be in sight, before and after.

    With hidden records among them nothing is written: ``error.not_found``.
    """
    tables = TABLES[kind]
    actor.must(tables.change)
    check_day(on)
    forbidden = sorted(set(facts) - ALLOWED.get(kind, frozenset()))
    if forbidden:
        raise FeigongError("error.roll.field_unknown", field=forbidden[0])
    wanted = sorted(set(ids))
    params = {"n": len(wanted), "fields": sorted(facts)}
    with changing(actor, f"{kind}.batch", reason=fold(reason), params=params) as change:
        sight = actor.sight(on, change.at)
        changes: dict[Key, list[Span[Fact]]] = {}
        named: dict[str, Any] = {}
        for row in all_in_sight(kind, sight, wanted):
            old = {name: getattr(row, name) for name in tables.state.facts()}
            new = clean(tables, facts, on, old)
            if not new:
                continue
            named |= new
            changes[(getattr(row, tables.key),)] = [altering(tables.state, new, on)]
        check_references(tables, named, sight)
        if changes:
            Writer(change).write(tables.state, changes)
        all_in_sight(kind, sight, wanted, fault="error.roll.outside")
        return len(changes)
