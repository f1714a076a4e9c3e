"""Who is to look after whom by a plan, against who does today; and doing it, all or what was ticked.

A plan of the whole district is read by a township too: its own officers and enterprises, the rest as numbers.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from math import ceil
from typing import Any

import numpy as np

from feigong.apps.accounts.roles import Permission
from feigong.apps.accounts.sight import Actor, Sight
from feigong.apps.clock import now
from feigong.apps.coverage import queries as plans
from feigong.apps.coverage.models import Plan, PlannedOutcome
from feigong.apps.roll import queries
from feigong.apps.roll.actions.edges import assign_as_planned
from feigong.apps.roll.models.areas import AreaKind
from feigong.core.coverage.handing import Handed, Move, OfficerChange, by_officer, handed
from feigong.core.coverage.values import CoveragePlan, OfficerLoad
from feigong.core.errors import FeigongError
from feigong.core.roll.places.distance import between_points
from feigong.core.roll.trees import nodes_of
from feigong.exchange.parameters_file import parameters_with
from feigong.exchange.rules_file import load_rules


@dataclass(frozen=True, slots=True)
class Side:
    """An officer in sight: what changes, the load and travel by the plan. ``elsewhere``: planned enterprises out of
    sight, counted."""

    officer: int
    change: OfficerChange
    load: OfficerLoad | None
    elsewhere: int = 0

    @property
    def after(self) -> int:
        return self.change.load + self.elsewhere


@dataclass(frozen=True, slots=True)
class Shortage:
    """``waiting``: enterprises in sight that the plan has no officer for. ``missing``: officers, at the usual load."""

    area: int
    name: str
    waiting: tuple[int, ...]
    missing: int


@dataclass(frozen=True, slots=True)
class Proposal:
    """``usual``, ``warn``: enterprises per officer."""

    plan: Plan
    sides: tuple[Side, ...]
    changes: tuple[Handed, ...]
    shortages: tuple[Shortage, ...]
    usual: int
    warn: int

    def moves(self, move: Move) -> int:
        return sum(c.move is move for c in self.changes)

    @property
    def open(self) -> tuple[Handed, ...]:
        """What can be done."""
        return tuple(c for c in self.changes if c.move is not Move.KEEP)


def proposal(sight: Sight, plan: Plan) -> Proposal:
    """What a plan in sight proposes, against the assignments of the day of the sight."""
    content = plans.content(plan)
    planned = _planned(content)
    ids = _identities(plan)
    seen = set(queries.enterprises(sight).order_by().values_list("enterprise_id", flat=True)) & set(ids.values())
    officers = set(queries.workers(sight).filter(liaison=True).order_by().values_list("worker_id", flat=True))
    here = {ids[key]: officer for key, officer in planned.items() if ids.get(key) in seen and officer in officers}
    held: dict[int, set[int]] = defaultdict(set)
    for one, officer in queries.assignments(sight).order_by().values_list("enterprise_id", "worker_id"):
        held[one].add(officer)
    strangers = {ids[key] for key in planned if key in ids} - set(here)  # somebody out of sight is to have it
    changes = handed(here, held, seen - strangers)
    parameters, _ = parameters_with(plan.parameters, load_rules(None), plan.on)
    return Proposal(
        plan, _sides(content, changes, officers, ids, seen), changes,
        _shortages(sight, [ids[key] for key in content.waiting if ids.get(key) in seen], parameters.officer_usual),
        parameters.officer_usual, parameters.officer_warn,
    )  # fmt: skip


def _planned(content: CoveragePlan) -> dict[str, int]:
    """Officer's identity by the enterprise's key. The adapter names officers ``w`` and eight digits."""
    return {key: int(load.officer[1:]) for load in content.loads for key in load.enterprises}


def _identities(plan: Plan) -> dict[str, int]:
    return dict(PlannedOutcome.objects.filter(plan=plan).values_list("key", "enterprise_id"))


def _sides(
    content: CoveragePlan, changes: Collection[Handed], officers: Collection[int], ids: Mapping[str, int],
    seen: Collection[int],
) -> tuple[Side, ...]:  # fmt: skip
    loads = {int(load.officer[1:]): load for load in content.loads}
    found = by_officer(changes)
    sides = []
    for officer in sorted(set(officers) & (set(loads) | set(found))):
        load = loads.get(officer)
        elsewhere = sum(ids.get(key) not in seen for key in load.enterprises) if load else 0
        sides.append(Side(officer, found.get(officer, OfficerChange(officer)), load, elsewhere))
    return tuple(sides)


_TOWNS = (AreaKind.TOWNSHIP, AreaKind.SUB_DISTRICT, AreaKind.PARK)


def _shortages(sight: Sight, waiting: Collection[int], usual: int) -> tuple[Shortage, ...]:
    """By township, sub-district or park; what lies in none of them, by the area it lies in."""
    rows = list(queries.areas(sight).values_list("area_id", "name", "kind", "path"))
    towns = {area for area, _, kind, _ in rows if kind in _TOWNS}
    town = {area: next((n for n in nodes_of(path) if n in towns), area) for area, _, _, path in rows}
    found: dict[int, list[int]] = defaultdict(list)
    firms = queries.enterprises(sight).filter(enterprise_id__in=waiting)
    for one, area in firms.values_list("enterprise_id", "area_id"):
        found[town.get(area, area)].append(one)
    names = {area: name for area, name, _, _ in rows}
    return tuple(
        Shortage(area, names.get(area, ""), tuple(ones), ceil(len(ones) / usual))
        for area, ones in sorted(found.items())
    )


def carry_out(actor: Actor, plan_id: int, ticked: Iterable[int] | None, *, on: date, reason: str = "") -> int:
    """Do what the plan proposes: of the ticked enterprises, or (None) of all that get an officer. One record, which
    can be taken back. ``error.changed_meanwhile`` where something ticked is no change any more."""
    actor.must(Permission.ROLL_CHANGE)
    sight = actor.sight(on, now())
    found = {c.enterprise: c for c in proposal(sight, plans.plan(sight, plan_id)).open}
    wanted = [c.enterprise for c in found.values() if c.officer is not None] if ticked is None else sorted(set(ticked))
    if not set(wanted) <= set(found):
        raise FeigongError("error.changed_meanwhile")
    officers: dict[int, list[int]] = defaultdict(list)
    ended = []
    for one in wanted:
        officer = found[one].officer
        if officer is None:
            ended.append(one)
        else:
            officers[officer].append(one)
    return assign_as_planned(actor, officers, on=on, ended=ended, reason=reason, plan=plan_id)


def metres(sight: Sight, pairs: Collection[tuple[int, int]]) -> dict[tuple[int, int], float]:
    """As the crow flies from an officer's base to enterprises, where both places are known; two queries."""
    firms = queries.enterprises(sight).filter(enterprise_id__in={one for one, _ in pairs}).order_by()
    bases = queries.workers(sight).filter(worker_id__in={officer for _, officer in pairs}).order_by()
    at: dict[int, Any] = _points(firms.values_list("enterprise_id", "longitude", "latitude"))
    base: dict[int, Any] = _points(bases.values_list("worker_id", "longitude", "latitude"))
    known = [(one, officer) for one, officer in pairs if one in at and officer in base]
    if not known:
        return {}
    here, there = (np.array(x, np.float64) for x in ([at[o] for o, _ in known], [base[w] for _, w in known]))
    far = between_points(here[:, 0], here[:, 1], there[:, 0], there[:, 1])
    return dict(zip(known, (float(m) for m in far), strict=True))


def _points(rows: Iterable[tuple[int, float | None, float | None]]) -> dict[int, tuple[float, float]]:
    return {one: (x, y) for one, x, y in rows if x is not None and y is not None}
