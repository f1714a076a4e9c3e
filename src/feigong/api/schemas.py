"""What the API shows of each thing. Persons: never an ID number, phone or wage; those are revealed on pages only."""

from __future__ import annotations

from datetime import date, datetime
from typing import Generic, TypeVar

from ninja import Schema

T = TypeVar("T")


class Dated(Schema):
    """``version`` goes into `If-Match` when the thing is changed; ``valid_to`` 9999-12-31: until further notice."""

    version: int
    valid_from: date
    valid_to: date
    recorded_at: datetime

    @staticmethod
    def resolve_version(row: object) -> int:
        return int(getattr(row, "pk"))  # noqa: B009


class AreaOut(Dated):
    area_id: int
    code: str
    name: str
    kind: str
    parent_id: int | None
    path: str


class EnterpriseOut(Dated):
    enterprise_id: int
    uscc: str
    name: str
    kind: str
    control: str
    standing: str
    legal_representative: str
    registered_on: date | None
    registered_address: str
    operating_address: str
    area_id: int
    longitude: float | None
    latitude: float | None
    industry: str
    scope: str
    staff: int | None
    shift: str
    free_text: str
    slots: str
    parent_uscc: str


class OrganisationOut(Dated):
    organisation_id: int
    name: str
    kind: str
    superior_id: int | None
    path: str
    area_id: int
    venue_id: int | None
    founded_on: date | None
    elected_on: date | None
    claimed_members: int | None


class VenueOut(Dated):
    venue_id: int
    name: str
    area_id: int
    enterprise_id: int | None
    address: str
    longitude: float | None
    latitude: float | None
    seats: int | None


class MemberOut(Dated):
    member_id: int
    name: str
    full: bool
    joined_on: date | None
    branch_id: int | None
    branch_text: str
    employer_id: int | None
    employer_text: str
    owner: bool | None


class WorkerOut(Dated):
    worker_id: int
    name: str
    route: str
    liaison: bool
    member_id: int | None
    area_id: int
    base_address: str
    longitude: float | None
    latitude: float | None
    most: int | None


class PostOut(Dated):
    worker_id: int
    organisation_id: int
    role: str


class CoverageOut(Dated):
    organisation_id: int
    enterprise_id: int
    host: bool


class AssignmentOut(Dated):
    worker_id: int
    enterprise_id: int


class Page(Schema, Generic[T]):
    """One page of a list, with the day it is of and the moment it was known."""

    items: list[T]
    total: int
    on: date
    known_at: datetime


class Happening(Schema):
    """One change of a thing; `record` is what `POST /records/{record}/take-back` takes."""

    record: int
    number: int
    at: datetime
    code: str
    who: str
    door: str
    reason: str
    taken_back: bool


class History(Schema):
    items: list[Happening]


class Changed(Schema):
    """How many were changed."""

    changed: int


class Left(Schema):
    """What a split leaves with the record that was kept: said since the merge."""

    kind: str
    key: list[int | str]


class Apart(Schema):
    stayed: list[Left]


class TakenBack(Schema):
    """The record of taking back, which can be taken back as well."""

    record: int
    number: int | None


class Sum(Schema, Generic[T]):
    """One page of a list that is not dated."""

    items: list[T]
    total: int
