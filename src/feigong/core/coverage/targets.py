"""Targets of a year: what is measured, how a target is split, what the calendar expects by a day.

A target is a whole number: of things, or hundredths of a percent for a share.
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Final, TypeVar

from feigong.core.regulations import Words

WHOLE: Final = 10_000  # a share of everything
MOST: Final = 1_000_000
K = TypeVar("K", bound=Hashable)


class Counts(StrEnum):
    """What a measure counts; what each means stands in `core.coverage.rates`, and in the queries of the roll."""

    COVERED = "covered"  # of the operating enterprises: covered
    OWN = "own"  # … with an organisation of their own
    LOOKED_AFTER = "looked_after"  # of the operating enterprises without members: with a liaison officer
    ORGANISATIONS = "organisations"  # of some kinds
    FOUNDED = "founded"  # of some kinds, founded within the year


@dataclass(frozen=True, slots=True)
class Measure:
    """Something a target can be set for (``data/targets.yaml``)."""

    code: str
    title: Words
    note: Words
    counts: Counts
    share: bool  # of ``whole``; else a number
    kinds: tuple[str, ...] = ()  # of organisations
    rule: str | None = None
    members: bool = False  # only for those who may see members
    part_list: str = ""  # the list, and how it is asked, that opens the figure
    part_query: str = ""
    whole_query: str = ""  # what it is a share of
    rest_query: str = ""  # what is still missing

    @property
    def most(self) -> int:
        return WHOLE if self.share else MOST

    @property
    def by_industry(self) -> bool:
        """Whether it counts enterprises: organisations have no industry."""
        return not self.kinds


@dataclass(frozen=True, slots=True)
class Amount:
    """How much there is: ``part`` of ``whole``; of a number there is no whole."""

    part: int = 0
    whole: int | None = None

    @property
    def value(self) -> int | None:
        """As a target is written; None: a share of nothing. Rounded down: a target is reached, or it is not."""
        if self.whole is None:
            return self.part
        return self.part * WHOLE // self.whole if self.whole else None

    @property
    def share(self) -> float | None:
        return self.part / self.whole if self.whole else None

    def needed(self, target: int) -> int:
        """How many the target asks for."""
        return target if self.whole is None else -(-target * self.whole // WHOLE)

    def missing(self, target: int) -> int:
        return max(0, self.needed(target) - self.part)


class Pace(StrEnum):
    """Where a target stands on a day of its year."""

    REACHED = "reached"
    ON_COURSE = "on_course"
    BEHIND = "behind"
    UNKNOWN = "unknown"  # there is nothing to count, or the year has not begun


@dataclass(frozen=True, slots=True)
class Course:
    """``expected``: how many there should be by the day if the way from the start to the target were even."""

    pace: Pace
    expected: int | None = None
    behind: int = 0


def course(target: int, start: tuple[date, Amount] | None, now: Amount, on: date, year: int) -> Course:
    """Follow a target against the calendar. ``start``: the first day of the year with something to count."""
    if start is None or now.value is None or on.year < year:
        return Course(Pace.UNKNOWN)
    if now.part >= now.needed(target):
        return Course(Pace.REACHED, now.needed(target))
    first, begun = start[0], start[1].value or 0
    last = date(year, 12, 31)
    passed = 1.0 if on >= last or last <= first else (on - first).days / (last - first).days
    expected = int(begun + (target - begun) * passed) if begun < target else target
    due = expected if now.whole is None else expected * now.whole // WHOLE
    return Course(Pace.BEHIND if now.part < due else Pace.ON_COURSE, due, max(0, due - now.part))


def split(total: int, weights: Mapping[K, int], share: bool) -> dict[K, int]:
    """A target split onto parts: a number by weight, to the last one; a share is the same for all.

    What is left after whole numbers goes to the largest remainders, in the order of the parts where they are equal.
    Parts without any weight share equally.
    """
    if share:
        return dict.fromkeys(weights, total)
    whole = sum(weights.values())
    fair = weights if whole else dict.fromkeys(weights, 1)
    whole = sum(fair.values())
    if not whole:
        return {}
    found = {key: total * weight // whole for key, weight in fair.items()}
    order = sorted(fair, key=lambda key: -(total * fair[key] % whole))  # stable: the order of the parts
    for key in order[: total - sum(found.values())]:
        found[key] += 1
    return found


@dataclass(frozen=True, slots=True)
class Check:
    """What parts add up to, beside what they were split from. ``difference``: too much is positive."""

    together: int
    target: int

    @property
    def difference(self) -> int:
        return self.together - self.target


def check(target: int, parts: Mapping[K, int], weights: Mapping[K, int], share: bool) -> Check:
    """Add up parts; shares by their weight. A part without a target adds nothing."""
    if not share:
        return Check(sum(parts.values()), target)
    whole = sum(weights.values())
    if not whole:
        return Check(target, target)
    together = sum(value * weights.get(key, 0) for key, value in parts.items())
    return Check(target if together == target * whole else together // whole, target)
