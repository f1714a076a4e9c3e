"""The yardstick itself, on instances small enough to be worked out by hand."""

from __future__ import annotations

from brute import all_groups, array_groups, faults, group_faults, optimum, pack
from numpy import array, ones, zeros
from strategies import build, permuted, with_kept

from feigong.core.coverage.joint.values import Group, JointInstance, JointSolution


def three_in_a_row() -> JointInstance:
    """0 — 1 — 2 at 0, 10 and 20 m, reach 10 m, one member each: only the middle can gather all."""
    return build(
        [1, 1, 1], [1, 1, 1], [3, 6, 2], [(0, 4, 0, [(1, 10)]), (1, 4, 0, [(0, 10), (2, 10)]), (2, 4, 0, [(1, 10)])]
    )


def solution_of(instance: JointInstance, *groups: Group, **claims: float) -> JointSolution:
    covered = sum(int(instance.at_stake[i]) for g in groups for i in g.items)
    cost = sum(g.cost for g in groups)
    figures = {"covered": covered, "bound_covered": covered, "cost": cost, "bound_cost": cost} | claims
    return JointSolution(
        groups=groups, at_stake=int(instance.at_stake.sum()), coverable=ones(instance.n, bool), dual=zeros(instance.n),
        optimal=False, stopped_early=False, stats={}, **figures,
    )  # fmt: skip


def test_only_the_middle_can_gather_all_three() -> None:
    assert all_groups(three_in_a_row()) == {frozenset({0, 1, 2}): 20.0}
    best = optimum(three_in_a_row())
    assert (best.covered, best.cost, best.cost_of_covering(0)) == (3, 20.0, 0.0)


def test_no_slot_for_all_means_no_group() -> None:
    apart = JointInstance(**{**three_in_a_row().__dict__, "masks": array([1, 3, 2])})
    assert all_groups(apart) == {}
    assert optimum(apart).covered == 0


def test_a_lone_owner_is_no_group_even_with_three_members() -> None:
    assert all_groups(build([3], [3], [1], [(0, 4, 0, [])])) == {}


def test_room_is_what_may_be_added_to_the_owner() -> None:
    tight = JointInstance(**{**three_in_a_row().__dict__, "seed_room": array([1, 1, 1])})
    assert all_groups(tight) == {}


def test_a_kept_group_costs_what_it_costs_with_its_reward() -> None:
    kept = with_kept(three_in_a_row(), [(1, 0, 50.0)])
    assert kept.kept == ((1, (0, 1, 2), -30.0),)
    assert optimum(kept).cost == -30.0


def test_coverage_comes_before_cost() -> None:
    best = pack({frozenset({0, 1}): 1.0, frozenset({0, 2}): 90.0}, [1, 1, 2])
    assert (best.covered, best.cost) == (3, 90.0)
    assert best.cost_of_covering(2) == 1.0


def test_pairs_of_four_are_matched_the_cheap_way() -> None:
    pairs = {frozenset({i, j}): float(abs(i - j)) for i in range(4) for j in range(i)}
    assert pack(pairs, [1] * 4).cost == 2.0


def test_groups_of_arrays_choose_the_best_host_and_stay_in_their_area() -> None:
    found = array_groups(
        [0, 3, 6, 3], [0, 0, 0, 4], [1, 1, 1, 2], [1, 1, 3, 1], [0, 0, 0, 1], travel_m=5.0, least=3, most=5
    )
    assert found == {frozenset({0, 1, 2}): 6.0}
    assert array_groups([0, 3], [0, 4], [1, 2], [1, 1], [0, 0], travel_m=5.0, least=3, most=5) == {
        frozenset({0, 1}): 5.0
    }
    assert array_groups([0, 3], [0, 4], [1, 2], [1, 1], [0, 0], travel_m=4.9, least=3, most=5) == {}


def test_a_right_solution_has_no_fault() -> None:
    row = three_in_a_row()
    assert faults(row, solution_of(row, Group(1, (1, 0, 2), 1, 20.0))) == []


def test_every_fault_is_seen() -> None:
    row = three_in_a_row()
    wrong = {
        "too few members": Group(1, (1, 0), 1, 10.0),
        "an item that no arc reaches": Group(0, (0, 1, 2), 1, 20.0),
        "does not begin with the owner of its seed": Group(1, (0, 1, 2), 1, 20.0),
        "slot 2 of 10": Group(1, (1, 0, 2), 2, 20.0),
        "cost 19.0, not 20.0": Group(1, (1, 0, 2), 1, 19.0),
        "0 items besides the owner": Group(1, (1,), 1, 0.0),
        "an item twice": Group(1, (1, 0, 0), 1, 20.0),
    }
    for fault, group in wrong.items():
        assert fault in group_faults(row, group)


def test_false_claims_are_seen() -> None:
    row, group = three_in_a_row(), Group(1, (1, 0, 2), 1, 20.0)
    assert "covers more than its bound" in faults(row, solution_of(row, group, bound_covered=2))
    assert "costs less than its bound" in faults(row, solution_of(row, group, bound_cost=21.0))
    assert "says it costs 5.0" in faults(row, solution_of(row, group, cost=5.0, bound_cost=5.0))
    assert "an item in two groups" in faults(row, solution_of(row, group, group))


def test_other_order_same_optimum() -> None:
    kept = with_kept(three_in_a_row(), [(1, 0, 50.0)])
    assert optimum(permuted(kept, [2, 0, 1], [1, 2, 0])).cost == -30.0
