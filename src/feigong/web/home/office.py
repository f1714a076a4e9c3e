"""For offices: what waits, figures that open lists, coverage by area and what changed in a month."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

from django.db.models import Count
from django.http import QueryDict
from django.urls import reverse

from feigong.apps.accounts.roles import Permission
from feigong.apps.clock import now, today
from feigong.apps.imports import queries as imports
from feigong.apps.imports.choices import ImportState
from feigong.web.areas.listing import SPEC as AREAS
from feigong.web.areas.listing import coverage_figures, covered_with_below, units
from feigong.web.enterprises.listing import SPEC as ENTERPRISES
from feigong.web.lists.page import rows_of
from feigong.web.lists.spec import Ask, ListSpec
from feigong.web.lists.state import read_state
from feigong.web.members.listing import SPEC as MEMBERS
from feigong.web.organisations.listing import SPEC as ORGANISATIONS

_MOST_AREAS = 60
_MOST_IMPORTS = 5


@dataclass(frozen=True, slots=True)
class Figure:
    """A number and the list of exactly what it counts."""

    code: str
    number: int
    address: str


def figure(code: str, spec: ListSpec, query: str, ask: Ask) -> Figure:
    """Counted by the list itself, so that it holds what the number says."""
    rows = rows_of(read_state(spec, QueryDict(query)), ask)
    return Figure(code, rows.order_by().count(), _address(f"{spec.code}:list", query, ask))


def of_list(code: str, number: int, spec: ListSpec, query: str, ask: Ask) -> Figure:
    return Figure(code, number, _address(f"{spec.code}:list", query, ask))


def _address(name: str, query: str, ask: Ask) -> str:
    """A list as of the day of the page."""
    day = "" if ask.sight.on == today() else f"on={ask.sight.on.isoformat()}"
    asked = "&".join(part for part in (query, day) if part)
    return reverse(name) + (f"?{asked}" if asked else "")


_OPEN = "standing=active&standing=dormant"


def figures(ask: Ask) -> Mapping[str, Any]:
    """How much there is, and how much of it is covered."""
    number, covered = sum(one.number for one in units(ask)), sum(one.covered for one in units(ask))
    found = [
        of_list("enterprises", number, ENTERPRISES, _OPEN, ask),
        of_list("covered", covered, ENTERPRISES, f"covered=yes&{_OPEN}", ask),
        figure("organisations", ORGANISATIONS, "", ask),
    ]
    if ask.actor.may(Permission.MEMBERS_VIEW):
        found.append(of_list("members", _people(ask)["number"], MEMBERS, "", ask))
    return {"figures": found, "share": covered / number if number else None, "on": ask.sight.on}


def _people(ask: Ask) -> Mapping[str, int]:
    """Members, and those without a branch: both from one look at them."""
    if "people" not in ask.kept:
        found = MEMBERS.rows(ask).order_by().aggregate(number=Count("*"), placed=Count("branch"))  # from an index alone
        ask.kept["people"] = {"number": found["number"], "homeless": found["number"] - found["placed"]}
    people: Mapping[str, int] = ask.kept["people"]
    return people


def todo(ask: Ask) -> Mapping[str, Any]:
    """What waits for somebody: tables to decide on first, then what is missing on the roll."""
    wide = set(AREAS.rows(ask).filter(kind="district").order_by().values_list("area_id", flat=True))
    unplaced = sum(one.number for one in units(ask) if one.area in wide)
    unlocated = sum(one.unlocated for one in units(ask))
    found = [
        of_list("unplaced", unplaced, ENTERPRISES, f"placed=no&{_OPEN}", ask),
        of_list("unlocated", unlocated, ENTERPRISES, f"located=no&{_OPEN}", ask),
        figure("unled", ORGANISATIONS, "led=no&kind=branch&kind=general_branch&kind=joint_branch", ask),
    ]
    if ask.actor.may(MEMBERS.permission):
        found.append(of_list("homeless", _people(ask)["homeless"], MEMBERS, "placed=no", ask))
    return {"imports": _waiting_imports(ask), "things": [one for one in found if one.number]}


@dataclass(frozen=True, slots=True)
class Waiting:
    """An import that stands still until somebody says more."""

    id: int
    state: str
    department: str
    on: date
    doubts: int  # rows that somebody must decide on


def _waiting_imports(ask: Ask) -> list[Waiting]:
    if not ask.actor.may(Permission.IMPORT_APPLY):
        return []
    rows = imports.imports(ask.actor, ask.sight.on, now()).filter(state__in=(ImportState.READ, ImportState.CHECKED))
    return [
        Waiting(row.pk, row.state, row.department, row.on, int(row.figures.get("problems", {}).get("decide", 0)))
        for row in rows[:_MOST_IMPORTS]
    ]


def month_before(on: date) -> date:
    """The same day of the month before, or its last day."""
    first = on.replace(day=1)
    last = first - timedelta(days=1)
    return last.replace(day=min(on.day, last.day))


@dataclass(frozen=True, slots=True)
class AreaLine:
    name: str
    level: int
    enterprises: Figure
    covered: Figure
    uncovered: Figure
    share: float | None
    change: int  # of covered ones within a month


def _counted(number: float | None, query: str, ask: Ask) -> Figure:
    return Figure("", int(number or 0), _address("enterprises:list", query, ask))


def areas(ask: Ask) -> Mapping[str, Any] | None:
    """The uppermost areas of one's own and those right below: where most is left to do comes first."""
    rows = AREAS.rows(ask)
    nodes = list(rows.order_by("path")[: _MOST_AREAS * 20])
    top = min((n.path.count("/") for n in nodes), default=0)
    nodes = [n for n in nodes if n.path.count("/") <= top + 1][:_MOST_AREAS]
    if not nodes:
        return None
    before = replace(ask.sight, on=month_before(ask.sight.on), paths={})
    now_figures, then = coverage_figures(nodes, ask), covered_with_below(replace(ask, sight=before, kept={}))
    lines = []
    for node in nodes:
        whole, covered, uncovered = (_counted(*one, ask) for one in now_figures[node.area_id][:3])
        change = covered.number - then[node.area_id]
        share = now_figures[node.area_id][3][0]
        lines.append(AreaLine(node.name, node.path.count("/") - top, whole, covered, uncovered, share, change))
    roots = [line for line in lines if line.level == 0]
    below = sorted((line for line in lines if line.level), key=lambda line: -line.uncovered.number)
    return {"lines": [*roots, *below], "on": ask.sight.on, "before": before.on}
