"""Keys that are equal where the building, the street, the village is the same, however it was written."""

from __future__ import annotations

import re
from dataclasses import dataclass

from feigong.core.roll.places.address import Reading
from feigong.core.roll.places.writing import numeral

_WING = re.compile(r"(?P<wing>[A-Z])-?\d")
_HEAD_NUMBER = re.compile(r"\d+")
_VILLAGE_END = re.compile(
    r"(?:社区居民委员会|社区居委会|社区居民委|社区|村民委员会|村委会|居民委员会|居委会|村|屯|嘎查|大队|委)$"
)
_BLOCK_END = re.compile(r"(?:号楼|号幢|号栋|栋|幢|座|#楼|#|号厂房|号库|号|楼)$")
_TOWER = re.compile(
    r"(?P<name>.*[一-龥].(?:大厦|大楼|商厦|商城|商务楼|写字楼|综合楼|办公楼|广场|中心|塔楼|公寓|酒店|宾馆))(?P<wing>[A-Z东南西北]{1,2}[座楼区栋幢塔]|\d.*)?"
)
_SMALL_NUMBER = re.compile(r"(?<!\d)\d{1,2}(?!\d)")


@dataclass(frozen=True, slots=True)
class Keys:
    """Parts of keys before their scope (district or township) is known; empty where the address has none."""

    street: str = ""
    house_number: int | None = None
    village: str = ""
    house: str = ""  # house number in the street, village or estate
    estate: str = ""
    block: str = ""  # building inside a house number or estate
    tower: str = ""  # a building with a name of its own


def street_name(road: str) -> str:
    """One form of a road's name: ordinals as Chinese numerals (``东明4路`` → ``东明四路``)."""
    return _SMALL_NUMBER.sub(lambda m: numeral(int(m.group())), road.upper())


def _block(building: str) -> str:
    """``3号楼``, ``3#``, ``3栋`` and ``3幢`` are the same building; so are ``A座`` and ``A楼``."""
    return _BLOCK_END.sub("", building.upper())


def keys_of(reading: Reading) -> Keys:
    """What an address says of building, street and village.

    The head of a number counts: ``16号``, ``16-2号``, ``16号甲`` and ``16、18号`` are one house (its doors and shops).
    """
    parts = reading.parts
    head = _HEAD_NUMBER.search(parts.number)
    street = street_name(parts.road + reading.section) if parts.road else ""
    named = _TOWER.fullmatch(parts.building.upper())
    tower = named["name"] if named is not None else ""
    block = _block(parts.building if named is None else named["wing"] or "")
    estate = parts.compound.upper() if reading.estate_number or not parts.number else ""
    if estate and block.startswith(estate):
        block = block[len(estate) :]
    number = int(head.group()) if head is not None else None
    wing = _WING.match(parts.number)  # C-3号 and D-3号 of an estate are two houses
    house = "" if number is None else f"{wing['wing'] if wing else ''}{number}{'弄' if reading.lane else ''}"
    if reading.lane:
        block = "|".join(filter(None, (reading.within_lane, block if block != reading.within_lane else "")))
    return Keys(
        street=street,
        house_number=number
        if street and not reading.estate_number and number is not None and number < 100_000
        else None,
        village=_VILLAGE_END.sub("", parts.village),
        house=house,
        estate=estate,
        block=block,
        tower=tower,
    )


def building_name(keys: Keys) -> str:
    """The building's key without scope; ``""`` where the address does not say which building it is.

    A house number alone is a building. A block (栋, 座) inside it is another one: a yard may be large. A tower's name
    beside a house number adds nothing, unless a wing of it is named.
    """
    if keys.estate:
        inner = keys.block or keys.house
        return f"{keys.estate}|{inner}" if inner else keys.tower
    base = keys.street or keys.village
    if not keys.street and keys.village and not keys.house and keys.block:
        return f"{base}|{keys.block}"
    if base and keys.house:
        return f"{base}|{keys.house}|{keys.block}" if keys.block else f"{base}|{keys.house}"
    if keys.tower:
        return f"{keys.tower}|{keys.block}" if keys.block else keys.tower
    if base and keys.block:
        return f"{base}||{keys.block}"
    return ""
