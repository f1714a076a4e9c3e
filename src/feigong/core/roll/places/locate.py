"""From addresses as written to places: area, keys for building, street and village, coordinates."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace

from feigong.core.roll.places.address import Reading, read
from feigong.core.roll.places.consensus import agree
from feigong.core.roll.places.coordinates import to_wgs84
from feigong.core.roll.places.gazetteer import Gazetteer
from feigong.core.roll.places.keys import Keys, building_name, keys_of
from feigong.core.roll.places.values import AreaFrom, Datum, Place
from feigong.core.text import fold

# A building, stretch of road, village or estate tells the area of its other firms when nearly all of those that name
# one name the same; for a whole road at least two must. Hiding each named area in turn, this finds 99 % rightly.
MAJORITY = 0.8
LEAST_VOTES = 1
LEAST_VOTES_OF_A_ROAD = 2
# House numbers this far apart are taken to be the same stretch of a long road.
STRETCH = 60


@dataclass(frozen=True, slots=True)
class PlaceInput:
    """What the tables say of one enterprise's place. ``area_given``: the cell of an area column, name or code."""

    text: str
    point: tuple[float, float] | None = None  # longitude, latitude in degrees of ``datum``
    datum: Datum = Datum.WGS84
    area_given: str = ""


@dataclass(frozen=True, slots=True)
class _Draft:
    reading: Reading
    keys: Keys
    district: str
    area: str  # nine digits, or empty
    how: AreaFrom


def _draft(item: PlaceInput, gazetteer: Gazetteer) -> _Draft:
    reading = read(item.text, gazetteer)
    head = reading.head
    elsewhere = head.city and not head.district_code and not _at_home(head.city, gazetteer)
    district = head.district_code or ("" if elsewhere else gazetteer.district)
    area, how = head.town_code, head.town_from
    given = _given(item.area_given, district, gazetteer)
    if given:
        area, how, district = given, AreaFrom.GIVEN, given[:6]
    elif not area and head.hint_code:
        area, how = head.hint_code, AreaFrom.ALIAS
    return _Draft(reading, keys_of(reading), district, area, how if area else AreaFrom.NONE)


def _given(cell: str, district: str, gazetteer: Gazetteer) -> str:
    """The township that an area column names, alone or with more around it (``望海街道东山社区``); ``""``: none."""
    if not cell.strip():
        return ""
    return gazetteer.town_named(cell, district) or read(cell, gazetteer).head.town_code


def _at_home(city: str, gazetteer: Gazetteer) -> bool:
    codes = gazetteer.regions.get(city, ()) + gazetteer.short_regions.get(city, ())
    return not gazetteer.district or any(gazetteer.district.startswith(c) for c in codes)


def _scope(draft: _Draft, gazetteer: Gazetteer) -> str:
    """Names of roads are unique in a city's urban districts, and in one township of a county."""
    area = gazetteer.by_code.get(draft.district)
    if area is not None and area.name.endswith("区"):
        return draft.district
    return draft.area or draft.district


class _Votes:
    """Which areas the firms of a street, village, estate or building name."""

    def __init__(self) -> None:
        self._counts: dict[tuple[str, ...], Counter[str]] = {}

    def add(self, key: tuple[str, ...], area: str) -> None:
        self._counts.setdefault(key, Counter())[area] += 1

    def winner(self, keys: Sequence[tuple[str, ...]]) -> str:
        """The area with a clear majority of the votes of all the keys together; ``""`` where none has."""
        votes: Counter[str] = Counter()
        for key in keys:
            votes.update(self._counts.get(key, {}))
        if not votes:
            return ""
        area, most = min(votes.items(), key=lambda kv: (-kv[1], kv[0]))
        least = LEAST_VOTES_OF_A_ROAD if keys[0][1] == "street" else LEAST_VOTES
        return area if most >= least and most >= MAJORITY * votes.total() else ""


def _witnesses(draft: _Draft) -> list[list[tuple[str, ...]]]:
    """Keys under which a firm votes or asks, the most telling first."""
    keys = draft.keys
    out: list[list[tuple[str, ...]]] = []
    name = building_name(keys)
    if name:
        out.append([(draft.district, "building", name)])
    if keys.street and keys.house_number is not None:
        cell = keys.house_number // STRETCH
        out.append([(draft.district, "stretch", keys.street, str(c)) for c in (cell, cell - 1, cell + 1)])
    if keys.village:
        out.append([(draft.district, "village", keys.village)])
    if keys.estate:
        out.append([(draft.district, "estate", keys.estate)])
    if keys.street:
        out.append([(draft.district, "street", keys.street)])
    return out


def _infer(drafts: Sequence[_Draft]) -> list[_Draft]:
    votes = _Votes()
    for draft in drafts:
        if draft.area:
            for keys in _witnesses(draft):
                votes.add(keys[0], draft.area)
    out = []
    for draft in drafts:
        found = ""
        if not draft.area:
            found = next((area for keys in _witnesses(draft) if (area := votes.winner(keys))), "")
        out.append(replace(draft, area=found, how=AreaFrom.STREET) if found else draft)
    return out


def _village_key(draft: _Draft, scope: str) -> str | None:
    """A village of a township; or an estate or yard, whose buildings lie as close together."""
    keys = draft.keys
    if keys.village:
        return f"{draft.area or draft.district}|{keys.village}"
    return f"{scope}|{keys.estate}" if len(keys.estate) >= 2 else None


def _place(item: PlaceInput, draft: _Draft, gazetteer: Gazetteer) -> Place:
    keys, scope = draft.keys, _scope(draft, gazetteer)
    name = building_name(keys)
    area, how = draft.area or draft.district, draft.how
    if not draft.area:
        how = AreaFrom.DISTRICT if draft.district else AreaFrom.NONE
    point = to_wgs84(*item.point, item.datum) if item.point is not None else None
    return Place(
        text=fold(item.text),
        parts=draft.reading.parts,
        area=area or None,
        area_from=how,
        building_key=f"{scope}|{name}" if name else None,
        street_key=f"{scope}|{keys.street}" if keys.street else None,
        house_number=keys.house_number,
        village_key=_village_key(draft, scope),
        point=point,
    )


def locate(inputs: Sequence[PlaceInput], gazetteer: Gazetteer) -> list[Place]:
    """Find the places of enterprises, all of a district at once: they help each other.

    Parameters
    ----------
    inputs : sequence of PlaceInput
        One for each enterprise. Their order changes nothing but the order of the result.
    gazetteer : Gazetteer
        Names and aliases of areas.

    Returns
    -------
    list of Place
        In the order of ``inputs``. ``area`` comes, best first, from the given column, a name or alias in the address, a
        clear majority (80 %) of the firms that share building, stretch of road, village, estate or road
        and name one, else it is the district. Points are WGS-84.
    """
    drafts = [_draft(item, gazetteer) for item in inputs]
    agreed = agree([(draft.district, draft.keys) for draft in drafts])
    drafts = _infer([replace(draft, keys=keys) for draft, keys in zip(drafts, agreed, strict=True)])
    return [_place(item, draft, gazetteer) for item, draft in zip(inputs, drafts, strict=True)]
