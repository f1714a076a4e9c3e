"""The kinds of records of the roll: which tables hold them, who may change them, what a form may say of them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any, cast

from django.db.models import ForeignKey, QuerySet

from feigong.apps.accounts.roles import Permission
from feigong.apps.accounts.sight import Sight
from feigong.apps.roll import queries
from feigong.apps.roll.models import (
    Area,
    AreaState,
    Enterprise,
    EnterpriseState,
    Member,
    MemberState,
    Organisation,
    OrganisationState,
    Venue,
    VenueState,
    Worker,
    WorkerState,
)
from feigong.apps.roll.models.dated import Dated, Identity
from feigong.core.errors import FeigongError
from feigong.core.text import fold

_COMPUTED = {"search", "path", "flags"}


class RecordKind(StrEnum):
    AREA = "area"
    ENTERPRISE = "enterprise"
    ORGANISATION = "organisation"
    VENUE = "venue"
    MEMBER = "member"
    WORKER = "worker"


@dataclass(frozen=True)
class Tables:
    """What a kind is made of. ``rows`` are its states as a sight sees them."""

    kind: RecordKind
    identity: type[Identity]
    state: type[Dated]
    rows: Callable[[Sight], QuerySet[Any]]
    change: Permission

    @property
    def key(self) -> str:
        return f"{self.state.KEY[0]}_id"

    @property
    def editable(self) -> tuple[str, ...]:
        """Attnames that a door may give. Sealed fields are given in plain text."""
        return tuple(n for n in self.state.facts() if n not in _COMPUTED and not n.endswith("_index"))

    @property
    def references(self) -> dict[str, type[Identity]]:
        """Attnames that name another thing."""
        return {
            f.attname: cast(type[Identity], f.related_model)
            for f in self.state._meta.concrete_fields
            if isinstance(f, ForeignKey) and f.attname in self.state.facts()
        }


P = Permission
TABLES: dict[RecordKind, Tables] = {
    t.kind: t
    for t in (
        Tables(RecordKind.AREA, Area, AreaState, queries.areas, P.AREAS_CHANGE),
        Tables(RecordKind.ENTERPRISE, Enterprise, EnterpriseState, queries.enterprises, P.ROLL_CHANGE),
        Tables(RecordKind.ORGANISATION, Organisation, OrganisationState, queries.organisations, P.ROLL_CHANGE),
        Tables(RecordKind.VENUE, Venue, VenueState, queries.venues, P.ROLL_CHANGE),
        Tables(RecordKind.MEMBER, Member, MemberState, queries.members, P.MEMBERS_CHANGE),
        Tables(RecordKind.WORKER, Worker, WorkerState, queries.workers, P.MEMBERS_CHANGE),
    )
}
OF_IDENTITY: dict[type[Identity], RecordKind] = {t.identity: kind for kind, t in TABLES.items()}


def in_sight(kind: RecordKind, sight: Sight, record_id: int) -> Any:
    """The state row of a thing, if it may be seen; ``error.not_found``."""
    tables = TABLES[kind]
    row = tables.rows(sight).filter(**{tables.key: record_id}).first()
    if row is None:
        raise FeigongError("error.not_found")
    return row


EARLIEST = date(1949, 10, 1)
LATEST = date(2199, 12, 31)


def check_day(on: date) -> None:
    """A day from which something holds: not before there was anything of the kind."""
    if not EARLIEST <= on <= LATEST:
        raise FeigongError("error.roll.on", on=on.isoformat(), first=EARLIEST.isoformat(), last=LATEST.isoformat())


def needed(reason: str) -> str:
    """A reason where one must be given."""
    if not fold(reason):
        raise FeigongError("error.roll.reason_missing")
    return fold(reason)


_CHUNK = 5_000  # parameters of one query


def chunks(ids: Sequence[int]) -> list[Sequence[int]]:
    return [ids[at : at + _CHUNK] for at in range(0, len(ids), _CHUNK)]


def all_in_sight(kind: RecordKind, sight: Sight, ids: Sequence[int], *, fault: str = "error.not_found") -> list[Any]:
    """State rows of all these things (given once each), in any order; where one is hidden, the fault."""
    tables = TABLES[kind]
    rows = [row for part in chunks(ids) for row in tables.rows(sight).order_by().filter(**{f"{tables.key}__in": part})]
    if len(rows) != len(ids):
        raise FeigongError(fault)
    return rows
