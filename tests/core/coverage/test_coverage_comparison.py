"""Two plans beside one another: who changes how, and what a wish or a parameter costs."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st
from rolls import ON, PARAMETERS, branch, firm, officer, place, small_rolls, with_members

from feigong.core.coverage.comparison import BranchBalance, Difference, compare
from feigong.core.coverage.plan import plan_coverage
from feigong.core.coverage.wishes import Host, Move
from feigong.core.roll.values import Roll
from feigong.wording import LANGUAGES, Words


def row(*members: int, step: int = 30) -> Roll:
    return with_members({firm(chr(65 + k), place("东街", 1 + step * k), 3): n for k, n in enumerate(members)})


@settings(max_examples=60, deadline=None)
@given(small_rolls(), small_rolls(), st.sampled_from([300.0, 3000.0]))
def test_any_two_plans(one: Roll, other: Roll, limit: float) -> None:
    a = plan_coverage(one, PARAMETERS, on=ON)
    b = plan_coverage(other, replace(PARAMETERS, travel_m=limit), on=ON)
    assert compare(a, a).changes == ()
    assert [r.code for r in compare(a, a).cost] == ["compare.costs_nothing"]
    there, back = compare(a, b), compare(b, a)
    assert [(c.uscc, c.before, c.after) for c in there.changes] == [(c.uscc, c.after, c.before) for c in back.changes]
    assert (there.before, there.after) == (back.after, back.before)
    same = {d.uscc for d in a.decisions} & {d.uscc for d in b.decisions} - {c.uscc for c in there.changes}
    for uscc in same:
        first, second = (next(d for d in p.decisions if d.uscc == uscc) for p in (a, b))
        assert (first.outcome, first.officer) == (second.outcome, second.officer)
    balance = there.branches
    assert balance.kept + balance.changed + balance.gone == there.before.branches
    assert balance.kept + balance.changed + balance.new == there.after.branches
    assert all(Words(lang).say(r) for lang in LANGUAGES for r in there.cost)


def test_what_a_shorter_way_costs() -> None:
    book = with_members(
        {firm("A", place("东街", 1)): 1, firm("B", place("东街", 41)): 1, firm("C", place("东街", 91)): 1}
    )
    wide = plan_coverage(book, PARAMETERS, on=ON)
    near = plan_coverage(book, replace(PARAMETERS, travel_m=400.0), on=ON)
    found = compare(wide, near)
    assert [(r.code, dict(r.params)) for r in found.cost] == [
        ("compare.members_fewer", {"members": 3}),
        ("compare.travel_less", {"metres": 900.0}),
        ("compare.branches", {"changed": 0, "gone": 1, "new": 0}),
    ]
    assert found.parameters == (("travel_m", "3000", "400.0"),)
    assert [(c.uscc, c.differences) for c in found.changes] == [(u, (Difference.OUTCOME,)) for u in "ABC"]
    side = found.changes[0].before
    assert side is not None
    assert (side.partners, side.travel_m, side.host) == (("B", "C"), 400.0, "B")
    assert (found.before.farthest_m, found.after.farthest_m) == (500.0, 0.0)


def test_what_a_move_costs_and_for_whom() -> None:
    book = row(1, 1, 1, 1, 1, 1, 1)
    free = plan_coverage(book, PARAMETERS, on=ON)
    to = next(b.key for b in free.branches if "A" in {s.uscc for s in b.seats})
    made = plan_coverage(book, PARAMETERS, on=ON, previous=free, wishes=(Move("D", to),), hold_rest=True)
    found = compare(free, made)
    assert {c.uscc for c in found.changes} == set("ABCDEFG")
    assert all(c.differences[0] is Difference.BRANCH for c in found.changes)
    assert found.branches == BranchBalance(kept=0, changed=2, gone=0, new=0)
    assert found.after.covered_members == found.before.covered_members == 7


def test_another_place_is_a_difference_of_place() -> None:
    book = row(1, 1, 1)
    free = plan_coverage(book, PARAMETERS, on=ON)
    made = plan_coverage(book, PARAMETERS, on=ON, previous=free, wishes=(Host(free.branches[0].key, "A"),))
    found = compare(free, made)
    assert {c.differences for c in found.changes} == {(Difference.PLACE,)}
    assert [(r.code, round(float(r.params["metres"] or 0))) for r in found.cost[:1]] == [("compare.travel_more", 300)]


def test_an_officer_less_waits_more() -> None:
    book = with_members({firm("A"): 0, firm("B"): 3}, (branch("O", "B"),))
    with_one = plan_coverage(replace(book, officers=(officer("L"),)), PARAMETERS, on=ON)
    without = plan_coverage(book, PARAMETERS, on=ON)
    found = compare(with_one, without)
    assert [c.differences for c in found.changes] == [(Difference.OFFICER,)]
    assert found.cost[0].code == "compare.waiting_more"
