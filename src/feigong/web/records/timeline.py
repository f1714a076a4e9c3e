"""The time line of a record: what was recorded, field by field, by whom, and from which day it holds."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Final

from feigong.apps.audit.queries import Difference, Happening, history
from feigong.apps.audit.queries import Field as Noted
from feigong.apps.roll.kinds import RecordKind
from feigong.core.roll.history import FOREVER
from feigong.web.records.page import Look
from feigong.web.records.shown import COMPUTED, REFERENCES, SEALED, Names, Shower, Value

OPEN: Final = 8  # happenings that are not folded away
_DAYS: Final = ("registered_on", "founded_on", "elected_on", "joined_on")
_STATES: Final[Mapping[str, RecordKind]] = {f"roll.{kind.value}state": kind for kind in RecordKind}
_OWN: Final = frozenset({*RecordKind, "coverage", "post", "assignment", "record", "roll"})
_TIES: Final = frozenset({"roll.coverage", "roll.post", "roll.assignment", "roll.areaoutline"})


@dataclass(frozen=True, slots=True)
class Part:
    """One field: from what to what. ``before`` None: it was not there before."""

    name: str
    before: Value | None
    after: Value | None


@dataclass(frozen=True, slots=True)
class Stretch:
    """What holds over a stretch of days: of the record itself, or of a tie to another (``title``)."""

    way: str
    since: date | None
    until: date | None
    title: str
    about: tuple[Value, ...]
    parts: tuple[Part, ...]
    query: str  # the page as of its first day


@dataclass(frozen=True, slots=True)
class Event:
    record: int
    number: int
    at: datetime
    title: str
    who: str
    role: str
    reason: str
    taken_back: bool
    stretches: tuple[Stretch, ...]
    may_take_back: bool


def events_of(look: Look) -> list[Event]:
    """Newest first, as known at the moment of the address."""
    found = history(look.sight, look.page.kind, look.record_id)
    _load(look.names, found)
    return [_event(look, happening) for happening in found]


def _load(names: Names, happenings: Iterable[Happening]) -> None:
    wanted: dict[RecordKind, set[int]] = {}
    for happening in happenings:
        for difference in happening.differences:
            for kind, one in difference.things():
                wanted.setdefault(kind, set()).add(one)
    for kind, ids in wanted.items():
        names.load(kind, ids)


def _event(look: Look, h: Happening) -> Event:
    words = look.words
    code = f"action.{h.code}"
    role = words.word(f"role.{h.role}") if h.role and words.has(f"role.{h.role}") else ""
    stretches = tuple(s for d in h.differences if (s := _stretch(look, d)) is not None)
    may = look.may_change and not h.taken_back and bool(stretches) and not look.dates
    may = may and h.code.split(".")[0] in _OWN  # a whole import is taken back where it was applied
    return Event(
        h.record, h.number, h.at, words.word(code) if words.has(code) else words.word("web.records.recorded"), h.who,
        role, h.reason, h.taken_back, stretches, may,
    )  # fmt: skip


def _stretch(look: Look, d: Difference) -> Stretch | None:
    own = _STATES.get(d.kind)
    if own is None and d.kind not in _TIES:
        return None
    shower = Shower(own or look.page.kind, look.words, look.names, look.dates)
    parts = tuple(_part(shower, f) for f in d.fields if f.name not in COMPUTED and f.name != "flags")
    if d.way == "changed" and not parts:
        return None
    about = tuple(
        shower.value(f.name, f.after) for f in d.about
        if not (f.thing is look.page.kind and f.after == look.record_id)
    )  # fmt: skip
    title = look.words.word(f"roll_kind.{d.kind.removeprefix('roll.')}") if d.kind in _TIES else ""
    until = d.until - timedelta(days=1) if d.until and d.until < FOREVER else None
    return Stretch(d.way, d.since, until, title, about, parts, f"on={d.since.isoformat()}" if d.since else "")


def _part(shower: Shower, field: Noted) -> Part:
    return Part(field.name, _value(shower, field.name, field.before), _value(shower, field.name, field.after))


def _value(shower: Shower, name: str, noted: Any) -> Value:
    """Noted values are as JSON has them: days are texts, numbers of things may have gone out of sight."""
    if name in SEALED:
        return shower.value(name, noted)
    if name in REFERENCES and not isinstance(noted, int):
        return Value(name, "")
    if isinstance(noted, str) and name in _DAYS:
        return Value(name, noted[:10])
    return shower.value(name, noted)
