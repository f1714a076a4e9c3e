"""Who gets a new case: the liaison officer of the area who has least to look after."""

from __future__ import annotations

from collections import Counter

from django.db.models import Count

from feigong.apps.accounts.sight import Sight
from feigong.apps.cases import queries as cases
from feigong.apps.roll import queries
from feigong.core.cases.values import Standing
from feigong.core.roll.trees import nodes_of


class Officers:
    """Liaison officers with what they look after: enterprises, and cases that are not closed. Counts what it gives."""

    def __init__(self, sight: Sight) -> None:
        areas = queries.areas_and_above(sight).order_by()
        self._paths = dict(areas.values_list("area_id", "path"))
        rows = queries.workers(sight).filter(liaison=True).order_by("worker_id")
        self._officers = list(rows.values_list("worker_id", "area_id", "most"))
        firms = queries.assignments(sight).order_by().values_list("worker_id").annotate(n=Count("pk"))
        self._firms = Counter(dict(firms))
        going = cases.cases(sight).exclude(standing=Standing.CLOSED).exclude(worker=None).order_by()
        self._load = self._firms + Counter(dict(going.values_list("worker_id").annotate(n=Count("pk"))))

    def least_loaded(self, area: int) -> int | None:
        """An officer of the area, of one above it or of one beside it within the same township; None where there is
        none, or all have as many enterprises as they may."""
        here = self._paths.get(area, "")
        near = [
            worker
            for worker, theirs, most in self._officers
            if self._serves(self._paths.get(theirs, ""), here) and (most is None or self._firms[worker] < most)
        ]
        chosen = min(near, key=lambda worker: (self._load[worker], worker), default=None)
        if chosen is not None:
            self._load[chosen] += 1
        return chosen

    def _serves(self, theirs: str, here: str) -> bool:
        if not theirs or not here:
            return False
        return here.startswith(theirs) or nodes_of(theirs)[:2] == nodes_of(here)[:2]
