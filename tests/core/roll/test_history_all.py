"""Several changes as one, and where two histories differ: against a plain calendar of days."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from feigong.core.roll.history import Version, amend, amend_all, differing, held

FIRST = date(2026, 1, 1)
DAYS = 12
Calendar = dict[int, str | None]


def day(n: int) -> date:
    return FIRST + timedelta(days=n)


@st.composite
def histories(draw: st.DrawFn) -> list[Version[str]]:
    cuts = sorted(draw(st.sets(st.integers(0, DAYS), min_size=2, max_size=6)))
    facts = draw(st.lists(st.sampled_from("ab-"), min_size=len(cuts) - 1, max_size=len(cuts) - 1))
    spans = zip(pairwise(cuts), facts, strict=True)
    return [Version(day(f), day(t), fact, row) for row, ((f, t), fact) in enumerate(spans, 1) if fact != "-"]


SPANS = st.tuples(st.integers(0, DAYS), st.integers(0, DAYS)).filter(lambda s: s[0] < s[1])
CHANGES = st.lists(st.tuples(SPANS, st.sampled_from(["a", "b", None, "only where something held"])), max_size=4)


def change(said: str | None) -> Callable[[str | None], str | None]:
    return (lambda old: "a" if old else None) if said and said.startswith("only") else (lambda old: said)


def calendar(versions: list[Version[str]]) -> Calendar:
    return {n: held(versions, day(n)) for n in range(DAYS)}


@given(histories(), CHANGES)
def test_as_many_changes_one_by_one(history: list[Version[str]], changes: list[tuple[tuple[int, int], str]]) -> None:
    wanted = calendar(history)
    for (start, end), said in changes:
        wanted |= {n: change(said)(wanted[n]) for n in range(start, end)}
    amendment = amend_all(history, [(day(s), day(e), change(said)) for (s, e), said in changes])
    kept = [v for v in history if v not in amendment.superseded]
    after = sorted([*kept, *amendment.added], key=lambda v: v.valid_from)
    assert calendar(after) == wanted
    assert all(a.valid_to <= b.valid_from for a, b in pairwise(after))
    assert all(v.row is None for v in amendment.added)
    assert {v.row for v in amendment.superseded} <= {v.row for v in history}


@given(histories(), SPANS, st.sampled_from(["a", "b", None]))
def test_one_change_is_amend(history: list[Version[str]], span: tuple[int, int], said: str | None) -> None:
    start, end = day(span[0]), day(span[1])
    assert amend_all(history, [(start, end, lambda old: said)]) == amend(history, start, end, lambda old: said)


def test_there_and_back_is_nothing() -> None:
    history = [Version(day(0), day(9), "a", 1)]
    there, back = (lambda old: "b"), (lambda old: "a")
    found = amend_all(history, [(day(0), day(9), there), (day(0), day(9), back)])
    assert (found.superseded, found.added) == ((), ())


@given(histories(), histories())
def test_differing_is_every_day_that_differs(one: list[Version[str]], other: list[Version[str]]) -> None:
    found = differing(one, other)
    days = {n: (was, now) for f, t, was, now in found for n in range(DAYS) if f <= day(n) < t}
    a, b = calendar(one), calendar(other)
    assert days == {n: (a[n], b[n]) for n in range(DAYS) if a[n] != b[n]}
