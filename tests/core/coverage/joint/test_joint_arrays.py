"""Joint branches from arrays: brute force for a handful, the independent scorer for towns, the order of rows."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from brute import array_groups, pack
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from benchmarks.instances import Instance, make_instance, score
from feigong.core.coverage.joint.arrays import ArrayPlan, plan_joint_arrays
from feigong.core.work import NoLimit, Serial, Stop, WorkBudget, silent

TRAVEL_M = 5.0
COLUMNS = ("x", "y", "members", "slots", "area")


def planned(
    arrays: Instance, *, travel_m: float = 3000.0, goal: float = 0.003, seed: int = 1, stop: Stop | None = None
) -> ArrayPlan:
    return plan_joint_arrays(
        *(arrays[name] for name in COLUMNS),
        travel_m=travel_m,
        least=3,
        most=5,
        seed=seed,
        stop=stop or NoLimit(),
        progress=silent,
        executor=Serial(),
        gap_goal=goal,
    )


@st.composite
def handful(draw: st.DrawFn) -> Instance:
    """Up to 8 enterprises on a grid in two areas: many at one place, many exactly at the limit (3, 4, 5)."""
    n = draw(st.sampled_from([7, 8, 6, 5, 3, 1]))

    def column(values: list[Any], kind: type = np.int64) -> Any:
        return np.array(draw(st.lists(st.sampled_from(values), min_size=n, max_size=n)), kind)

    return {
        "x": column([0, 3, 3, 4, 6, 7], np.float64),
        "y": column([0, 0, 4, 3, 5], np.float64),
        "members": column([1, 1, 1, 2, 3, 5]),
        "slots": column([7, 7, 3, 6, 5, 1, 1 << 20, 0]),
        "area": column([0, 0, 0, 4]),
    }


@settings(max_examples=60, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
@given(handful())
def test_a_handful_is_planned_as_well_as_can_be(arrays: Instance) -> None:
    columns = [arrays[name].tolist() for name in COLUMNS]
    best = pack(array_groups(*columns, travel_m=TRAVEL_M, least=3, most=5), arrays["members"].tolist())
    plan = planned(arrays, travel_m=TRAVEL_M, goal=0.0)
    found = score(arrays, plan.group, plan.host, plan.slot, travel=TRAVEL_M)
    assert found.broken == 0
    assert plan.bound_covered == found.covered == plan.covered == best.covered
    assert plan.travel_m == pytest.approx(best.cost, rel=1e-6, abs=1e-6)
    assert found.travel_km * 1000 == pytest.approx(plan.travel_m, abs=1e-6)
    assert plan.bound_travel_m <= best.cost_of_covering(plan.covered) + 1e-9
    assert plan.bound_travel_m == pytest.approx(best.cost, rel=1e-6, abs=1e-6)


@pytest.mark.parametrize(("n", "mean_area", "travel_m"), [(400, 200, 3000.0), (400, 40, 1000.0)])
def test_towns_are_planned_within_the_goal(n: int, mean_area: int, travel_m: float) -> None:
    arrays = make_instance(n, seed=7, mean_area=mean_area)
    plan = planned(arrays, travel_m=travel_m)
    found = score(arrays, plan.group, plan.host, plan.slot, travel=travel_m)
    assert found.broken == 0
    assert plan.covered == found.covered
    assert plan.bound_covered - 1 <= found.covered <= plan.bound_covered
    assert found.travel_km * 1000 == pytest.approx(plan.travel_m)
    assert 0.997 * plan.travel_m <= plan.bound_travel_m <= plan.travel_m


def test_the_bound_is_below_every_other_plan_found() -> None:
    """Plans of other seeds that cover as much are upper bounds of the optimum; no bound may pass one of them."""
    arrays = make_instance(150, seed=3, mean_area=75)
    plans = [planned(arrays, seed=seed, goal=0.02) for seed in range(1, 5)]
    for plan in plans:
        for other in plans:
            assert other.covered <= plan.bound_covered
            if other.covered >= plan.covered:
                assert plan.bound_travel_m <= other.travel_m + 1e-6


def test_order_of_rows_changes_nothing() -> None:
    arrays = make_instance(220, seed=5, mean_area=110)
    order = np.random.default_rng(2).permutation(220)
    moved = {name: values[order] for name, values in arrays.items()}
    moved["area"] = 90 - moved["area"]  # areas by other numbers, in another order
    budget = WorkBudget(60)
    one, other = planned(arrays, stop=budget), planned(moved, stop=budget)
    assert (one.covered, one.bound_covered) == (other.covered, other.bound_covered)
    assert one.travel_m == pytest.approx(other.travel_m)
    assert one.bound_travel_m == pytest.approx(other.bound_travel_m)
    back = np.empty(220, np.int64)
    back[np.arange(220)] = order

    def groups(plan: ArrayPlan, names: Any) -> set[frozenset[int]]:
        return {frozenset(names[np.flatnonzero(plan.group == k)].tolist()) for k in range(plan.group.max() + 1)}

    assert groups(one, np.arange(220)) == groups(other, back)


def test_same_seed_and_budget_give_the_same_plan() -> None:
    arrays = make_instance(220, seed=6, mean_area=110)
    one, other = (planned(arrays, stop=WorkBudget(30), seed=4) for _ in range(2))
    assert all((getattr(one, name) == getattr(other, name)).all() for name in ("group", "host", "slot"))
    assert (one.bound_covered, one.bound_travel_m) == (other.bound_covered, other.bound_travel_m)


def test_no_time_at_all_still_gives_a_valid_plan_with_true_bounds() -> None:
    arrays = make_instance(220, seed=8, mean_area=110)
    short, long = planned(arrays, stop=WorkBudget(0)), planned(arrays)
    found = score(arrays, short.group, short.host, short.slot)
    assert found.broken == 0 and short.stopped_early
    assert found.covered > 0.9 * found.total
    assert short.bound_covered >= long.covered
    assert short.covered > long.covered or short.bound_travel_m <= long.travel_m


def test_no_enterprises_no_groups() -> None:
    empty = {name: values[:0] for name, values in make_instance(20).items()}
    plan = planned(empty)
    assert (len(plan.group), plan.covered, plan.bound_covered, plan.bound_travel_m) == (0, 0, 0, 0.0)
