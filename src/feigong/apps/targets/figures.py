"""How much there is of a measure, by area or by industry, on several days: read once, added up along the trees.

The numbers of queries do not depend on how many days, areas or enterprises there are. `core.coverage.rates` says the
same of a roll; tests compare the two, and each with the list that opens it.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count, QuerySet

from feigong.apps.accounts.sight import Sight
from feigong.apps.roll import queries as roll
from feigong.apps.roll.queries import operating, spans
from feigong.apps.roll.queries.spans import Placed, Tie, Tree
from feigong.core.coverage.targets import Amount, Counts, Measure
from feigong.core.roll.trees import nodes_of
from feigong.exchange.targets_file import operating_staff

Key = int | str
Amounts = Mapping[date, Mapping[Key, Amount]]
Days = Sequence[date]


def days_of(year: int, on: date) -> tuple[date, ...]:
    """The days followed: the first of each month of the year that has come, and the day itself, within the year."""
    day = min(on, date(year, 12, 31))
    if day.year < year:
        return (day,)
    firsts = (date(year, month, 1) for month in range(1, day.month + 1))
    return tuple(dict.fromkeys((*firsts, day)))


@dataclass(frozen=True, slots=True)
class _Asked:
    """What is added up: for every area, or for the industries of one (``root``)."""

    sight: Sight
    year: int
    days: Days
    seen: Mapping[date, Tree]
    root: int | None

    def add(self, found: Mapping[date, Counter[Key]], one: Placed, days: Iterable[date]) -> None:
        for day in days:
            tree = self.seen[day]
            nodes = tree.nodes.get(one.area)
            if nodes is None or (one.bare and one.area not in tree.buildings):
                continue
            if self.root is None:
                for node in nodes:
                    found[day][node] += one.n
            elif self.root in nodes:
                found[day][one.industry] += one.n

    def days_in(self, first: date, end: date) -> list[date]:
        return [day for day in self.days if first <= day < end]


def amounts(sight: Sight, measure: Measure, year: int, days: Days, *, industries_of: int | None = None) -> Amounts:
    """By area (with all below it), or by industry of one area; every area in sight on the day is there."""
    asked = _Asked(sight, year, days, spans.trees(sight, days), industries_of)
    if measure.kinds:
        parts, wholes = _organisations(asked, measure), None
    elif measure.counts is Counts.LOOKED_AFTER:
        parts, wholes = _looked_after(asked)
    else:
        parts = _covered(asked, own=measure.counts is Counts.OWN)
        wholes = _counted(asked) if measure.share else None
    return {day: _amounts(asked, day, parts[day], wholes[day] if wholes else None) for day in days}


def _amounts(asked: _Asked, day: date, parts: Counter[Key], wholes: Counter[Key] | None) -> dict[Key, Amount]:
    keys: Collection[Key] = set(parts) | set(wholes or ())
    if asked.root is None:
        keys = asked.seen[day].nodes.keys() | keys
    return {key: Amount(parts[key], wholes[key] if wholes is not None else None) for key in keys}


def _empty(asked: _Asked) -> dict[date, Counter[Key]]:
    return {day: Counter() for day in asked.days}


def _by_staff(asked: _Asked) -> list[tuple[int, Days]]:
    """The days by the staff that the rule asks for on them: mostly one part."""
    found: dict[int, list[date]] = defaultdict(list)
    for day in asked.days:
        found[operating_staff(day)].append(day)
    return list(found.items())


def _counted(asked: _Asked) -> dict[date, Counter[Key]]:
    found = _empty(asked)
    for staff, days in _by_staff(asked):
        for one in spans.counting(asked.sight, days, asked.seen, staff):
            asked.add(found, one, (day for day in days if one.first <= day < one.end))
    return found


def _among(
    asked: _Asked, enterprises: Callable[[Sight, Days], QuerySet[Any]], holds: Mapping[date, Collection[int]]
) -> dict[date, Counter[Key]]:
    """Operating enterprises that are among those of the day."""
    found = _empty(asked)
    for staff, days in _by_staff(asked):
        rows = spans.counting_among(asked.sight, days, asked.seen, staff, enterprises(asked.sight, days))
        for one in rows:
            asked.add(found, one, (d for d in days if one.first <= d < one.end and one.enterprise in holds[d]))
    return found


def _covered(asked: _Asked, *, own: bool) -> dict[date, Counter[Key]]:
    ties = spans.coverage_ties(asked.sight, asked.days)
    holds: dict[date, set[int]] = {}
    if own:
        joint = _on(asked, spans.joint_branches(asked.sight, asked.days))
        for day in asked.days:
            held = [tie for tie in ties if tie.first <= day < tie.end]
            many = Counter(tie.thing for tie in held)
            branches = {tie.thing for tie in joint[day]}
            holds[day] = {t.enterprise for t in held if many[t.thing] == 1 and t.thing not in branches}
    else:
        holds = _enterprises(asked, ties)
    return _among(asked, spans.covered, holds)


def _looked_after(asked: _Asked) -> tuple[dict[date, Counter[Key]], dict[date, Counter[Key]]]:
    """Of those without members: with an officer, and all. All is those that count, less those with members."""
    employing = _enterprises(asked, spans.employment_ties(asked.sight, asked.days))
    having = _enterprises(asked, spans.assignment_ties(asked.sight, asked.days))
    parts = _among(asked, spans.with_officer, {day: having[day] - employing[day] for day in asked.days})
    wholes, employers = _counted(asked), _among(asked, spans.with_members, employing)
    for day in asked.days:
        wholes[day].subtract(employers[day])
    return parts, wholes


def _organisations(asked: _Asked, measure: Measure) -> dict[date, Counter[Key]]:
    found = _empty(asked)
    since = date(asked.year, 1, 1) if measure.counts is Counts.FOUNDED else None
    for one in spans.organisations(asked.sight, asked.days, asked.seen, measure.kinds, since):
        asked.add(found, one, asked.days_in(one.first, one.end))
    return found


def _on(asked: _Asked, ties: Sequence[Tie]) -> dict[date, list[Tie]]:
    return {day: [tie for tie in ties if tie.first <= day < tie.end] for day in asked.days}


def _enterprises(asked: _Asked, ties: Sequence[Tie]) -> dict[date, set[int]]:
    return {day: {tie.enterprise for tie in held} for day, held in _on(asked, ties).items()}


def excluded(sight: Sight) -> dict[int, Counter[str]]:
    """For each area in sight, with all below it: how many do not count, by reason; one query beside the tree's.

    A reason opens as the list of enterprises asked with ``excluded``.
    """
    paths = dict(roll.areas(sight).order_by().values_list("area_id", "path"))
    rows = roll.enterprises(sight).order_by().annotate(why=operating.exclusion_of(sight))
    found: dict[int, Counter[str]] = {area: Counter() for area in paths}
    for area, why, n in rows.values_list("area_id", "why").annotate(n=Count("pk")):
        for node in nodes_of(paths.get(area, "")):
            if why and node in found:
                found[node][why] += n
    return found
