"""Which records have been taken back, and that not been taken back in turn."""

from __future__ import annotations

from datetime import datetime

from feigong.apps.audit.models import Record


def undone(known_at: datetime) -> frozenset[int]:
    """By primary key, as known at a moment. There are few: taking back is rare."""
    takers = Record.objects.filter(takes_back__isnull=False, at__lte=known_at).order_by("-pk")
    found: set[int] = set()
    for taker, taken in takers.values_list("pk", "takes_back_id"):  # whoever undid a taker came after it
        if taker not in found and taken is not None:
            found.add(taken)
    return frozenset(found)
