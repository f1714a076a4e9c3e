"""What the columns of a sheet mean: headers compared with a table of synonyms, backed by the look of the values."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final

from feigong.core.roll.merge.looks import ColumnLooks
from feigong.core.text import fold

_BRACKETS: Final = re.compile(r"[(\[【〔<《][^)\]】〕>》]*[)\]】〕>》]?")
_NOISE: Final = re.compile(r"[\s_\-:.、,;/\\*'\"“”‘’?!|]+")

SAME: Final = 3.0
HAS: Final = 1.5
WEAK: Final = 0.5
LOOK_BONUS: Final = 1.0
LOOK_MALUS: Final = 1.5
HARD_MALUS: Final = 9.0
ALONE: Final = 1.2  # a column with no known header, taken for what its values look like
LEAST_SCORE: Final = 0.6


class Subject(StrEnum):
    """What the rows of a sheet are."""

    ENTERPRISE = "enterprise"
    MEMBER = "member"
    ORGANISATION = "organisation"
    OFFICER = "officer"


@dataclass(frozen=True, slots=True)
class Meaning:
    """One thing a column can mean; see the head of ``data/columns.yaml``. Words are in the form of ``plain_header``."""

    name: str
    same: frozenset[str]
    has: tuple[str, ...] = ()
    never: tuple[str, ...] = ()
    weak: frozenset[str] = frozenset()
    look: str = ""
    hard: bool = False
    private: bool = False
    several: bool = False


@dataclass(frozen=True, slots=True)
class SubjectWords:
    """What a sheet about one subject has: of each group in ``one_of`` one column, of ``proof`` at least one."""

    subject: Subject
    title: tuple[str, ...]
    one_of: tuple[tuple[str, ...], ...]
    proof: tuple[str, ...]
    meanings: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class RowWords:
    """How rows begin that are no data."""

    total: tuple[str, ...]
    signature: tuple[str, ...]
    unit: tuple[str, ...]
    note: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ColumnTable:
    """The synonyms of all columns, as data."""

    meanings: Mapping[str, Meaning]
    subjects: tuple[SubjectWords, ...]
    rows: RowWords
    vocabulary: frozenset[str] = field(default=frozenset())  # every word that is a header by itself


def plain_header(text: str) -> str:
    """A header in the form in which headers are compared: no brackets, spaces, punctuation or case."""
    folded = fold(text)
    bare = _NOISE.sub("", _BRACKETS.sub("", folded)).lower()
    return bare or _NOISE.sub("", folded).strip("()[]").lower()


@dataclass(frozen=True, slots=True)
class Mapped:
    """The columns of a sheet under one subject: column by meaning (several for a few meanings) and how sure."""

    subject: Subject
    columns: Mapping[str, tuple[int, ...]]
    score: float
    missing: tuple[tuple[str, ...], ...]
    proved: bool


def header_score(label: str, meaning: Meaning) -> float:
    """How well a header in plain form fits a meaning, 0 to 3. Of two words contained, the longer one fits better."""
    if label in meaning.same:
        return SAME
    if any(n in label for n in meaning.never):
        return 0.0
    contained = max((len(h) for h in meaning.has if h in label), default=0)
    if contained:
        return HAS + min(1.0, contained / len(label))
    return WEAK if label in meaning.weak else 0.0


def _look_score(meaning: Meaning, looks: ColumnLooks) -> float:
    """What the values add to a header's score, or take from it."""
    if not meaning.look or not looks.filled:
        return 0.0
    share = looks.share(meaning.look)
    if share >= 0.5:
        return LOOK_BONUS * share
    if share >= 0.2:
        return 0.0
    return -HARD_MALUS if meaning.hard and share == 0 else -LOOK_MALUS


def _alone_score(meaning: Meaning, looks: ColumnLooks) -> float:
    """A column whose header says nothing, by its values only. Only unmistakable looks count."""
    if meaning.look not in ("code", "id", "company") or looks.filled < 2 or meaning.name in ("covers", "org_name"):
        return 0.0
    share = looks.share(meaning.look)
    if meaning.look == "company":
        share *= 0.9
    return ALONE * share if share >= 0.6 else 0.0


def map_columns(labels: Sequence[str], looks: Sequence[ColumnLooks], words: SubjectWords, table: ColumnTable) -> Mapped:
    """Give each column at most one meaning of a subject, the surest first."""
    offers: list[tuple[float, int, int, str]] = []
    for rank, name in enumerate(words.meanings):
        meaning = table.meanings[name]
        for index, label in enumerate(labels):
            by_header = header_score(label, meaning) if label else 0.0
            known = label in table.vocabulary
            score = by_header + _look_score(meaning, looks[index]) if by_header else 0.0
            if not by_header and not known:
                score = _alone_score(meaning, looks[index])
            if score >= LEAST_SCORE:
                offers.append((-score, index, rank, name))
    columns: dict[str, list[int]] = {}
    taken: set[int] = set()
    total = 0.0
    for minus, index, _, name in sorted(offers):
        if index in taken or (name in columns and not table.meanings[name].several):
            continue
        taken.add(index)
        columns.setdefault(name, []).append(index)
        total -= minus
    missing = tuple(group for group in words.one_of if not any(name in columns for name in group))
    proved = not words.proof or any(name in columns for name in words.proof)
    return Mapped(words.subject, {k: tuple(v) for k, v in columns.items()}, total, missing, proved)
