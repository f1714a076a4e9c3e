"""Enterprises that share a building or a point are one stack on a map: a count that opens them."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from math import cos, hypot, radians

# Road, house number, perhaps a block within it; doors (16-2号) and additions (16号甲) are the same house.
_HOUSE = re.compile(
    r"(?P<road>[一-龥](?:大[街道]|[路街道巷弄里]))(?P<number>\d{1,5})(?:[-—、]\d+)?号(?!楼|线)"
    r"(?:[院内]?(?P<block>[A-Z\d]{1,3}(?:号楼|栋|幢|座)))?"
)
_METRES_A_DEGREE = 111_320.0
NEAR_M = 150.0  # points of one house number lie no farther apart; a street of the same name elsewhere does
_DIGITS = 5  # of a degree: about a metre


@dataclass(frozen=True, slots=True)
class Spot:
    """An enterprise with a point. ``building``: the area of a building that it is in, 0 for none."""

    enterprise: int
    longitude: float
    latitude: float
    address: str = ""
    building: int = 0


@dataclass(frozen=True, slots=True)
class Stack:
    """Where it stands: the mean of its points."""

    longitude: float
    latitude: float
    enterprises: tuple[int, ...]  # in the order of their numbers


def stacks(spots: Iterable[Spot]) -> list[Stack]:
    """Each enterprise in exactly one stack, whatever the order of ``spots``; the westernmost stack first."""
    ordered = sorted(spots, key=lambda s: s.enterprise)
    groups = _Groups()
    houses: dict[str, list[tuple[Spot, object]]] = defaultdict(list)
    for spot in ordered:
        point: object = (round(spot.longitude, _DIGITS), round(spot.latitude, _DIGITS))
        groups.join(spot.enterprise, point)
        if spot.building:
            groups.join(point, f"building {spot.building}")
        elif (found := _HOUSE.search(spot.address)) is not None:
            houses[f"{found['road']}{found['number']}{found['block'] or ''}"].append((spot, point))
    for house, own in houses.items():
        if len(own) == 1:
            continue
        centres: list[Spot] = []
        for spot, point in own:
            near = next((n for n, c in enumerate(centres) if _metres(c, spot) <= NEAR_M), len(centres))
            if near == len(centres):
                centres.append(spot)
            groups.join(point, f"house {house} {near}")
    members: dict[object, list[Spot]] = defaultdict(list)
    for spot in ordered:
        members[groups.of(spot.enterprise)].append(spot)
    found_stacks = [_stack(own) for own in members.values()]
    return sorted(found_stacks, key=lambda s: (s.longitude, s.latitude, s.enterprises))


def _stack(own: list[Spot]) -> Stack:
    longitude = sum(s.longitude for s in own) / len(own)
    latitude = sum(s.latitude for s in own) / len(own)
    return Stack(longitude, latitude, tuple(s.enterprise for s in own))


def _metres(a: Spot, b: Spot) -> float:
    east = (a.longitude - b.longitude) * cos(radians(a.latitude))
    return hypot(east, a.latitude - b.latitude) * _METRES_A_DEGREE


class _Groups:
    """What has been joined to one another, directly or by way of others."""

    def __init__(self) -> None:
        self._over: dict[object, object] = {}

    def of(self, thing: object) -> object:
        over = self._over
        top = thing
        while (above := over.get(top, top)) != top:
            top = above
        while thing != top:
            over[thing], thing = top, over[thing]
        return top

    def join(self, one: object, other: object) -> None:
        a, b = self.of(one), self.of(other)
        if a != b:
            self._over[b] = a
