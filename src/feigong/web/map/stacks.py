"""Rows of the list as stacks on the map."""

from __future__ import annotations

from feigong.apps.roll import queries
from feigong.core.roll.places.stacking import Spot, Stack, stacks
from feigong.web.lists.spec import Ask, Rows

_READ = ("enterprise_id", "longitude", "latitude", "operating_address", "registered_address", "area_id")


def located(rows: Rows) -> Rows:
    return rows.filter(longitude__isnull=False, latitude__isnull=False).order_by()


def stacks_of(rows: Rows, ask: Ask) -> list[Stack]:
    """Two queries, whatever there is."""
    buildings = set(queries.areas(ask.sight).filter(kind="building").order_by().values_list("area_id", flat=True))
    return stacks(
        Spot(one, lon, lat, operating or registered, area if area in buildings else 0)
        for one, lon, lat, operating, registered, area in located(rows).values_list(*_READ)
    )
