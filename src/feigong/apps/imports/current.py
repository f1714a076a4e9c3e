"""The roll as it stands, as values that the tables are compared with; keys lead back to identities.

The whole roll is read, whoever asks: whether something is on it already is no question of who may see it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from feigong.apps.accounts.sight import Sight
from feigong.apps.imports.choices import Kind
from feigong.apps.imports.facts import slots_from
from feigong.apps.imports.queries import everything
from feigong.apps.imports.secretaries import secretaries
from feigong.apps.roll import queries
from feigong.apps.seals.seals import index_of, open_seal
from feigong.core.reasons import Reason
from feigong.core.roll.merge.known import KnownEnterprise, KnownOrganisation, KnownRoll
from feigong.core.roll.merge.names import exact_key
from feigong.core.roll.merge.organisations import officer_key
from feigong.core.roll.places.values import AreaFrom, Place, Point
from feigong.core.roll.values import (
    ControlType,
    Enterprise,
    Flag,
    FlagCode,
    Identity,
    Industry,
    Member,
    Officer,
    Organisation,
    OrganisationKind,
    Roll,
    UnitKind,
)

ID_NUMBER = "member.id_number"
PHONE = "member.phone"
WORKER_PHONE = "worker.phone"
_WHOLE_NUMBER = "0" * 18  # stands for a number that nobody needs to read
_KINDS = {kind.value: kind for kind in OrganisationKind}
Row = Mapping[str, Any]


def pseudonym(number: str) -> str:
    """The key of a member: what the roll finds an identity number by."""
    return index_of(number, ID_NUMBER)


@dataclass(slots=True)
class Areas:
    """The tree of the day: codes to identities, and what is below what."""

    by_code: dict[str, int] = field(default_factory=dict)
    code_of: dict[int, str] = field(default_factory=dict)  # its own code, else that of the nearest above
    paths: dict[int, str] = field(default_factory=dict)
    named: list[tuple[str, str]] = field(default_factory=list)  # name and code of those that have one
    root: int | None = None
    district: str = ""

    def under(self, roots: Iterable[int]) -> frozenset[int]:
        """These areas with all below them."""
        tops = [self.paths[r] for r in roots if r in self.paths]
        return frozenset(a for a, path in self.paths.items() if any(path.startswith(t) for t in tops))


@dataclass(slots=True)
class Current:
    """The roll of a day with the way back from keys to identities and rows."""

    sight: Sight
    areas: Areas
    enterprises: dict[str, Row] = field(default_factory=dict)
    organisations: dict[str, Row] = field(default_factory=dict)
    members: dict[str, Row] = field(default_factory=dict)
    officers: dict[str, Row] = field(default_factory=dict)
    covers: dict[int, dict[int, bool]] = field(default_factory=dict)  # organisation: enterprise: host
    secretaries: dict[int, str] = field(default_factory=dict)  # by organisation
    elsewhere: set[tuple[Kind, str]] = field(default_factory=set)  # on the roll, but not in the areas concerned

    def rows(self, kind: Kind) -> dict[str, Row]:
        return {
            Kind.ENTERPRISE: self.enterprises, Kind.ORGANISATION: self.organisations, Kind.MEMBER: self.members,
            Kind.OFFICER: self.officers,
        }[kind]  # fmt: skip


IDENTITY = {
    Kind.ENTERPRISE: "enterprise_id", Kind.ORGANISATION: "organisation_id", Kind.MEMBER: "member_id",
    Kind.OFFICER: "worker_id",
}  # fmt: skip


def read_areas(sight: Sight) -> Areas:
    found = Areas()
    for row in queries.areas(sight).values("area_id", "name", "code", "path", "parent_id"):
        area = row["area_id"]
        found.paths[area] = row["path"]
        found.code_of[area] = row["code"] or found.code_of.get(row["parent_id"], "")
        if row["code"]:
            found.by_code[row["code"]] = area
            found.named.append((row["name"], row["code"]))
        if row["parent_id"] is None and found.root is None:
            found.root, found.district = area, row["code"][:6]
    return found


def read_current(on: date, known_at: datetime) -> Current:
    """The roll of the day: a few queries, whatever its size."""
    sight = everything(on, known_at)
    found = Current(sight, read_areas(sight))
    for row in queries.enterprises(sight).order_by("pk").values():
        found.enterprises.setdefault(row["uscc"] or f"#{row['enterprise_id']}", row)
    for body in queries.organisations(sight).order_by("pk").values():
        found.organisations[f"#{body['organisation_id']}"] = body
    for edge in queries.coverage(sight).values_list("organisation_id", "enterprise_id", "host"):
        found.covers.setdefault(edge[0], {})[edge[1]] = edge[2]
    found.secretaries = secretaries(sight)
    found.members = _members(queries.members(sight).order_by("name", "pk").values())
    found.officers = _officers(queries.workers(sight).filter(liaison=True).order_by("pk").values())
    return found


def narrow(current: Current, own: frozenset[int]) -> None:
    """Keep what lies in these areas; of the rest only that it is there, so that it is not taken for new, is known."""
    for kind in (Kind.ENTERPRISE, Kind.ORGANISATION, Kind.OFFICER):
        rows = current.rows(kind)
        for key in [key for key, row in rows.items() if row["area_id"] not in own]:
            current.elsewhere.add((kind, key))
            del rows[key]
    firms = {row["enterprise_id"] for row in current.enterprises.values()}
    bodies = {row["organisation_id"] for row in current.organisations.values()}
    nowhere = current.areas.root in own  # who has neither branch nor employer belongs to the whole district
    for key, row in list(current.members.items()):
        here = row["employer_id"] in firms or row["branch_id"] in bodies
        if not here and not (nowhere and row["employer_id"] is None and row["branch_id"] is None):
            current.elsewhere.add((Kind.MEMBER, key))
            del current.members[key]


def _members(rows: Iterable[Row]) -> dict[str, Row]:
    """By the index of the identity number; a second person under one number as merging keys it, by number and name."""
    found: dict[str, Row] = {}
    for row in rows:
        key = row["id_index"] or f"#{row['member_id']}"
        if key in found:
            number = open_seal(row["id_number"], ID_NUMBER)
            key = pseudonym(f"{number}|{row['name']}")
        found.setdefault(key, row)
    return found


def _officers(rows: Iterable[Row]) -> dict[str, Row]:
    """As merging keys them: by name, and by name and base where several share a name."""
    by_name: defaultdict[str, list[Row]] = defaultdict(list)
    for row in rows:
        by_name[exact_key(row["name"])].append(row)
    found: dict[str, Row] = {}
    for same in by_name.values():
        for row in same:
            found[officer_key(row["name"], row["base_address"] if len(same) > 1 else "")] = row
    return found


def known_of(current: Current) -> KnownRoll:
    """Names and codes, for finding what tables speak of."""
    codes = {row["enterprise_id"]: code for code, row in current.enterprises.items()}
    firms = (
        KnownEnterprise(code, row["name"], (), row["operating_address"] or row["registered_address"])
        for code, row in current.enterprises.items()
    )
    bodies = (
        KnownOrganisation(key, row["name"], _covered(current, row["organisation_id"], codes))
        for key, row in current.organisations.items()
    )
    return KnownRoll(tuple(firms), tuple(bodies))


def _covered(current: Current, organisation: int, codes: Mapping[int, str]) -> tuple[str, ...]:
    return tuple(sorted(codes[e] for e in current.covers.get(organisation, ()) if e in codes))


def roll_of(current: Current, touched: Roll) -> Roll:
    """The roll as values. Seals are opened only for people of whom the tables speak, and nothing of it is shown."""
    codes = {row["enterprise_id"]: code for code, row in current.enterprises.items()}
    bodies = {row["organisation_id"]: key for key, row in current.organisations.items()}
    spoken = {m.key for m in touched.members} | {o.key for o in touched.officers}
    return Roll(
        current.sight.on,
        tuple(enterprise_of(current, code, row) for code, row in sorted(current.enterprises.items())),
        tuple(_member(key, row, codes, bodies, key in spoken) for key, row in sorted(current.members.items())),
        tuple(
            _organisation(current, key, row, codes, bodies) for key, row in sorted(current.organisations.items())
        ),
        tuple(_officer(current, key, row, key in spoken) for key, row in sorted(current.officers.items())),
        (),
        current.areas.district,
    )


def _place(current: Current, text: str, row: Row) -> Place:
    """Where the roll says it is: as sure as if a table had a column for it."""
    point = None if row.get("longitude") is None else Point(row["longitude"], row["latitude"])
    return Place(text, area=current.areas.code_of.get(row["area_id"]) or None, area_from=AreaFrom.GIVEN, point=point)


def flags_of(row: Row) -> tuple[Flag, ...]:
    return tuple(Flag(FlagCode(code), Reason(why, params)) for code, why, params in row["flags"])


def enterprise_of(current: Current, code: str, row: Row) -> Enterprise:
    return Enterprise(
        uscc=code, name=row["name"],
        place=_place(current, row["operating_address"] or row["registered_address"], row),
        registered_on=row["registered_on"],
        industry=Industry(row["industry"], 1.0, given=True) if row["industry"] else None,
        scope=row["scope"], staff=row["staff"], shift=row["shift"], free_text=row["free_text"],
        slots=slots_from(row["slots"]), flags=flags_of(row), parent=row["parent_uscc"] or None,
        kind=UnitKind(row["kind"]), control=ControlType(row["control"]),
        registered_address=row["registered_address"], operating_address=row["operating_address"],
        legal_representative=row["legal_representative"],
    )  # fmt: skip


def _organisation(
    current: Current, key: str, row: Row, codes: Mapping[int, str], bodies: Mapping[int, str]
) -> Organisation:
    return Organisation(
        key=key, name=row["name"], kind=_KINDS.get(row["kind"], OrganisationKind.OTHER),
        covers=_covered(current, row["organisation_id"], codes), claimed_members=row["claimed_members"],
        secretary=current.secretaries.get(row["organisation_id"], ""), elected_on=row["elected_on"],
        superior=bodies.get(row["superior_id"]), place=_place(current, "", row),
    )  # fmt: skip


def _member(key: str, row: Row, codes: Mapping[int, str], bodies: Mapping[int, str], spoken: bool) -> Member:
    number, phone = (_WHOLE_NUMBER if row["id_index"] else ""), ""
    if spoken:
        number, phone = open_seal(row["id_number"], ID_NUMBER), open_seal(row["phone"], PHONE)
    return Member(
        key=key, full=row["full"], joined_on=row["joined_on"], employer=codes.get(row["employer_id"]),
        employer_text=row["employer_text"], match_score=1.0, branch_text=row["branch_text"],
        organisation=bodies.get(row["branch_id"]), is_owner=row["owner"],
        identity=Identity(row["name"], number, phone),
    )  # fmt: skip


def _officer(current: Current, key: str, row: Row, spoken: bool) -> Officer:
    phone = open_seal(row["phone"], WORKER_PHONE) if spoken else ""
    return Officer(key, row["name"], _place(current, row["base_address"], row), row["most"], None, phone)
