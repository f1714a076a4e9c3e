"""Small fictional rolls for tests of coverage: one line an enterprise."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from hypothesis import strategies as st

from feigong.core.coverage.parameters import CoverageParameters
from feigong.core.coverage.values import Basis
from feigong.core.reasons import reason
from feigong.core.roll.places.distance import DistanceTable
from feigong.core.roll.places.values import Area, AreaKind, Place
from feigong.core.roll.slots import FreeSlots
from feigong.core.roll.values import (
    Enterprise,
    Flag,
    FlagCode,
    Industry,
    Member,
    Officer,
    Organisation,
    OrganisationKind,
    Roll,
)

ON = date(2026, 10, 31)
AREAS = (
    Area("999901001", "东街道", AreaKind.SUBDISTRICT, "999901"),
    Area("999901002", "西街道", AreaKind.SUBDISTRICT, "999901"),
    Area("999901003", "北乡", AreaKind.TOWNSHIP, "999901"),
)
TABLE = DistanceTable(
    building_m=30, street_step_m=10, street_least_m=60, street_unnumbered_m=800, village_m=600, sub_district_m=1800,
    township_m=4000, park_m=1200,
)  # fmt: skip
PARAMETERS = CoverageParameters(
    least_members=3, most_enterprises=5, travel_m=3000, industry_travel_m=8000, bases=tuple(Basis), cycle_weeks=2,
    change_price_m=2000, join_price_m=500, building_affinity_m=100, street_affinity_m=50, turnover=0.15,
    allow_unverified=False, operating_staff=10, industry_score=0.5, officer_usual=3, officer_warn=5,
    officer_change_price_m=1000, gap_goal=0.0, changed_share=0.1, distances=TABLE,
)  # fmt: skip


def place(
    street: str | None = None, number: int | None = None, area: str | None = "999901001", **more: object
) -> Place:
    text = f"{area}{street}{number}" if street or area else ""
    return Place(text=text, street_key=street, house_number=number, area=area, **more)  # type: ignore[arg-type]


def firm(name: str, where: Place | None = None, slots: int | None = 1, *flags: FlagCode, **more: object) -> Enterprise:
    """An enterprise in East Street; ``slots`` is one week's mask, None unknown."""
    fields: dict[str, object] = {"staff": 20, "flags": tuple(Flag(f, reason("check.code_invalid")) for f in flags)}
    fields |= more
    free = None if slots is None else FreeSlots((slots,))
    return Enterprise(name, f"{name}公司", where or place("东街", 1), slots=free, **fields)  # type: ignore[arg-type]


def members(employer: str | None, full: int, probationary: int = 0, organisation: str | None = None) -> list[Member]:
    return [
        Member(f"{employer}-{organisation}-{k}", k < full, date(2010, 1, 1), employer, organisation=organisation)
        for k in range(full + probationary)
    ]


def branch(key: str, *covers: str, kind: OrganisationKind | None = None, **more: object) -> Organisation:
    fields: dict[str, object] = {"has_secretary": True}
    fields |= more
    usual = OrganisationKind.JOINT_BRANCH if len(covers) > 1 else OrganisationKind.BRANCH
    return Organisation(key, f"{key}支部", kind or usual, tuple(covers), **fields)  # type: ignore[arg-type]


def officer(key: str, where: Place | None = None, most: int | None = 3) -> Officer:
    return Officer(key, key, where or place("东街", 1), most)


def roll(
    firms: list[Enterprise],
    people: list[Member],
    organisations: tuple[Organisation, ...] = (),
    officers: tuple[Officer, ...] = (),
) -> Roll:
    return Roll(ON, tuple(firms), tuple(people), organisations, officers, AREAS, "999901")


def with_members(
    firms: dict[Enterprise, int], organisations: tuple[Organisation, ...] = (), officers: tuple[Officer, ...] = ()
) -> Roll:
    """A roll of enterprises and their full members."""
    people = [m for e, n in firms.items() for m in members(e.uscc, n)]
    return roll(list(firms), people, organisations, officers)


@st.composite
def small_rolls(draw: st.DrawFn) -> Roll:
    """Up to fourteen enterprises with every kind of gap, organisations in all states, some officers."""
    count = draw(st.integers(1, 14))
    firms, people = [], []
    for k in range(count):
        where = place(
            draw(st.sampled_from([None, "东街", "西街", "南街"])),
            draw(st.sampled_from([None, 1, 40, 400])),
            draw(st.sampled_from([None, "999901", "999901001", "999901002", "999901003"])),
            building_key=draw(st.sampled_from([None, None, "大厦"])),
            village_key=draw(st.sampled_from([None, None, "河西村"])),
        )
        flags = draw(st.sampled_from([(), (), (), (), (), *((f,) for f in FlagCode)]))
        industry = draw(st.sampled_from([None, Industry("51", 0.9), Industry("51", 0.2), Industry("52", 0.6)]))
        slots = draw(st.sampled_from([None, 1, 2, 3, 6]))
        firms.append(
            firm(f"E{k:02d}", where, slots, *flags, staff=draw(st.sampled_from([None, 3, 30])), industry=industry)
        )
        people += members(f"E{k:02d}", draw(st.sampled_from([0, 1, 1, 1, 2, 2, 3, 4])), draw(st.integers(0, 1)))
    organisations = []
    for k in range(draw(st.integers(0, 4))):
        covers = draw(st.lists(st.sampled_from([e.uscc for e in firms]), max_size=3, unique=True))
        organisations.append(
            branch(f"O{k}", *covers, has_secretary=draw(st.sampled_from([True, True, True, False, None])))
        )
    keys = [o.key for o in organisations]
    if keys:
        people = [replace(m, organisation=draw(st.sampled_from([None, None, *keys]))) for m in people]
    officers = [
        officer(f"L{k}", draw(st.sampled_from([e.place for e in firms])), draw(st.sampled_from([None, 1, 4])))
        for k in range(draw(st.integers(0, 3)))
    ]
    return roll(firms, people, tuple(organisations), tuple(officers))
