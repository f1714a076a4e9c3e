"""Names of things that records speak of."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping

from feigong.apps.accounts.models import User
from feigong.apps.accounts.roles import Permission
from feigong.apps.accounts.sight import Actor, Sight
from feigong.apps.audit.queries.objects import ACCOUNT
from feigong.apps.roll.kinds import TABLES, RecordKind
from feigong.apps.roll.models.dated import NEVER

Things = Iterable[tuple[str, int]]  # a `RecordKind`, or `ACCOUNT`
Names = Mapping[tuple[str, int], str]


def names_in_sight(sight: Sight, things: Things) -> Names:
    """Of things of the roll that may be seen; the others stay without a name."""
    found: dict[tuple[str, int], str] = {}
    for kind, ids in _grouped(things).items():
        if kind == ACCOUNT:
            continue
        rows = TABLES[RecordKind(kind)].rows(sight).filter(**{f"{TABLES[RecordKind(kind)].key}__in": ids}).order_by()
        found |= {(kind, one): name for one, name in rows.values_list(TABLES[RecordKind(kind)].key, "name")}
    return found


def names_for_auditors(actor: Actor, things: Things) -> Names:
    """Of all things, by the last name the roll knows: who reads the records sees what they are about, and nothing more
    of the roll."""
    actor.must(Permission.AUDIT_VIEW)
    found: dict[tuple[str, int], str] = {}
    for kind, ids in _grouped(things).items():
        if kind == ACCOUNT:
            accounts = User.objects.filter(pk__in=ids).values_list("pk", "display_name")
            found |= {(kind, one): name for one, name in accounts}
            continue
        tables = TABLES[RecordKind(kind)]
        rows = tables.state.rows.filter(recorded_to=NEVER, **{f"{tables.key}__in": ids}).order_by("valid_from")
        found |= {(kind, one): name for one, name in rows.values_list(tables.key, "name")}
    return found


def _grouped(things: Things) -> dict[str, set[int]]:
    wanted: dict[str, set[int]] = defaultdict(set)
    for kind, one in things:
        wanted[kind].add(one)
    return wanted
