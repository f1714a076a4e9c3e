"""A plan that is stopped at once is still a plan, with a bound that is true."""

from __future__ import annotations

from rolls import ON, PARAMETERS, firm, members, place, roll

from feigong.core.coverage.plan import plan_coverage
from feigong.core.coverage.values import CoveragePlan
from feigong.core.work import NoLimit, Stop, WorkBudget

FIRMS = [firm(f"F{i:02d}", place("东街", 3 * i + 1)) for i in range(30)]
MEMBERS = [m for i, f in enumerate(FIRMS) for m in members(f.uscc, 1 + i % 2)]


def plan(stop: Stop) -> CoveragePlan:
    return plan_coverage(roll(FIRMS, MEMBERS), PARAMETERS, on=ON, stop=stop)


def test_a_bound_without_any_search_is_below_the_optimum() -> None:
    at_once, whole = plan(WorkBudget(0)), plan(NoLimit())
    assert len(at_once.decisions) == len(FIRMS)
    assert -1e9 < at_once.proof.bound_cost_m <= whole.proof.cost_m
    assert at_once.proof.bound_covered >= whole.proof.covered_members
