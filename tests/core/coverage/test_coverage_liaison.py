"""Liaison: the transportation problem against an independent exact method, loads, last month's officers."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rolls import ON, PARAMETERS, firm, officer, place, roll
from scipy.optimize import linear_sum_assignment

from feigong.core.coverage.facts import Facts, count
from feigong.core.coverage.liaison import RANKS, SERVING_M, Liaison, Want, assign
from feigong.core.coverage.near import Measure
from feigong.core.roll.places.values import Place, Point
from feigong.core.roll.values import Enterprise, Officer


def look(firms: list[Enterprise]) -> tuple[Facts, Measure]:
    facts = count(roll(firms, []), ON)
    return facts, Measure(PARAMETERS, facts.kinds)


def cost_of(
    found: Liaison, wants: list[Want], officers: list[Officer], last: dict[str, str], facts: Facts, measure: Measure
) -> float:
    """Counted again from the roll."""
    most = {o.key: 3 if o.most is None else o.most for o in officers}
    base = {o.key: o.base for o in officers}
    fair = _fair(len(wants), list(most.values()))
    total = sum(max(0, len(load.enterprises) - fair) * PARAMETERS.travel_m for load in found.loads)
    for want in wants:
        key = found.officer.get(want.uscc)
        if key is None:
            total += SERVING_M * (RANKS - want.rank)
            continue
        metres = measure.between(facts.enterprises[want.uscc].place, base[key])
        total += measure.widest() if metres is None else metres
        total -= PARAMETERS.officer_change_price_m * (last.get(want.uscc) == key)
    assert all(len(load.enterprises) <= most[load.officer] for load in found.loads)
    return total


def _fair(wants: int, most: list[int]) -> int:
    return -(-min(wants, sum(most)) // len(most))


def best_cost(
    wants: list[Want], officers: list[Officer], last: dict[str, str], facts: Facts, measure: Measure
) -> float:
    """Every place of every officer as a column of its own, solved as an assignment."""
    most = [3 if o.most is None else o.most for o in officers]
    fair = _fair(len(wants), most)
    columns = [(o, k >= fair) for o, m in zip(officers, most, strict=True) for k in range(m)]
    cost = np.full((len(wants), len(columns) + len(wants)), np.inf)
    for i, want in enumerate(wants):
        here = facts.enterprises[want.uscc].place
        for j, (o, above) in enumerate(columns):
            metres = measure.between(here, o.base)
            if metres is None and (here.point and o.base.point):
                continue
            price = PARAMETERS.officer_change_price_m * (last.get(want.uscc) == o.key)
            cost[i, j] = (measure.widest() if metres is None else metres) - price + above * PARAMETERS.travel_m
        cost[i, len(columns) + i] = SERVING_M * (RANKS - want.rank)
    cost[np.isinf(cost)] = 1e12
    rows, chosen = linear_sum_assignment(cost)
    return float(cost[rows, chosen].sum())


places = st.one_of(
    st.builds(lambda s, n: place(s, n, "999901001"), st.sampled_from([None, "东街", "西街"]), st.integers(1, 300)),
    st.builds(lambda a: place(None, None, a), st.sampled_from(["999901", "999901002", "999901003"])),
    st.builds(
        lambda x, y: Place("p", point=Point(123.7 + x / 1000, 41.3 + y / 1000)), st.integers(0, 99), st.integers(0, 99)
    ),
)


@settings(max_examples=200, deadline=None)
@given(st.data())
def test_the_assignment_is_the_best_there_is(data: st.DataObject) -> None:
    firms = [firm(f"E{k:02d}", data.draw(places)) for k in range(data.draw(st.integers(1, 18)))]
    officers = [
        officer(f"L{k}", data.draw(places), data.draw(st.sampled_from([1, 2, 5, None])))
        for k in range(data.draw(st.integers(1, 5)))
    ]
    wants = [Want(e.uscc, data.draw(st.integers(0, 5))) for e in firms]
    names = st.sampled_from([o.key for o in officers] + ["gone"])
    last = {e.uscc: data.draw(names) for e in firms if data.draw(st.booleans())}
    facts, measure = look(firms)
    found = assign(wants, officers, last, facts, measure)
    assert cost_of(found, wants, officers, last, facts, measure) == pytest.approx(
        best_cost(wants, officers, last, facts, measure), abs=0.5
    )
    assert sorted([*found.officer, *found.waiting]) == [w.uscc for w in wants]
    assert assign(wants[::-1], officers[::-1], last, facts, measure) == found


def test_a_larger_one_with_ties_is_the_best_too() -> None:
    rng = np.random.default_rng(4)

    def where() -> Place:
        if rng.random() < 0.5:
            return Place("p", point=Point(123.7 + rng.normal() / 50, 41.3 + rng.normal() / 50))
        return place(None, None, f"99990100{rng.integers(1, 3)}")

    firms = [firm(f"E{k:03d}", where()) for k in range(300)]
    officers = [officer(f"L{k:02d}", where(), int(rng.integers(1, 9))) for k in range(50)]
    wants = [Want(e.uscc, int(rng.integers(0, 6))) for e in firms]
    last = {e.uscc: f"L{rng.integers(0, 50):02d}" for e in firms[::2]}
    facts, measure = look(firms)
    found = assign(wants, officers, last, facts, measure)
    assert found.waiting
    assert cost_of(found, wants, officers, last, facts, measure) == pytest.approx(
        best_cost(wants, officers, last, facts, measure), abs=2
    )


def test_rows_grow_until_no_unlisted_pair_can_matter(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("feigong.core.coverage.liaison.FIRST_OFFICERS", 2)
    near, far = Point(123.7, 41.3), Point(123.8, 41.3)
    firms = [firm(f"E{k}", Place("p", point=near)) for k in range(6)]
    officers = [officer(f"L{k}", Place("p", point=near), 1) for k in range(5)] + [
        officer("L9", Place("p", point=far), 1)
    ]
    facts, measure = look(firms)
    found = assign([Want(e.uscc, 0) for e in firms], officers, {}, facts, measure)
    assert found.waiting == ()
    assert [len(load.enterprises) for load in found.loads] == [1] * 6


def test_loads_are_balanced_and_last_months_officer_stays() -> None:
    firms = [firm(f"E{k}", place("东街", 1 + k)) for k in range(4)]
    officers = [officer("L1", place("东街", 1), 5), officer("L2", place("东街", 40), 5)]
    facts, measure = look(firms)
    wants = [Want(e.uscc, 0) for e in firms]
    found = assign(wants, officers, {}, facts, measure)
    assert [len(load.enterprises) for load in found.loads] == [2, 2]
    last = {"E0": "L2", "E1": "L2", "E2": "L1", "E3": "L1"}
    assert assign(wants, officers, last, facts, measure).officer == last


def test_no_officers_everyone_waits() -> None:
    firms = [firm("A", place("东街", 1)), firm("B", place(None, None, "999901002"))]
    facts, measure = look(firms)
    found = assign([Want("A", 0), Want("B", 0)], [], {}, facts, measure)
    assert (found.officer, found.waiting) == ({}, ("A", "B"))
    assert [(s.area, s.waiting, s.missing) for s in found.shortages] == [("999901001", 1, 1), ("999901002", 1, 1)]
    nobody = replace(officer("L"), most=0)
    assert assign([Want("A", 0)], [nobody], {}, facts, measure).waiting == ("A",)


def test_an_unknown_distance_is_counted_apart_and_never_leaves_the_district() -> None:
    firms = [firm("A", place(None, None, "999901")), firm("B", place(None, None, "888801"))]
    facts, measure = look(firms)
    found = assign([Want("A", 0), Want("B", 0)], [officer("L", place("东街", 1), 5)], {}, facts, measure)
    assert (found.officer, found.waiting) == ({"A": "L"}, ("B",))
    assert (found.loads[0].unverified, found.loads[0].travel_m) == (1, 0)
