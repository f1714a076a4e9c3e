"""The roll as one may see it on a day, as values for the planner."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Final

from django.db.models import Q, QuerySet

from feigong.apps.accounts.sight import Sight
from feigong.apps.roll import queries
from feigong.apps.roll.cleaning import slots_of
from feigong.apps.roll.models.areas import AreaKind
from feigong.apps.roll.models.enterprises import Standing
from feigong.core.reasons import Reason, reason
from feigong.core.roll import uscc
from feigong.core.roll.places.gazetteer import Gazetteer
from feigong.core.roll.places.locate import PlaceInput, locate
from feigong.core.roll.places.values import Area, AreaFrom, Place
from feigong.core.roll.places.values import AreaKind as PlaceKind
from feigong.core.roll.values import (
    ControlType,
    Enterprise,
    Flag,
    FlagCode,
    Industry,
    Member,
    Officer,
    Organisation,
    OrganisationKind,
    Roll,
    UnitKind,
)
from feigong.exchange.reference import gazetteer_with

_TOWN_LEVEL: Final = (AreaKind.TOWNSHIP, AreaKind.SUB_DISTRICT, AreaKind.PARK)
_NO_CODE: Final = "990000"  # of a district that has none
_KINDS: Final = {kind.value: kind for kind in OrganisationKind}
_PLACE_KINDS: Final = {kind.value: kind for kind in PlaceKind}
_STANDING: Final = {
    Standing.DORMANT.value: Flag(FlagCode.DORMANT, reason("roll.flag_dormant")),
    Standing.CLOSED.value: Flag(FlagCode.CLOSED, reason("roll.flag_closed")),
}
_NOT_IN_BUSINESS: Final = (FlagCode.DORMANT, FlagCode.CLOSED)

Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class RollOfDay:
    """The values, and for each kind the way back from their keys to identities."""

    roll: Roll
    enterprises: Mapping[str, int]
    members: Mapping[str, int]
    organisations: Mapping[str, int]
    officers: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Near:
    """Of the roll only these enterprises and organisations, by identity, with their members; no officers."""

    enterprises: frozenset[int]
    organisations: frozenset[int]


@dataclass(slots=True)
class _Areas:
    """Of each area: the code of its township level (of the district where there is none), that one's name, and the
    building that it is, if it is one."""

    district: str = _NO_CODE
    code: dict[int, str] = field(default_factory=dict)
    town: dict[int, str] = field(default_factory=dict)
    building: dict[int, str] = field(default_factory=dict)
    values: list[Area] = field(default_factory=list)


def roll_of(sight: Sight, near: Near | None = None) -> RollOfDay:
    """Everything in sight, or what is near of it, in a number of queries that does not depend on its size.

    Keys: the unified social credit code of an enterprise (``e`` and its number where it has none of its own); else a
    letter and the number. People are not named.
    """
    areas = _areas(queries.areas_and_above(sight))
    gazetteer = gazetteer_with(areas.values, areas.district)
    rows = list(_values(_of(queries.enterprises(sight), Q(enterprise_id__in=near.enterprises) if near else None)))
    keys = _keys(rows if near is None else _same_codes(sight, rows))
    by_key = {keys[row["enterprise_id"]]: row for row in rows}
    codes = sorted(by_key)
    places = _places([by_key[code] for code in codes], "operating_address", "registered_address", areas, gazetteer)
    bodies = {f"o{row['organisation_id']:08d}": row for row in _values(_organisations_near(sight, near))}
    people = {f"m{row['member_id']:08d}": row for row in _values(_members_near(sight, near))}
    liaison = queries.workers(sight).filter(liaison=True) if near is None else queries.workers(sight).none()
    officers = {f"w{row['worker_id']:08d}": row for row in _values(liaison)}
    roll = Roll(
        on=sight.on,
        enterprises=tuple(_enterprise(code, by_key, p) for code, p in zip(codes, places, strict=True)),
        members=tuple(_member(key, people[key], keys, bodies) for key in sorted(people)),
        organisations=_organisations(sight, bodies, keys, areas),
        officers=_officers(officers, areas, gazetteer),
        areas=tuple(sorted(areas.values, key=lambda a: a.code)),
        district=areas.district if areas.district != _NO_CODE else "",
    )
    return RollOfDay(
        roll, {code: row["enterprise_id"] for code, row in by_key.items()},
        {key: row["member_id"] for key, row in people.items()},
        {key: row["organisation_id"] for key, row in bodies.items()},
        {key: row["worker_id"] for key, row in officers.items()},
    )  # fmt: skip


def _of(rows: QuerySet[Any], condition: Q | None) -> QuerySet[Any]:
    return rows if condition is None else rows.filter(condition)


def _organisations_near(sight: Sight, near: Near | None) -> QuerySet[Any]:
    return _of(queries.organisations(sight), Q(organisation_id__in=near.organisations) if near else None)


def _members_near(sight: Sight, near: Near | None) -> QuerySet[Any]:
    theirs = Q(employer_id__in=near.enterprises) | Q(branch_id__in=near.organisations) if near else None
    return _of(queries.members(sight), theirs)


def _same_codes(sight: Sight, rows: Iterable[Row]) -> list[Row]:
    """These rows and all others of their codes: a key is one's own in the whole of what is in sight."""
    codes = {row["uscc"] for row in rows}
    others = queries.enterprises(sight).filter(uscc__in=codes - {""}).order_by().values("enterprise_id", "uscc")
    return [*(row for row in rows if not row["uscc"]), *others]


def _values(rows: QuerySet[Any]) -> Iterable[Row]:
    """Rows as mappings, without what the planner never needs."""
    left_out = {"id_number", "id_index", "phone", "phone_index", "wage", "search"}
    names = [f.attname for f in rows.model._meta.concrete_fields if f.attname not in left_out]
    return rows.order_by().values(*names).iterator(chunk_size=5_000)


def _areas(rows: QuerySet[Any]) -> _Areas:
    found = _Areas()
    uncoded = 0
    for row in rows.order_by("path").values("area_id", "code", "name", "kind", "parent_id"):
        area, parent = row["area_id"], row["parent_id"]
        code, kind = row["code"], row["kind"]
        if parent not in found.code:  # the root of what is in sight and above
            found.district = code[:6] or found.district
            found.code[area], found.town[area] = found.district, ""
            found.values.append(Area(found.district, row["name"], PlaceKind.DISTRICT, None))
        elif len(code) == 9 or (kind in _TOWN_LEVEL and not found.town[parent]):
            if len(code) != 9:
                uncoded += 1
                code = f"{found.district}A{uncoded:02d}"
            found.code[area], found.town[area] = code, row["name"]
            found.values.append(Area(code, row["name"], _PLACE_KINDS.get(kind, PlaceKind.OTHER), found.district))
        else:
            found.code[area], found.town[area] = found.code[parent], found.town[parent]
        if kind == AreaKind.BUILDING:
            found.building[area] = row["name"]
    return found


def _keys(rows: Iterable[Row]) -> dict[int, str]:
    """A key for each enterprise; a code that two have is nobody's."""
    owners: dict[str, list[int]] = defaultdict(list)
    for row in rows:
        owners[row["uscc"]].append(row["enterprise_id"])
    return {e: code if code and len(own) == 1 else f"e{e:08d}" for code, own in owners.items() for e in own}


def _places(rows: list[Row], first: str, second: str, areas: _Areas, gazetteer: Gazetteer) -> list[Place]:
    """Where they are. What the roll says of an area is surer than what an address says."""
    inputs = []
    for row in rows:
        text = row[first] or (row[second] if second else "")
        building = areas.building.get(row["area_id"], "")
        if building and building not in text:
            text += building
        point = None if row["longitude"] is None else (row["longitude"], row["latitude"])
        inputs.append(PlaceInput(text, point, area_given=areas.town.get(row["area_id"], "")))
    found = locate(inputs, gazetteer)
    return [
        replace(p, area=areas.code[row["area_id"]], area_from=AreaFrom.GIVEN) if areas.town.get(row["area_id"]) else p
        for p, row in zip(found, rows, strict=True)
    ]


def _enterprise(code: str, rows: Mapping[str, Row], place: Place) -> Enterprise:
    row = rows[code]
    return Enterprise(
        uscc=code, name=row["name"], place=place, registered_on=row["registered_on"],
        industry=Industry(row["industry"], 1.0, given=True) if row["industry"] else None,
        scope=row["scope"], staff=row["staff"], shift=row["shift"], free_text=row["free_text"],
        slots=slots_of(row["slots"]), flags=_flags(row),
        parent=row["parent_uscc"] if row["parent_uscc"] in rows else None,
        kind=UnitKind(row["kind"]), control=ControlType(row["control"]),
        registered_address=row["registered_address"], operating_address=row["operating_address"],
    )  # fmt: skip


def _flags(row: Row) -> tuple[Flag, ...]:
    """As kept, with what the standing and the code say today."""
    kept = [Flag(FlagCode(code), Reason(why, params)) for code, why, params in row["flags"]]
    found = [f for f in kept if f.code not in (*_NOT_IN_BUSINESS, FlagCode.CODE_INVALID)]
    if standing := _STANDING.get(row["standing"]):
        found.append(next((f for f in kept if f.code is standing.code), standing))
    if row["uscc"] and not uscc.is_valid(row["uscc"]):
        found += [f for f in kept if f.code is FlagCode.CODE_INVALID][:1]
    return tuple(found)


def _member(key: str, row: Row, keys: Mapping[int, str], bodies: Mapping[str, Row]) -> Member:
    branch = f"o{row['branch_id']:08d}" if row["branch_id"] else ""
    employer = keys.get(row["employer_id"])
    return Member(
        key=key, full=row["full"], joined_on=row["joined_on"], employer=employer, employer_text=row["employer_text"],
        match_score=1.0 if employer else 0.0, branch_text=row["branch_text"],
        organisation=branch if branch in bodies else None, is_owner=row["owner"],
    )  # fmt: skip


def _organisations(
    sight: Sight, bodies: Mapping[str, Row], keys: Mapping[int, str], areas: _Areas
) -> tuple[Organisation, ...]:
    covers: dict[int, list[str]] = defaultdict(list)
    for organisation, enterprise in queries.coverage(sight).values_list("organisation_id", "enterprise_id"):
        if enterprise in keys:
            covers[organisation].append(keys[enterprise])
    led = set(queries.organisations_with_secretary(sight))  # none at all: posts are not kept here yet
    found = []
    for key in sorted(bodies):
        row = bodies[key]
        superior = f"o{row['superior_id']:08d}" if row["superior_id"] else ""
        code = areas.code.get(row["area_id"])
        place = Place(area=code, area_from=AreaFrom.GIVEN) if areas.town.get(row["area_id"]) else Place(area=code)
        found.append(
            Organisation(
                key=key, name=row["name"], kind=_KINDS.get(row["kind"], OrganisationKind.COMMITTEE),
                covers=tuple(sorted(covers[row["organisation_id"]])), claimed_members=row["claimed_members"],
                has_secretary=row["organisation_id"] in led if led else None, elected_on=row["elected_on"],
                superior=superior if superior in bodies else None, place=place,
            )
        )  # fmt: skip
    return tuple(found)


def _officers(rows: Mapping[str, Row], areas: _Areas, gazetteer: Gazetteer) -> tuple[Officer, ...]:
    keys = sorted(rows)
    places = _places([rows[key] for key in keys], "base_address", "", areas, gazetteer)
    return tuple(Officer(key, rows[key]["name"], p, rows[key]["most"]) for key, p in zip(keys, places, strict=True))


