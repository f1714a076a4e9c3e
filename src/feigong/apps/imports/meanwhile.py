"""What of an import no longer is as it was looked at: the roll has changed since."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Iterator
from typing import Any, Final

from django.core.serializers.json import DjangoJSONEncoder
from django.db.models import Q

from feigong.apps.imports.choices import Kind
from feigong.apps.imports.current import IDENTITY
from feigong.apps.imports.models import Import, Item
from feigong.apps.roll.models import Coverage, EnterpriseState, MemberState, OrganisationState, WorkerState
from feigong.apps.roll.models.dated import NEVER, Dated

STATES: Final[dict[Kind, type[Dated]]] = {
    Kind.ENTERPRISE: EnterpriseState, Kind.ORGANISATION: OrganisationState, Kind.MEMBER: MemberState,
    Kind.OFFICER: WorkerState,
}  # fmt: skip
_NAMED_BY: Final = {Kind.ENTERPRISE: "uscc", Kind.ORGANISATION: "name", Kind.MEMBER: "id_index", Kind.OFFICER: "name"}
_BATCH: Final = 1000


def changed_meanwhile(found: Import, items: Collection[Item]) -> list[int]:
    """Items whose record was changed, ended or entered by somebody else since the check."""
    touched: set[int] = set()
    for kind in Kind:
        mine = [i for i in items if i.kind == kind]
        touched.update(_altered(found, kind, [i for i in mine if i.base is not None]))
        touched.update(_entered(found, kind, [i for i in mine if i.base is None]))
    touched.update(_edges(found, [i for i in items if i.kind == Kind.ORGANISATION and "covers" in i.links]))
    return sorted(touched)


def batches(values: Iterable[Any]) -> Iterator[list[Any]]:
    every = list(values)
    for begin in range(0, len(every), _BATCH):
        yield every[begin : begin + _BATCH]


def _altered(found: Import, kind: Kind, items: list[Item]) -> Iterator[int]:
    """Those whose columns hold something else than what was shown as "before". Other columns may have changed."""
    model, identity = STATES[kind], IDENTITY[kind]
    for batch in batches(items):
        rows = model.rows.filter(recorded_to=NEVER, valid_from__lte=found.on, valid_to__gt=found.on)
        now = dict(rows.filter(**{f"{identity}__in": [i.target for i in batch]}).values_list(identity, "pk"))
        other = [i for i in batch if now.get(i.target) != i.base]
        if not other:
            continue
        changed = model.rows.filter(pk__in=[now[i.target] for i in other if i.target in now])
        held: dict[int | None, Any] = {row[identity]: row for row in changed.values(identity, *model.facts())}
        for item in other:
            row = held.get(item.target)
            if row is None or {c: _plain(row[c]) for c in item.before} != item.before:
                yield item.pk


def _plain(value: Any) -> Any:
    """A value as it comes back from JSON."""
    return json.loads(json.dumps(value, cls=DjangoJSONEncoder))


def _entered(found: Import, kind: Kind, items: list[Item]) -> Iterator[int]:
    """New ones that somebody else has entered since."""
    model, column = STATES[kind], _NAMED_BY[kind]
    for batch in batches(i for i in items if i.facts.get(column)):
        codes = [i.facts[column] for i in batch]
        rows = model.rows.filter(recorded_to=NEVER, recorded_at__gt=found.checked_at, **{f"{column}__in": codes})
        there = set(rows.values_list(column, flat=True))
        yield from (i.pk for i in batch if i.facts[column] in there)


def _edges(found: Import, items: list[Item]) -> Iterator[int]:
    """Organisations of which somebody has changed what they cover."""
    since = Q(recorded_at__gt=found.checked_at) | (Q(recorded_to__gt=found.checked_at) & ~Q(recorded_to=NEVER))
    for batch in batches(i for i in items if i.target is not None):
        rows = Coverage.rows.filter(since, organisation_id__in=[i.target for i in batch])
        there = set(rows.values_list("organisation_id", flat=True))
        yield from (i.pk for i in batch if i.target in there)
