"""The planner of joint branches against brute force, and what must hold of every solution."""

from __future__ import annotations

import numpy as np
import pytest
from brute import all_groups, arcs_of, faults, optimum
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from scipy.optimize import Bounds, LinearConstraint, milp
from strategies import build, instances, medium, permuted, tiny

from feigong.core.coverage.joint.solve import solve_joint
from feigong.core.coverage.joint.values import JointInstance, JointSolution
from feigong.core.work import NoLimit, Serial, Step, Stop, WorkBudget, silent

PHASES = (Phase.explicit, Phase.reuse, Phase.generate, Phase.shrink)  # explaining a failure takes minutes here
some = settings(
    max_examples=60, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck), phases=PHASES
)


def solved(instance: JointInstance, *, seed: int = 1, stop: Stop | None = None, gap_goal: float = 0.0) -> JointSolution:
    return solve_joint(
        instance, seed=seed, stop=stop or NoLimit(), progress=silent, executor=Serial(), gap_goal=gap_goal
    )


def check_against_brute_force(instance: JointInstance) -> None:
    groups, best, found = all_groups(instance), optimum(instance), solved(instance)
    assert faults(instance, found) == []
    assert found.bound_covered >= best.covered
    assert found.bound_cost <= best.cost_of_covering(found.covered) + 1e-6
    assert (found.covered, found.bound_covered) == (best.covered, best.covered)
    assert found.cost == pytest.approx(best.cost, rel=1e-6, abs=1e-6)
    assert found.bound_cost == pytest.approx(best.cost, rel=1e-6, abs=1e-3)  # inside, costs are rounded downwards
    assert found.optimal
    can = {i for items in groups for i in items}
    assert can == set(np.flatnonzero(found.coverable).tolist())


@some
@given(instances())
def test_small_instances_are_solved_to_the_optimum(instance: JointInstance) -> None:
    check_against_brute_force(instance)


@pytest.mark.parametrize("seed", range(120))
def test_tiny_towns_are_solved_to_the_optimum(seed: int) -> None:
    check_against_brute_force(tiny(seed))


@pytest.mark.parametrize("seed", range(4))
def test_bounds_hold_against_a_mixed_integer_programme(seed: int) -> None:
    """Groups of three at most, so that all can be written down for an exact solver at a size beyond brute force."""
    whole = medium(seed, 40)
    instance = JointInstance(**{**whole.__dict__, "seed_room": np.minimum(whole.seed_room, 2), "kept": ()})
    groups = all_groups(instance)
    found = solved(instance)
    assert faults(instance, found) == []
    most, _ = exact(instance, groups, 0)
    _, cheapest = exact(instance, groups, found.covered)
    assert found.covered <= most <= found.bound_covered
    assert found.bound_cost <= cheapest + 1e-4 * cheapest
    assert found.cost >= cheapest - 1e-4 * cheapest
    assert found.gap <= 0.02


def exact(instance: JointInstance, groups: dict[frozenset[int], float], covered: int) -> tuple[int, float]:
    """Most members that can be covered, and the least cost of covering at least ``covered``, by HiGHS."""
    columns, cost = list(groups), np.array(list(groups.values()))
    inside = np.array([[i in g for g in columns] for i in range(instance.n)], float)
    worth = instance.at_stake @ inside
    once = LinearConstraint(inside, ub=np.ones(instance.n))
    enough = LinearConstraint(worth[None, :], lb=[covered])
    free = {"integrality": np.ones(len(columns)), "bounds": Bounds(0, 1)}
    most = milp(-worth, constraints=once, options={"mip_rel_gap": 0}, **free)
    least = milp(cost, constraints=[once, enough], options={"mip_rel_gap": 0}, **free)
    return round(-most.fun), float(least.fun)


@pytest.mark.parametrize("seed", [11, 12, 13])
@pytest.mark.parametrize("n", [60, 120])
def test_medium_instances_hold_their_own_figures(seed: int, n: int) -> None:
    instance = medium(seed, n)
    found = solved(instance, gap_goal=0.003)
    assert faults(instance, found) == []
    assert found.covered >= found.bound_covered - 1
    assert found.gap <= 0.02


def test_same_seed_and_work_budget_give_the_same_solution() -> None:
    instance = medium(21, 100)
    first, second = (solved(instance, seed=5, stop=WorkBudget(40), gap_goal=0.003) for _ in range(2))
    assert first.groups == second.groups
    assert (first.cost, first.bound_cost, first.bound_covered) == (second.cost, second.bound_cost, second.bound_covered)


@some
@given(instances(), st.randoms(use_true_random=False))
def test_order_of_items_and_seeds_changes_no_figure(instance: JointInstance, draws: st.DataObject) -> None:
    items, seeds = list(range(instance.n)), list(range(instance.seeds))
    draws.shuffle(items)
    draws.shuffle(seeds)
    one, other = solved(instance), solved(permuted(instance, items, seeds))
    assert (one.covered, one.bound_covered) == (other.covered, other.bound_covered)
    assert one.cost == pytest.approx(other.cost, abs=1e-6)
    assert one.bound_cost == pytest.approx(other.bound_cost, abs=1e-3)


@pytest.mark.parametrize("units", [0, 1, 5])
def test_a_small_work_budget_still_gives_a_valid_solution_and_true_bounds(units: float) -> None:
    instance = medium(31, 90)
    short, long = solved(instance, stop=WorkBudget(units)), solved(instance, gap_goal=0.003)
    assert faults(instance, short) == []
    assert short.bound_covered >= long.covered
    if long.covered >= short.covered:
        assert short.bound_cost <= long.cost + 1e-6


def test_progress_ends_complete() -> None:
    steps: list[Step] = []
    solve_joint(medium(41, 60), seed=1, stop=NoLimit(), progress=steps.append, executor=Serial(), gap_goal=0.01)
    assert steps and steps[-1].done == steps[-1].total


def test_nothing_to_plan() -> None:
    for instance in (build([], [], [], []), build([1, 2], [1, 2], [1, 2], [(0, 4, 0.0, [(1, 5.0)])])):
        found = solved(instance)
        assert (found.groups, found.covered, found.bound_covered, found.cost, found.bound_cost) == ((), 0, 0, 0, 0)
        assert found.optimal


def test_coverage_is_worth_any_travel() -> None:
    """0 and 1 could meet next door, but only with 2 far away are all four covered."""
    seeds = [(0, 4, 0.0, [(1, 1.0), (3, 2900.0)]), (2, 4, 0.0, [(1, 2900.0)])]
    found = solved(build([1, 2, 1, 2], [1, 2, 1, 2], [1, 1, 1, 1], seeds))
    assert {frozenset(g.items) for g in found.groups} == {frozenset({0, 3}), frozenset({1, 2})}
    assert (found.covered, found.cost) == (6, 5800.0)


def test_a_group_in_force_stays_unless_changing_it_pays_its_price() -> None:
    seeds = [(0, 4, 0.0, [(1, 100.0), (2, 300.0)]), (1, 4, 0.0, [(0, 100.0), (2, 60.0)])]
    plain = build([1, 1, 1], [1, 1, 1], [1, 1, 1], seeds)
    assert solved(plain).groups[0].seed == 1
    stays = JointInstance(**{**plain.__dict__, "kept": ((0, (0, 1, 2), 100.0),)})
    assert (solved(stays).groups[0].seed, solved(stays).cost) == (0, 100.0)
    goes = JointInstance(**{**plain.__dict__, "kept": ((0, (0, 1, 2), 200.0),)})
    assert (solved(goes).groups[0].seed, solved(goes).cost) == (1, 160.0)


def test_an_organisation_takes_in_who_is_near_without_being_at_stake() -> None:
    """Item 2 is an existing organisation: in it the two are covered, by themselves they are not."""
    seeds = [(0, 4, 0.0, [(1, 10.0)]), (1, 4, 0.0, [(0, 10.0)]), (2, 2, 0.0, [(0, 700.0), (1, 800.0)])]
    found = solved(build([1, 1, 5], [1, 1, 0], [1, 1, 1], seeds))
    assert [g.items for g in found.groups] == [(2, 0, 1)]
    assert (found.covered, found.at_stake, found.cost) == (2, 2, 1500.0)


def test_a_broken_instance_is_refused() -> None:
    fine = build([1, 2], [1, 2], [1, 1], [(0, 4, 0.0, [(1, 5.0)])])
    assert solved(fine).covered == 3
    for name, wrong in (
        ("at_stake", np.array([1])),
        ("members", np.array([0, 2])),
        ("masks", np.array([-1, 1])),
        ("seed_room", np.array([10])),
        ("arc_cost", np.array([np.inf])),
        ("arc_start", np.array([0])),
    ):
        with pytest.raises(ValueError, match=r"\w"):
            solved(JointInstance(**{**fine.__dict__, name: wrong}))
    assert arcs_of(fine, 0) == {1: 5.0}
