"""What an import brings to the roll for the first time becomes cases, in the same change."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from feigong.apps.audit.recording import Change
from feigong.apps.imports.choices import Kind
from feigong.apps.imports.models import Import, Item
from feigong.apps.settlers.opening import open_settlers
from feigong.core.roll.merge.values import TableKind


def open_cases(change: Change, found: Import, items: Sequence[Item]) -> Mapping[str, int]:
    """Cases for the enterprises that these items have made; how many, as far as there are any."""
    new = {i.pk: i.result for i in items if i.kind == Kind.ENTERPRISE and i.target is None and i.result is not None}
    if not new:
        return {}
    named = Item.objects.filter(of=found, kind=Kind.ENTERPRISE, target=None, rows__sheet__kind=TableKind.REGISTER)
    registered = {new[pk] for pk in named.order_by().values_list("pk", flat=True).distinct() if pk in new}
    opened = open_settlers(change, new.values(), registered, on=found.on)
    counts = {"cases": opened.cases, "first_register": opened.first}
    return {code: number for code, number in counts.items() if number}
