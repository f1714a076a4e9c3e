"""A roll as plain sheets: which columns there are, and how values go into cells and come back out exactly."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, fields
from datetime import date
from typing import Final, TypeVar

from feigong.core.reasons import Reason
from feigong.core.roll.places.values import AddressParts, Area, AreaFrom, AreaKind, Place, Point
from feigong.core.roll.slots import SLOTS_A_WEEK, FreeSlots
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
    RowRef,
    UnitKind,
)
from feigong.wording import Words

T = TypeVar("T")
D = TypeVar("D")
Cell = str | int | float | None
Row = Mapping[str, str]
PARTS: Final = tuple(f.name for f in fields(AddressParts))
LIST_MARK: Final = "\n"


@dataclass(frozen=True, slots=True)
class Column:
    """A column; its header is the word ``roll.col.<key>``. ``hidden``: for the program, not for people."""

    key: str
    width: float = 14
    number: bool = False
    hidden: bool = False


@dataclass(slots=True)
class Sheet:
    """``key`` names the sheet (word ``roll.sheet.<key>``) and the file of a set (``base.<key>.csv``)."""

    key: str
    columns: tuple[Column, ...]
    rows: list[tuple[Cell, ...]] = field(default_factory=list)


_PLACE: Final = (
    Column("address", 36), Column("area_name", 14), Column("area", 12), Column("area_from", 12),
    Column("longitude", 12, number=True), Column("latitude", 12, number=True),
    *(Column(f"part_{p}", 12, hidden=True) for p in PARTS),
    Column("building_key", 24, hidden=True), Column("street_key", 24, hidden=True),
    Column("house_number", 8, number=True, hidden=True), Column("village_key", 24, hidden=True),
)  # fmt: skip
ENTERPRISES: Final = (
    Column("uscc", 21), Column("name", 34), Column("unit_kind", 10), Column("control", 10),
    Column("registered_on", 12), Column("staff", 9, number=True),
    Column("flags", 18), Column("flag_reasons", 44), Column("parent", 21), Column("shift", 14), Column("free_text", 24),
    Column("slots", 34), *_PLACE, Column("industry", 9), Column("industry_name", 20),
    Column("industry_score", 9, number=True), Column("industry_given", 9), Column("scope", 40),
    Column("registered_address", 36), Column("operating_address", 36), Column("status", 12),
    Column("sources", 30), Column("weeks", 24, hidden=True), Column("flag_codes", 24, hidden=True),
    Column("source_rows", 24, hidden=True),
)  # fmt: skip
MEMBERS: Final = (
    Column("key", 27), Column("membership", 10), Column("joined_on", 12), Column("employer", 21),
    Column("employer_name", 34),
    Column("employer_text", 30), Column("match_score", 9, number=True), Column("branch_text", 34),
    Column("organisation", 15), Column("is_owner", 9), Column("source", 30), Column("source_rows", 24, hidden=True),
)  # fmt: skip
IDENTITY: Final = (Column("person_name", 10), Column("id_number", 21), Column("phone", 14))
REPRESENTATIVE: Final = (Column("legal_representative", 10),)
PHONE: Final = (Column("phone", 14),)
ORGANISATIONS: Final = (
    Column("key", 15), Column("name", 40), Column("organisation_kind", 14), Column("covers", 21),
    Column("covers_names", 40),
    Column("covers_unmatched", 30), Column("claimed_members", 10, number=True), Column("has_secretary", 10),
    Column("elected_on", 12), Column("superior_text", 34), Column("superior", 15), *_PLACE, Column("source", 30),
    Column("source_rows", 24, hidden=True),
)  # fmt: skip
OFFICERS: Final = (
    Column("key", 15), Column("name", 12), Column("most", 9, number=True), *_PLACE, Column("source", 30),
    Column("source_rows", 24, hidden=True),
)  # fmt: skip
AREAS: Final = (Column("area", 12), Column("area_name", 24), Column("area_kind", 10), Column("parent", 12))
ABOUT: Final = (Column("item", 26), Column("value", 80))
PROBLEMS: Final = (
    Column("severity", 10), Column("problem", 70), Column("subject", 27), Column("count", 8, number=True),
    Column("source", 40), Column("code", 26),
)  # fmt: skip
ROWS: Final = (
    Column("table", 22), Column("sheet", 14), Column("row", 8, number=True), Column("fate", 12), Column("reasons", 60),
    Column("of", 30), Column("subject", 27),
)  # fmt: skip
READ_BACK: Final = {
    "enterprises": (*ENTERPRISES, *REPRESENTATIVE), "members": (*MEMBERS, *IDENTITY), "organisations": ORGANISATIONS,
    "officers": (*OFFICERS, *PHONE), "areas": AREAS, "about": ABOUT,
}  # fmt: skip


# Cells of single values -------------------------------------------------------------------------------------


def refs_text(refs: Iterable[RowRef], words: Words, most: int = 3) -> str:
    """Where something was read, for people: table, sheet and row."""
    return words.join([ref_text(r, words) for r in refs], most)


def ref_text(ref: RowRef, words: Words) -> str:
    return (
        words.word("roll.ref", table=ref.table, sheet=ref.sheet, row=ref.row)
        if ref.sheet
        else words.word("roll.ref_plain", table=ref.table, row=ref.row)
    )


def _packed(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def _refs(refs: Iterable[RowRef | None]) -> str:
    return _packed([[r.table, r.sheet, r.row] for r in refs if r is not None])


def _yes(value: bool | None, words: Words) -> str:
    return "" if value is None else words.yes(value)


def slots_text(slots: FreeSlots | None, words: Words) -> str:
    """Free slots in words, week by week; empty where unknown."""
    if slots is None:
        return ""
    shown = []
    for week, mask in enumerate(slots.weeks):
        free = [s for s in range(SLOTS_A_WEEK) if mask >> s & 1]
        shown += [words.slot(week * SLOTS_A_WEEK + s, slots.cycle_weeks) for s in free]
    return words.join(shown)


# Values into rows -------------------------------------------------------------------------------------------


def _place(place: Place, areas: Mapping[str, str], words: Words) -> tuple[Cell, ...]:
    return (
        place.text, areas.get(place.area or "", ""), place.area, words.word(f"roll.area_from.{place.area_from}"),
        place.point.longitude if place.point else None, place.point.latitude if place.point else None,
        *(getattr(place.parts, p) for p in PARTS),
        place.building_key, place.street_key, place.house_number, place.village_key,
    )  # fmt: skip


def enterprise_row(
    e: Enterprise, areas: Mapping[str, str], industries: Mapping[str, str], words: Words, *, identify: bool
) -> tuple[Cell, ...]:
    industry = e.industry
    row: tuple[Cell, ...] = (
        e.uscc, e.name, words.word(f"roll.unit.{e.kind}"), words.word(f"roll.control.{e.control}"),
        e.registered_on.isoformat() if e.registered_on else None, e.staff,
        words.join(sorted({words.word(f"roll.flag.{f.code}") for f in e.flags})),
        words.sentences(f.reason for f in e.flags), e.parent,
        e.shift, e.free_text, slots_text(e.slots, words), *_place(e.place, areas, words),
        industry.division if industry else None, industries.get(industry.division, "") if industry else None,
        industry.score if industry else None, words.yes(industry.given) if industry else None,
        e.scope, e.registered_address, e.operating_address, e.status,
        refs_text(e.sources, words), _packed(list(e.slots.weeks)) if e.slots else None,
        _packed([[f.code, f.reason.code, dict(f.reason.params)] for f in e.flags]) if e.flags else None,
        _refs(e.sources),
    )  # fmt: skip
    return (*row, e.legal_representative) if identify else row


def member_row(m: Member, names: Mapping[str, str], words: Words, *, identify: bool) -> tuple[Cell, ...]:
    row: tuple[Cell, ...] = (
        m.key, words.word("roll.full" if m.full else "roll.probationary"),
        m.joined_on.isoformat() if m.joined_on else None,
        m.employer, names.get(m.employer or "", ""), m.employer_text, m.match_score, m.branch_text, m.organisation,
        _yes(m.is_owner, words), refs_text([m.source] if m.source else [], words), _refs([m.source]),
    )  # fmt: skip
    if identify:
        who = m.identity or Identity("")
        row += (who.name, who.id_number, who.phone)
    return row


def organisation_row(
    o: Organisation, names: Mapping[str, str], areas: Mapping[str, str], words: Words
) -> tuple[Cell, ...]:
    return (
        o.key, o.name, words.word(f"roll.kind.{o.kind}"), LIST_MARK.join(o.covers),
        words.join([names.get(c, c) for c in o.covers]), LIST_MARK.join(o.covers_unmatched), o.claimed_members,
        _yes(o.has_secretary, words), o.elected_on.isoformat() if o.elected_on else None,
        o.superior_text, o.superior, *_place(o.place, areas, words),
        refs_text([o.source] if o.source else [], words), _refs([o.source]),
    )  # fmt: skip


def officer_row(o: Officer, areas: Mapping[str, str], words: Words, *, identify: bool) -> tuple[Cell, ...]:
    where = refs_text([o.source] if o.source else [], words)
    row: tuple[Cell, ...] = (o.key, o.name, o.most, *_place(o.base, areas, words), where, _refs([o.source]))
    return (*row, o.phone) if identify else row


# Rows back into values --------------------------------------------------------------------------------------


class Reader:
    """Turns rows of text back into values; a cell that cannot be read raises ``ValueError(column)``."""

    def __init__(self, codes: Callable[[str, str], str]) -> None:
        self._code = codes  # (group, word) -> code, in any language

    def _get(self, row: Row, column: str, into: Callable[[str], T], default: D) -> T | D:
        text = row.get(column, "")
        if text == "":
            return default
        try:
            return into(text)
        except (ValueError, KeyError, TypeError, IndexError) as fault:
            raise ValueError(f"{column}: {text[:60]}") from fault

    def _int(self, row: Row, column: str) -> int | None:
        return self._get(row, column, lambda t: int(float(t)), None)

    def _yes(self, row: Row, column: str) -> bool | None:
        return self._get(row, column, lambda t: {"value.yes": True, "value.no": False}[self._code("value.", t)], None)

    def _sources(self, row: Row) -> tuple[RowRef, ...]:
        return self._get(row, "source_rows", lambda t: tuple(RowRef(a, b, c) for a, b, c in json.loads(t)), ())

    def _place(self, row: Row) -> Place:
        longitude, latitude = self._get(row, "longitude", float, None), self._get(row, "latitude", float, None)
        return Place(
            text=row.get("address", ""),
            parts=AddressParts(**{p: row.get(f"part_{p}", "") for p in PARTS}),
            area=row.get("area") or None,
            area_from=self._get(
                row, "area_from", lambda t: AreaFrom(self._code("roll.area_from.", t).rsplit(".", 1)[1]), AreaFrom.NONE
            ),
            building_key=row.get("building_key") or None,
            street_key=row.get("street_key") or None,
            house_number=self._int(row, "house_number"),
            village_key=row.get("village_key") or None,
            point=Point(longitude, latitude) if longitude is not None and latitude is not None else None,
        )

    def enterprise(self, row: Row) -> Enterprise:
        division = row.get("industry", "")
        return Enterprise(
            uscc=row["uscc"],
            name=row.get("name", ""),
            place=self._place(row),
            registered_on=self._get(row, "registered_on", date.fromisoformat, None),
            industry=Industry(
                division, self._get(row, "industry_score", float, 1.0), bool(self._yes(row, "industry_given"))
            )
            if division
            else None,
            scope=row.get("scope", ""),
            staff=self._int(row, "staff"),
            shift=row.get("shift", ""),
            free_text=row.get("free_text", ""),
            slots=self._get(row, "weeks", lambda t: FreeSlots(tuple(json.loads(t))), None),
            flags=self._get(
                row, "flag_codes", lambda t: tuple(Flag(FlagCode(c), Reason(r, p)) for c, r, p in json.loads(t)), ()
            ),
            parent=row.get("parent") or None,
            sources=self._sources(row),
            kind=self._get(
                row, "unit_kind", lambda t: UnitKind(self._code("roll.unit.", t).rsplit(".", 1)[1]), UnitKind.ENTERPRISE
            ),
            control=self._get(
                row, "control", lambda t: ControlType(self._code("roll.control.", t).rsplit(".", 1)[1]),
                ControlType.UNKNOWN,
            ),
            registered_address=row.get("registered_address", ""),
            operating_address=row.get("operating_address", ""),
            status=row.get("status", ""),
            legal_representative=row.get("legal_representative", ""),
        )

    def member(self, row: Row) -> Member:
        identity = None
        if any(row.get(c.key) for c in IDENTITY):
            identity = Identity(row.get("person_name", ""), row.get("id_number", ""), row.get("phone", ""))
        return Member(
            key=row["key"],
            full=self._get(row, "membership", lambda t: self._code("roll.", t) == "roll.full", False),
            joined_on=self._get(row, "joined_on", date.fromisoformat, None),
            employer=row.get("employer") or None,
            employer_text=row.get("employer_text", ""),
            match_score=self._get(row, "match_score", float, 0.0),
            branch_text=row.get("branch_text", ""),
            organisation=row.get("organisation") or None,
            is_owner=self._yes(row, "is_owner"),
            identity=identity,
            source=next(iter(self._sources(row)), None),
        )

    def organisation(self, row: Row) -> Organisation:
        return Organisation(
            key=row["key"],
            name=row.get("name", ""),
            kind=self._get(
                row, "organisation_kind",
                lambda t: OrganisationKind(self._code("roll.kind.", t).rsplit(".", 1)[1]), OrganisationKind.OTHER,
            ),
            covers=_list(row.get("covers", "")),
            covers_unmatched=_list(row.get("covers_unmatched", "")),
            claimed_members=self._int(row, "claimed_members"),
            has_secretary=self._yes(row, "has_secretary"),
            elected_on=self._get(row, "elected_on", date.fromisoformat, None),
            source=next(iter(self._sources(row)), None),
            superior_text=row.get("superior_text", ""),
            superior=row.get("superior") or None,
            place=self._place(row),
        )  # fmt: skip

    def officer(self, row: Row) -> Officer:
        source = next(iter(self._sources(row)), None)
        most, phone = self._int(row, "most"), row.get("phone", "")
        return Officer(row["key"], row.get("name", ""), self._place(row), most, source, phone)

    def area(self, row: Row) -> Area:
        kind = self._get(
            row, "area_kind", lambda t: AreaKind(self._code("roll.area_kind.", t).rsplit(".", 1)[1]), AreaKind.OTHER
        )
        return Area(row["area"], row.get("area_name", ""), kind, row.get("parent") or None)


def _list(text: str) -> tuple[str, ...]:
    return tuple(t for t in text.split(LIST_MARK) if t)


def area_row(a: Area, words: Words) -> Sequence[Cell]:
    return (a.code, a.name, words.word(f"roll.area_kind.{a.kind}"), a.parent)
