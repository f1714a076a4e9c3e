"""Which records have been taken back, and that not been taken back in turn."""

from __future__ import annotations

from feigong.apps.accounts.sight import Sight
from feigong.apps.audit.models import Record


def undone(sight: Sight) -> tuple[int, ...]:
    """By primary key, as known when the sight knows. There are few: taking back is rare. Looked up once for a sight."""
    known = sight.paths.get("undone")
    if known is None:
        takers = Record.objects.filter(takes_back__isnull=False, at__lte=sight.known_at).order_by("-pk")
        found: set[int] = set()
        for taker, taken in takers.values_list("pk", "takes_back_id"):  # whoever undid a taker came after it
            if taker not in found and taken is not None:
                found.add(taken)
        known = sight.paths["undone"] = tuple(sorted(found))
    return known
