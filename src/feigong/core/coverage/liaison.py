"""Who looks after whom: one liaison officer for every enterprise without an organisation in being.

A transportation problem, solved exactly: the most needful enterprises are served first (who is nearer to an
organisation), then travel is least, loads above the fair share cost extra, and last month's officer stays unless it
costs too much. An unknown distance inside the district goes over a hub at a stated length (the farthest allowed
travel), so such pairs need no arc each; they are counted apart.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import ceil

import numpy as np
from scipy.spatial import cKDTree

from feigong.core.coverage.facts import Facts
from feigong.core.coverage.joint.values import Floats, Ints
from feigong.core.coverage.near import Measure
from feigong.core.coverage.transport import Pairs, Transport, transport
from feigong.core.coverage.values import AreaShortage, OfficerLoad, Outcome
from feigong.core.reasons import Reason, reason
from feigong.core.roll.places.distance import EARTH_M, between_points, neighbours
from feigong.core.roll.places.values import Place
from feigong.core.roll.values import Officer

WANTS = (Outcome.OWN, Outcome.JOINT, Outcome.JOIN, Outcome.RECRUIT, Outcome.LIAISON, Outcome.REPAIR)

RANKS = 6
SERVING_M = 1_000_000.0  # serving an enterprise of the next rank is worth more than any change of travel
FIRST_OFFICERS = 16
BLOCK = 1000  # rows looked at in one go
TOLERANCE_M = 0.01  # the exact test follows


@dataclass(frozen=True)
class Want:
    """An enterprise that wants an officer; ``rank`` 0 is served first."""

    uscc: str
    rank: int


@dataclass(frozen=True)
class Liaison:
    """Who serves whom. ``metres`` None: the distance is unknown."""

    officer: dict[str, str]
    loads: tuple[OfficerLoad, ...]
    waiting: tuple[str, ...]
    shortages: tuple[AreaShortage, ...]
    notes: tuple[Reason, ...]


def rank(full: int, probationary: int, staff: int | None, operating_staff: int) -> int:
    """How near an enterprise is to an organisation: members, then probationary members, then staff."""
    if full:
        return 0
    if probationary:
        return 1
    size = staff or 0
    return (
        2 if size >= 10 * operating_staff else 3 if size >= 5 * operating_staff else 4 if size >= operating_staff else 5
    )


def assign(
    wants: Sequence[Want], officers: Sequence[Officer], last: dict[str, str], facts: Facts, measure: Measure
) -> Liaison:
    """Give every enterprise an officer, as far as there are enough.

    Parameters
    ----------
    wants
        Enterprises, in any order.
    officers
        With base and most load; the district's usual load where an officer has none.
    last
        Last month's officer by uscc.

    Returns
    -------
    Liaison
        Loads never exceed an officer's most. Exact: no other assignment serves more needful enterprises, or the same
        at less cost (metres, plus prices for changes and for loads above the fair share).
    """
    wants = sorted(wants, key=lambda w: w.uscc)
    usual = measure.parameters.officer_usual
    officers = sorted((o for o in officers if (usual if o.most is None else o.most) > 0), key=lambda o: o.key)
    if not wants or not officers:
        return _nobody(wants, facts, measure)
    reach = _Reach([facts.enterprises[w.uscc].place for w in wants], [o.base for o in officers], measure)
    problem = _problem(wants, officers, last, facts, reach)
    to = transport(problem, reach.first(), reach.more)
    return _result(wants, officers, to, problem, reach, facts)


class _Reach:
    """Known distances from enterprises to officers' bases: by address keys all of them, by coordinates the nearest, and
    farther ones only where their price says so."""

    def __init__(self, places: Sequence[Place], bases: Sequence[Place], measure: Measure) -> None:
        self.places, self.bases, self.measure = places, bases, measure
        self.rows, self.columns = (
            np.array([i for i, p in enumerate(x) if p.point is not None], np.int64) for x in (places, bases)
        )
        self.here, self.there = _degrees(places, self.rows), _degrees(bases, self.columns)
        self.listed = np.empty((len(self.rows), 0), np.int64)

    def first(self) -> Pairs:
        """The pairs by keys, and the nearest by coordinates."""
        found = [
            self._keyed(p.point is not None for p in self.places),
            self._keyed(p.point is None for p in self.places),
        ]
        if len(self.rows) and len(self.columns):
            nearest = min(FIRST_OFFICERS, len(self.columns))
            _, near = cKDTree(_sphere(self.there)).query(_sphere(self.here), k=list(range(1, nearest + 1)))
            self.listed = np.sort(np.asarray(near, np.int64), axis=1)
            a = np.repeat(np.arange(len(self.rows)), nearest)
            found.append(self._points(a, self.listed.ravel()))
        return Pairs(*(np.concatenate([getattr(f, name) for f in found]) for name in ("row", "to", "metres")))

    def _keyed(self, chosen: Iterable[bool]) -> Pairs:
        """Pairs of which at most one has coordinates, from these places."""
        rows = [i for i, yes in enumerate(chosen) if yes]
        located = bool(rows) and self.places[rows[0]].point is not None
        columns = [j for j, b in enumerate(self.bases) if not (located and b.point is not None)]
        table, kinds = self.measure.parameters.distances, self.measure.kinds
        known = neighbours([self.places[i] for i in rows], [self.bases[j] for j in columns], np.inf, table, kinds)
        row = np.repeat(np.array(rows, np.int64), np.diff(known.start))
        return Pairs(row, np.array(columns, np.int64)[known.index], np.asarray(known.metres, np.float64))

    def _points(self, a: Ints, b: Ints) -> Pairs:
        metres = between_points(self.here[a, 0], self.here[a, 1], self.there[b, 0], self.there[b, 1])
        return Pairs(self.rows[a], self.columns[b], metres)

    def more(self, worth: Floats, price: Floats) -> Pairs:
        """Unlisted pairs by coordinates with ``metres < worth - price``, the best few of each row.

        All pairs are looked at in blocks, as products of unit vectors: the chord tells the distance.
        """
        found: list[tuple[Ints, Ints]] = []
        here, there = _sphere(self.here), _sphere(self.there)
        for low in range(0, len(self.rows) if len(self.columns) else 0, BLOCK):
            block = np.arange(low, min(low + BLOCK, len(self.rows)))
            chord = np.sqrt(np.maximum(0.0, 2.0 - 2.0 * (here[block] @ there.T)))
            slack = (
                2 * EARTH_M * np.arcsin(np.minimum(1.0, chord / 2))
                - worth[self.rows[block], None]
                + price[self.columns]
            )
            np.put_along_axis(slack, self.listed[block], np.inf, axis=1)
            best = np.argpartition(slack, min(FIRST_OFFICERS, slack.shape[1] - 1), axis=1)[:, :FIRST_OFFICERS]
            i, k = np.nonzero(np.take_along_axis(slack, best, axis=1) < TOLERANCE_M)
            found.append((block[i], best[i, k]))
        a, b = (np.concatenate([f[k] for f in found]) if found else np.empty(0, np.int64) for k in (0, 1))
        return self._points(a, b)

    def metres(self, i: int, j: int) -> float | None:
        return self.measure.between(self.places[i], self.bases[j])


def _degrees(places: Sequence[Place], rows: Ints) -> Floats:
    points = (places[i].point for i in rows.tolist())
    return np.array([(p.longitude, p.latitude) for p in points if p is not None], np.float64).reshape(-1, 2)


def _sphere(degrees: Floats) -> Floats:
    """Positions on the unit sphere."""
    x, y = np.radians(degrees).T
    return np.column_stack((np.cos(y) * np.cos(x), np.cos(y) * np.sin(x), np.sin(y)))


def _nobody(wants: Sequence[Want], facts: Facts, measure: Measure) -> Liaison:
    waiting = tuple(w.uscc for w in wants)
    notes = (reason("officer.none", waiting=len(waiting)),) if waiting else ()
    return Liaison({}, (), waiting, _shortages(waiting, facts, measure), notes)


def _problem(
    wants: Sequence[Want], officers: Sequence[Officer], last: dict[str, str], facts: Facts, reach: _Reach
) -> Transport:
    parameters = reach.measure.parameters
    most = np.array([parameters.officer_usual if o.most is None else o.most for o in officers], np.int64)
    number = {o.key: j for j, o in enumerate(officers)}
    before = np.array([number.get(last.get(w.uscc, ""), -1) for w in wants], np.int64)
    hub_in, hub_out = _districts(reach.places, facts), _districts(reach.bases, facts)
    before_m = np.full(len(wants), np.inf)
    for i in np.flatnonzero(before >= 0).tolist():
        j = int(before[i])
        metres = reach.metres(i, j)
        if metres is not None:
            before_m[i] = metres
        elif hub_in[i][0] == hub_out[j][0]:
            before_m[i] = np.nan
    mean = ceil(min(len(wants), int(most.sum())) / len(officers))
    return Transport(
        hub_in=hub_in,
        hub_out=hub_out,
        assumed_m=reach.measure.widest(),
        last=before,
        last_m=before_m,
        change_price_m=parameters.officer_change_price_m,
        fair=np.minimum(most, mean),
        most=most,
        above_fair_m=parameters.travel_m,
        unserved=SERVING_M * (RANKS - np.array([w.rank for w in wants], np.float64)),
    )


def _districts(places: Sequence[Place], facts: Facts) -> list[tuple[str, bool]]:
    """District and whether coordinates are known: two places of one district without a known distance may be paired
    over a hub unless both have coordinates."""
    return [((p.area or facts.district)[:6], p.point is not None) for p in places]


def _result(
    wants: Sequence[Want], officers: Sequence[Officer], to: Ints, problem: Transport, reach: _Reach, facts: Facts
) -> Liaison:
    measure = reach.measure
    served: dict[int, list[int]] = defaultdict(list)
    for i, j in enumerate(to.tolist()):
        if j >= 0:
            served[j].append(i)
    loads: list[OfficerLoad] = []
    above = 0
    for j, officer in enumerate(officers):
        metres = [reach.metres(i, j) for i in served[j]]
        mine = tuple(wants[i].uscc for i in served[j])
        above += len(mine) > measure.parameters.officer_warn
        travel = sum(m for m in metres if m is not None)
        loads.append(OfficerLoad(officer.key, mine, travel, int(problem.most[j]), metres.count(None)))
    waiting = tuple(wants[i].uscc for i, j in enumerate(to.tolist()) if j < 0)
    shortages = _shortages(waiting, facts, measure)
    notes: list[Reason] = []
    if above:
        notes.append(reason("officer.above_warn", officers=above, warn=measure.parameters.officer_warn))
    unverified = sum(load.unverified for load in loads)
    if unverified:
        notes.append(reason("officer.unverified", enterprises=unverified, assumed=measure.widest()))
    if waiting:
        missing = sum(s.missing for s in shortages)
        notes.append(
            reason("officer.too_few", waiting=len(waiting), missing=missing, usual=measure.parameters.officer_usual)
        )
    officer_of = {wants[i].uscc: officers[j].key for i, j in enumerate(to.tolist()) if j >= 0}
    return Liaison(officer_of, tuple(loads), waiting, shortages, tuple(notes))


def _shortages(waiting: Sequence[str], facts: Facts, measure: Measure) -> tuple[AreaShortage, ...]:
    """Officers missing by area, at the usual load."""
    by_area = Counter(facts.enterprises[u].place.area or facts.district for u in waiting)
    usual = measure.parameters.officer_usual
    return tuple(AreaShortage(area, count, ceil(count / usual)) for area, count in sorted(by_area.items()))
