"""What the roll says, counted once: members of each enterprise and organisation, who covers whom, fingerprints.

An organisation's members are those whose membership it holds, wherever they work: membership is held in the branch,
and the employer is another thing (a member may be employed here and belong to the community's branch). Where the roll
links no member to an organisation, the employees of the enterprises it covers are taken instead. An enterprise's
members are its employees.
"""

from __future__ import annotations

import hashlib
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from feigong.core.coverage.parameters import CoverageParameters
from feigong.core.roll.places.values import AreaKind, Place
from feigong.core.roll.values import ControlType, Enterprise, FlagCode, Organisation, Roll, UnitKind


@dataclass(frozen=True)
class Facts:
    """Counts of a roll on a day. Dictionaries are keyed by uscc or by the organisation's key."""

    on: date
    district: str
    enterprises: dict[str, Enterprise]
    organisations: dict[str, Organisation]
    kinds: dict[str, AreaKind]
    full: dict[str, int]  # full members employed
    probationary: dict[str, int]
    held: dict[str, dict[str, int]]  # organisation -> employer ("" unknown) -> full members whose membership it holds
    covering: dict[str, tuple[str, ...]]  # enterprise -> organisations that say they cover it
    fingerprints: dict[str, str]
    joined_later: int  # members whose day of joining lies after `on`; not counted

    def organisation_members(self, key: str) -> int:
        """Full members of an organisation; see the module's first lines."""
        held = self.held.get(key)
        if held:
            return sum(held.values())
        return sum(self.full.get(u, 0) for u in self.organisations[key].covers)

    def members_from(self, key: str, uscc: str) -> int:
        """Full members an enterprise contributes to an organisation, counted the same way."""
        held = self.held.get(key)
        return held.get(uscc, 0) if held else self.full.get(uscc, 0)

    def mask(self, uscc: str, weeks: int) -> int | None:
        """Free slots folded into the cycle looked at; None where unknown."""
        slots = self.enterprises[uscc].slots
        return None if slots is None else slots.folded(weeks)


def count(roll: Roll, on: date) -> Facts:
    """Count a roll once. The order of its rows does not matter."""
    full: Counter[str] = Counter()
    probationary: Counter[str] = Counter()
    held: dict[str, Counter[str]] = defaultdict(Counter)
    people: dict[str, list[str]] = defaultdict(list)
    belonging: dict[str, list[str]] = defaultdict(list)
    later = 0
    for member in roll.members:
        if member.joined_on is not None and member.joined_on > on:
            later += 1
            continue
        mark = f"{member.key}:{int(member.full)}"
        if member.employer is not None:
            (full if member.full else probationary)[member.employer] += 1
            people[member.employer].append(mark)
        if member.organisation is not None:
            belonging[member.organisation].append(f"{mark}:{member.employer or ''}")
        if member.full and member.organisation is not None:
            held[member.organisation][member.employer or ""] += 1
    covering: dict[str, list[str]] = defaultdict(list)
    for organisation in sorted(roll.organisations, key=lambda o: o.key):
        for uscc in organisation.covers:
            if organisation.key not in covering[uscc]:
                covering[uscc].append(organisation.key)
    enterprises = {e.uscc: e for e in sorted(roll.enterprises, key=lambda e: e.uscc)}
    meets = {u: f"{u}:{full[u] > 0}:{_meets(e)}" for u, e in enterprises.items()}  # who sends nobody need not meet
    bodies = {
        o.key: _body(o, belonging.get(o.key) or [m for u in o.covers for m in people.get(u, ())], meets)
        for o in roll.organisations
    }
    return Facts(
        on=on,
        district=roll.district,
        enterprises=enterprises,
        organisations={o.key: o for o in sorted(roll.organisations, key=lambda o: o.key)},
        kinds={a.code: a.kind for a in roll.areas},
        full=dict(full),
        probationary=dict(probationary),
        held={k: dict(v) for k, v in held.items()},
        covering={u: tuple(keys) for u, keys in covering.items()},
        fingerprints={
            u: fingerprint(e, people.get(u, []), [bodies[key] for key in covering.get(u, ())])
            for u, e in enterprises.items()
        },
        joined_later=later,
    )


OWN = 12  # digits of a fingerprint that are the enterprise's own


def _body(organisation: Organisation, people: list[str], meets: Mapping[str, str]) -> str:
    """An organisation as far as a plan reads it: members, secretary, whom it covers, where and when they can meet."""
    covers = [meets.get(u, u) for u in sorted(set(organisation.covers))]
    return "|".join(
        [organisation.key, organisation.kind, str(organisation.has_secretary), ",".join(sorted(people)), *covers]
    )


def _meets(enterprise: Enterprise) -> str:
    """Where and when one can meet there; nowhere where it is out of business."""
    if enterprise.flagged(FlagCode.CLOSED) or enterprise.flagged(FlagCode.DORMANT):
        return ""
    place = enterprise.place
    where = (
        "".join(place.text.split())
        or f"{place.building_key}|{place.street_key}|{place.house_number}|{place.village_key}|{place.area}"
    )
    if place.point is not None:
        where += f"|{place.point.longitude:.5f},{place.point.latitude:.5f}"
    free = "unknown" if enterprise.slots is None else ",".join(map(str, enterprise.slots.weeks))
    return f"{where}\n{free}"


def fingerprint(enterprise: Enterprise, people: list[str], bodies: Sequence[str] = ()) -> str:
    """Twelve hex digits of members, place and free time, and twelve of the organisations that cover it: equal for an
    enterprise in which nothing changed. A transfer changes that of all whom the organisations left and joined cover.

    The address counts as it is written (without spaces), not as it was understood: when only our understanding of an
    address got better, the enterprise did not move, and a change of its branch must be counted as a change of an
    untouched one.
    """
    return _digest([*sorted(people), _meets(enterprise)]) + _digest(sorted(bodies))


def _digest(lines: list[str]) -> str:
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()[:OWN]


def place_known(place: Place) -> bool:
    """Premises known: an address or coordinates."""
    return (
        bool(place.text.strip())
        or place.point is not None
        or place.building_key is not None
        or place.street_key is not None
    )


class Exclusion(StrEnum):
    """Why a unit is no operating enterprise (三有企业), in the order asked: the first that holds is the reason."""

    CLOSED = "closed"
    DORMANT = "dormant"
    NOT_ENTERPRISE = "not_enterprise"  # a social organisation, a self-employed person …
    STATE = "state"  # a table says that the state controls it: its organisation is not a non-public one
    BRANCH_OFFICE = "branch_office"  # counted with its company
    NO_PREMISES = "no_premises"
    STAFF_UNKNOWN = "staff_unknown"
    FEW_STAFF = "few_staff"


def exclusion(enterprise: Enterprise, least_staff: int) -> Exclusion | None:
    """The one definition of the denominator of coverage rates; None: the unit counts.

    ``least_staff``: of rule ``cover.denominator``, or as the district has set it.
    """
    if enterprise.flagged(FlagCode.CLOSED):
        return Exclusion.CLOSED
    if enterprise.flagged(FlagCode.DORMANT):
        return Exclusion.DORMANT
    if enterprise.kind is not UnitKind.ENTERPRISE:
        return Exclusion.NOT_ENTERPRISE
    if enterprise.control is ControlType.STATE:
        return Exclusion.STATE
    if enterprise.flagged(FlagCode.BRANCH_OFFICE):
        return Exclusion.BRANCH_OFFICE
    if not place_known(enterprise.place):
        return Exclusion.NO_PREMISES
    if enterprise.staff is None:
        return Exclusion.STAFF_UNKNOWN
    return Exclusion.FEW_STAFF if enterprise.staff < least_staff else None


def is_operating(enterprise: Enterprise, parameters: CoverageParameters) -> bool:
    """Operating (三有): nothing excludes it; see `Exclusion`."""
    return exclusion(enterprise, parameters.operating_staff) is None
