"""What the map draws, read in a fixed number of queries: areas, stacks, stars. The list beside it reads the same."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urlencode

from django.db.models import Count, Q
from django.urls import reverse

from feigong.apps.coverage.stars import Star, planned_stars, standing_stars
from feigong.apps.roll import queries
from feigong.apps.roll.queries.outlines import DrawnArea, drawn_areas, outlines
from feigong.core.roll.places.stacking import Stack
from feigong.core.roll.trees import nodes_of
from feigong.web.lists import page
from feigong.web.lists.spec import Ask, Rows
from feigong.web.lists.state import DATES, State
from feigong.web.map.filters import check_plan
from feigong.web.map.stacks import located, stacks_of

SCALE = 100_000  # parts of a degree: about a metre
_MOST_NAMED = 1000  # enterprises whose names come along with the points
_MOST_AREAS = 400


@dataclass(frozen=True, slots=True)
class StarLine:
    """A joint branch with its words. ``places``: longitude and latitude of its enterprises that have some."""

    key: str
    name: str
    href: str
    when: str
    slot: str  # the first of the times; empty: none is known
    host: int | None
    hosted_by: str
    enterprises: int  # hidden ones included
    hidden: int
    unplaced: int
    people: int | None
    places: tuple[tuple[int, float, float], ...]  # the host first if it has a place


@dataclass(frozen=True, slots=True)
class AreaLine:
    area_id: int
    name: str
    level: int
    drawn: bool
    enterprises: int
    covered: int
    placed: int
    query: str  # this list, of this area

    @property
    def unplaced(self) -> int:
        return self.enterprises - self.placed


def whole(state: State) -> State:
    """Without the one place that is open: the map shows the others, too."""
    return replace(state, given={n: v for n, v in state.given.items() if n != "at"}, page=1)


def rows_of(state: State, ask: Ask) -> Rows:
    return page.rows_of(whole(state), ask).order_by()


def points(state: State, ask: Ask) -> dict[str, Any]:
    """The map as one compact document: whole numbers, one list for each column."""
    rows = rows_of(state, ask)
    found = stacks_of(rows, ask)
    covered = set(located(rows).filter(queries.is_covered(ask.sight)).values_list("enterprise_id", flat=True))
    closed = set(located(rows).filter(standing="closed").values_list("enterprise_id", flat=True))
    west, south = min((s.longitude for s in found), default=0.0), min((s.latitude for s in found), default=0.0)
    ids = [e for stack in found for e in stack.enterprises]
    names = located(rows).values_list("enterprise_id", "name") if len(ids) <= _MOST_NAMED else ()
    return {
        "west": west,
        "south": south,
        "scale": SCALE,
        "x": [round((s.longitude - west) * SCALE) for s in found],
        "y": [round((s.latitude - south) * SCALE) for s in found],
        "n": [len(s.enterprises) for s in found],
        "covered": [sum(e in covered for e in s.enterprises) for s in found],
        "closed": [sum(e in closed and e not in covered for e in s.enterprises) for s in found],
        "ids": ids,
        "names": {str(e): name for e, name in names},
        "stars": [_star_drawn(star) for star in stars(state, ask, rows)],
        "areas": [area_drawn(area) for area in drawn_areas(ask.sight)],
    }


def area_drawn(area: DrawnArea) -> dict[str, Any]:
    return {"id": area.area_id, "name": area.name, "kind": area.kind, "shape": area.shape}


def _star_drawn(star: StarLine) -> dict[str, Any]:
    shown = {"key": star.key, "name": star.name, "when": star.when, "slot": star.slot}
    return {**shown, "places": star.places}


def stars(state: State, ask: Ask, rows: Rows) -> list[StarLine]:
    """The joint branches of which something is among the rows that are asked for, in the order of their names."""
    plan = check_plan(state.given, ask)
    found = standing_stars(ask.sight) if plan is None else planned_stars(ask.sight, plan)
    members = {e for star in found for e in star.enterprises}
    asked = set(rows.filter(enterprise_id__in=members).values_list("enterprise_id", flat=True))
    seen = queries.enterprises(ask.sight).filter(enterprise_id__in=members).order_by()
    known = {e: (name, lon, lat) for e, name, lon, lat in
             seen.values_list("enterprise_id", "name", "longitude", "latitude")}  # fmt: skip
    lines = [_line(star, known, state, ask) for star in found if not asked.isdisjoint(star.enterprises)]
    return sorted(lines, key=lambda line: (line.name, line.key))


def _line(star: Star, known: Mapping[int, tuple[str, float | None, float | None]], state: State, ask: Ask) -> StarLine:
    words = ask.words
    of = [(e, *known[e]) for e in star.enterprises if e in known]
    places = tuple((e, lon, lat) for e, _, lon, lat in of if lon is not None and lat is not None)
    host = known[star.host][0] if star.host is not None and star.host in known else ""
    dates = urlencode([(n, v) for n in DATES for v in state.given.get(n, ())])
    href = f"{reverse('organisations:detail', args=[star.organisation])}?{dates}" if star.organisation else ""
    if star.slots is None:
        when = words.word("web.map.when_unknown")
    elif not star.slots:
        when = words.word("web.map.when_never")
    else:
        when = words.join([words.slot(slot, star.cycle_weeks) for slot in star.slots], most=2)
    first = host or (of[0][1] if of else words.word("web.lists.not_in_sight"))
    slot = words.slot(star.slots[0], star.cycle_weeks) if star.slots else ""
    name = star.name or words.word("web.map.planned_name", name=first, n=len(star.enterprises) + star.hidden)
    return StarLine(
        star.key, name, href.rstrip("?"), when, slot, star.host, host, len(star.enterprises) + star.hidden, star.hidden,
        len(of) - len(places), star.people, places,
    )  # fmt: skip


def area_lines(state: State, ask: Ask, rows: Rows) -> list[AreaLine]:
    """Areas in sight with what is in them and below, as far as it is asked for."""
    counted = rows.values_list("area_id").annotate(
        n=Count("pk"), covered=Count("pk", filter=queries.is_covered(ask.sight)),
        placed=Count("pk", filter=Q(longitude__isnull=False, latitude__isnull=False)),
    )  # fmt: skip
    sums: dict[str, Counter[int]] = {name: Counter() for name in ("n", "covered", "placed")}
    nodes = list(queries.areas(ask.sight).values_list("area_id", "name", "path"))
    paths = {area: path for area, _, path in nodes}
    for area, *numbers in counted:
        for node in nodes_of(paths.get(area, "")):
            for name, number in zip(sums, numbers, strict=True):
                sums[name][node] += number
    drawn = set(outlines(ask.sight).order_by().values_list("area_id", flat=True))
    top = min((path.count("/") for _, _, path in nodes), default=1)
    given = {n: v for n, v in state.given.items() if n not in ("area", "at")}
    return [
        AreaLine(
            area, name, path.count("/") - top, area in drawn, sums["n"][area], sums["covered"][area],
            sums["placed"][area], state.query(given={**given, "area": (str(area),)}),
        )
        for area, name, path in nodes
        if sums["n"][area] or area in drawn
    ][:_MOST_AREAS]  # fmt: skip


def bounds(found: Sequence[Stack], areas: Sequence[DrawnArea]) -> tuple[float, float, float, float] | None:
    """West, south, east, north of what is drawn; None: nothing is."""
    pairs = [(x, y) for area in areas for polygon in area.shape for x, y in polygon[0]]
    pairs += [(s.longitude, s.latitude) for s in found]
    if not pairs:
        return None
    xs, ys = [x for x, _ in pairs], [y for _, y in pairs]
    return min(xs), min(ys), max(xs), max(ys)
