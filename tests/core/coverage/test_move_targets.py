"""Where an enterprise could be moved to: the nearest branches, each judged as the move itself would be."""

from __future__ import annotations

from rolls import ON, PARAMETERS, firm, place, with_members

from feigong.core.coverage.checking import check_wish
from feigong.core.coverage.moves import move_targets
from feigong.core.coverage.plan import plan_coverage
from feigong.core.coverage.values import CoveragePlan
from feigong.core.coverage.wishes import Forbid, Move, Pin, members_of
from feigong.core.roll.values import Roll

FREE, BUSY = 7, 8  # slots 0, 1 and 2; slot 3


def two_branches() -> tuple[Roll, CoveragePlan]:
    """Along one street A, B, C and, farther on, D, E, F; X beside A, who is free at another time; Y beside C."""
    numbers = {"A": 1, "B": 11, "C": 21, "D": 101, "E": 111, "F": 121, "X": 3, "Y": 23}
    where = {name: place("东街", number) for name, number in numbers.items()}
    firms = {firm(n, at, BUSY if n == "X" else FREE): 1 for n, at in where.items()}
    book = with_members(firms)
    wishes = (Pin(("A", "B", "C"), "A"), Pin(("D", "E", "F"), "D"), Forbid(("Y",)))
    return book, plan_coverage(book, PARAMETERS, on=ON, wishes=wishes)


def key_at(plan: CoveragePlan, host: str) -> str:
    return next(b.key for b in plan.branches if b.host == host)


def test_the_nearest_come_first_with_metres_and_common_times() -> None:
    book, plan = two_branches()
    near, far = key_at(plan, "A"), key_at(plan, "D")
    found = move_targets("Y", [far, near], book, PARAMETERS, on=ON, previous=plan)
    assert [t.branch for t in found] == [near, far]
    metres = [t.metres or 0.0 for t in found]
    assert 0 < metres[0] < metres[1]
    assert [t.times for t in found] == [((0, 1), (1, 1), (2, 1))] * 2
    assert [t.broken for t in found] == [(), ()]
    assert move_targets("Y", [far, near], book, PARAMETERS, on=ON, previous=plan, most=1) == found[:1]


def test_each_is_judged_as_the_move_is() -> None:
    book, plan = two_branches()
    for target in move_targets("X", [b.key for b in plan.branches], book, PARAMETERS, on=ON, previous=plan):
        assert target.broken == check_wish(Move("X", target.branch), book, PARAMETERS, on=ON, previous=plan)
        assert [r.code for r in target.broken] == ["wish.no_common_slot"]
        assert target.times == ()


def test_a_branch_that_it_is_in_or_that_is_gone_is_none() -> None:
    book, plan = two_branches()
    near, far = key_at(plan, "A"), key_at(plan, "D")
    [other] = move_targets("B", [near, far], book, PARAMETERS, on=ON, previous=plan)
    assert other.branch == far
    dissolved = Forbid(tuple(sorted(members_of(next(b for b in plan.branches if b.key == far)))))
    assert move_targets("B", [near, far], book, PARAMETERS, on=ON, previous=plan, wishes=(dissolved,)) == ()
    moved = Move("B", far)
    [back] = move_targets("B", [near, far], book, PARAMETERS, on=ON, previous=plan, wishes=(moved,))
    assert back.branch == near
