"""The roll (台账) on one day, as values. Frozen; made by `roll.merge` or read back by `exchange`, never changed."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from feigong.core.reasons import Reason
from feigong.core.roll.places.values import Area, Place
from feigong.core.roll.slots import FreeSlots


@dataclass(frozen=True, slots=True, order=True)
class RowRef:
    """Where something was read: file name, sheet, and the row number as a spreadsheet shows it (from 1)."""

    table: str
    sheet: str
    row: int


class FlagCode(StrEnum):
    """What a person should look at. Each comes with its reason; none is typed by hand."""

    DORMANT = "dormant"  # 停业: no staff insured, or says so
    CLOSED = "closed"  # 注销/吊销
    STATE_OWNED = "state_owned"  # 疑似国有
    COLLECTIVE = "collective"  # 疑似集体
    BRANCH_OFFICE = "branch_office"  # 分公司: belongs to its parent
    CODE_INVALID = "code_invalid"  # the code's check character is wrong and no table can mend it
    CONTRADICTION = "contradiction"  # tables contradict each other


@dataclass(frozen=True, slots=True)
class Flag:
    code: FlagCode
    reason: Reason


@dataclass(frozen=True, slots=True)
class Industry:
    """GB/T 4754-2017 division (大类, two digits); ``score`` 0..1; ``given`` when a table stated it."""

    division: str
    score: float
    given: bool = False


class UnitKind(StrEnum):
    """What a unit is by law."""

    ENTERPRISE = "enterprise"
    SOCIAL_ORGANISATION = "social_organisation"  # 社会组织: registered with civil affairs
    SELF_EMPLOYED = "self_employed"  # 个体工商户
    OTHER = "other"  # public bodies, villages, co-operatives …


class ControlType(StrEnum):
    """Who controls a unit, as far as a table says so; what only its name hints at is a flag."""

    PRIVATE = "private"
    FOREIGN = "foreign"
    HONG_KONG_MACAO_TAIWAN = "hong_kong_macao_taiwan"
    COLLECTIVE = "collective"
    STATE = "state"
    MIXED = "mixed"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Enterprise:
    """A non-public enterprise or other unit. ``uscc`` is its key; where ``Flag CODE_INVALID`` is set it is the code as
    written. ``place`` is where it really works; the two addresses are as written."""

    uscc: str
    name: str
    place: Place
    registered_on: date | None = None
    industry: Industry | None = None
    scope: str = ""
    staff: int | None = None  # None: no table says
    shift: str = ""  # shift system as written
    free_text: str = ""  # free times as written
    slots: FreeSlots | None = None  # None: unknown
    flags: tuple[Flag, ...] = ()
    parent: str | None = None  # uscc of the company a branch office belongs to, if it is in the roll
    sources: tuple[RowRef, ...] = ()
    kind: UnitKind = UnitKind.ENTERPRISE
    control: ControlType = ControlType.UNKNOWN
    registered_address: str = ""
    operating_address: str = ""
    status: str = ""  # of operation, as written
    legal_representative: str = ""  # a person's name: only kept when asked for, never in a plan or report

    def flagged(self, *codes: FlagCode) -> bool:
        return any(f.code in codes for f in self.flags)


@dataclass(frozen=True, slots=True)
class Identity:
    """A person's plain identity: only kept when asked for (`feigong merge --identify`), never in a plan or report."""

    name: str
    id_number: str = ""
    phone: str = ""


@dataclass(frozen=True, slots=True)
class Member:
    """A Party member on the roll. The employer and the branch that holds the membership are two things."""

    key: str  # keyed pseudonym of the ID number (or of name and row where there is none)
    full: bool  # False: probationary
    joined_on: date | None = None
    employer: str | None = None  # uscc; None: unknown
    employer_text: str = ""
    match_score: float = 0.0  # 1.0 same name; below: roughly named; 0: not matched
    branch_text: str = ""  # the branch holding the membership, as written
    organisation: str | None = None  # Organisation.key if branch_text names one on the roll
    is_owner: bool | None = None
    identity: Identity | None = None
    source: RowRef | None = None


class OrganisationKind(StrEnum):
    COMMITTEE = "committee"  # 基层党委
    GENERAL_BRANCH = "general_branch"  # 党总支
    BRANCH = "branch"  # 党支部
    JOINT_BRANCH = "joint_branch"  # 联合党支部
    TEMPORARY = "temporary"  # 临时党支部
    FLOATING = "floating"  # 流动党员党支部
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Organisation:
    """A Party organisation in being. ``covers`` are the enterprises it covers, matched by name or code."""

    key: str  # stable: made from its name
    name: str
    kind: OrganisationKind
    covers: tuple[str, ...] = ()
    covers_unmatched: tuple[str, ...] = ()
    claimed_members: int | None = None  # as typed in the table; never used as a figure, only compared
    has_secretary: bool | None = None  # None: no table says
    elected_on: date | None = None
    source: RowRef | None = None
    superior_text: str = ""  # the organisation above it, as written
    superior: str | None = None  # Organisation.key if superior_text names one on the roll
    place: Place = field(default_factory=Place)
    secretary: str = ""  # by name; kept only when asked for, like `Identity`


@dataclass(frozen=True, slots=True)
class Officer:
    """A liaison officer (联络员 / 党建指导员). ``phone`` is only kept when asked for."""

    key: str
    name: str
    base: Place
    most: int | None = None  # most enterprises; None: the district's usual
    source: RowRef | None = None
    phone: str = ""


@dataclass(frozen=True, slots=True)
class Roll:
    """Everything known on a day. Tuples are sorted by key, so the order of input rows changes nothing."""

    on: date
    enterprises: tuple[Enterprise, ...]
    members: tuple[Member, ...] = ()
    organisations: tuple[Organisation, ...] = ()
    officers: tuple[Officer, ...] = ()
    areas: tuple[Area, ...] = field(default=())
    district: str = ""  # six-digit area code of the district
