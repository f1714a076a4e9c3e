"""End a record, and close an area: nothing may be left hanging in the air."""

from __future__ import annotations

from datetime import date

from feigong.apps.accounts.roles import Permission
from feigong.apps.accounts.sight import Actor
from feigong.apps.audit.recording import changing
from feigong.apps.roll.actions.records import check_version
from feigong.apps.roll.hanging import hanging, repoint
from feigong.apps.roll.kinds import TABLES, RecordKind, check_day, in_sight, needed
from feigong.apps.roll.models import AreaState
from feigong.apps.roll.tree_writing import write_tree
from feigong.apps.roll.writing import Writer, ending
from feigong.core.errors import FeigongError

_ALL = {
    "areas": 0, "assignments": 0, "coverage": 0, "enterprises": 0, "members": 0, "organisations": 0, "posts": 0,
    "venues": 0, "workers": 0,
}  # fmt: skip


def what_hangs(actor: Actor, kind: RecordKind, record_id: int, *, on: date) -> dict[str, int]:
    """How many things would be left without this record from a day on, by name; for the page that asks."""
    actor.must(TABLES[kind].change)
    return hanging(kind, record_id, on)


def end_record(
    actor: Actor, kind: RecordKind, record_id: int, *, on: date, reason: str, expected: int | None = None,
    with_edges: bool = False,
) -> None:  # fmt: skip
    """A record holds no longer from a day on.

    ``with_edges``: coverage, posts and assignments end with it; members keep its name as text, organisations below it
    hang under its superior. Else ``error.still_used.<kind>`` says how many of each there are.
    """
    tables = TABLES[kind]
    actor.must(tables.change)
    check_day(on)
    if kind is RecordKind.AREA:
        close_area(actor, record_id, successor=None, on=on, reason=reason, expected=expected)
        return
    with changing(actor, f"{kind}.end", reason=needed(reason)) as change:
        check_version(tables, record_id, expected)
        row = in_sight(kind, actor.sight(on, change.at), record_id)
        if not with_edges:
            refuse_if_used(kind, record_id, on)
        writer = Writer(change)
        if kind is RecordKind.ORGANISATION:
            own = {record_id: [ending(on)]}
            repoint(writer, kind, record_id, None, on, name=row.name, also=own, above=row.superior_id)
        else:
            repoint(writer, kind, record_id, None, on, name=row.name)
            writer.end(tables.state, [(record_id,)], on)


def refuse_if_used(kind: RecordKind, record_id: int, on: date) -> None:
    if counts := hanging(kind, record_id, on):
        raise FeigongError(f"error.still_used.{kind}", **{**_ALL, **counts})


def close_area(
    actor: Actor, area_id: int, *, successor: int | None, on: date, reason: str, expected: int | None = None
) -> None:
    """Close an area from a day on. What is in it moves to the successor in the same change: areas below it,
    enterprises, organisations, venues, Party workers."""
    actor.must(Permission.AREAS_CHANGE)
    check_day(on)
    tables = TABLES[RecordKind.AREA]
    params = {"successor": successor} if successor else {}
    with changing(actor, "area.close", reason=needed(reason), params=params) as change:
        check_version(tables, area_id, expected)
        sight = actor.sight(on, change.at)
        row = in_sight(RecordKind.AREA, sight, area_id)
        writer = Writer(change)
        if successor is None:
            refuse_if_used(RecordKind.AREA, area_id, on)
            write_tree(writer, AreaState, {area_id: [ending(on)]}, on)
            return
        if in_sight(RecordKind.AREA, sight, successor).path.startswith(row.path):
            raise FeigongError("error.roll.successor")
        repoint(writer, RecordKind.AREA, area_id, successor, on, also={area_id: [ending(on)]})
