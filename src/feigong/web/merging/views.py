"""Records that may be one thing twice: of the same name (people: in the same place too), and not said to be two."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from django.db.models import Count
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from feigong.apps.accounts.roles import Permission
from feigong.apps.accounts.sight import Sight
from feigong.apps.roll.kinds import TABLES, RecordKind
from feigong.apps.roll.queries.decisions import not_same
from feigong.web.records.shown import Names, address
from feigong.web.request import sight_of
from feigong.web.screen import screen

K = RecordKind
ALIKE: Final[Mapping[RecordKind, tuple[str, ...]]] = {
    K.ENTERPRISE: ("name",), K.ORGANISATION: ("name",), K.MEMBER: ("name", "branch_id"), K.WORKER: ("name", "area_id"),
}  # fmt: skip
MOST: Final = 100  # names of each kind


@dataclass(frozen=True, slots=True)
class Suspect:
    kind: str
    name: str
    one: str  # what tells them apart: code or place
    other: str
    compare: str


def suspects(sight: Sight, kind: RecordKind) -> list[Suspect]:
    """Pairs of records of a kind that look like one; the first of a name with each of the others."""
    tables, fields = TABLES[kind], ALIKE[kind]
    rows = tables.rows(sight).order_by()
    doubled = rows.values(*fields).annotate(n=Count("pk")).filter(n__gt=1).exclude(**{fields[-1]: None})
    keys = {tuple(row[f] for f in fields) for row in doubled.order_by(*fields)[:MOST]}
    groups: dict[tuple[Any, ...], list[Any]] = defaultdict(list)
    for row in rows.filter(name__in={key[0] for key in keys}).order_by("name", "pk"):
        key = tuple(getattr(row, f) for f in fields)
        if key in keys:
            groups[key].append(row)
    said = {frozenset(pair) for pair in not_same(sight, kind.value).values_list("first", "second")}
    place = "branch_id" if kind is K.MEMBER else "area_id"
    names = Names(sight)
    names.load_facts([{place: getattr(row, place)} for group in groups.values() for row in group])
    return [
        _suspect(kind, group[0], other, names, place)
        for group in groups.values()
        for other in group[1:]
        if frozenset(_naming(row) for row in (group[0], other)) not in said
    ]


def _naming(row: Any) -> str:
    return str(getattr(row, "uscc", "") or row.name)


def _suspect(kind: RecordKind, one: Any, other: Any, names: Names, place: str) -> Suspect:
    key = TABLES[kind].key
    around = K.ORGANISATION if place == "branch_id" else K.AREA
    first, second = (
        " · ".join(t for t in (getattr(r, "uscc", ""), names.of(around, getattr(r, place))) if t) for r in (one, other)
    )
    compare = address(kind, getattr(one, key), f"other={getattr(other, key)}", "merge")
    return Suspect(kind.value, one.name, first, second, compare)


@require_GET
@screen(Permission.ROLL_MERGE)
def suspected(request: HttpRequest) -> HttpResponse:
    sight = sight_of(request)
    found = [(kind.value, suspects(sight, kind)) for kind in ALIKE]
    return render(request, "merging/list.html", {"found": [(kind, pairs) for kind, pairs in found if pairs]})
