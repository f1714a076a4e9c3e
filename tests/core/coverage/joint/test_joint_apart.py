"""Items that are never all in one group: kept under any instance, the bounds true, the best found where it says so."""

from __future__ import annotations

import numpy as np
import pytest
from brute import all_groups, faults, optimum, pack
from hypothesis import given, settings
from hypothesis import strategies as st
from strategies import build, instances, tiny

from feigong.core.coverage import apart
from feigong.core.coverage.apart import broken, keeping_apart, without_arcs
from feigong.core.coverage.joint.solve import solve_joint
from feigong.core.coverage.joint.values import JointInstance, JointSolution
from feigong.core.work import NoLimit, Serial, silent


def solve(instance: JointInstance) -> JointSolution:
    return solve_joint(instance, seed=0, stop=NoLimit(), progress=silent, executor=Serial(), gap_goal=0.0)


def best(instance: JointInstance, sets: list[frozenset[int]]):  # type: ignore[no-untyped-def]
    groups = {items: cost for items, cost in all_groups(instance).items() if not any(s <= items for s in sets)}
    return pack(groups, [int(v) for v in instance.at_stake])


def holds(instance: JointInstance, sets: list[frozenset[int]]) -> JointSolution:
    found, true = keeping_apart(solve, sets)(instance), best(instance, sets)
    assert broken(found.groups, sets) is None
    assert [f for f in faults(instance, found) if "not coverable" not in f and "cost" not in f] == []
    assert found.covered <= true.covered <= found.bound_covered
    assert found.bound_cost <= true.cost_of_covering(found.covered) + 1e-6
    if found.optimal:
        assert (found.covered, found.cost) == (true.covered, pytest.approx(true.cost))
    return found


@settings(max_examples=150, deadline=None)
@given(st.data(), instances())
def test_any_instance_keeps_them_apart(data: st.DataObject, instance: JointInstance) -> None:
    some = st.lists(st.integers(0, instance.n - 1), min_size=2, max_size=4, unique=True).map(frozenset)
    sets = data.draw(st.lists(some, min_size=1, max_size=3)) if instance.n > 1 else []
    holds(instance, sets)


@pytest.mark.parametrize("seed", range(40))
def test_puzzles(seed: int) -> None:
    instance = tiny(seed)
    rng = np.random.default_rng(seed)
    free = solve(instance)
    sets = [frozenset(map(int, rng.choice(g.items, 2, replace=False))) for g in free.groups]
    found = holds(instance, sets)
    assert not sets or found.cost + instance.price * (found.at_stake - found.covered) >= optimum(instance).cost


def test_without_sets_it_is_the_solver_itself() -> None:
    assert keeping_apart(solve, []) is solve


def test_cut_short_it_is_still_apart_and_the_bound_true(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(apart, "MOST", 1)
    count = 0
    for seed in range(40):
        instance = tiny(seed)
        sets = [frozenset(g.items[1:3]) for g in solve(instance).groups if len(g.items) > 2]
        count += not holds(instance, sets).optimal
    assert count > 10


def test_arcs_of_all_seeds_of_an_owner_go() -> None:
    instance = build(
        [1, 1, 1], [1, 1, 1], [1, 1, 1], [(0, 4, 0, [(1, 5), (2, 6)]), (0, 4, 0, [(1, 1)]), (1, 4, 0, [(0, 5)])]
    )
    left = without_arcs(instance, frozenset({(0, 1)}))
    assert (left.arc_start.tolist(), left.arc_item.tolist()) == ([0, 1, 1, 2], [2, 0])
