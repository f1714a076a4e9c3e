"""Files of imports that ended long ago are deleted: the annotated tables can be fetched until then."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction

from feigong.apps.imports import store
from feigong.apps.imports.actions.deciding import delete_files
from feigong.apps.imports.limits import limits
from feigong.apps.imports.models import File

_UNDER_WAY = timedelta(hours=1)


def sweep(at: datetime) -> int:
    """Delete files that are due, and what a killed upload left in the store."""
    due = at - timedelta(days=limits().keep_days)
    with transaction.atomic():
        gone = delete_files(File.objects.filter(of__ended_at__lt=due))
    kept = set(File.objects.exclude(place="").values_list("place", flat=True))
    for place in store.places() - kept:
        if store.written_at(place) < (at - _UNDER_WAY).timestamp():
            store.remove(place)
            gone += 1
    return gone
