"""What merging reads and what it gives back: raw tables in, one roll, every problem and the fate of every row out."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Literal

from feigong.core.reasons import Reason
from feigong.core.roll.places.values import Datum
from feigong.core.roll.values import Roll, RowRef

Cell = str | int | float | bool | date | datetime | None
Severity = Literal["decide", "check", "info"]

SEVERITIES: tuple[Severity, ...] = ("decide", "check", "info")


@dataclass(frozen=True, slots=True)
class Told:
    """How a person says a sheet is to be read: its rows are about ``subject``, the header is rows ``header_from`` up to
    ``header_to`` (from 0), and ``meanings`` are those of the columns from the left, empty where one is not used."""

    subject: str
    header_from: int
    header_to: int
    meanings: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class RawTable:
    """One sheet as read. ``first_row`` is the number of ``rows[0]`` as a spreadsheet shows it (from 1). ``told``: then
    nothing about its columns is guessed."""

    name: str
    sheet: str
    rows: tuple[tuple[Cell, ...], ...]
    first_row: int = 1
    told: Told | None = None

    @property
    def shown(self) -> str:
        """File and, where it has several or a name, sheet: for a message."""
        return f"{self.name} / {self.sheet}" if self.sheet else self.name

    def ref(self, index: int) -> RowRef:
        return RowRef(self.name, self.sheet, self.first_row + index)


class FateKind(StrEnum):
    """What became of a row: exactly one of these."""

    USED = "used"
    REPAIRED = "repaired"  # used after a repair that is named
    DUPLICATE = "duplicate"  # says nothing that another row has not said
    PUT_ASIDE = "put_aside"


@dataclass(frozen=True, slots=True)
class Fate:
    """``subject``: key of the enterprise, member, organisation or officer that the row went to; empty where none."""

    row: RowRef
    kind: FateKind
    reasons: tuple[Reason, ...] = ()
    of: RowRef | None = None
    subject: str = ""


@dataclass(frozen=True, slots=True)
class Candidate:
    """A unit that may be meant, by its code, and how likely (0 to 1)."""

    code: str
    score: float
    name: str = ""


@dataclass(frozen=True, slots=True)
class Doubt:
    """What a person may decide once and for all: whether a name or code as written means one of the candidates.

    The answer comes back as ``same={spelling: code}`` or ``not_same={{spelling, code}}`` of `merge_tables`. ``taken``
    is the candidate that was used meanwhile; ``None``: none was.
    """

    spelling: str
    candidates: tuple[Candidate, ...]
    taken: str | None = None


@dataclass(frozen=True, slots=True)
class Problem:
    """What merging cannot settle alone (``decide``), settled but wants seen (``check``), or noticed (``info``)."""

    reason: Reason
    rows: tuple[RowRef, ...]
    severity: Severity
    subject: str = ""
    doubt: Doubt | None = None


class TableKind(StrEnum):
    """What a sheet is about. Register, staff and shifts all describe enterprises and may be mixed in one sheet."""

    REGISTER = "register"
    STAFF = "staff"
    SHIFTS = "shifts"
    MEMBERS = "members"
    ORGANISATIONS = "organisations"
    OFFICERS = "officers"
    NONE = "none"  # no table: a sheet of notes


@dataclass(frozen=True, slots=True)
class ColumnReading:
    """Column ``index`` (from 0), its header as written, and the meaning it was given."""

    index: int
    header: str
    meaning: str


@dataclass(frozen=True, slots=True)
class TableReading:
    """How a sheet was understood. ``counts`` has the number of rows of each fate, in the order of ``FateKind``."""

    table: str
    sheet: str
    kind: TableKind
    header_row: int | None
    columns: tuple[ColumnReading, ...] = ()
    unmapped: tuple[str, ...] = ()
    datum: Datum | None = None
    counts: tuple[int, int, int, int] = (0, 0, 0, 0)


@dataclass(frozen=True, slots=True)
class MergeResult:
    roll: Roll
    problems: tuple[Problem, ...]
    fates: tuple[Fate, ...]
    tables: tuple[TableReading, ...]
