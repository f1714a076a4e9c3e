"""Ways to ask for records that other lists do not have."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db.models import Q

from feigong.apps.audit import queries
from feigong.apps.clock import ZONE
from feigong.apps.roll.kinds import RecordKind
from feigong.web.lists.filters import Chips, Given
from feigong.web.lists.spec import Ask, Rows


def _one(given: Given, name: str) -> str:
    return next(iter(given.get(name, ())), "").strip()


@dataclass(frozen=True, slots=True)
class Who:
    """Words of who did it, or of the reason; a number is the record's."""

    code: str = "q"
    template: str = "lists/filters/search.html"
    folded: bool = False

    @property
    def params(self) -> tuple[str, ...]:
        return (self.code,)

    def apply(self, rows: Rows, given: Given, ask: Ask) -> Rows:
        text = _one(given, self.code)
        if not text:
            return rows
        found = Q(actor_name__icontains=text) | Q(reason__icontains=text) | Q(request_id=text)
        if text.isdecimal() and len(text) <= 12:
            found |= Q(number=int(text))
        return rows.filter(found)

    def chips(self, given: Given, ask: Ask) -> Chips:
        text = _one(given, self.code)
        return [(self.code, text, ask.words.word("web.lists.chip_search", text=text))] if text else []

    def field(self, given: Given, ask: Ask) -> Mapping[str, Any]:
        return {"name": self.code, "value": _one(given, self.code), "label": ask.words.word("web.audit.search")}


@dataclass(frozen=True, slots=True)
class Days:
    """From a day to a day, both included."""

    code: str = "day"
    template: str = "audit/days.html"
    folded: bool = False

    @property
    def params(self) -> tuple[str, ...]:
        return (f"{self.code}_from", f"{self.code}_to")

    def apply(self, rows: Rows, given: Given, ask: Ask) -> Rows:
        since, until = (_day(_one(given, name)) for name in self.params)
        if since is not None:
            rows = rows.filter(at__gte=datetime.combine(since, time(), ZONE))
        if until is not None:
            rows = rows.filter(at__lt=datetime.combine(until + timedelta(days=1), time(), ZONE))
        return rows

    def chips(self, given: Given, ask: Ask) -> Chips:
        low, high = self.params
        found: Chips = []
        for name, code in ((low, "web.audit.since"), (high, "web.audit.until")):
            text = _one(given, name)
            if _day(text) is not None:
                found.append((name, text, ask.words.word(code, day=text)))
        return found

    def field(self, given: Given, ask: Ask) -> Mapping[str, Any]:
        low, high = self.params
        return {"days": ((low, "web.audit.day_from", _one(given, low)), (high, "web.audit.day_to", _one(given, high)))}


def _day(text: str) -> date | None:
    """A day that a filter can work with; what is none asks for nothing."""
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return None
    return day if date(1900, 1, 1) <= day < date(9999, 1, 1) else None


@dataclass(frozen=True, slots=True)
class About:
    """Records about one thing of the roll or one account: `member:12`, from a link."""

    code: str = "about"
    template: str = "lists/filters/kept.html"
    folded: bool = True

    @property
    def params(self) -> tuple[str, ...]:
        return (self.code,)

    def apply(self, rows: Rows, given: Given, ask: Ask) -> Rows:
        text = _one(given, self.code)
        thing = _thing(text)
        if thing is None:
            return rows.none() if text else rows
        return queries.about(rows, *thing)

    def chips(self, given: Given, ask: Ask) -> Chips:
        text = _one(given, self.code)
        thing = _thing(text)
        if thing is None:
            return [(self.code, text, text)] if text else []
        name = queries.names_for_auditors(ask.actor, [thing]).get(thing, str(thing[1]))
        label = ask.words.word(f"kind.{thing[0]}" if thing[0] == queries.ACCOUNT else f"roll_kind.{thing[0]}")
        return [(self.code, text, ask.words.word("web.lists.chip", name=label, value=name))]

    def field(self, given: Given, ask: Ask) -> Mapping[str, Any]:
        return {"name": self.code, "value": _one(given, self.code)}


def _thing(text: str) -> tuple[str, int] | None:
    kind, _, number = text.partition(":")
    if kind not in (*RecordKind, queries.ACCOUNT) or not number.isdecimal() or len(number) > 12:
        return None
    return kind, int(number)
