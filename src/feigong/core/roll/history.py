"""Facts that change, dated twice: when they hold (``valid``), and when the roll knew them (``recorded``).

A row of history holds ``[valid_from, valid_to)``. Rows are never altered: what is put right is superseded and written
anew, so that any day can be asked about as true then, and as known then.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import date
from itertools import pairwise
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


Span = tuple[date, date, Callable[[F | None], F | None]]  # begin, end, from what held to what holds


def amend_all(versions: Iterable[Version[F]], changes: Iterable[Span[F]]) -> Amendment[F]:
    """Several changes, one after another, as one: a row written by one of them and replaced by the next is never seen.

    Parameters
    ----------
    versions : iterable of Version
        What is known now about one thing; no two overlap.
    changes : iterable of (start, end, change)
        As for `amend`, in their order.

    Returns
    -------
    Amendment
        Rows that end as they were are not superseded.
    """
    before = {(v.valid_from, v.valid_to): v for v in versions}
    now = dict(before)
    for start, end, change in changes:
        amendment = amend(now.values(), start, end, change)
        for version in amendment.superseded:
            del now[version.valid_from, version.valid_to]
        for version in amendment.added:
            was = before.get((version.valid_from, version.valid_to))
            now[version.valid_from, version.valid_to] = was if was and was.fact == version.fact else version
    kept = {v.row for v in now.values() if v.row is not None}
    superseded = tuple(v for v in before.values() if v.row not in kept)
    added: list[Version[F]] = []
    for version in sorted((v for v in now.values() if v.row is None), key=lambda v: v.valid_from):
        _add(added, version.valid_from, version.valid_to, version.fact)
    return Amendment(superseded, tuple(added))


def differing(before: Iterable[Version[F]], after: Iterable[Version[F]]) -> list[tuple[date, date, F | None, F | None]]:
    """Stretches on which two histories of one thing say different things: begin, end, what either says (None: nothing).

    Neither history overlaps itself. Neighbouring stretches with the same difference are one.
    """
    first, second = sorted(before, key=lambda v: v.valid_from), sorted(after, key=lambda v: v.valid_from)
    days = sorted({d for v in (*first, *second) for d in (v.valid_from, v.valid_to)})
    found: list[tuple[date, date, F | None, F | None]] = []
    for start, end in pairwise(days):
        was, now = held(first, start), held(second, start)
        if was == now:
            continue
        if found and found[-1][1:] == (start, was, now):
            found[-1] = (found[-1][0], end, was, now)
        else:
            found.append((start, end, was, now))
    return found


def held(versions: Iterable[Version[F]], on: date) -> F | None:
    """What held on a day; None: nothing did."""
    return next((v.fact for v in versions if v.valid_from <= on < v.valid_to), None)


def _add(added: list[Version[F]], start: date, end: date, fact: F | None) -> None:
    if start >= end or fact is None:
        return
    if added and added[-1].valid_to == start and added[-1].fact == fact:
        added[-1] = replace(added[-1], valid_to=end)
    else:
        added.append(Version(start, end, fact))
