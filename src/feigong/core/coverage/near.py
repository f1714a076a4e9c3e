"""Distances as coverage needs them: known pairs by basis, within the limits. Unknown is never near by silence."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from feigong.core.coverage.joint.values import Floats, Index, Ints
from feigong.core.coverage.parameters import CoverageParameters
from feigong.core.coverage.values import Basis
from feigong.core.roll.places.distance import measure, neighbours
from feigong.core.roll.places.values import AreaKind, Place
from feigong.core.roll.values import Enterprise, Industry

Key = Callable[[Enterprise], str | None]


@dataclass(frozen=True)
class Site:
    """A place with an industry: an enterprise, or the meeting place of an organisation."""

    place: Place
    industry: Industry | None


@dataclass(frozen=True)
class Arcs:
    """Known pairs (host, item) on one basis, sorted by host, then item. Metres, and metres less affinity."""

    host: Index
    item: Index
    metres: Floats
    cost: Floats


@dataclass(frozen=True)
class Measure:
    """Distances under a district's parameters. ``kinds``: kind of each area by code."""

    parameters: CoverageParameters
    kinds: Mapping[str, AreaKind]

    def between(self, a: Place, b: Place) -> float | None:
        """Metres, or None where unknown."""
        return measure(a, b, self.parameters.distances, self.kinds).metres

    def limit(self, basis: Basis) -> float:
        """Farthest travel allowed on a basis."""
        return self.parameters.industry_travel_m if basis is Basis.INDUSTRY else self.parameters.travel_m

    def widest(self) -> float:
        """The farthest limit of any allowed basis."""
        return max(self.limit(b) for b in self.parameters.bases)

    def affinity(self, a: Place, b: Place) -> float:
        """Metres of travel forgiven: same building, else same street."""
        if a.building_key is not None and a.building_key == b.building_key:
            return self.parameters.building_affinity_m
        if a.street_key is not None and a.street_key == b.street_key:
            return self.parameters.street_affinity_m
        return 0.0

    def arcs(self, hosts: Sequence[Site], items: Sequence[Site], basis: Basis) -> Arcs:
        """All known pairs that share the basis and lie within its limit; a site is not paired with itself (same
        object)."""
        found: list[tuple[Ints, Ints, Floats]] = []
        for in_host, in_item in _groups(hosts, items, basis, self):
            known = neighbours(
                [hosts[i].place for i in in_host],
                [items[j].place for j in in_item],
                self.limit(basis),
                self.parameters.distances,
                self.kinds,
            )
            rows = np.repeat(np.asarray(in_host, np.int64), np.diff(known.start))
            found.append((rows, np.asarray(in_item, np.int64)[known.index], np.asarray(known.metres, np.float64)))
        if not found:
            return Arcs(np.empty(0, np.int32), np.empty(0, np.int32), np.empty(0), np.empty(0))
        row = np.concatenate([f[0] for f in found])
        column = np.concatenate([f[1] for f in found])
        metres = np.concatenate([f[2] for f in found])
        _, first = np.unique(row * len(items) + column, return_index=True)
        row, column, metres = row[first], column[first], metres[first]
        other = ~_same_object(hosts, items, row, column)
        row, column, metres = row[other], column[other], metres[other]
        return Arcs(
            row.astype(np.int32), column.astype(np.int32), metres, self._cost(hosts, items, row, column, metres)
        )

    def _cost(self, hosts: Sequence[Site], items: Sequence[Site], row: Ints, column: Ints, metres: Floats) -> Floats:
        names: dict[str, int] = {}

        def codes(sites: Sequence[Site], key: Callable[[Place], str | None]) -> Ints:
            keys = (key(s.place) for s in sites)
            return np.array([-1 if k is None else names.setdefault(k, len(names)) for k in keys], np.int64)

        same: list[Floats] = []
        for key in (lambda p: p.building_key, lambda p: p.street_key):
            names.clear()
            a, b = codes(hosts, key)[row], codes(items, key)[column]
            same.append((a >= 0) & (a == b))
        building, street = same
        forgiven = np.where(
            building, self.parameters.building_affinity_m, np.where(street, self.parameters.street_affinity_m, 0.0)
        )
        return np.maximum(0.0, metres - forgiven)


def _same_object(hosts: Sequence[Site], items: Sequence[Site], row: Ints, column: Ints) -> np.ndarray:
    where = {id(s): j for j, s in enumerate(items)}
    own = np.array([where.get(id(s), -1) for s in hosts], np.int64)
    return np.asarray(own[row] == column)


def shares(a: Site, b: Site, basis: Basis, measure_: Measure) -> bool:
    """Whether two sites share a basis, as far as the roll knows."""
    return bool(set(keys_of(a, basis, measure_)) & set(keys_of(b, basis, measure_)))


def keys_of(site: Site, basis: Basis, measure_: Measure) -> list[str]:
    """What a site shares with others on a basis: two that have one of these in common share it."""
    place = site.place
    if basis is Basis.BUILDING:
        return [place.building_key] if place.building_key else []
    if basis is Basis.STREET:
        return [place.street_key] if place.street_key else []
    if basis is Basis.AREA:  # the same village lies in the same area, also where the area itself is not known
        area = township(place, measure_.kinds)
        return [f"a:{area}"] * (area is not None) + [f"v:{place.village_key}"] * (place.village_key is not None)
    industry = site.industry
    if industry is None or (not industry.given and industry.score < measure_.parameters.industry_score):
        return []
    return [industry.division]


def township(place: Place, kinds: Mapping[str, AreaKind]) -> str | None:
    """The area at township level; None where only the district is known (that is not 'the same area')."""
    code = place.area
    if code is None or len(code) <= 6 or kinds.get(code) is AreaKind.DISTRICT:
        return None
    return code


def _groups(
    hosts: Sequence[Site], items: Sequence[Site], basis: Basis, measure_: Measure
) -> list[tuple[list[int], list[int]]]:
    """Hosts and items by what they share."""
    by_host: dict[str, list[int]] = defaultdict(list)
    by_item: dict[str, list[int]] = defaultdict(list)
    for sites, into in ((hosts, by_host), (items, by_item)):
        for index, site in enumerate(sites):
            for key in keys_of(site, basis, measure_):
                into[key].append(index)
    return [(by_host[k], by_item[k]) for k in sorted(by_host) if k in by_item]
