"""The scorer finds what is wrong: every rule is broken once on purpose."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
from rolls import ON, PARAMETERS, branch, firm, officer, place, with_members

from feigong.core.coverage.plan import plan_coverage
from feigong.core.coverage.score import score_plan
from feigong.core.coverage.values import Basis, CoveragePlan, JointBranch, Outcome, Seat
from feigong.core.roll.values import FlagCode, Roll


def good() -> tuple[Roll, CoveragePlan]:
    firms = {
        firm("A", place("东街", 1)): 1, firm("B", place("东街", 11)): 2, firm("C", place("东街", 21), 2): 1,
        firm("D", place("西街", 1), 2): 3, firm("E", place("西街", 9), 4): 4, firm("F"): 0,
        firm("G", None, 1, FlagCode.CLOSED): 0, firm("H", None, 1, FlagCode.COLLECTIVE): 2,
    }  # fmt: skip
    book = with_members(firms, (branch("O", "D"),), (officer("L", most=2),))
    return book, plan_coverage(book, PARAMETERS, on=ON)


def rules(book: Roll, plan: CoveragePlan) -> set[str]:
    return {v.rule for v in score_plan(plan, book, PARAMETERS, ON).violations}


def test_a_good_plan_has_no_violations() -> None:
    book, plan = good()
    assert {d.uscc: d.outcome.value for d in plan.decisions} == {
        "A": "joint", "B": "joint", "C": "join", "D": "keep", "E": "own", "F": "liaison", "H": "undecided",
    }  # fmt: skip
    found = score_plan(plan, book, PARAMETERS, ON)
    assert found.violations == ()
    assert (found.branches, found.covered_members, found.travel_m, found.waiting) == (2, 4, 1900.0, 3)


def joint(plan: CoveragePlan) -> JointBranch:
    return next(b for b in plan.branches if b.joins is None)


def with_branch(plan: CoveragePlan, **change: object) -> CoveragePlan:
    old = joint(plan)
    new = replace(old, **change)  # type: ignore[arg-type]
    return replace(plan, branches=tuple(new if b is old else b for b in plan.branches))


def with_seat(plan: CoveragePlan, **change: object) -> CoveragePlan:
    seats = joint(plan).seats
    return with_branch(plan, seats=(seats[0], replace(seats[1], **change)))  # type: ignore[arg-type]


def with_decision(plan: CoveragePlan, uscc: str, **change: object) -> CoveragePlan:
    return replace(plan, decisions=tuple(replace(d, **change) if d.uscc == uscc else d for d in plan.decisions))  # type: ignore[arg-type]


BREAKS: dict[str, Callable[[CoveragePlan], CoveragePlan]] = {
    "one_decision": lambda p: replace(p, decisions=p.decisions[1:]),
    "left_out": lambda p: replace(p, left_out=()),
    "members_as_on_roll": lambda p: with_decision(p, "E", full_members=5),
    "reasons": lambda p: with_decision(p, "E", reasons=()),
    "undecided": lambda p: with_decision(p, "H", outcome=Outcome.RECRUIT),
    "outcome_fits_members": lambda p: with_decision(p, "F", outcome=Outcome.OWN),
    "organisation": lambda p: with_decision(p, "D", organisation=None),
    "decision_says_branch": lambda p: with_decision(p, "A", branch="other"),
    "placed_has_seat": lambda p: replace(p, branches=tuple(b for b in p.branches if b.joins)),
    "one_branch": lambda p: replace(p, branches=(*p.branches, replace(joint(p), key="again"))),
    "host_first": lambda p: with_branch(p, host="B" if joint(p).host == "A" else "A"),
    "seats_on_roll": lambda p: with_seat(p, uscc="G"),
    "enterprises": lambda p: with_branch(p, seats=joint(p).seats[:1]),
    "least_members": lambda p: with_branch(p, seats=joint(p).seats[:1]),
    "seat_members": lambda p: with_seat(p, members=7),
    "common_slot": lambda p: with_branch(p, slot=3),
    "travel_as_measured": lambda p: with_seat(p, travel_m=1.0),
    "one_basis": lambda p: with_branch(p, basis=Basis.BUILDING),
    "officer_load": lambda p: replace(p, loads=(replace(p.loads[0], enterprises=("A", "B", "C")),)),
    "one_officer": lambda p: replace(p, loads=(*p.loads, p.loads[0])),
    "officer_as_loaded": lambda p: with_decision(p, p.loads[0].enterprises[0], officer=None),
    "officer_or_waiting": lambda p: replace(p, waiting=()),
    "officer_needless": lambda p: replace(p, waiting=(*p.waiting, "D")),
    "shortages_add_up": lambda p: replace(p, shortages=()),
    "proof_covered": lambda p: replace(p, proof=replace(p.proof, covered_members=99)),
    "proof_travel": lambda p: replace(p, proof=replace(p.proof, travel_m=1.0)),
    "proof_bounds": lambda p: replace(p, proof=replace(p.proof, bound_covered=1)),
    "waits_though_room": lambda p: replace(p, loads=()),
}


@pytest.mark.parametrize("rule", BREAKS)
def test_a_broken_rule_is_found(rule: str) -> None:
    book, plan = good()
    assert rule in rules(book, BREAKS[rule](plan))


def test_travel_beyond_the_limit_is_found() -> None:
    book, plan = good()
    moved = tuple(replace(e, place=place("东街", 900)) if e.uscc == "B" else e for e in book.enterprises)
    assert {"travel_limit", "travel_as_measured"} <= rules(replace(book, enterprises=moved), plan)


def test_an_unknown_distance_is_found_unless_it_is_to_be_checked() -> None:
    book, plan = good()
    lost = replace(
        book,
        enterprises=tuple(replace(e, place=place(None, None, None)) if e.uscc == "B" else e for e in book.enterprises),
    )
    assert "travel_known" in rules(lost, plan)
    seats = tuple(Seat(s.uscc, s.members, s.travel_m, False) for s in joint(plan).seats)
    assert "travel_known" not in rules(lost, with_branch(plan, seats=seats))
