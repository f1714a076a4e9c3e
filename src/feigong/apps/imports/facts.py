"""From values of the core to columns of the roll: what a new record holds, and what a changed field changes."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from feigong.apps.imports.choices import Kind
from feigong.apps.roll.models import MemberState, WorkerState
from feigong.apps.roll.searching import search_text
from feigong.apps.seals.fields import sealed_values
from feigong.core.roll.places.values import Place, Point
from feigong.core.roll.slots import FreeSlots
from feigong.core.roll.values import Enterprise, Flag, FlagCode, Member, Officer, Organisation

Facts = dict[str, Any]
Record = Enterprise | Organisation | Member | Officer
AreaOf = Callable[[Place], int]

# Which columns a field of `core.roll.differences` stands in; a field that is not here is kept nowhere.
COLUMNS: Final[Mapping[Kind, Mapping[str, tuple[str, ...]]]] = {
    Kind.ENTERPRISE: {
        "name": ("name", "search"), "registered_address": ("registered_address",),
        "operating_address": ("operating_address",), "area": ("area_id",), "point": ("longitude", "latitude"),
        "registered_on": ("registered_on",), "industry": ("industry",), "scope": ("scope",), "staff": ("staff",),
        "kind": ("kind",), "control": ("control",), "legal_representative": ("legal_representative",),
        "parent": ("parent_uscc",), "shift": ("shift",), "free_text": ("free_text",), "slots": ("slots",),
        "flags": ("flags", "standing"),
    },
    Kind.ORGANISATION: {
        "name": ("name", "search"), "kind": ("kind",), "covers": (), "claimed_members": ("claimed_members",),
        "secretary": (), "elected_on": ("elected_on",), "superior": ("superior_id",), "area": ("area_id",),
    },
    Kind.MEMBER: {
        "full": ("full",), "joined_on": ("joined_on",), "employer": ("employer_id", "employer_text"),
        "employer_text": ("employer_text",), "organisation": ("branch_id", "branch_text"),
        "branch_text": ("branch_text",), "is_owner": ("owner",), "person_name": ("name", "search"),
        "id_number": ("id_number", "id_index"), "phone": ("phone", "phone_index"),
    },
    Kind.OFFICER: {
        "name": ("name", "search"), "address": ("base_address",), "area": ("area_id",),
        "point": ("longitude", "latitude"), "most": ("most",), "phone": ("phone", "phone_index"),
    },
}  # fmt: skip
PERSONAL: Final = frozenset(("id_number", "phone"))  # fields whose values are never shown
_STANDING: Final = ((FlagCode.CLOSED, "closed"), (FlagCode.DORMANT, "dormant"))


@dataclass(frozen=True, slots=True)
class Links:
    """Columns that name another record, which may be new itself: by kind and key."""

    found: dict[str, tuple[Kind, str]]
    covers: tuple[str, ...] = ()
    secretary: str = ""


def facts_of(record: Record, area_of: AreaOf) -> Facts:
    """All columns of a record, but those that name other records."""
    if isinstance(record, Enterprise):
        return _enterprise(record, area_of)
    if isinstance(record, Organisation):
        return _organisation(record, area_of)
    return _member(record) if isinstance(record, Member) else _officer(record, area_of)


def links_of(record: Record) -> Links:
    """What a record says of others."""
    if isinstance(record, Member):
        found = {}
        if record.employer is not None:
            found["employer_id"] = (Kind.ENTERPRISE, record.employer)
        if record.organisation is not None:
            found["branch_id"] = (Kind.ORGANISATION, record.organisation)
        return Links(found)
    if isinstance(record, Organisation):
        above = {} if record.superior is None else {"superior_id": (Kind.ORGANISATION, record.superior)}
        return Links(above, record.covers, record.secretary[:60])
    return Links({})


def _enterprise(e: Enterprise, area_of: AreaOf) -> Facts:
    return {
        "uscc": e.uscc[:40], "name": e.name[:200], "search": search_text(e.name[:200], e.uscc), "kind": e.kind.value,
        "control": e.control.value, **flag_facts(e.flags), "legal_representative": e.legal_representative[:60],
        "registered_on": e.registered_on, "registered_address": e.registered_address[:300],
        "operating_address": e.operating_address[:300], "area_id": area_of(e.place), **_point(e.place.point),
        "industry": e.industry.division if e.industry else "", "scope": e.scope, "staff": e.staff,
        "shift": e.shift[:100], "free_text": e.free_text[:200], "slots": slots_text(e.slots),
        "parent_uscc": (e.parent or "")[:18],
    }  # fmt: skip


def flag_facts(flags: Iterable[Flag]) -> Facts:
    """Flags as kept, and the standing they come to."""
    kept = list(flags)
    codes = {f.code for f in kept}
    standing = next((word for code, word in _STANDING if code in codes), "active")
    return {"flags": [[f.code.value, f.reason.code, dict(f.reason.params)] for f in kept], "standing": standing}


def flags_changed(before: Iterable[Flag], after: Iterable[Flag], codes: Iterable[FlagCode]) -> Facts:
    """Flags where a difference says which codes hold now; those that are not compared stay as they were."""
    compared = {f.code: f for f in (*before, *after)}
    wanted = set(codes)
    notes = (FlagCode.CODE_INVALID, FlagCode.CONTRADICTION)
    kept = [f for f in before if f.code in notes]
    return flag_facts([*(compared[c] for c in sorted(wanted)), *kept])


def _point(point: Point | None) -> Facts:
    return {
        "longitude": point.longitude if point else None,
        "latitude": point.latitude if point else None,
    }


def slots_text(slots: FreeSlots | None) -> str:
    return ",".join(map(str, slots.weeks)) if slots else ""


def slots_from(text: str) -> FreeSlots | None:
    return FreeSlots(tuple(int(week) for week in text.split(","))) if text else None


def _organisation(o: Organisation, area_of: AreaOf) -> Facts:
    return {
        "name": o.name[:200], "search": search_text(o.name[:200]), "kind": o.kind.value, "area_id": area_of(o.place),
        "elected_on": o.elected_on, "claimed_members": o.claimed_members,
    }  # fmt: skip


def _member(m: Member) -> Facts:
    who = m.identity
    name = who.name if who else ""
    plain = {"id_number": who.id_number if who else "", "phone": who.phone if who else ""}
    return {
        "name": name[:60], "search": search_text(name[:60], person=True, longest=300), "full": m.full,
        "joined_on": m.joined_on, "employer_text": m.employer_text[:200], "branch_text": m.branch_text[:200],
        "owner": m.is_owner, **sealed_values(MemberState, plain),
    }  # fmt: skip


def _officer(o: Officer, area_of: AreaOf) -> Facts:
    return {
        "name": o.name[:60], "search": search_text(o.name[:60], person=True, longest=300), "liaison": True,
        "area_id": area_of(o.base), "base_address": o.base.text[:300], **_point(o.base.point), "most": o.most,
        **sealed_values(WorkerState, {"phone": o.phone}),
    }  # fmt: skip


def shown(field: str, value: object) -> object:
    """A field's value as a page shows it; what is personal is never here."""
    if field in PERSONAL:
        return "•••" if value else ""
    if isinstance(value, Point):
        return f"{value.longitude:.5f}, {value.latitude:.5f}"
    if isinstance(value, FreeSlots):
        return list(value.weeks)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, tuple):
        return [str(v) for v in value]
    return value if value is None or isinstance(value, str | int | float | bool) else str(value)
