"""Names of things that records speak of."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping

from feigong.apps.accounts.roles import Permission
from feigong.apps.accounts.sight import Actor, Sight
from feigong.apps.roll.kinds import TABLES, RecordKind
from feigong.apps.roll.models.dated import NEVER

Things = Iterable[tuple[RecordKind, int]]
Names = Mapping[tuple[RecordKind, int], str]


def names_in_sight(sight: Sight, things: Things) -> Names:
    """Of those that may be seen; the others stay without a name."""
    found: dict[tuple[RecordKind, int], str] = {}
    for kind, ids in _grouped(things).items():
        rows = TABLES[kind].rows(sight).filter(**{f"{TABLES[kind].key}__in": ids}).order_by()
        found |= {(kind, one): name for one, name in rows.values_list(TABLES[kind].key, "name")}
    return found


def names_for_auditors(actor: Actor, things: Things) -> Names:
    """Of all things, by the last name the roll knows: who reads the records sees what they are about, and nothing more
    of the roll."""
    actor.must(Permission.AUDIT_VIEW)
    found: dict[tuple[RecordKind, int], str] = {}
    for kind, ids in _grouped(things).items():
        tables = TABLES[kind]
        rows = tables.state.rows.filter(recorded_to=NEVER, **{f"{tables.key}__in": ids}).order_by("valid_from")
        found |= {(kind, one): name for one, name in rows.values_list(tables.key, "name")}
    return found


def _grouped(things: Things) -> dict[RecordKind, set[int]]:
    wanted: dict[RecordKind, set[int]] = defaultdict(set)
    for kind, one in things:
        wanted[kind].add(one)
    return wanted
