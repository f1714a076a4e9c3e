"""Distance between two places: from coordinates, else from equal keys by a table that is data, else unknown."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Nearness(StrEnum):
    """What a distance was measured by."""

    POINTS = "points"
    BUILDING = "building"
    STREET = "street"
    VILLAGE = "village"
    AREA = "area"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class DistanceTable:
    """Metres taken where keys are equal and coordinates are missing. ``area_m`` by kind of area; an area kind not listed
    gives no distance."""

    building_m: float
    street_step_m: float  # for each house number apart
    street_least_m: float  # two numbers of one street
    street_unnumbered_m: float  # same street, a number is missing
    village_m: float
    sub_district_m: float
    township_m: float
    park_m: float


@dataclass(frozen=True, slots=True)
class Distance:
    """``metres`` is None where unknown: never feasible by silence."""

    metres: float | None
    by: Nearness
