"""The invented ground: towns, streets, villages and buildings of a district that does not exist, in the open sea."""

from __future__ import annotations

import random
from dataclasses import dataclass
from math import cos, pi, radians, sin

DISTRICT_CODE = "990101"  # no province has 99
CITY = "澜州市"
DISTRICT = "云汀区"
ORIGIN = (123.60, 30.60)  # WGS-84, east of every coast
METRES_A_DEGREE = 111_320.0
HOUSE_STEP_M = 11.0  # along the street for each house number

TOWNS = (
    ("云汀街道", 0, 0), ("白鹭街道", 3100, 600), ("青桥街道", -2700, 1100), ("望澜街道", 800, 3300),
    ("柳港街道", -900, -3200), ("石屏镇", 7200, 2600), ("南澧镇", 5200, -4800), ("松岑镇", -6900, -2100),
    ("九汀乡", -5600, 6100), ("云汀经济开发区", 4300, 6400),
)  # fmt: skip
STREET_HEADS = "澜汀鹭桥港屏澧岑泊渚芷蘅荇汐沅滟"
STREET_TAILS = ("江路", "山路", "安大街", "和路", "光街", "源路", "泰街", "宁路", "兴大道", "水巷")
VILLAGES = ("上汀村", "下汀村", "荇湾村", "石磨村", "松岑前村", "芷塘村", "沙渚村", "九曲塘村")
BUILDINGS = ("澜汇大厦", "云汀国际中心", "鹭洲商务楼", "青桥创业园", "望澜广场", "港城商厦", "芷园写字楼", "双屏大厦")


@dataclass(frozen=True, slots=True)
class Street:
    """A straight street: metres from the origin, a direction, and buildings at some house numbers."""

    name: str
    town: int
    x: float
    y: float
    angle: float
    buildings: tuple[tuple[int, str], ...]
    village: bool = False

    def point(self, number: int, aside: float) -> tuple[float, float]:
        """Longitude and latitude of a house number."""
        along = number * HOUSE_STEP_M
        x = self.x + along * cos(self.angle) - aside * sin(self.angle)
        y = self.y + along * sin(self.angle) + aside * cos(self.angle)
        scale = METRES_A_DEGREE * cos(radians(ORIGIN[1]))
        return round(ORIGIN[0] + x / scale, 6), round(ORIGIN[1] + y / METRES_A_DEGREE, 6)


@dataclass(frozen=True, slots=True)
class Site:
    """Where a firm is, as it would write its address."""

    town: int
    address: str
    point: tuple[float, float]


def town_code(index: int) -> str:
    """Nine digits: the district's six and three of the town."""
    return f"{DISTRICT_CODE}{index + 1:03d}"


def streets(rng: random.Random) -> list[Street]:
    """Seven streets a town; in townships two of them are villages."""
    names = [a + b for a in STREET_HEADS for b in STREET_TAILS]
    rng.shuffle(names)
    villages, buildings = list(VILLAGES), list(BUILDINGS)
    found = []
    for town, (name, x, y) in enumerate(TOWNS):
        rural = name.endswith(("镇", "乡"))
        for k in range(7):
            village = rural and k >= 5 and bool(villages)
            label = villages.pop() if village else names.pop()
            own = []
            if not rural and buildings and k < 2:
                own.append((rng.randrange(8, 90), buildings.pop()))
            angle = pi * k / 7 + rng.uniform(-0.2, 0.2)
            start = (x - 500 * cos(angle) + rng.uniform(-400, 400), y - 500 * sin(angle) + rng.uniform(-400, 400))
            found.append(Street(label, town, *start, angle, tuple(own), village))
    return found


def site(rng: random.Random, ground: list[Street]) -> Site:
    """A place to be, more often in town centres and in buildings; half of the addresses do not name the town."""
    street = ground[int(len(ground) * rng.random() ** 1.25)]
    if street.buildings and rng.random() < 0.5:
        number, building = street.buildings[0]
        where = f"{street.name}{number}号{building}{rng.randrange(3, 22)}层{rng.randrange(1, 30):02d}室"
    elif street.village:
        number = rng.randrange(1, 60)
        where = f"{street.name}{rng.choice(('', f'{rng.randrange(1, 9)}组', f'{number}号'))}"
    else:
        number = rng.randrange(1, 130)
        where = f"{street.name}{number}{rng.choice(('号', '号', '号', '号甲', f'-{rng.randrange(1, 9)}号'))}"
    town = TOWNS[street.town][0] if rng.random() < 0.5 or street.village else ""
    head = rng.choice((f"{CITY}{DISTRICT}", f"{CITY}{DISTRICT}", DISTRICT))
    return Site(street.town, f"{head}{town}{where}", street.point(number, rng.uniform(-35, 35)))
