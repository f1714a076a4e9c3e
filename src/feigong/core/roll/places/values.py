"""Where something is, as far as it is known: an address split into parts, keys that compare, coordinates."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Datum(StrEnum):
    """Coordinate systems met in Chinese tables. CGCS2000 equals WGS-84 within centimetres here."""

    WGS84 = "WGS-84"
    CGCS2000 = "CGCS2000"
    GCJ02 = "GCJ-02"
    BD09 = "BD-09"


@dataclass(frozen=True, slots=True)
class Point:
    """WGS-84 degrees."""

    longitude: float
    latitude: float


class AreaKind(StrEnum):
    DISTRICT = "district"  # 区县
    TOWNSHIP = "township"  # 乡镇
    SUBDISTRICT = "sub_district"  # 街道
    PARK = "park"  # 园区
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Area:
    """A node of the tree of areas; ``code`` of the statistics bureau (6 digits district, 9 digits township level)."""

    code: str
    name: str
    kind: AreaKind
    parent: str | None = None


class AreaFrom(StrEnum):
    """How the area was found, best first."""

    GIVEN = "given"  # a table has a column for it
    NAME = "name"  # the address names it
    ALIAS = "alias"  # the address has an alias or former name
    STREET = "street"  # other firms of the same street or village name it
    DISTRICT = "district"  # only the district is known
    NONE = "none"


@dataclass(frozen=True, slots=True)
class AddressParts:
    """An address as split; empty: not there. ``number`` keeps its suffix as written (``16号``, ``39-2-7`` → ``39``)."""

    province: str = ""
    city: str = ""
    district: str = ""
    town: str = ""
    village: str = ""
    road: str = ""
    number: str = ""
    building: str = ""
    room: str = ""
    rest: str = ""
    compound: str = ""  # the estate, yard or named place that building or number belongs to (``如意家园``)


@dataclass(frozen=True, slots=True)
class Place:
    """A place with comparable keys. Two equal keys mean the same building, street or village; ``None``: not known."""

    text: str = ""
    parts: AddressParts = AddressParts()
    area: str | None = None  # 9-digit township-level code, or the 6-digit district where only that is known
    area_from: AreaFrom = AreaFrom.NONE
    building_key: str | None = None
    street_key: str | None = None
    house_number: int | None = None
    village_key: str | None = None
    point: Point | None = None
