"""What lies around: points of the same area, for a map without tiles."""

from __future__ import annotations

from typing import Any, Final

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.http import require_GET

from feigong.apps.accounts.roles import Permission
from feigong.apps.accounts.sight import Sight
from feigong.apps.roll import queries
from feigong.apps.roll.kinds import RecordKind, in_sight
from feigong.core.errors import FeigongError
from feigong.web.records.inputs import number_in
from feigong.web.records.shown import address, dates_of
from feigong.web.request import sight_of
from feigong.web.screen import screen

MOST: Final = 400
LOCATED: Final = (RecordKind.ENTERPRISE, RecordKind.VENUE, RecordKind.WORKER)


@require_GET
@screen(Permission.ROLL_VIEW)
def near(request: HttpRequest, kind: str, record_id: int) -> HttpResponse:
    """Enterprises and venues of the area of a record."""
    if kind not in [k.value for k in LOCATED]:
        raise FeigongError("error.not_found")
    sight = sight_of(request)
    row = in_sight(RecordKind(kind), sight, record_id)
    return _answer(points(sight, row.area_id, dates_of(request.GET), but=(kind, record_id)))


@require_GET
@screen(Permission.ROLL_VIEW)
def near_area(request: HttpRequest) -> HttpResponse:
    """The same for an area that is being chosen."""
    area = number_in(request.GET, "area")
    return _answer(points(sight_of(request), area, "") if area else [])


def points(sight: Sight, area: int, dates: str, *, but: tuple[str, int] = ("", 0)) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    for kind, rows in ((RecordKind.ENTERPRISE, queries.enterprises(sight)), (RecordKind.VENUE, queries.venues(sight))):
        key = f"{kind.value}_id"
        near_by = rows.filter(area_id=area, longitude__isnull=False, latitude__isnull=False)
        for one, name, lon, lat in near_by.values_list(key, "name", "longitude", "latitude")[:MOST]:
            if (kind.value, one) != but:
                found.append({"name": name, "lon": lon, "lat": lat, "kind": kind, "href": address(kind, one, dates)})
    return found


def _answer(found: list[dict[str, Any]]) -> HttpResponse:
    return JsonResponse({"points": found}, headers={"Cache-Control": "private, no-store"})
