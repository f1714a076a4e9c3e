"""Trees whose edges are dated: which path leads to a thing on each day. Paths are what rows keep to be found below."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from typing import Final

from feigong.core.roll.history import FOREVER

_DIGITS: Final = 8
MOST_LEVELS: Final = 20


@dataclass(frozen=True, slots=True)
class Edge:
    """From a day to the day before another, a thing hangs under ``parent`` (None: it is a root)."""

    valid_from: date
    valid_to: date
    parent: int | None


@dataclass(frozen=True, slots=True)
class Stretch:
    """A path over ``[valid_from, valid_to)``."""

    valid_from: date
    valid_to: date
    path: str


class CycleError(ValueError):
    """Something would hang under itself. ``args``: the thing, the day."""


class OrphanError(ValueError):
    """Something would hang under what is not there on that day. ``args``: the thing, its parent, the day."""


class DepthError(ValueError):
    """More levels than a path holds. ``args``: the thing."""


def step(node: int) -> str:
    """The part of a path that a thing adds: eight digits and a stroke; no path begins with another by chance."""
    return f"{node:0{_DIGITS}d}/"


def nodes_of(path: str) -> tuple[int, ...]:
    """The things on a path, from the root down; the last is the one it leads to."""
    return tuple(int(part) for part in path.split("/") if part)


def above(path: str) -> str:
    """The path of the parent; empty for a root."""
    return path[: -(_DIGITS + 1)]


def next_path(path: str) -> str:
    """Where what is below a path ends: ``path <= x < next_path(path)`` is all of it, and an index finds it."""
    return path[:-1] + chr(ord(path[-1]) + 1)


def joined(edges: Iterable[Edge]) -> tuple[Edge, ...]:
    """Edges in order of time, neighbours with the same parent as one."""
    found: list[Edge] = []
    for e in sorted(edges, key=lambda e: e.valid_from):
        if found and found[-1].valid_to == e.valid_from and found[-1].parent == e.parent:
            found[-1] = Edge(found[-1].valid_from, e.valid_to, e.parent)
        else:
            found.append(e)
    return tuple(found)


def paths(
    edges: Mapping[int, Iterable[Edge]], *, start: date, end: date = FOREVER, of: Collection[int] | None = None
) -> dict[int, tuple[Stretch, ...]]:
    """The paths of things on every day of ``[start, end)``.

    Parameters
    ----------
    edges : mapping of int to iterable of Edge
        For each thing where it hangs, and when; its edges do not overlap.
    start, end : date
        The days asked about.
    of : collection of int, optional
        Only these are asked about, and what is above them must be sound; all by default.

    Returns
    -------
    dict of int to tuple of Stretch
        In order of time, as long as possible each; no stretch for days on which the thing is not there.

    Raises
    ------
    CycleError, OrphanError, DepthError
    """
    own = {node: joined(of) for node, of in edges.items()}
    days = {d for of in own.values() for e in of for d in (e.valid_from, e.valid_to) if start < d < end}
    found: dict[int, list[Stretch]] = {node: [] for node in (own if of is None else of)}
    for first, last in pairwise(sorted(days | {start, end})):
        over = {node: e.parent for node, of in own.items() for e in of if e.valid_from <= first < e.valid_to}
        all_paths = _paths_on(over, first, [node for node in found if node in over])
        for node, stretches in found.items():
            if node not in over:
                continue
            path = all_paths[node]
            if stretches and stretches[-1].valid_to == first and stretches[-1].path == path:
                stretches[-1] = Stretch(stretches[-1].valid_from, last, path)
            else:
                stretches.append(Stretch(first, last, path))
    return {node: tuple(stretches) for node, stretches in found.items()}


def _paths_on(over: Mapping[int, int | None], day: date, of: Iterable[int]) -> dict[int, str]:
    """The paths of one day, of these and all above them."""
    found: dict[int, str] = {}
    for start in of:
        chain: list[int] = []
        node: int | None = start
        while node is not None and node not in found:
            if node in chain:
                raise CycleError(node, day)
            if node not in over:
                raise OrphanError(chain[-1], node, day)
            chain.append(node)
            node = over[node]
        path = "" if node is None else found[node]
        for node in reversed(chain):
            path += step(node)
            if len(path) > MOST_LEVELS * (_DIGITS + 1):
                raise DepthError(node)
            found[node] = path
    return found
