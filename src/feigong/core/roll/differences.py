"""What an incoming record says that the roll does not: field by field, and silence says nothing."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Final

from feigong.core.roll.merge.names import exact_key
from feigong.core.roll.places.values import AreaFrom, Place
from feigong.core.roll.values import (
    ControlType,
    Enterprise,
    FlagCode,
    Identity,
    Industry,
    Member,
    Officer,
    Organisation,
    OrganisationKind,
    UnitKind,
)

_SURENESS: Final = {how: rank for rank, how in enumerate(AreaFrom)}
_STATES: Final = frozenset((FlagCode.CLOSED, FlagCode.DORMANT))
_PUBLIC: Final = frozenset((FlagCode.STATE_OWNED, FlagCode.COLLECTIVE))
_KEPT_FLAGS: Final = _STATES | _PUBLIC | {FlagCode.BRANCH_OFFICE}
_NOT_PUBLIC: Final = frozenset((ControlType.PRIVATE, ControlType.FOREIGN, ControlType.HONG_KONG_MACAO_TAIWAN))
_SAID_BY_STATUS: Final = "merge.flag_dormant_says"


@dataclass(frozen=True, slots=True)
class FieldChange:
    """A field by the name of its attribute (``flags``: codes; ``area``, ``point``: of the place; ``industry``: the
    division; ``person_name``, ``id_number``, ``phone``: of the identity), as it is and as it would be."""

    field: str
    before: object
    after: object


class _Changes:
    """Collects what is said and is not so yet."""

    def __init__(self) -> None:
        self.found: list[FieldChange] = []

    def say(self, field: str, before: object, after: object) -> None:
        if after != before and after not in (None, "", ()):
            self.found.append(FieldChange(field, before, after))

    def text(self, field: str, before: str, after: str) -> None:
        """A name or an address, which is the same however it is spaced and bracketed."""
        if exact_key(after) != exact_key(before):
            self.say(field, before, after)

    def day(self, field: str, before: date | None, after: date | None) -> None:
        """A day. The first of a month or year is what is left of a table that has no more than that."""
        vague = after is not None and after.day == 1 and before is not None and after.year == before.year
        if not (vague and after is not None and before is not None and after.month in (1, before.month)):
            self.say(field, before, after)

    def where(self, before: Place, after: Place, *, elsewhere: bool = False) -> None:
        """Area and point. ``elsewhere``: the incoming address is another kind of address than the one the place has."""
        if _says_area(before, after) and not (elsewhere and after.area_from is not AreaFrom.GIVEN):
            self.say("area", before.area, after.area)
        self.say("point", before.point, after.point)


def _says_area(before: Place, after: Place) -> bool:
    """Whether the incoming area is given, surer than the known one, or of a new address, and in any case no vaguer."""
    if before.area is None or after.area is None:
        return after.area is not None
    if before.area.startswith(after.area):
        return False
    surer = after.area_from is AreaFrom.GIVEN or _SURENESS[after.area_from] < _SURENESS[before.area_from]
    return surer or exact_key(after.text) != exact_key(before.text)


def enterprise_changes(before: Enterprise, after: Enterprise) -> tuple[FieldChange, ...]:
    """What an incoming unit says that the roll does not."""
    c = _Changes()
    c.text("name", before.name, after.name)
    c.text("registered_address", before.registered_address, after.registered_address)
    c.text("operating_address", before.operating_address, after.operating_address)
    c.where(before.place, after.place, elsewhere=bool(before.operating_address and not after.operating_address))
    c.day("registered_on", before.registered_on, after.registered_on)
    if _says_industry(before.industry, after):
        c.say("industry", before.industry and before.industry.division, after.industry and after.industry.division)
    c.say("scope", before.scope, after.scope)
    c.say("staff", before.staff, after.staff)
    if after.kind is not UnitKind.ENTERPRISE:  # what a unit is taken for where nothing is said
        c.say("kind", before.kind, after.kind)
    if after.control is not ControlType.UNKNOWN:
        c.say("control", before.control, after.control)
    c.say("legal_representative", before.legal_representative, after.legal_representative)
    c.say("status", before.status, after.status)
    c.say("parent", before.parent, after.parent)
    c.say("shift", before.shift, after.shift)
    c.say("free_text", before.free_text, after.free_text)
    if before.slots is None or any(change.field in ("shift", "free_text") for change in c.found):
        c.say("slots", before.slots, after.slots)
    known, now = _flags(before), _flags_now(before, after)
    if now != known:
        c.found.append(FieldChange("flags", known, now))
    return tuple(c.found)


def _says_industry(before: Industry | None, after: Enterprise) -> bool:
    """A division that is inferred takes the place of none, or of one inferred, where there is a scope to infer from."""
    if after.industry is None or before is None:
        return after.industry is not None
    return after.industry.given or (not before.given and bool(after.scope))


def _flags(e: Enterprise) -> tuple[FlagCode, ...]:
    return tuple(sorted({f.code for f in e.flags} & _KEPT_FLAGS))


def _flags_now(before: Enterprise, after: Enterprise) -> tuple[FlagCode, ...]:
    """Flags of the roll and those incoming; one falls only where the tables say the contrary."""
    new = {f.code for f in after.flags} & _KEPT_FLAGS
    fallen: set[FlagCode] = set()
    if after.status:
        fallen.add(FlagCode.CLOSED)
    by_status = any(f.code is FlagCode.DORMANT and f.reason.code == _SAID_BY_STATUS for f in before.flags)
    if new & _STATES or (after.status if by_status else after.staff):
        fallen |= {FlagCode.DORMANT}
    if after.control in _NOT_PUBLIC:
        fallen |= _PUBLIC
    return tuple(sorted((set(_flags(before)) - fallen) | new))


def member_changes(before: Member, after: Member) -> tuple[FieldChange, ...]:
    """What an incoming member's record says that the roll does not. Identities are compared where both have one."""
    c = _Changes()
    c.say("full", before.full, after.full)
    c.day("joined_on", before.joined_on, after.joined_on)
    c.say("employer", before.employer, after.employer)
    if after.employer is None:  # named, but not found
        c.text("employer_text", before.employer_text, after.employer_text)
    c.say("organisation", before.organisation, after.organisation)
    if after.organisation is None or after.organisation != before.organisation:
        c.text("branch_text", before.branch_text, after.branch_text)
    c.say("is_owner", before.is_owner, after.is_owner)
    if before.identity is not None and after.identity is not None:
        _identity_changes(c, before.identity, after.identity)
    return tuple(c.found)


def _identity_changes(c: _Changes, before: Identity, after: Identity) -> None:
    c.say("person_name", before.name, after.name)
    c.say("id_number", before.id_number, after.id_number)
    c.say("phone", before.phone, after.phone)


def organisation_changes(before: Organisation, after: Organisation) -> tuple[FieldChange, ...]:
    """What an incoming organisation says that the roll does not."""
    c = _Changes()
    c.text("name", before.name, after.name)
    if after.kind is not OrganisationKind.OTHER:
        c.say("kind", before.kind, after.kind)
    c.say("covers", before.covers, after.covers)
    c.say("claimed_members", before.claimed_members, after.claimed_members)
    c.say("secretary", before.secretary, after.secretary)
    if after.has_secretary is False and before.secretary:  # the post is said to be vacant
        c.found.append(FieldChange("secretary", before.secretary, ""))
    c.day("elected_on", before.elected_on, after.elected_on)
    c.say("superior", before.superior, after.superior)
    if after.superior is None or after.superior != before.superior:
        c.text("superior_text", before.superior_text, after.superior_text)
    c.text("address", before.place.text, after.place.text)
    c.where(before.place, after.place)
    return tuple(c.found)


def officer_changes(before: Officer, after: Officer) -> tuple[FieldChange, ...]:
    """What an incoming liaison officer's record says that the roll does not."""
    c = _Changes()
    c.text("name", before.name, after.name)
    c.text("address", before.base.text, after.base.text)
    c.where(before.base, after.base)
    c.say("most", before.most, after.most)
    c.say("phone", before.phone, after.phone)
    return tuple(c.found)
