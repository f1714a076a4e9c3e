"""The map as a picture for paper: to scale, drawn by the server, in millimetres."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from math import cos, floor, log10, pi, radians, sin, sqrt
from typing import Any, Final

from feigong.apps.roll import queries
from feigong.apps.roll.queries.outlines import DrawnArea, drawn_areas
from feigong.core.roll.places.stacking import Stack
from feigong.web.lists.spec import Ask, Rows
from feigong.web.lists.state import State
from feigong.web.map.drawing import StarLine, bounds
from feigong.web.map.stacks import located, stacks_of

PAPERS: Final = {"a4": (267.0, 150.0), "a3": (390.0, 228.0)}  # what the picture may fill, landscape
_METRES_A_DEGREE: Final = 111_320.0
_CELL_MM: Final = 6.0  # stacks nearer than this are drawn as one
_LARGE: Final = ("district", "township", "sub_district", "park")
_MOST_SLOTS_SHOWN: Final = 40  # stars with the time beside them


@dataclass(frozen=True, slots=True)
class Dot:
    x: float
    y: float
    radius: float
    count: int
    tone: str  # all, some, none, closed


@dataclass(frozen=True, slots=True)
class Label:
    x: float
    y: float
    text: str


@dataclass(frozen=True, slots=True)
class PrintedStar:
    lines: str
    mark: str
    label: Label | None


@dataclass(frozen=True, slots=True)
class Picture:
    width: float
    height: float
    areas: tuple[tuple[str, str], ...]  # path, kind
    labels: tuple[Label, ...]
    dots: tuple[Dot, ...]
    stars: tuple[PrintedStar, ...]
    scale_mm: float
    scale_m: float


class _Frame:
    """Degrees to millimetres of the paper: equirectangular, true to scale within a district."""

    def __init__(self, box: tuple[float, float, float, float], size: tuple[float, float]) -> None:
        west, south, east, north = box
        self.width, self.height = size
        self.middle = ((west + east) / 2, (south + north) / 2)
        self.shrink = cos(radians(self.middle[1]))
        wide = max((east - west) * self.shrink, 0.004)
        high = max(north - south, 0.004)
        self.mm = min((self.width - 16) / wide, (self.height - 16) / high)  # for each degree of latitude

    def xy(self, longitude: float, latitude: float) -> tuple[float, float]:
        x = self.width / 2 + (longitude - self.middle[0]) * self.shrink * self.mm
        return round(x, 2), round(self.height / 2 - (latitude - self.middle[1]) * self.mm, 2)

    def scale(self) -> tuple[float, float]:
        """A round length near a sixth of the paper: millimetres and metres."""
        most = self.width / 6 / self.mm * _METRES_A_DEGREE
        power: float = 10.0 ** floor(log10(most))
        metres = max(m * power for m in (1, 2, 5) if m * power <= most)
        return round(metres / _METRES_A_DEGREE * self.mm, 2), metres


def picture(
    state: State, ask: Ask, rows: Rows, stars: Sequence[StarLine], size: tuple[float, float]
) -> Picture | None:
    """None where nothing can be drawn: neither outlines nor points."""
    areas = drawn_areas(ask.sight)
    found = stacks_of(rows, ask)
    box = bounds(found, _about(areas, found, state))
    if box is None:
        return None
    frame = _Frame(box, size)
    scale_mm, scale_m = frame.scale()
    shapes = tuple((_path(area, frame), area.kind) for area in areas)
    labels = tuple(_named(area, frame) for area in areas if area.kind in _LARGE[1:])
    drawn = tuple(_star(star, frame, len(stars) <= _MOST_SLOTS_SHOWN) for star in stars if star.places)
    return Picture(*size, shapes, labels, _dots(found, rows, ask, frame), drawn, scale_mm, scale_m)


def _about(areas: Sequence[DrawnArea], found: Sequence[Stack], state: State) -> Sequence[DrawnArea]:
    """What the picture must hold: of a part that is asked for, the part."""
    wanted = {int(one) for one in state.given.get("area", ()) if one.isdecimal()}
    if wanted:
        return [area for area in areas if area.area_id in wanted]
    return areas


def _path(area: DrawnArea, frame: _Frame) -> str:
    rings = [ring for polygon in area.shape for ring in polygon]
    return "".join("M" + "L".join("{} {}".format(*frame.xy(x, y)) for x, y in ring[:-1]) + "Z" for ring in rings)


def _named(area: DrawnArea, frame: _Frame) -> Label:
    """The name stands in the middle of the largest part."""
    ring: list[Any] = max((polygon[0] for polygon in area.shape), key=len)
    xs, ys = [x for x, _ in ring], [y for _, y in ring]
    return Label(*frame.xy((min(xs) + max(xs)) / 2, (min(ys) + max(ys)) / 2), area.name)


def _dots(found: Sequence[Stack], rows: Rows, ask: Ask, frame: _Frame) -> tuple[Dot, ...]:
    covered = set(located(rows).filter(queries.is_covered(ask.sight)).values_list("enterprise_id", flat=True))
    closed = set(located(rows).filter(standing="closed").values_list("enterprise_id", flat=True)) - covered
    cells: dict[tuple[int, int], list[tuple[float, float, Stack]]] = defaultdict(list)
    for stack in found:
        x, y = frame.xy(stack.longitude, stack.latitude)
        if 0 <= x <= frame.width and 0 <= y <= frame.height:
            cells[int(x / _CELL_MM), int(y / _CELL_MM)].append((x, y, stack))
    dots = []
    for own in cells.values():
        members = [e for *_, stack in own for e in stack.enterprises]
        count = len(members)
        x = sum(x * len(s.enterprises) for x, _, s in own) / count
        y = sum(y * len(s.enterprises) for _, y, s in own) / count
        tone = tone_of(count, sum(e in covered for e in members), sum(e in closed for e in members))
        dots.append(Dot(round(x, 2), round(y, 2), round(min(3.2, 0.75 + 0.28 * sqrt(count)), 2), count, tone))
    return tuple(sorted(dots, key=lambda dot: (dot.y, dot.x)))


def tone_of(count: int, covered: int, closed: int) -> str:
    if closed == count:
        return "closed"
    return "all" if covered >= count - closed else "some" if covered else "none"


def _star(star: StarLine, frame: _Frame, timed: bool) -> PrintedStar:
    _, *first = star.places[0]
    x, y = frame.xy(*first)
    lines = "".join("M{} {}L{} {}".format(x, y, *frame.xy(lon, lat)) for _, lon, lat in star.places[1:])
    large = 2.1 if timed else 1.3
    corners = [(large if k % 2 == 0 else 0.42 * large, pi * k / 5) for k in range(10)]
    mark = "M" + "L".join(f"{x + r * sin(a):.2f} {y - r * cos(a):.2f}" for r, a in corners) + "Z"
    return PrintedStar(lines, mark, Label(x + 2.6, y + 0.9, star.slot) if timed and star.slot else None)
