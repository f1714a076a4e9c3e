"""Coordinate systems met in Chinese tables, to WGS-84 and back; and what is visibly wrong with a pair of numbers."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from math import atan2, cos, hypot, pi, sin, sqrt

from feigong.core.roll.places.values import Datum, Point

# Krasovsky 1940, on which the GCJ-02 shift is computed.
_AXIS = 6378245.0
_ECCENTRICITY2 = 0.00669342162296594323
_BD_TURN = pi * 3000.0 / 180.0
CHINA = (72.004, 0.8293, 137.8347, 55.8271)  # west, south, east, north: outside, GCJ-02 is not shifted


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle in WGS-84 degrees."""

    west: float
    south: float
    east: float
    north: float


class PointState(StrEnum):
    """What can be told from two numbers alone."""

    FINE = "fine"
    SWAPPED = "swapped"  # latitude stands in the column of longitude
    PROJECTED = "projected"  # metres of a map projection, not degrees
    OUTSIDE = "outside"  # not in China, or not in the box asked for


def inside(point: Point, box: Box) -> bool:
    """Whether a point lies in a box, edges included."""
    return box.west <= point.longitude <= box.east and box.south <= point.latitude <= box.north


def state_of(longitude: float, latitude: float, box: Box | None = None) -> PointState:
    """Judge a pair of numbers as a table has them.

    Parameters
    ----------
    longitude, latitude : float
        As read from the columns of that name.
    box : Box, optional
        Where points are expected; all of China if not given.

    Returns
    -------
    PointState
        ``SWAPPED`` only where the exchanged pair would be fine.
    """
    where = box or Box(*CHINA)
    if inside(Point(longitude, latitude), where):
        return PointState.FINE
    if inside(Point(latitude, longitude), where):
        return PointState.SWAPPED
    if max(abs(longitude), abs(latitude)) > 1000.0:
        return PointState.PROJECTED
    return PointState.OUTSIDE


def usual_box(points: Iterable[Point], margin: float = 1.0) -> Box | None:
    """The box in which most points lie: the 5th to 95th percentile, widened on every side by ``margin`` times its width
    (at least 0.02 degrees, about 2 km). ``None`` for fewer than ten points: too few to call one of them an outlier."""
    known = list(points)
    if len(known) < 10:
        return None
    low, high = round(0.05 * (len(known) - 1)), round(0.95 * (len(known) - 1))
    east = sorted(p.longitude for p in known)
    north = sorted(p.latitude for p in known)
    dx = max(0.02, margin * (east[high] - east[low]))
    dy = max(0.02, margin * (north[high] - north[low]))
    return Box(east[low] - dx, north[low] - dy, east[high] + dx, north[high] + dy)


def _shift(longitude: float, latitude: float) -> tuple[float, float]:
    """The GCJ-02 offset in degrees at a WGS-84 position."""
    x, y = longitude - 105.0, latitude - 35.0
    root = sqrt(abs(x))
    wave = (20.0 * sin(6.0 * x * pi) + 20.0 * sin(2.0 * x * pi)) * 2.0 / 3.0
    north = -100.0 + 2.0 * x + 3.0 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * root + wave
    north += (20.0 * sin(y * pi) + 40.0 * sin(y / 3.0 * pi)) * 2.0 / 3.0
    north += (160.0 * sin(y / 12.0 * pi) + 320.0 * sin(y * pi / 30.0)) * 2.0 / 3.0
    east = 300.0 + x + 2.0 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * root + wave
    east += (20.0 * sin(x * pi) + 40.0 * sin(x / 3.0 * pi)) * 2.0 / 3.0
    east += (150.0 * sin(x / 12.0 * pi) + 300.0 * sin(x / 30.0 * pi)) * 2.0 / 3.0
    angle = latitude / 180.0 * pi
    magic = 1.0 - _ECCENTRICITY2 * sin(angle) ** 2
    north = north * 180.0 / ((_AXIS * (1.0 - _ECCENTRICITY2)) / (magic * sqrt(magic)) * pi)
    east = east * 180.0 / (_AXIS / sqrt(magic) * cos(angle) * pi)
    return east, north


def _to_gcj02(longitude: float, latitude: float) -> tuple[float, float]:
    if not inside(Point(longitude, latitude), Box(*CHINA)):
        return longitude, latitude
    east, north = _shift(longitude, latitude)
    return longitude + east, latitude + north


def _from_gcj02(longitude: float, latitude: float) -> tuple[float, float]:
    """Fixed point of the shift: it changes so slowly that five rounds reach the last digits."""
    if not inside(Point(longitude, latitude), Box(*CHINA)):
        return longitude, latitude
    x, y = longitude, latitude
    for _ in range(5):
        east, north = _shift(x, y)
        x, y = longitude - east, latitude - north
    return x, y


def _to_bd09(longitude: float, latitude: float) -> tuple[float, float]:
    """From GCJ-02."""
    z = hypot(longitude, latitude) + 0.00002 * sin(latitude * _BD_TURN)
    theta = atan2(latitude, longitude) + 0.000003 * cos(longitude * _BD_TURN)
    return z * cos(theta) + 0.0065, z * sin(theta) + 0.006


def _from_bd09(longitude: float, latitude: float) -> tuple[float, float]:
    """To GCJ-02, by the same fixed point."""
    x, y = longitude - 0.0065, latitude - 0.006
    for _ in range(5):
        east, north = _to_bd09(x, y)
        x, y = x + longitude - east, y + latitude - north
    return x, y


def to_wgs84(longitude: float, latitude: float, datum: Datum) -> Point:
    """Turn a position of any datum into WGS-84.

    Parameters
    ----------
    longitude, latitude : float
        Degrees.
    datum : Datum
        System of the given position. CGCS2000 is taken as WGS-84: they differ by centimetres.

    Returns
    -------
    Point
        Exact to about a centimetre. Positions outside China are not shifted.

    Notes
    -----
    GCJ-02 by the published reconstruction (eviltransform, coordtransform), BD-09 by the published formula on top of it.
    """
    if datum is Datum.BD09:
        longitude, latitude = _from_bd09(longitude, latitude)
    if datum in (Datum.BD09, Datum.GCJ02):
        longitude, latitude = _from_gcj02(longitude, latitude)
    return Point(longitude, latitude)


def from_wgs84(point: Point, datum: Datum) -> tuple[float, float]:
    """The inverse of `to_wgs84`: longitude and latitude in degrees of ``datum``."""
    pair = (point.longitude, point.latitude)
    if datum in (Datum.BD09, Datum.GCJ02):
        pair = _to_gcj02(*pair)
    return _to_bd09(*pair) if datum is Datum.BD09 else pair
