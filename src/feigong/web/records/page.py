"""What the pages of one kind of record are: its card, its form, what belongs to it. One `RecordPage` for each kind."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from django.http import HttpRequest

from feigong.apps.accounts.roles import Permission
from feigong.apps.accounts.sight import Actor, Sight
from feigong.apps.roll.kinds import TABLES, RecordKind, Tables, in_sight
from feigong.web.records.shown import SCREENS, Names, Shower, Value, dates_of
from feigong.web.request import actor_of, sight_of, words_of
from feigong.wording import Words

if TYPE_CHECKING:
    from feigong.web.records.forms import RecordForm

# Not worth a line where there is nothing.
_QUIET = frozenset({
    "parent_uscc", "scope", "operating_address", "branch_text", "employer_text", "claimed_members", "member_id", "most",
    "wage", "base_address",
})  # fmt: skip

More = Callable[["Look"], Mapping[str, Any]]


@dataclass(frozen=True)
class RecordPage:
    """``facts``: what stands on the card, in order. ``more``: what its own template needs besides."""

    kind: RecordKind
    view: Permission
    facts: tuple[str, ...]
    form: type[RecordForm]
    more: More
    batch: Mapping[str, tuple[str, ...]] = field(default_factory=dict)  # code of a batch: fields it sets
    mergeable: bool = False

    @property
    def code(self) -> str:
        """Namespace of its addresses, folder of its templates, middle of its words."""
        return SCREENS[self.kind]

    @property
    def tables(self) -> Tables:
        return TABLES[self.kind]


@dataclass(frozen=True)
class Look:
    """One record as somebody sees it on a day."""

    page: RecordPage
    request: HttpRequest
    actor: Actor
    sight: Sight
    words: Words
    record_id: int
    row: Any
    names: Names
    dates: str

    @property
    def shower(self) -> Shower:
        return Shower(self.page.kind, self.words, self.names, self.dates)

    @property
    def may_change(self) -> bool:
        return self.actor.may(self.page.tables.change)

    def facts(self) -> dict[str, Any]:
        return {name: getattr(self.row, name) for name in self.page.tables.state.facts()}

    def card(self) -> list[Value]:
        facts = self.facts()
        self.names.load_facts([facts])
        shown = (self.shower.value(name, facts[name]) for name in self.page.facts)
        return [value for value in shown if value.text or value.name not in _QUIET]


def look_at(page: RecordPage, request: HttpRequest, record_id: int) -> Look:
    """The record of the address, if it may be seen on the day of the address; ``error.not_found``."""
    sight = sight_of(request)
    row = in_sight(page.kind, sight, record_id)
    words, names = words_of(request), Names(sight)
    names.know(page.kind, record_id, row.name)
    return Look(page, request, actor_of(request), sight, words, record_id, row, names, dates_of(request.GET))
