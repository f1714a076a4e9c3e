"""The pool as an array problem, and the polishing of ties."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from coverage_greedy import greedy
from hypothesis import given, settings
from rolls import ON, PARAMETERS, branch, firm, place, small_rolls, with_members

from feigong.core.coverage.eligibility import sort_out
from feigong.core.coverage.facts import count
from feigong.core.coverage.health import examine
from feigong.core.coverage.joint.values import Group, JointInstance
from feigong.core.coverage.ladder import climb
from feigong.core.coverage.near import Measure, Site, shares
from feigong.core.coverage.parameters import CoverageParameters
from feigong.core.coverage.polish import polish
from feigong.core.coverage.pool import Pool, build
from feigong.core.coverage.survival import survival
from feigong.core.coverage.values import Basis
from feigong.core.roll.values import Industry, Roll
from feigong.core.work import NoLimit, Serial, silent


def pool_of(book: Roll, parameters: CoverageParameters = PARAMETERS) -> Pool:
    facts = count(book, ON)
    measure = Measure(parameters, facts.kinds)
    healths = {k: examine(k, facts, measure) for k in facts.organisations}
    return build(facts, climb(facts, sort_out(facts), healths, measure), measure, None)


def arcs(pool: Pool, seed: int) -> dict[str, float]:
    cut = slice(*pool.instance.arc_start[seed : seed + 2])
    return {pool.usccs[i]: c for i, c in zip(pool.instance.arc_item[cut], pool.instance.arc_cost[cut], strict=True)}


def seeds(pool: Pool) -> list[tuple[str, Basis]]:
    return [(pool.hosts[i], b) for i, b in zip(pool.seed_item, pool.seed_basis, strict=True)]


def test_one_seed_where_one_basis_contains_the_other() -> None:
    pool = pool_of(
        with_members({firm("A", place("东街", 1)): 1, firm("B", place("东街", 11)): 1, firm("C", place("西街", 1)): 1})
    )
    assert seeds(pool) == [("A", Basis.AREA), ("B", Basis.AREA), ("C", Basis.AREA)]
    assert arcs(pool, 0) == {"B": 50.0, "C": 1800.0}
    assert pool.metres(0, 1) == 100.0


def test_two_seeds_where_neither_contains_the_other() -> None:
    trade = {"industry": Industry("51", 0.9)}
    firms = {
        firm("A", place("东街", 1), **trade): 1,
        firm("B", place("东街", 1)): 1,
        firm("C", place("东街", 501), **trade): 1,
        firm("D", place("东街", 502), industry=Industry("51", 0.4)): 1,
    }
    pool = pool_of(with_members(firms))
    assert [s for s in seeds(pool) if s[0] == "A"] == [("A", Basis.STREET), ("A", Basis.INDUSTRY)]
    at = {s: arcs(pool, k) for k, s in enumerate(seeds(pool))}
    assert at["A", Basis.STREET] == {"B": 10.0}
    assert at["A", Basis.INDUSTRY] == {"C": 4950.0}


def test_only_allowed_bases_make_seeds() -> None:
    book = with_members(
        {firm("A", place("东街", 1)): 1, firm("B", place("东街", 11)): 1, firm("C", place("西街", 1)): 1}
    )
    pool = pool_of(book, replace(PARAMETERS, bases=(Basis.STREET,)))
    assert seeds(pool) == [("A", Basis.STREET), ("B", Basis.STREET)]


def test_unknown_places_and_times_are_never_feasible() -> None:
    firms = {
        firm("A", place("东街", 1), None): 1,
        firm("B", place("东街", 1)): 1,
        firm("C", place(None, None, "999901")): 1,
    }
    pool = pool_of(with_members(firms))
    assert pool.instance.masks.tolist() == [0, 1 | 1 << 21, 1 | 1 << 21]
    assert "C" not in {u for k in range(pool.instance.seeds) for u in arcs(pool, k)}


def test_an_organisation_is_one_item_with_the_room_it_has_left() -> None:
    firms = {firm("A", place("东街", 1)): 1, firm("B", place("东街", 11)): 2, firm("C", place("东街", 21)): 1}
    pool = pool_of(with_members(firms, (branch("O", "B", "C"),)))
    assert (pool.usccs, [s.key for s in pool.organisations]) == (("A",), ["O"])
    assert (pool.instance.members.tolist(), pool.instance.at_stake.tolist()) == ([1, 3], [1, 0])
    (k,) = [k for k, item in enumerate(pool.seed_item) if item == 1]
    assert (pool.hosts[1], int(pool.instance.seed_room[k]), arcs(pool, k)) == ("B", 3, {"A": 550.0})


@settings(max_examples=100, deadline=None)
@given(small_rolls())
def test_arcs_are_exactly_the_known_pairs_that_share_a_basis(book: Roll) -> None:
    """Every pair within a basis and its limit is an arc of some seed, unless another seed of the host has it all."""
    pool = pool_of(book)
    measure = Measure(PARAMETERS, {a.code: a.kind for a in book.areas})
    for owner, here in enumerate(pool.sites):
        want = set()
        for item in range(pool.n):
            metres = measure.between(here.place, pool.sites[item].place)
            ok = item != owner and metres is not None
            if ok and any(_fits(here, pool.sites[item], b, metres, measure) for b in Basis):  # type: ignore[arg-type]
                want.add(pool.usccs[item])
        room = owner < pool.n or pool.instance.seeds
        got = {u for k, o in enumerate(pool.seed_item) if o == owner for u in arcs(pool, k)}
        assert got == want or not room
        mine = [set(arcs(pool, k)) for k, o in enumerate(pool.seed_item) if o == owner]
        assert not any(a <= b for i, a in enumerate(mine) for j, b in enumerate(mine) if i != j)


def _fits(a: Site, b: Site, basis: Basis, metres: float, measure: Measure) -> bool:
    return shares(a, b, basis, measure) and metres <= measure.limit(basis)


def _pool_of_arcs(members: list[int], arc: dict[int, dict[int, float]]) -> Pool:
    owners = sorted(arc)
    items = [sorted(arc[o], key=lambda i: (arc[o][i], i)) for o in owners]
    instance = JointInstance(
        members=np.array(members, np.int64), at_stake=np.array(members, np.int64),
        masks=np.ones(len(members), np.int64), seed_owner=np.array(owners, np.int32), seed_room=np.full(len(owners), 4),
        seed_cost=np.zeros(len(owners)), arc_start=np.cumsum([0, *map(len, items)]).astype(np.int64),
        arc_item=np.array([i for row in items for i in row], np.int32),
        arc_cost=np.array([arc[o][i] for o, row in zip(owners, items, strict=True) for i in row], np.float64),
    )  # fmt: skip
    names = tuple(f"E{k}" for k in range(len(members)))
    return Pool(names, (), names, (), instance, (), tuple(owners), instance.arc_cost, ())


def chance(pool: Pool, groups: tuple[Group, ...]) -> float:
    return float(np.prod([survival(int(pool.instance.members[list(g.items)].sum()), 0.15, 3) for g in groups]))


def test_ties_go_to_the_plan_that_likely_survives() -> None:
    pool = _pool_of_arcs([1, 1, 1, 1, 1, 1, 2], {0: dict.fromkeys((1, 2, 6), 5.0), 3: dict.fromkeys((4, 5, 6), 5.0)})
    groups = (Group(0, (0, 1, 2), 0, 10.0), Group(1, (3, 4, 5, 6), 0, 15.0))
    better = polish(pool, groups, 0.15)
    assert better == groups  # 3 and 5 members: giving the pair away would only swap them
    pool = _pool_of_arcs(
        [1, 1, 1, 1, 1, 1, 1, 2], {0: dict.fromkeys((1, 2, 6), 5.0), 3: dict.fromkeys((4, 5, 6, 7), 5.0)}
    )
    groups = (Group(0, (0, 1, 2), 0, 10.0), Group(1, (3, 4, 5, 6, 7), 0, 20.0))
    better = polish(pool, groups, 0.15)
    assert [g.items for g in better] == [(0, 1, 2, 6), (3, 4, 5, 7)]
    assert sum(g.cost for g in better) == 30.0
    assert chance(pool, better) > chance(pool, groups)


def test_polishing_never_pays_travel_for_survival() -> None:
    pool = _pool_of_arcs([1, 1, 1, 1, 1, 1, 1], {0: {1: 5.0, 2: 5.0, 6: 6.0}, 3: dict.fromkeys((4, 5, 6), 5.0)})
    groups = (Group(0, (0, 1, 2), 0, 10.0), Group(1, (3, 4, 5, 6), 0, 15.0))
    assert polish(pool, groups, 0.15) == groups


@settings(max_examples=100, deadline=None)
@given(small_rolls())
def test_polishing_keeps_cover_and_cost(book: Roll) -> None:
    pool = pool_of(book)
    solution = greedy(pool.instance, seed=0, stop=NoLimit(), progress=silent, executor=Serial(), gap_goal=0)
    better = polish(pool, solution.groups, 0.15)
    covered = {i for g in solution.groups for i in g.items if i < pool.n}
    assert {i for g in better for i in g.items if i < pool.n} == covered
    assert sum(g.cost for g in better) <= sum(g.cost for g in solution.groups) + 1e-6
    for group in better:
        assert group.cost == pytest.approx(sum(pool.cost(group.seed, i) or 0.0 for i in group.items[1:]))
        assert all(int(pool.instance.masks[i]) >> group.slot & 1 for i in group.items)
        assert int(pool.instance.members[list(group.items)].sum()) >= 3
        assert len(group.items) - 1 <= pool.instance.seed_room[group.seed]
