"""Components too large for one linear programme: a valid plan, and a bound below what the whole component allows."""

from __future__ import annotations

import pytest
from brute import faults
from strategies import medium

from feigong.core.coverage.joint import large, solve
from feigong.core.coverage.joint.values import JointInstance, JointSolution
from feigong.core.work import NoLimit, Serial, silent


def solved(instance: JointInstance) -> JointSolution:
    return solve.solve_joint(instance, seed=1, stop=NoLimit(), progress=silent, executor=Serial(), gap_goal=0.001)


@pytest.mark.parametrize("seed", [21, 22, 23])
def test_pieces_make_a_valid_plan_under_a_bound_of_the_whole(seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    instance = medium(seed, 120)
    whole = solved(instance)
    monkeypatch.setattr(solve, "LARGE", 40)
    monkeypatch.setattr(large, "PIECE", 30)
    pieces = solved(instance)
    assert faults(instance, pieces) == []
    assert pieces.bound_covered >= whole.covered
    assert pieces.covered <= whole.bound_covered
    if pieces.covered <= whole.covered:
        assert pieces.bound_cost <= whole.cost + 1e-3
    assert pieces.bound_cost <= pieces.cost
    assert solved(instance).groups == pieces.groups
