"""Finding another record by a part of its name, pinyin or code, to name it in a form."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any, Final

from django.db.models import Q
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.http import require_GET

from feigong.apps.accounts.roles import Permission
from feigong.apps.accounts.sight import Sight
from feigong.apps.roll import queries
from feigong.apps.roll.kinds import TABLES, RecordKind
from feigong.apps.roll.searching import matching
from feigong.core.errors import FeigongError
from feigong.core.roll.trees import nodes_of
from feigong.web.records.shown import Names
from feigong.web.request import sight_of
from feigong.web.screen import screen

MOST: Final = 20
SUPERIOR: Final = "superior"


@dataclass(frozen=True, slots=True)
class Pick:
    """``where`` tells namesakes apart: the area around it; of a member the branch."""

    id: int
    text: str
    where: str


def rows_for(what: str, sight: Sight) -> tuple[RecordKind, Any]:
    """What may be named: a kind, or ``superior`` for organisations that may stand above others, or ``liaison``."""
    if what == SUPERIOR:
        return RecordKind.ORGANISATION, queries.superiors(sight)
    if what == "liaison":
        return RecordKind.WORKER, queries.workers(sight).filter(liaison=True)
    try:
        kind = RecordKind(what)
    except ValueError:
        raise FeigongError("error.not_found") from None
    return kind, TABLES[kind].rows(sight)


def picks(what: str, text: str, sight: Sight) -> list[Pick]:
    kind, rows = rows_for(what, sight)
    if text.strip():
        by_name = Q(name__icontains=text.strip()[:60])
        rows = rows.filter(by_name if kind is RecordKind.AREA else matching(text[:60]))
    return shown_as_picks(kind, list(rows[:MOST]), sight)


def shown_as_picks(kind: RecordKind, rows: list[Any], sight: Sight) -> list[Pick]:
    names = Names(sight)
    key = TABLES[kind].key
    if kind is RecordKind.AREA:
        names.load(kind, {n for row in rows for n in nodes_of(row.path)})
        return [Pick(row.area_id, row.name, _road(names, row.path)) for row in rows]
    place = "branch_id" if kind is RecordKind.MEMBER else "area_id"
    around = RecordKind.ORGANISATION if kind is RecordKind.MEMBER else RecordKind.AREA
    names.load(around, {getattr(row, place) for row in rows})
    found = []
    for row in rows:
        there = getattr(row, place)
        found.append(Pick(getattr(row, key), row.name, names.of(around, there) if there else ""))
    return found


def _road(names: Names, path: str) -> str:
    """The areas above, as far as they are in sight."""
    above = (names.of(RecordKind.AREA, n) for n in nodes_of(path)[:-1])
    return " / ".join(name for name in above if name)


@require_GET
@screen(Permission.ROLL_VIEW)
def pick(request: HttpRequest, what: str) -> HttpResponse:
    """Who may not see a kind finds nothing of it: the queries see to that."""
    found = picks(what, request.GET.get("q", ""), sight_of(request))
    return JsonResponse({"found": [asdict(p) for p in found]}, headers={"Cache-Control": "no-store"})
