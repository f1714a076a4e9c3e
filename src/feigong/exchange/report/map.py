"""The map of the joint branches: to scale, areas and streets drawn from where their enterprises are. No tiles."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import atan2, cos, pi, radians, sin

import numpy as np
import numpy.typing as npt

from feigong.core.coverage.values import JointBranch, Outcome
from feigong.exchange.plan_view import PlanView

WIDTH = 1000.0
MARGIN = 60.0
METRES_A_DEGREE = 111_320.0
STREETS_SHOWN = 24
STREET_LEAST = 6  # enterprises from which a street is drawn
DOTS_MOST = 20_000
Points = npt.NDArray[np.float64]
XY = tuple[float, float]


@dataclass(frozen=True, slots=True)
class MapBranch:
    """A branch on the map; ``index`` is its place in the page's list. Guessed seats have no coordinates."""

    index: int
    host: XY
    guessed_host: bool
    members: tuple[tuple[float, float, bool], ...]
    lines: str
    label: str
    weight: int


@dataclass(frozen=True, slots=True)
class MapArea:
    code: str
    name: str
    outline: str
    x: float
    y: float


@dataclass(frozen=True, slots=True)
class MapStreet:
    name: str
    path: str
    x: float
    y: float


@dataclass(frozen=True, slots=True)
class MapPicture:
    width: float
    height: float
    areas: tuple[MapArea, ...]
    streets: tuple[MapStreet, ...]
    dots: str
    branches: tuple[MapBranch, ...]
    scale_length: float  # of the scale bar, in the map's units
    scale_m: float
    guessed: bool


class _Frame:
    """Longitude and latitude to x and y: equirectangular about the middle, true to scale within a district."""

    def __init__(self, points: Points) -> None:
        low, high = points.min(axis=0), points.max(axis=0)
        self.middle = (low + high) / 2
        self.shrink = cos(radians(float(self.middle[1])))
        span = (high - low) * METRES_A_DEGREE * np.array([self.shrink, 1.0])
        span = np.maximum(span, 400.0)
        usable = WIDTH - 2 * MARGIN
        self.metre = min(usable / span[0], 0.92 * usable / span[1])
        self.height = float(np.clip(span[1] * self.metre + 2 * MARGIN, 0.55 * WIDTH, WIDTH))

    def xy(self, points: Points) -> Points:
        metres: Points = (points - self.middle) * METRES_A_DEGREE * np.array([self.shrink, 1.0])
        placed: Points = metres * self.metre * np.array([1.0, -1.0]) + np.array([WIDTH / 2, self.height / 2])
        return placed


def map_picture(view: PlanView, labels: Sequence[str]) -> MapPicture | None:
    """The picture, or None where no joint branch has any coordinates. ``labels``: one for each branch of the plan."""
    located = {
        e.uscc: (e.place.point.longitude, e.place.point.latitude) for e in view.roll.enterprises if e.place.point
    }
    drawn = [i for i, b in enumerate(view.plan.branches) if any(s.uscc in located for s in b.seats)]
    if not drawn:
        return None
    seats = [located[s.uscc] for i in drawn for s in view.plan.branches[i].seats if s.uscc in located]
    frame = _Frame(np.array(seats, dtype=np.float64))
    at = dict(zip(located, map(tuple, frame.xy(np.array(list(located.values())))), strict=True))
    branches = tuple(_branch(i, view.plan.branches[i], labels[i], at, frame) for i in drawn)
    inside = {u: p for u, p in at.items() if 0 <= p[0] <= WIDTH and 0 <= p[1] <= frame.height}
    liaison = [d.uscc for d in view.plan.decisions if d.outcome is Outcome.LIAISON and d.uscc in inside]
    dots = "".join(f"M{inside[u][0]:.0f} {inside[u][1]:.0f}h0" for u in liaison[:DOTS_MOST])
    scale_m = _round_length(WIDTH / 5 / frame.metre)
    guessed = any(b.guessed_host or any(m[2] for m in b.members) for b in branches)
    return MapPicture(
        WIDTH, frame.height, _areas(view, inside), _streets(view, inside, frame.metre), dots, branches,
        scale_m * frame.metre, scale_m, guessed,
    )  # fmt: skip


def _branch(index: int, b: JointBranch, label: str, at: dict[str, XY], frame: _Frame) -> MapBranch:
    """Seats without coordinates are put round the host at their distance, and marked so."""
    known = [at[s.uscc] for s in b.seats if s.uscc in at]
    host = at.get(b.host) or (known[0][0] + 14, known[0][1])
    members = []
    for k, seat in enumerate(s for s in b.seats if s.uscc != b.host):
        point = at.get(seat.uscc)
        if point is None:
            angle, far = 2 * pi * k / max(1, len(b.seats) - 1) + 0.5, max(18.0, seat.travel_m * frame.metre)
            x = min(max(host[0] + far * cos(angle), 8.0), WIDTH - 8)
            y = min(max(host[1] + far * sin(angle), 8.0), frame.height - 8)
            members.append((round(x, 1), round(y, 1), True))
        else:
            members.append((round(point[0], 1), round(point[1], 1), False))
    start = f"M{host[0]:.1f} {host[1]:.1f}"
    lines = "".join(f"{start}L{x:.1f} {y:.1f}" for x, y, _ in members)
    place = (round(host[0], 1), round(host[1], 1))
    return MapBranch(index, place, b.host not in at, tuple(members), lines, label, b.members)


def _round_length(metres: float) -> float:
    """The largest 1, 2 or 5 times a power of ten that is not longer."""
    power = 10.0 ** np.floor(np.log10(metres))
    return float(max(m * power for m in (1, 2, 5) if m * power <= metres))


def _areas(view: PlanView, at: dict[str, XY]) -> tuple[MapArea, ...]:
    """Each area as the hull of the nearer nine tenths of its enterprises."""
    groups: dict[str, list[XY]] = defaultdict(list)
    for uscc, point in at.items():
        code = view.area(uscc)
        if code:
            groups[code].append(point)
    found = []
    for code, own in sorted(groups.items()):
        points = np.array(own)
        middle = np.median(points, axis=0)
        far = np.hypot(*(points - middle).T)
        near = points[far <= np.quantile(far, 0.9)] if len(points) > 10 else points
        hull = _hull(near)
        outline = "M" + "L".join(f"{x:.0f} {y:.0f}" for x, y in hull) + "Z" if len(hull) > 2 else ""
        top = max(14.0, float(near[:, 1].min()) - 6)  # the name stands above its area
        found.append(MapArea(code, view.area_name(code), outline, round(float(middle[0])), round(top)))
    return tuple(found)


def _hull(points: Points) -> list[XY]:
    """Convex hull, by angle about the lowest point (Graham)."""
    unique = sorted({(round(float(x), 1), round(float(y), 1)) for x, y in points}, key=lambda p: (p[1], p[0]))
    if len(unique) < 3:
        return unique
    low, rest = unique[0], unique[1:]
    rest.sort(key=lambda p: (atan2(p[1] - low[1], p[0] - low[0]), (p[0] - low[0]) ** 2 + (p[1] - low[1]) ** 2))
    hull = [low]
    for p in rest:
        while len(hull) > 1 and _turn(hull[-2], hull[-1], p) <= 0:
            hull.pop()
        hull.append(p)
    return hull


def _turn(a: XY, b: XY, c: XY) -> float:
    return (b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0])


def _streets(view: PlanView, at: dict[str, XY], metre: float) -> tuple[MapStreet, ...]:
    """Streets with many enterprises as lines through them: means of slices along the main direction."""
    groups: dict[str, list[str]] = defaultdict(list)
    for uscc in at:
        place = view.enterprises[uscc].place
        if place.street_key and place.parts.road:
            groups[place.street_key].append(uscc)
    often = sorted((k for k in groups if len(groups[k]) >= STREET_LEAST), key=lambda k: (-len(groups[k]), k))
    found = []
    for key in often[:STREETS_SHOWN]:
        line = _through(np.array([at[u] for u in groups[key]]), metre)
        if line is not None:
            path = "M" + "L".join(f"{x:.0f} {y:.0f}" for x, y in line)
            x, y = line[len(line) // 2]
            name = view.enterprises[groups[key][0]].place.parts.road
            found.append(MapStreet(name, path, round(float(x)), round(float(y))))
    return tuple(found)


def _through(points: Points, metre: float) -> Points | None:
    """A line through points that lie along one; None where they do not."""
    middle = np.median(points, axis=0)
    away = np.hypot(*(points - middle).T)
    points = points[away <= np.quantile(away, 0.9)]
    centred = points - points.mean(axis=0)
    _, spread, axes = np.linalg.svd(centred, full_matrices=False)
    if len(points) < STREET_LEAST or spread[0] < 3 * spread[1]:
        return None
    along = centred @ axes[0]
    if along.max() - along.min() < 150 * metre:
        return None
    edges = np.quantile(along, np.linspace(0, 1, min(5, len(points) // 2) + 1))
    slices = [points[(along >= a) & (along <= b)].mean(axis=0) for a, b in pairwise(edges)]
    ends = [points[along.argmin()], *slices, points[along.argmax()]]
    return np.array(ends)
