"""What a list is."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Protocol

from django.db.models import QuerySet

from feigong.apps.accounts.roles import Permission
from feigong.apps.accounts.sight import Actor, Sight
from feigong.wording import Words


@dataclass(frozen=True, slots=True)
class Ask:
    """Who asks, what may be seen, in which language: handed to everything that reads rows for a list."""

    actor: Actor
    sight: Sight
    words: Words
    kept: dict[str, Any] = field(default_factory=dict, compare=False, repr=False)
    """What several parts of a page need of this sight: read once."""


Rows = QuerySet[Any]
Fill = Callable[[Sequence[Any], Ask], Mapping[int, Any]]
"""Looks something up for the rows of one page, in a fixed number of queries; the answer is by the row's ``pk``."""


class Kind(StrEnum):
    TEXT = "text"
    NUMBER = "number"
    DAY = "day"
    MOMENT = "moment"
    CHOICE = "choice"  # with a family of words
    YES = "yes"
    SEALED = "sealed"  # known or not; never what it is
    NAMES = "names"  # several, from a fill


@dataclass(frozen=True, slots=True)
class Column:
    """One column. ``value`` of a row is its attribute ``code``, or what ``fill`` found for it."""

    code: str
    kind: Kind = Kind.TEXT
    family: str = ""  # of a choice: its words are `<family>.<value>`
    word: str = ""  # the heading, where it is not `field.<code>`
    sort: tuple[str, ...] = ()  # columns of the table; none: cannot be sorted by
    shown: bool = True  # unless somebody chooses otherwise
    first: bool = False  # names the row: links to its page, cannot be left out
    fill: Fill | None = None
    tones: Mapping[str, str] | None = None  # of a choice: value to the tone of its tag

    @property
    def heading(self) -> str:
        return self.word or f"field.{self.code}"


class Filter(Protocol):
    """Something by which rows are asked for. Reads its own parameters of the address, and only those."""

    @property
    def code(self) -> str: ...

    @property
    def template(self) -> str: ...

    @property
    def folded(self) -> bool: ...

    @property
    def params(self) -> tuple[str, ...]: ...

    def apply(self, rows: Rows, given: Mapping[str, Sequence[str]], ask: Ask) -> Rows: ...

    def chips(self, given: Mapping[str, Sequence[str]], ask: Ask) -> list[tuple[str, str, str]]:
        """(parameter, value, words) of what is asked for now; a chip takes its value away again."""

    def field(self, given: Mapping[str, Sequence[str]], ask: Ask) -> Mapping[str, Any]:
        """What its template needs."""


@dataclass(frozen=True, slots=True)
class Batch:
    """What can be done with ticked rows: the form posts ``ids`` (or ``all``) with the list's query to this address."""

    code: str  # words `web.batch.<code>`
    url: str  # name of the address
    permission: Permission


@dataclass(frozen=True, slots=True)
class ListSpec:
    code: str  # the namespace of its addresses, and of its words
    permission: Permission
    rows: Callable[[Ask], Rows]
    columns: tuple[Column, ...]
    filters: tuple[Filter, ...] = ()
    sort: str = "name"  # the code of a column, with "-" for downwards
    key: str = "pk"  # the attribute that says which thing a row is about
    record: str = ""  # the kind of thing in the audit (`roll.enterprise`)
    detail: str = ""  # the name of the address of one thing; takes the key
    batches: tuple[Batch, ...] = ()
    dated: bool = True  # has an as-of switch
    start: tuple[tuple[str, str], ...] = ()  # (name of an address, word): where an empty list sends one
    aside: str = ""  # a template above the table (a search that is recorded)
    export: Permission | None = Permission.EXPORT

    def column(self, code: str) -> Column | None:
        return next((c for c in self.columns if c.code == code), None)

    @property
    def usual(self) -> tuple[str, ...]:
        return tuple(c.code for c in self.columns if c.shown)
