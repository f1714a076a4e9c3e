"""Rows of data, read under the meaning of their columns: facts, what was repaired, what could not be read."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from feigong.core.reasons import Reason
from feigong.core.roll import uscc
from feigong.core.roll.merge.cells import says_nothing, text_of
from feigong.core.roll.merge.headers import Shape
from feigong.core.roll.merge.privacy import without_numbers
from feigong.core.roll.merge.reader import RowReader, name_and_code, split_list
from feigong.core.roll.merge.values import Cell, TableKind
from feigong.core.roll.values import RowRef

_CHINESE: Final = re.compile(r"[\u4e00-\u9fff]{2}")


@dataclass(frozen=True, slots=True)
class EnterpriseRow:
    """What one row says of an enterprise. ``code`` in one form; ``valid`` whether its check character is right."""

    ref: RowRef
    kind: TableKind
    code: str
    valid: bool
    name: str
    former_names: tuple[str, ...]
    short_name: str
    registered_on: date | None
    address: str
    operating_address: str
    area: str
    scope: str
    industry: str
    entity_type: str
    status: str
    staff: int | None
    staff_other: int | None
    shift: str
    free_text: str
    position: tuple[str, str]  # longitude and latitude as written
    remark: str
    legal_representative: str
    repairs: tuple[Reason, ...]
    faults: tuple[Reason, ...]

    def facts(self) -> tuple[object, ...]:
        """Everything but where it was read: rows with equal facts say the same."""
        return (
            self.registered_on, self.address, self.operating_address, self.area, self.scope, self.industry,
            self.entity_type, self.status, self.staff, self.staff_other, self.shift, self.free_text, self.position,
            self.remark, self.legal_representative,
        )  # fmt: skip

    def order(self) -> tuple[str, ...]:
        """A key by which rows come in the same order however the tables are sorted."""
        return (self.code, self.name, self.kind.value, *(str(f) for f in self.facts()), str(self.ref))


def read_enterprise(row: Sequence[Cell], ref: RowRef, shape: Shape) -> tuple[EnterpriseRow, bool]:
    """The row, and whether its code was lost because the column holds numbers."""
    r = RowReader(row, shape)
    code, lost = r.code()
    name = r.text("name")
    found = EnterpriseRow(
        ref=ref,
        kind=shape.kind,
        code=code,
        valid=uscc.is_valid(code),
        name=name,
        former_names=split_list(r.text("former_name")),
        short_name=r.text("short_name"),
        registered_on=r.day("registered_on"),
        address=r.text("address"),
        operating_address=r.text("operating_address"),
        area=r.text("area"),
        scope=r.text("scope"),
        industry=r.text("industry"),
        entity_type=r.texts("entity_type"),
        status=r.text("status"),
        staff=r.count("staff"),
        staff_other=r.count("staff_other"),
        shift=r.text("shift"),
        free_text=r.text("free_text"),
        position=_position(r),
        remark=r.texts("remark"),
        legal_representative=r.text("legal_representative"),
        repairs=tuple(r.notes.repairs),
        faults=tuple(r.notes.faults),
    )
    return found, lost


def _position(r: RowReader) -> tuple[str, str]:
    if r.cell("point") is not None:
        return text_of(r.cell("point")), ""
    return text_of(r.cell("longitude")), text_of(r.cell("latitude"))


@dataclass(frozen=True, slots=True)
class PersonRow:
    """What one row says of a Party member."""

    ref: RowRef
    name: str
    id_number: str
    phone: str
    status: str
    answer: tuple[str, bool] | None  # where the column asks: what, and yes or no
    joined_on: date | None
    full_on: date | None
    employer: str
    employer_code: str
    branch: str
    is_owner: bool | None
    repairs: tuple[Reason, ...]
    faults: tuple[Reason, ...]

    def order(self) -> tuple[str, ...]:
        facts = (
            self.id_number,
            self.name,
            self.employer,
            self.employer_code,
            self.branch,
            self.status,
            self.answer,
            self.joined_on,
            self.full_on,
        )
        return (*(str(f) for f in facts), str(self.is_owner), self.phone, str(self.ref))


def read_person(row: Sequence[Cell], ref: RowRef, shape: Shape) -> PersonRow:
    r = RowReader(row, shape)
    code = r.code()[0]
    if not r.text("employer") and _CHINESE.search(code):  # a name where the column has codes for the others
        employer, code, inside = r.text("uscc"), "", ""
    else:
        employer, inside = name_and_code(r.text("employer"))
    said = r.yes("member_status")
    return PersonRow(
        ref=ref,
        name=r.text("person_name"),
        id_number=r.id_number(),
        phone=r.texts("phone"),
        status=r.text("member_status") if said is None else "",
        answer=None if said is None else (r.label("member_status"), said),
        joined_on=r.day("joined_on"),
        full_on=r.day("full_on"),
        employer=employer,
        employer_code=code or inside,
        branch=r.text("branch_text"),
        is_owner=r.yes("is_owner"),
        repairs=tuple(r.notes.repairs),
        faults=tuple(r.notes.faults),
    )


@dataclass(frozen=True, slots=True)
class OrganisationRow:
    """What one row says of a Party organisation. ``has_secretary`` None: the sheet has no such column."""

    ref: RowRef
    name: str
    kind: str
    covers: tuple[str, ...]
    codes: tuple[str, ...]
    claimed: int | None
    has_secretary: bool | None
    secretary: str
    elected_on: date | None
    superior: str
    address: str
    area: str
    repairs: tuple[Reason, ...]
    faults: tuple[Reason, ...]

    def order(self) -> tuple[str, ...]:
        facts = (
            self.name, self.kind, self.covers, self.codes, self.claimed, self.has_secretary, self.elected_on,
            self.secretary, self.superior, self.address, self.area,
        )  # fmt: skip
        return (*(str(f) for f in facts), str(self.ref))


def read_organisation(row: Sequence[Cell], ref: RowRef, shape: Shape) -> OrganisationRow:
    r = RowReader(row, shape)
    named, secretary = "", None
    if "secretary" in shape.mapped.columns:
        named = without_numbers(text_of(r.cell("secretary")))
        secretary = not (says_nothing(named) or named in ("空缺", "暂缺", "缺", "待定", "vacant"))
    codes = tuple(uscc.repaired(t) for t in split_list(r.raw("uscc")))
    return OrganisationRow(
        ref=ref,
        name=r.text("org_name"),
        kind=r.text("org_kind"),
        covers=split_list(r.raw("covers")),
        codes=codes,
        claimed=r.count("claimed_members"),
        has_secretary=secretary,
        secretary=named if secretary else "",
        elected_on=r.day("elected_on"),
        superior=r.text("superior"),
        address=without_numbers(r.text("address")),
        area=r.text("area"),
        repairs=tuple(r.notes.repairs),
        faults=tuple(r.notes.faults),
    )


@dataclass(frozen=True, slots=True)
class OfficerRow:
    """What one row says of a liaison officer."""

    ref: RowRef
    name: str
    base: str
    area: str
    position: tuple[str, str]
    most: int | None
    phone: str
    repairs: tuple[Reason, ...]
    faults: tuple[Reason, ...]

    def order(self) -> tuple[str, ...]:
        return (self.name, self.base, self.area, str(self.position), str(self.most), str(self.ref))


def read_officer(row: Sequence[Cell], ref: RowRef, shape: Shape) -> OfficerRow:
    r = RowReader(row, shape)
    return OfficerRow(
        ref=ref,
        name=r.text("officer_name"),
        base=without_numbers(r.text("base")),
        area=r.text("area"),
        position=_position(r),
        most=r.count("most"),
        phone=r.texts("phone"),
        repairs=tuple(r.notes.repairs),
        faults=tuple(r.notes.faults),
    )
