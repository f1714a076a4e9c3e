"""Dated trees: paths of every day equal a plain walk on that day; circles and orphans are found."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feigong.core.roll.history import FOREVER
from feigong.core.roll.trees import (
    MOST_LEVELS,
    CycleError,
    DepthError,
    Edge,
    OrphanError,
    above,
    next_path,
    nodes_of,
    paths,
    step,
)

FIRST = date(2026, 1, 1)
DAYS = 8


def day(n: int) -> date:
    return FIRST + timedelta(days=n)


Trees = dict[int, list[Edge]]


@st.composite
def trees(draw: st.DrawFn) -> Trees:
    """A few things; each hangs somewhere, perhaps nowhere for a while, perhaps in a circle."""
    found: Trees = {}
    for node in range(1, 6):
        cuts = sorted(draw(st.sets(st.integers(0, DAYS), min_size=2, max_size=4)))
        parents = st.one_of(st.none(), st.integers(1, 5))
        found[node] = [Edge(day(f), day(t), draw(parents)) for f, t in pairwise(cuts)]
    return found


def walk(tree: Trees, node: int, on: date) -> str:
    """The path of one day, the plain way."""
    at: int | None = node
    path, seen = "", []
    while at is not None:
        if at in seen:
            raise CycleError(at, on)
        seen.append(at)
        over = [e for e in tree[at] if e.valid_from <= on < e.valid_to]
        if not over:
            raise OrphanError(seen[-2], at, on)
        path = step(at) + path
        at = over[0].parent
    return path


@given(trees())
def test_paths_are_those_of_every_day(tree: Trees) -> None:
    wanted: dict[tuple[int, int], str] = {}
    fault: type[Exception] | None = None
    for n in range(DAYS):
        for node, edges in tree.items():
            if any(e.valid_from <= day(n) < e.valid_to for e in edges):
                try:
                    wanted[node, n] = walk(tree, node, day(n))
                except (CycleError, OrphanError) as error:
                    fault = fault or type(error)
    if fault:
        with pytest.raises((CycleError, OrphanError)):
            paths(tree, start=FIRST)
        return
    found = paths(tree, start=FIRST)
    days = {(x, n): s.path for x, all_ in found.items() for s in all_ for n in range(DAYS) if day(n) >= s.valid_from
            and day(n) < s.valid_to}  # fmt: skip
    assert days == wanted
    assert all(a.path != b.path or a.valid_to < b.valid_from for all_ in found.values() for a, b in pairwise(all_))


def test_a_move_changes_all_below_from_its_day() -> None:
    tree = {
        1: [Edge(FIRST, FOREVER, None)],
        2: [Edge(FIRST, FOREVER, 1)],
        3: [Edge(FIRST, day(4), 1), Edge(day(4), FOREVER, 2)],
        4: [Edge(FIRST, FOREVER, 3)],
    }
    assert [(s.valid_from, s.path) for s in paths(tree, start=FIRST)[4]] == [
        (FIRST, "00000001/00000003/00000004/"),
        (day(4), "00000001/00000002/00000003/00000004/"),
    ]
    assert [s.path for s in paths(tree, start=day(5))[4]] == ["00000001/00000002/00000003/00000004/"]


def test_too_deep() -> None:
    chain = {n: [Edge(FIRST, FOREVER, n - 1 or None)] for n in range(1, MOST_LEVELS + 2)}
    with pytest.raises(DepthError):
        paths(chain, start=FIRST)
    chain.pop(MOST_LEVELS + 1)
    assert len(nodes_of(paths(chain, start=FIRST)[MOST_LEVELS][0].path)) == MOST_LEVELS


def test_all_below_a_path_lies_between_two_texts() -> None:
    path = step(7)
    below, beside = path + step(1), step(8)
    assert path <= path + step(99_999_999) < next_path(path)
    assert path <= below < next_path(path)
    assert not path <= beside < next_path(path)
    assert not path <= step(70) < next_path(path)
    assert above(below) == path
    assert above(path) == ""
