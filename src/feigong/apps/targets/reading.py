"""The year's table: one measure, areas or industries as rows, with target, figure, what is missing and the calendar."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from feigong.apps.accounts.sight import Sight
from feigong.apps.roll import queries as roll
from feigong.apps.roll.models import AreaState
from feigong.apps.targets import queries
from feigong.apps.targets.figures import Amounts, Key, amounts, days_of
from feigong.apps.targets.queries import Standing
from feigong.core.coverage.targets import Amount, Counts, Course, Measure, course
from feigong.core.errors import FeigongError
from feigong.core.roll.trees import nodes_of
from feigong.exchange.reference import load_industry_names


@dataclass(frozen=True, slots=True)
class Line:
    """One area or industry. Its figures are those of the table's last day."""

    key: Key
    name: str
    kind: str  # of an area
    level: int
    target: int | None
    version: int  # 0: no target stands
    now: Amount
    missing: int | None
    course: Course | None
    trend: tuple[Amount, ...]  # one for each day of the table
    below: bool = False  # an area with areas below


@dataclass(frozen=True, slots=True)
class Table:
    """``day``: of the figures. ``area``: whose parts the rows are, the first row itself; None: several of one's own."""

    year: int
    measure: Measure
    by: str  # areas, industries
    day: date
    days: tuple[date, ...]
    area: int | None
    above: tuple[tuple[int, str], ...]  # the way down to it, as far as it is in sight
    lines: tuple[Line, ...]
    kind: str = ""  # the rows are all areas of this kind within it, however deep
    kinds: tuple[str, ...] = ()  # that there are within it

    @property
    def parts(self) -> tuple[Line, ...]:
        return tuple(line for line in self.lines if line.level)

    @property
    def takers(self) -> tuple[Line, ...]:
        """Those a target can be split onto: not what has no known industry."""
        return tuple(line for line in self.parts if line.key != "")


def of_day(sight: Sight, year: int) -> Sight:
    """As the table of a year shows it: of the day asked about, or the last of the year."""
    day = days_of(year, sight.on)[-1]
    return sight if day == sight.on else replace(sight, on=day, paths={})


def table(
    sight: Sight, year: int, measure: Measure, *, area: int | None = None, by: str = "areas", kind: str = ""
) -> Table:
    """Read it; ``error.not_found`` for an area out of sight, ``error.targets.by_industry`` for what has none.

    ``kind``: all areas of a kind within the area, instead of those right below.
    """
    then, days = of_day(sight, year), days_of(year, sight.on)
    if by == "industries" and not measure.by_industry:
        raise FeigongError("error.targets.by_industry")
    rows = list(roll.areas(then))
    by_id = {row.area_id: row for row in rows}
    if area is not None and area not in by_id:
        raise FeigongError("error.not_found")
    tops = [row for row in rows if row.parent_id not in by_id]
    if area is None and (len(tops) == 1 or (tops and by == "industries")):
        area = tops[0].area_id
    areas = amounts(then, measure, year, days)
    own = queries.standing(then, year, measure.code)
    within = [row for row in rows if area in nodes_of(row.path) and row.area_id != area]
    chosen = _chosen(rows, area, tops, kind) if by == "areas" else [by_id[area]] if area is not None else []
    lines = [_area_line(row, area, own, areas, days, year, rows) for row in chosen]
    if by == "industries" and area is not None:
        lines += _industries(then, measure, year, days, area)
    kinds = tuple(dict.fromkeys(row.kind for row in within))
    kept = kind if by == "areas" and kind in kinds else ""
    return Table(year, measure, by, days[-1], days, area, _above(by_id, area), tuple(lines), kept, kinds)


def _chosen(rows: Sequence[AreaState], area: int | None, tops: Sequence[AreaState], kind: str) -> list[AreaState]:
    if area is None:
        return list(tops)
    of_kind = [row for row in rows if row.kind == kind and area in nodes_of(row.path) and row.area_id != area]
    if of_kind:
        return [*(r for r in rows if r.area_id == area), *of_kind]
    return [*(r for r in rows if r.area_id == area), *(r for r in rows if r.parent_id == area)]


def _above(by_id: Mapping[int, AreaState], area: int | None) -> tuple[tuple[int, str], ...]:
    found: list[tuple[int, str]] = []
    row = by_id.get(area or 0)
    while row is not None and (row := by_id.get(row.parent_id or 0)) is not None:
        found.insert(0, (row.area_id, row.name))
    return tuple(found)


def _area_line(
    row: AreaState, area: int | None, own: Mapping[Key, Standing], found: Amounts, days: Sequence[date], year: int,
    rows: Iterable[AreaState],
) -> Line:  # fmt: skip
    below = any(one.parent_id == row.area_id for one in rows)
    level = int(area is not None and row.area_id != area)
    return _line(row.area_id, row.name, row.kind, level, own, found, days, year, below)


def _line(
    key: Key, name: str, kind: str, level: int, own: Mapping[Key, Standing], found: Amounts, days: Sequence[date],
    year: int, below: bool = False,
) -> Line:  # fmt: skip
    nothing = Amount(0, 0) if any(one.whole is not None for one in found[days[-1]].values()) else Amount()
    trend = tuple(found[day].get(key, nothing) for day in days)
    now, stands = trend[-1], own.get(key)
    begun = next(((d, a) for d, a in zip(days, trend, strict=True) if a.value is not None), None)
    return Line(
        key, name, kind, level,
        target=stands.value if stands else None,
        version=stands.version if stands else 0,
        now=now,
        missing=now.missing(stands.value) if stands else None,
        course=course(stands.value, begun, now, days[-1], year) if stands else None,
        trend=trend,
        below=below,
    )  # fmt: skip


def _industries(sight: Sight, measure: Measure, year: int, days: Sequence[date], area: int) -> list[Line]:
    """Of an area: those that it has, or has a target for; the largest first, what is not known last."""
    found = amounts(sight, measure, year, days, industries_of=area)
    own = queries.standing(sight, year, measure.code, industry_of=area)
    names = load_industry_names()
    keys = {key for day in found.values() for key in day} | own.keys()
    lines = [_line(key, names.get(str(key), ""), "", 1, own, found, days, year) for key in keys]
    size = {line.key: line.now.whole if line.now.whole is not None else line.now.part for line in lines}
    return sorted(lines, key=lambda line: (line.key == "", -(size[line.key] or 0), str(line.key)))


def weights(sight: Sight, found: Table) -> dict[Key, int]:
    """By what a target is split: what a share is a share of; of a number the operating enterprises, area by area."""
    if found.measure.share:
        return {line.key: line.now.whole or 0 for line in found.takers}
    rate = next(one for one in queries.measures(sight) if one.counts is Counts.COVERED)
    industries_of = found.area if found.by == "industries" else None
    of = amounts(of_day(sight, found.year), rate, found.year, (found.day,), industries_of=industries_of)[found.day]
    return {line.key: of[line.key].whole or 0 if line.key in of else 0 for line in found.takers}
