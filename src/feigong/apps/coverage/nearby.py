"""Which joint branches of a plan lie nearest to one of its enterprises: first by the columns of the roll, so that only
those few are read as values and judged."""

from __future__ import annotations

from collections.abc import Sequence
from math import cos, hypot, radians

from feigong.apps.coverage.changing import Checks
from feigong.apps.coverage.models import Plan
from feigong.apps.coverage.queries import numbers_in
from feigong.apps.roll import queries
from feigong.core.coverage.moves import Target
from feigong.core.coverage.wishes import Wish

LOOKED_AT = 16
_SAME_AREA = 0.02  # degrees: about two kilometres
_Row = tuple[int, float | None, float | None, int | None]


def targets(checks: Checks, kept: Plan, uscc: str, earlier: Sequence[Wish]) -> tuple[Target, ...]:
    """Where an enterprise of the plan could be moved to, after earlier changes; the nearest first, each judged."""
    assert checks.plan is not None
    hosts = {b.key: b.host for b in checks.plan.branches}
    numbers = numbers_in(kept, {uscc, *hosts.values()})
    rows = queries.enterprises(checks.sight).filter(enterprise_id__in=set(numbers.values())).order_by()
    places = {row[0]: row for row in rows.values_list("enterprise_id", "longitude", "latitude", "area_id")}
    here = places.get(numbers.get(uscc, 0))
    if here is None:
        return ()
    there = ((key, places.get(numbers.get(host, 0))) for key, host in hosts.items())
    ways = sorted((_way(here, at), key) for key, at in there if at is not None)
    return checks.targets(uscc, [key for _, key in ways[:LOOKED_AT]], earlier)


def _way(a: _Row, b: _Row) -> tuple[bool, float]:
    """For sorting: degrees where both have coordinates; else those of the same area stand with those not far off."""
    _, x1, y1, area1 = a
    _, x2, y2, area2 = b
    if x1 is None or y1 is None or x2 is None or y2 is None:
        return area1 != area2, _SAME_AREA
    return False, hypot((x1 - x2) * cos(radians(y1)), y1 - y2)
