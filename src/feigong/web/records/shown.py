"""Values of records as words: on a card, in the time line, beside one another. Names only of what is in sight."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final
from urllib.parse import urlencode

from django.urls import reverse

from feigong.apps.accounts.sight import Sight
from feigong.apps.roll import queries
from feigong.apps.roll.cleaning import slots_of
from feigong.apps.roll.kinds import TABLES, RecordKind
from feigong.core.reasons import Reason
from feigong.core.roll.history import FOREVER
from feigong.exchange.roll_sheets import slots_text as slots_in_words
from feigong.web.lists.fills import industries
from feigong.wording import Words

K = RecordKind
SCREENS: Final[Mapping[RecordKind, str]] = {
    K.AREA: "areas", K.ENTERPRISE: "enterprises", K.ORGANISATION: "organisations", K.VENUE: "venues",
    K.MEMBER: "members", K.WORKER: "workers",
}  # fmt: skip
REFERENCES: Final[Mapping[str, RecordKind]] = {
    "area_id": K.AREA, "parent_id": K.AREA, "superior_id": K.ORGANISATION, "branch_id": K.ORGANISATION,
    "organisation_id": K.ORGANISATION, "venue_id": K.VENUE, "employer_id": K.ENTERPRISE, "enterprise_id": K.ENTERPRISE,
    "host_id": K.ENTERPRISE, "member_id": K.MEMBER, "worker_id": K.WORKER,
}  # fmt: skip
SEALED: Final = frozenset({"id_number", "phone", "wage"})
COMPUTED: Final = frozenset({"search", "path", "id_index", "phone_index"})
_KINDS: Final = {K.AREA: "area_kind", K.ENTERPRISE: "unit_kind", K.ORGANISATION: "organisation_kind"}
_FAMILIES: Final = {"control": "control_type", "standing": "standing", "route": "route", "role": "post_role"}
_SLOTS_SHOWN: Final = 9  # more are a number
TONES: Final = {"active": "good", "dormant": "warn", "closed": "plain"}


LABELS: Final = {"full": "web.members.full"}  # where the name of a field reads oddly beside its value


@dataclass(frozen=True, slots=True)
class Value:
    """``text`` empty: not known."""

    name: str
    text: str
    href: str = ""
    tone: str = ""
    sealed: bool = False

    @property
    def word(self) -> str:
        """The code of its label."""
        return LABELS.get(self.name, f"field.{self.name}")


class Names:
    """Names of things that rows point to, of one sight; each kind is asked for once with all its numbers."""

    def __init__(self, sight: Sight) -> None:
        self.sight = sight
        self._known: dict[RecordKind, dict[int, str]] = defaultdict(dict)

    def know(self, kind: RecordKind, record_id: int, name: str) -> None:
        """One that has been read already."""
        self._known[kind][record_id] = name

    def load(self, kind: RecordKind, ids: Iterable[int | None]) -> None:
        known = self._known[kind]
        wanted = {i for i in ids if i is not None} - set(known)
        if not wanted:
            return
        tables = TABLES[kind]
        rows = tables.rows(self.sight).order_by().filter(**{f"{tables.key}__in": wanted})
        found = dict(rows.values_list(tables.key, "name"))
        missing = wanted - set(found)
        if missing and kind is K.ORGANISATION:  # a superior may stand above what is in sight: its name, no more
            above = queries.superiors(self.sight).order_by().filter(organisation_id__in=missing)
            found |= dict(above.values_list("organisation_id", "name"))
        known.update({i: found.get(i, "") for i in wanted})

    def load_facts(self, facts: Iterable[Mapping[str, Any]]) -> None:
        """All that several rows point to."""
        wanted: dict[RecordKind, set[int | None]] = defaultdict(set)
        for row in facts:
            for name, value in row.items():
                if name in REFERENCES:
                    wanted[REFERENCES[name]].add(value)
        for kind, ids in wanted.items():
            self.load(kind, ids)

    def of(self, kind: RecordKind, record_id: int) -> str:
        """Empty where it is out of sight."""
        self.load(kind, [record_id])
        return self._known[kind][record_id]


def address(kind: RecordKind, record_id: int, dates: str = "", name: str = "detail") -> str:
    found = reverse(f"{SCREENS[kind]}:{name}", args=[record_id])
    return f"{found}?{dates}" if dates else found


def dates_of(given: Mapping[str, Any]) -> str:
    """The as-of part of an address, to be carried along by links."""
    return urlencode({name: given[name] for name in ("on", "known") if given.get(name)})


class Shower:
    """Shows values of one kind of record in one language, as seen by one sight."""

    def __init__(self, kind: RecordKind, words: Words, names: Names, dates: str = "") -> None:
        self.kind = kind
        self.words = words
        self.names = names
        self.dates = dates

    def value(self, name: str, value: Any) -> Value:
        if value is None or value in ("", []) or value == FOREVER:
            return Value(name, "", sealed=name in SEALED)
        if name in SEALED:
            return Value(name, self.words.word("web.records.sealed"), sealed=True)
        if name in REFERENCES:
            return self._reference(name, int(value))
        return Value(name, self._text(name, value), tone=TONES.get(str(value), "") if name == "standing" else "")

    def text(self, name: str, value: Any) -> str:
        """For sentences: what is not known says so."""
        return self.value(name, value).text or self.words.word("web.records.empty_value")

    def _reference(self, name: str, record_id: int) -> Value:
        kind = REFERENCES[name]
        found = self.names.of(kind, record_id)
        if not found:
            return Value(name, self.words.word("web.records.out_of_sight"))
        return Value(name, found, href=address(kind, record_id, self.dates))

    def _free_time(self, column: str) -> str:
        slots = slots_of(column)
        free = sum(mask.bit_count() for mask in slots.weeks) if slots else 0
        if not free:
            return self.words.word("web.records.never_free")
        if free > _SLOTS_SHOWN:
            return self.words.word("web.records.slots_count", n=free, weeks=slots.cycle_weeks if slots else 1)
        return slots_in_words(slots, self.words)

    def _text(self, name: str, value: Any) -> str:
        words = self.words
        if name == "kind" and self.kind in _KINDS:
            return words.word(f"{_KINDS[self.kind]}.{value}")
        if name in _FAMILIES:
            return words.word(f"{_FAMILIES[name]}.{value}")
        if name == "industry":
            return f"{value} {industries().get(value, '')}".strip()
        if name == "full":
            return words.word("web.records.full" if value else "web.records.probationary")
        if name == "slots":
            return self._free_time(str(value))
        if name == "flags":
            return words.sentences(Reason(code, params) for _, code, params in value)
        if isinstance(value, bool):
            return words.yes(value)
        if isinstance(value, float):
            return f"{value:.6f}".rstrip("0").rstrip(".")
        if isinstance(value, int) and name != "code":
            return words.number(value)
        if isinstance(value, date | datetime):
            return value.isoformat()[:10]
        return str(value)
