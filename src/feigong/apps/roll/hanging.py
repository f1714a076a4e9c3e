"""What hangs on a record: edges and fields that name it. They are counted, ended, or pointed at another record."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import QuerySet

from feigong.apps.roll.kinds import RecordKind
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
from feigong.apps.roll.models.dated import NEVER, Dated
from feigong.apps.roll.tree_writing import write_tree
from feigong.apps.roll.writing import Fact, Key, Writer, ending, frozen
from feigong.core.roll.history import FOREVER, Span


@dataclass(frozen=True)
class Hold:
    """A column that names a record. ``edge``: part of the key; ``text``: where the name stays when the record goes."""

    name: str  # as the sentence calls the count
    model: type[Dated]
    column: str
    text: str = ""

    @property
    def edge(self) -> bool:
        return self.column in self.model.key_columns()

    @property
    def tree(self) -> bool:
        return self.column in ("parent_id", "superior_id")


K = RecordKind
HOLDS: Mapping[RecordKind, tuple[Hold, ...]] = {
    K.AREA: (
        Hold("areas", AreaState, "parent_id"), Hold("enterprises", EnterpriseState, "area_id"),
        Hold("organisations", OrganisationState, "area_id"), Hold("venues", VenueState, "area_id"),
        Hold("workers", WorkerState, "area_id"),
    ),
    K.ENTERPRISE: (
        Hold("coverage", Coverage, "enterprise_id"), Hold("assignments", Assignment, "enterprise_id"),
        Hold("members", MemberState, "employer_id", "employer_text"), Hold("venues", VenueState, "enterprise_id"),
    ),
    K.ORGANISATION: (
        Hold("organisations", OrganisationState, "superior_id"), Hold("coverage", Coverage, "organisation_id"),
        Hold("posts", Post, "organisation_id"), Hold("members", MemberState, "branch_id", "branch_text"),
    ),
    K.VENUE: (Hold("organisations", OrganisationState, "venue_id"),),
    K.MEMBER: (Hold("workers", WorkerState, "member_id"),),
    K.WORKER: (Hold("posts", Post, "worker_id"), Hold("assignments", Assignment, "worker_id")),
}  # fmt: skip


def holding(hold: Hold, record_id: int, on: date) -> QuerySet[Any]:
    """Rows known now that name a record on some day from ``on`` on."""
    return hold.model.rows.filter(recorded_to=NEVER, valid_to__gt=on, **{hold.column: record_id})


def hanging(kind: RecordKind, record_id: int, on: date) -> dict[str, int]:
    """How many things hang on a record from a day on, wherever they are; nothing with none."""
    counts = {
        h.name: holding(h, record_id, on).values(*h.model.key_columns()).distinct().count() for h in HOLDS[kind]
    }
    return {name: n for name, n in counts.items() if n}


def repoint(
    writer: Writer, kind: RecordKind, gone: int, kept: int | None, on: date, *, name: str = "",
    also: Mapping[int, list[Span[Fact]]] | None = None, above: int | None = None,
) -> None:  # fmt: skip
    """From a day on, let what names ``gone`` name ``kept``.

    None: edges end, fields become empty, its ``name`` stays as text, and what hung under it hangs under ``above``.
    ``also``: spans of the record's own tree that belong to the same step (the end of ``gone``).
    """
    for hold in HOLDS[kind]:
        if hold.edge:
            _repoint_edges(writer, hold, gone, kept, on)
            continue
        keys = holding(hold, gone, on).values_list(*hold.model.key_columns()).distinct()
        new: dict[str, Any] = {hold.column: above if kept is None and hold.tree else kept}
        if kept is None and hold.text:
            new[hold.text] = name
        changes: dict[Key, list[Span[Fact]]] = {
            key: [replacing(hold.column, gone, new, on)] for key in keys if key != (kept,) or not hold.tree
        }
        if hold.tree:
            trees = {key[0]: spans for key, spans in changes.items()}
            for node, spans in (also or {}).items():
                trees[node] = [*trees.get(node, []), *spans]
            write_tree(writer, hold.model, trees, on)  # type: ignore[arg-type]
        elif changes:
            writer.write(hold.model, changes)


def replacing(column: str, gone: int, new: Mapping[str, Any], start: date) -> Span[Fact]:
    """``new`` holds wherever the column names ``gone`` from a day on."""

    def holds(old: Fact | None) -> Fact | None:
        if old is None:
            return None
        was = dict(old)
        return frozen({**was, **new}) if was[column] == gone else old

    return start, FOREVER, holds


def _repoint_edges(writer: Writer, hold: Hold, gone: int, kept: int | None, on: date) -> None:
    columns, facts = hold.model.key_columns(), hold.model.facts()
    at = columns.index(hold.column)
    changes: dict[Key, list[Span[Fact]]] = defaultdict(list)
    for row in holding(hold, gone, on).values("valid_from", "valid_to", *columns, *facts):
        key = tuple(row[c] for c in columns)
        changes[key] = [ending(on)]
        if kept is not None:
            other = (*key[:at], kept, *key[at + 1 :])
            fact = frozen({name: row[name] for name in facts})
            changes[other].append((max(row["valid_from"], on), row["valid_to"], _unless_there(fact)))
    if changes:
        writer.write(hold.model, changes)


def _unless_there(fact: Fact) -> Any:
    """The edge as it was, unless the other record has it already; what is true of either is true."""

    def holds(old: Fact | None) -> Fact | None:
        if old is None:
            return fact
        return frozen({name: value or dict(fact)[name] for name, value in old})

    return holds
