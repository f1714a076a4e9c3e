"""The words and limits by which merging judges, as one value. The data is ``data/matching.yaml``."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from feigong.core.roll.industry import IndustryClassifier
from feigong.core.roll.merge.columns import ColumnTable
from feigong.core.roll.merge.matching import MatchLimits
from feigong.core.roll.merge.names import NameWords
from feigong.core.roll.places.gazetteer import Gazetteer
from feigong.core.roll.places.values import Datum
from feigong.core.roll.shifts import ShiftTable


@dataclass(frozen=True, slots=True)
class FactLimits:
    """When facts of two tables contradict each other, and what an unknown status is taken for."""

    staff_ratio: float
    staff_difference: int
    registered_days: int
    staff_covers: float
    probation_days: int
    near_code: int


@dataclass(frozen=True, slots=True)
class FlagWords:
    """Words (lower case) that make a firm look closed, dormant, state-owned, collective or a branch office."""

    closed: tuple[str, ...]
    dormant: tuple[str, ...]
    not_closed: tuple[str, ...]
    answers_no: tuple[str, ...]
    state_types: tuple[str, ...]
    state_codes: tuple[str, ...]
    collective_types: tuple[str, ...]
    collective_codes: tuple[str, ...]
    private_types: tuple[str, ...]
    state_words: tuple[str, ...]
    collective_words: tuple[str, ...]
    state_hints: tuple[str, ...]
    branch_after_parent: tuple[str, ...]
    branch_after_old_parent: tuple[str, ...]
    branch_ends: tuple[str, ...]
    branch_types: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class MemberWords:
    """Words of the column of member status."""

    full: tuple[str, ...]
    probationary: tuple[str, ...]
    not_members: tuple[str, ...]
    gone: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """Everything in ``data/matching.yaml``. ``organisations``, ``units``, ``control``: words by kind, in the order in
    which they are tried."""

    legal_forms: tuple[str, ...]
    trade_words: tuple[str, ...]
    posts: tuple[str, ...]
    regions: tuple[str, ...]
    limits: MatchLimits
    facts: FactLimits
    flags: FlagWords
    members: MemberWords
    organisations: Mapping[str, tuple[str, ...]]
    units: Mapping[str, tuple[str, ...]]
    control: Mapping[str, tuple[str, ...]]

    def name_words(self, gazetteer: Gazetteer) -> NameWords:
        """Words that names share around a district: its own areas above it, and its neighbours in the city."""
        home = gazetteer.district
        near = {
            name
            for named in (gazetteer.regions, gazetteer.short_regions)
            for name, codes in named.items()
            if len(name) >= 2 and any(_is_near(code, home) for code in codes)
        }
        return NameWords(self.legal_forms, (*self.regions, *sorted(near)), self.trade_words, self.posts)


def _is_near(code: str, home: str) -> bool:
    """The province, the city, and every district of the city; all regions where the district is not known."""
    if not home:
        return len(code) <= 4
    return len(code) <= 6 and (home.startswith(code) or code[:4] == home[:4])


@dataclass(frozen=True, slots=True)
class MergeReference:
    """Everything merging must know besides the tables. ``datum`` is that of coordinates whose table names none."""

    gazetteer: Gazetteer
    industry: IndustryClassifier
    shifts: ShiftTable
    columns: ColumnTable
    vocabulary: Vocabulary
    datum: Datum = Datum.GCJ02
