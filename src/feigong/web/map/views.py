"""The map with its list, its points, outlines for small maps, the picture to print."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET

from feigong.apps.accounts.roles import Permission
from feigong.apps.roll.queries.outlines import drawn_areas
from feigong.core.errors import FeigongError
from feigong.web.lists import page
from feigong.web.lists.spec import Ask
from feigong.web.lists.state import DATES, State, read_state
from feigong.web.lists.views import ask_of
from feigong.web.map import drawing
from feigong.web.map.filters import number_of
from feigong.web.map.printing import PAPERS, picture
from feigong.web.map.spec import SPEC
from feigong.web.map.stacks import located
from feigong.web.records.inputs import number_in
from feigong.web.request import sight_of
from feigong.web.screen import screen

_OF_THE_PICTURE = ("plan", "at")  # what does not leave enterprises out
_KEPT = {"Cache-Control": "private, no-store"}


@require_GET
@screen(SPEC.permission)
def district(request: HttpRequest) -> HttpResponse:
    """The query, the map, the rows; parts of it where htmx asks for them."""
    ask = ask_of(request)
    state = read_state(SPEC, request.GET)
    target = request.htmx.target if getattr(request, "htmx", False) else None  # type: ignore[attr-defined]
    part = {"found": "map/found.html", "list": "map/list.html"}.get(target or "", "map/district.html")
    answer = render(request, part, _context(state, ask))
    answer.headers["Vary"] = "HX-Request, HX-Target, Cookie"
    return answer


def _context(state: State, ask: Ask) -> dict[str, Any]:
    rows = drawing.rows_of(state, ask)
    listed = page.list_context(state, ask, [])
    here = number_of(state.given, "at")
    shown = drawing.whole(state)
    query = _query(shown)
    keys = [line.key for line in listed["lines"]]
    placed = set(located(rows).filter(enterprise_id__in=keys).values_list("enterprise_id", flat=True))
    total = listed["count"] if here is None else rows.count()
    on_map = located(rows).count()
    return listed | {
        "list_address": reverse("map:district"),
        "points_address": reverse("map:points") + query,
        "print_query": query.removeprefix("?"),
        "enterprises_address": reverse("enterprises:list") + query,
        "at": here,
        "narrowed": any(p not in _OF_THE_PICTURE for f in SPEC.filters for p in f.params if p in state.given),
        "total": total,
        "on_map": on_map,
        "off_map": total - on_map,
        "off_map_query": shown.query(given={**shown.given, "located": ("no",)}),
        "placed": placed,
        "areas": drawing.area_lines(state, ask, rows),
        "stars": drawing.stars(state, ask, rows),
        "planned": "plan" in state.given,
        "tiles": settings.MAP_TILES,
        "papers": PAPERS,
        "may_upload": ask.actor.may(Permission.AREAS_CHANGE),
    }


def _query(state: State) -> str:
    """What is asked for and the day; not the order, nor the page."""
    found = state.query(sort=state.usual_sort, size=25, columns=state.usual)
    return f"?{found}" if found else ""


@require_GET
@screen(SPEC.permission)
def points(request: HttpRequest) -> HttpResponse:
    """All that the map draws for what is asked, in one compact answer."""
    state = read_state(SPEC, request.GET)
    found = drawing.points(state, ask_of(request))
    return JsonResponse(found, headers=_KEPT, json_dumps_params={"separators": (",", ":"), "ensure_ascii": False})


@require_GET
@screen(Permission.ROLL_VIEW)
def outlines(request: HttpRequest) -> HttpResponse:
    """Outlines in sight, for a small map; of an area and what is below it where one is named."""
    within = number_in(request.GET, "area")
    found = [drawing.area_drawn(area) for area in drawn_areas(sight_of(request), within)]
    return JsonResponse({"areas": found}, headers=_KEPT)


@require_GET
@screen(SPEC.permission)
def printed(request: HttpRequest) -> HttpResponse:
    """The map as a picture to scale with title, legend and day, and after it all that it says in tables."""
    ask, state = ask_of(request), read_state(SPEC, request.GET)
    paper = request.GET.get("paper", "a4")
    if paper not in PAPERS:
        raise FeigongError("error.outlines.paper", found=paper[:20])
    rows = drawing.rows_of(state, ask)
    asked = [chip.text for chip in page.chips_of(drawing.whole(state), ask)]
    total, on_map = rows.count(), located(rows).count()
    stars = drawing.stars(state, ask, rows)
    context = {
        "picture": picture(state, ask, rows, stars, PAPERS[paper]),
        "paper": paper,
        "asked": asked,
        "on": ask.sight.on,
        "total": total,
        "on_map": on_map,
        "off_map": total - on_map,
        "areas": drawing.area_lines(state, ask, rows),
        "stars": stars,
        "planned": "plan" in state.given,
        "back": reverse("map:district") + _query(state),
        "dated": any(name in state.given for name in DATES),
        "papers": [(name, f"{_query(state) or '?'}&paper={name}") for name in PAPERS],
    }
    return render(request, "map/print.html", context)
