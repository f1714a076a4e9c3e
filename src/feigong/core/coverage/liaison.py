"""Who looks after whom: one liaison officer for every enterprise without an organisation in being.

A transportation problem, solved exactly: the most needful enterprises are served first (who is nearer to an
organisation), then travel is least, loads above the fair share cost extra, and last month's officer stays unless it
costs too much. An unknown distance inside the district goes over a hub at a stated length (the farthest allowed
travel), so such pairs need no arc each; they are counted apart.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil

import numpy as np

from feigong.core.coverage.facts import Facts
from feigong.core.coverage.joint.values import Ints
from feigong.core.coverage.near import Measure
from feigong.core.coverage.transport import Pairs, Transport, transport
from feigong.core.coverage.values import AreaShortage, OfficerLoad, Outcome
from feigong.core.reasons import Reason, reason
from feigong.core.roll.places.distance import neighbours
from feigong.core.roll.places.values import Place
from feigong.core.roll.values import Officer

WANTS = (Outcome.OWN, Outcome.JOINT, Outcome.JOIN, Outcome.RECRUIT, Outcome.LIAISON, Outcome.REPAIR)

RANKS = 6
SERVING_M = 1_000_000.0  # serving an enterprise of the next rank is worth more than any change of travel
FEW_PAIRS = 2_000_000
FIRST_OFFICERS = 24


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
    """Known distances from enterprises to officers' bases, as many as are asked for."""

    def __init__(self, places: Sequence[Place], bases: Sequence[Place], measure: Measure) -> None:
        self.places, self.bases, self.measure = places, bases, measure

    def _rows(self, rows: Sequence[int], most: int) -> Pairs:
        table, kinds = self.measure.parameters.distances, self.measure.kinds
        known = neighbours([self.places[i] for i in rows], self.bases, np.inf, table, kinds, most=most)
        start = np.asarray(known.start, np.int64)
        metres = np.asarray(known.metres, np.float64)
        full = np.diff(start) >= min(most, len(self.bases))
        beyond = np.full(len(rows), np.inf)
        if most < len(self.bases):
            beyond[full] = metres[start[1:][full] - 1]
        return Pairs(start, np.asarray(known.index, np.int64), metres, beyond)

    def first(self) -> Pairs:
        """The nearest officers of every enterprise; all of them where that is little."""
        few = len(self.places) * len(self.bases) <= FEW_PAIRS
        return self._rows(range(len(self.places)), len(self.bases) if few else FIRST_OFFICERS)

    def more(self, rows: Ints, old: Pairs) -> Pairs:
        """Four times as many for some rows."""
        most = 4 * int(np.diff(old.start)[rows].max())
        longer = self._rows(rows.tolist(), min(most, len(self.bases)))
        counts = np.diff(old.start)
        keep = np.ones(len(counts), np.bool_)
        keep[rows] = False
        kept = np.repeat(keep, counts)
        row = np.concatenate([np.repeat(np.arange(len(counts)), counts)[kept], np.repeat(rows, np.diff(longer.start))])
        to = np.concatenate([old.to[kept], longer.to])
        metres = np.concatenate([old.metres[kept], longer.metres])
        order = np.argsort(row, kind="stable")
        beyond = old.beyond.copy()
        beyond[rows] = longer.beyond
        start = np.searchsorted(row[order], np.arange(len(counts) + 1))
        return Pairs(np.asarray(start, np.int64), to[order], metres[order], beyond)

    def metres(self, i: int, j: int) -> float | None:
        return self.measure.between(self.places[i], self.bases[j])


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
