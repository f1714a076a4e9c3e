"""Facts that change, dated twice: when they hold (``valid``), and when the roll knew them (``recorded``).

A row of history holds ``[valid_from, valid_to)``. Rows are never altered: what is put right is superseded and written
anew, so that any day can be asked about as true then, and as known then.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import date
from typing import Generic, TypeVar

FOREVER = date(9999, 12, 31)

F = TypeVar("F")


@dataclass(frozen=True, slots=True)
class Version(Generic[F]):
    """A fact over a span of days. ``row`` is the row of the table it was read from; None: not written yet."""

    valid_from: date
    valid_to: date
    fact: F
    row: int | None = None

    def __post_init__(self) -> None:
        if self.valid_from >= self.valid_to:
            raise ValueError("a fact holds for at least a day")


@dataclass(frozen=True, slots=True)
class Amendment(Generic[F]):
    """Which rows are superseded, and which are written in their place."""

    superseded: tuple[Version[F], ...]
    added: tuple[Version[F], ...]


def amend(
    versions: Iterable[Version[F]],
    start: date,
    end: date,
    change: Callable[[F | None], F | None],
) -> Amendment[F]:
    """Let ``change`` say what holds over ``[start, end)``.

    Parameters
    ----------
    versions : iterable of Version
        What is known now about one thing; no two overlap.
    start, end : date
        The span that changes; ``FOREVER`` for an open end.
    change : callable
        From the fact that held (None: none did) to the fact that holds (None: none does). Called for every stretch.

    Returns
    -------
    Amendment
        Parts before ``start`` and from ``end`` on stay as they were. Where nothing changes, nothing is superseded.
        Neighbouring new stretches with equal facts become one.
    """
    if start >= end:
        raise ValueError("a change holds for at least a day")
    superseded: list[Version[F]] = []
    added: list[Version[F]] = []
    cursor = start
    touched = (v for v in versions if v.valid_from < end and v.valid_to > start)
    for version in sorted(touched, key=lambda v: v.valid_from):
        inside_from, inside_to = max(version.valid_from, start), min(version.valid_to, end)
        _add(added, cursor, inside_from, change(None) if cursor < inside_from else None)
        new = change(version.fact)
        cursor = inside_to
        if new == version.fact:
            continue
        superseded.append(version)
        if version.valid_from < inside_from:
            _add(added, version.valid_from, inside_from, version.fact)
        _add(added, inside_from, inside_to, new)
        if inside_to < version.valid_to:
            _add(added, inside_to, version.valid_to, version.fact)
    _add(added, cursor, end, change(None) if cursor < end else None)
    return Amendment(tuple(superseded), tuple(added))


def _add(added: list[Version[F]], start: date, end: date, fact: F | None) -> None:
    if start >= end or fact is None:
        return
    if added and added[-1].valid_to == start and added[-1].fact == fact:
        added[-1] = replace(added[-1], valid_to=end)
    else:
        added.append(Version(start, end, fact))
