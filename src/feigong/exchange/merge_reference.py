"""Reads the words by which tables are understood (columns, matching, shifts) into values for the core."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import Strict

from feigong.core.roll.merge.columns import ColumnTable, Meaning, RowWords, Subject, SubjectWords, plain_header
from feigong.core.roll.merge.matching import MatchLimits
from feigong.core.roll.merge.vocabulary import FactLimits, FlagWords, MemberWords, MergeReference, Vocabulary
from feigong.core.roll.places.values import Datum
from feigong.core.roll.shifts import ShiftSystem, ShiftTable
from feigong.exchange.reference import load_gazetteer, load_industry_classifier
from feigong.exchange.yaml_file import Shape, parse, shaped

Look = Literal[
    "", "code", "id", "phone", "date", "count", "company", "organisation", "address", "person", "member", "shift",
    "free", "degree", "point", "yesno",
]  # fmt: skip


# Strict models take no list for a tuple; YAML has lists only.
Words = Annotated[tuple[str, ...], Strict(False)]


class _Meaning(Shape):
    same: Words = ()
    has: Words = ()
    never: Words = ()
    weak: Words = ()
    look: Look = ""
    hard: bool = False
    private: bool = False
    several: bool = False


class _Subject(Shape):
    title: list[str]
    one_of: list[list[str]]
    proof: Words = ()
    meanings: list[str]


class _Rows(Shape):
    total: list[str]
    signature: list[str]
    unit: list[str]
    note: list[str]


class _Columns(Shape):
    subjects: dict[str, _Subject]
    meanings: dict[str, _Meaning]
    rows: _Rows


class _Names(Shape):
    legal_forms: list[str]
    trade_words: list[str]
    posts: list[str]
    regions: list[str]


class _Match(Shape):
    trade_weight: float
    least_score: float
    least_margin: float
    short_name_least: int
    scores: dict[str, float]


class _Codes(Shape):
    near: int


class _Facts(Shape):
    staff_ratio: float
    staff_difference: int
    registered_days: int
    staff_covers: float
    probation_days: int


class _Matching(Shape):
    names: _Names
    match: _Match
    codes: _Codes
    facts: _Facts
    flags: dict[str, list[str]]
    members: dict[str, list[str]]
    organisations: dict[str, list[str]]
    units: dict[str, list[str]]
    control: dict[str, list[str]]


class _System(Shape):
    words: list[str]
    weeks: list[str]


class _FreeWords(Shape):
    days: dict[int, list[str]]
    day_sets: dict[str, list[str]]
    parts: dict[str, list[str]]
    any_time: list[str]
    unfixed: list[str]
    none: list[str]
    weeks: dict[str, list[str]]
    to: list[str]
    after: list[str]
    before: list[str]
    except_open: list[str]
    except_close: list[str]
    filler: list[str]


class _Shifts(Shape):
    parts: dict[str, list[str]]
    least_minutes: int
    systems: list[_System]
    words: _FreeWords


def _data(file: str) -> Any:
    return parse(resources.files("feigong.data").joinpath(file).read_text(encoding="utf-8"), file)


def _headers(words: Iterable[str]) -> list[str]:
    return [plain for w in words if (plain := plain_header(w))]


@cache
def load_columns() -> ColumnTable:
    """Synonyms of column headers: ``data/columns.yaml``."""
    raw = shaped(_Columns, _data("columns.yaml"), "columns.yaml")
    meanings = {
        name: Meaning(
            name=name,
            same=frozenset(_headers(m.same)),
            has=tuple(_headers(m.has)),
            never=tuple(_headers(m.never)),
            weak=frozenset(_headers(m.weak)),
            look=m.look,
            hard=m.hard,
            private=m.private,
            several=m.several,
        )
        for name, m in raw.meanings.items()
    }
    subjects = tuple(
        SubjectWords(
            Subject(name),
            tuple(t.lower() for t in s.title),
            tuple(tuple(g) for g in s.one_of),
            tuple(s.proof),
            tuple(s.meanings),
        )
        for name, s in raw.subjects.items()
    )
    vocabulary = frozenset(w for m in meanings.values() for w in m.same)
    rows = raw.rows
    row_words = RowWords(tuple(rows.total), tuple(rows.signature), tuple(rows.unit), tuple(rows.note))
    return ColumnTable(meanings, subjects, row_words, vocabulary)


def _lower(groups: Mapping[str, list[str]]) -> dict[str, tuple[str, ...]]:
    return {name: tuple(w.lower() for w in words) for name, words in groups.items()}


@cache
def load_vocabulary() -> Vocabulary:
    """Words and limits of matching: ``data/matching.yaml``."""
    raw = shaped(_Matching, _data("matching.yaml"), "matching.yaml")
    match, facts = raw.match, raw.facts
    return Vocabulary(
        legal_forms=tuple(raw.names.legal_forms),
        trade_words=tuple(raw.names.trade_words),
        posts=tuple(raw.names.posts),
        regions=tuple(raw.names.regions),
        limits=MatchLimits(
            match.trade_weight, match.least_score, match.least_margin, match.short_name_least, match.scores
        ),
        facts=FactLimits(
            facts.staff_ratio, facts.staff_difference, facts.registered_days, facts.staff_covers, facts.probation_days,
            raw.codes.near,
        ),
        flags=FlagWords(**_lower(raw.flags)),
        members=MemberWords(**_lower(raw.members)),
        organisations=_lower(raw.organisations),
        units=_lower(raw.units),
        control=_lower(raw.control),
    )  # fmt: skip


def _minutes(clock: str) -> int:
    hour, minute = clock.split(":")
    return int(hour) * 60 + int(minute)


def _free_words(raw: _FreeWords) -> dict[str, tuple[str, str]]:
    """Word to meaning; where a word is in two groups, the later group of this list wins."""
    groups: list[tuple[str, str, list[str]]] = [("filler", "", raw.filler)]
    groups += [(kind, "", getattr(raw, kind)) for kind in ("to", "after", "before", "except_open", "except_close")]
    groups += [("unfixed", "", raw.unfixed), ("none", "", raw.none), ("any", "", raw.any_time)]
    groups += [("week", which, words) for which, words in raw.weeks.items()]
    groups += [("part", parts, words) for parts, words in raw.parts.items()]
    groups += [("days", days, words) for days, words in raw.day_sets.items()]
    groups += [("day", str(day), words) for day, words in raw.days.items()]
    return {word.lower(): (kind, value) for kind, value, words in groups for word in words}


@cache
def load_shifts() -> ShiftTable:
    """Shift systems and words of free times: ``data/shifts.yaml``."""
    raw = shaped(_Shifts, _data("shifts.yaml"), "shifts.yaml")
    parts = tuple((_minutes(b), _minutes(e)) for b, e in raw.parts.values())
    systems = tuple(ShiftSystem(tuple(w.lower() for w in s.words), tuple(s.weeks)) for s in raw.systems)
    return ShiftTable(systems, parts, raw.least_minutes, _free_words(raw.words))


def load_merge_reference(
    district: str, aliases: Path | None = None, datum: Datum = Datum.GCJ02, own: Sequence[tuple[str, str]] = ()
) -> MergeReference:
    """Everything merging needs besides the tables, for a district."""
    return MergeReference(
        gazetteer=load_gazetteer(district, aliases, own),
        industry=load_industry_classifier(),
        shifts=load_shifts(),
        columns=load_columns(),
        vocabulary=load_vocabulary(),
        datum=datum,
    )
