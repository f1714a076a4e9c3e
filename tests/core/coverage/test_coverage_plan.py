"""Whole plans on small rolls: the scorer finds nothing, order changes nothing, branches in force stay, reasons."""

from __future__ import annotations

import random
from dataclasses import replace

import pytest
from coverage_greedy import greedy
from hypothesis import given, settings
from hypothesis import strategies as st
from rolls import ON, PARAMETERS, branch, firm, members, officer, place, roll, small_rolls, with_members

from feigong.core.coverage.parameters import CoverageParameters
from feigong.core.coverage.plan import plan_coverage
from feigong.core.coverage.planner import Request, carry_out
from feigong.core.coverage.score import score_plan
from feigong.core.coverage.values import Basis, BranchState, CoveragePlan, JointBranch, Outcome
from feigong.core.roll.slots import FreeSlots
from feigong.core.roll.values import Roll
from feigong.core.work import NoLimit, Serial, silent
from feigong.wording import LANGUAGES, Words


def plan(book: Roll, previous: CoveragePlan | None = None, parameters: CoverageParameters = PARAMETERS) -> CoveragePlan:
    return carry_out(book, ON, Request(parameters, previous, 0, NoLimit(), silent, Serial(), greedy))


def outcomes(made: CoveragePlan) -> dict[str, str]:
    return {d.uscc: d.outcome.value for d in made.decisions}


def codes_of(made: CoveragePlan, uscc: str) -> list[str]:
    found = [r.code for d in made.decisions if d.uscc == uscc for r in d.reasons]
    return [c for c in found if c != "officer.waits"]


def shuffled(book: Roll, seed: int) -> Roll:
    rng = random.Random(seed)

    def mixed(rows: tuple) -> tuple:  # type: ignore[type-arg]
        return tuple(rng.sample(rows, len(rows)))

    return replace(
        book, enterprises=mixed(book.enterprises), members=mixed(book.members), organisations=mixed(book.organisations),
        officers=mixed(book.officers), areas=mixed(book.areas),
    )  # fmt: skip


@settings(max_examples=150, deadline=None)
@given(small_rolls(), st.booleans(), st.integers(0, 9))
def test_any_small_roll(book: Roll, unverified: bool, seed: int) -> None:
    parameters = replace(PARAMETERS, allow_unverified=unverified)
    made = plan(book, parameters=parameters)
    assert score_plan(made, book, parameters, ON).violations == ()
    assert plan(shuffled(book, seed), parameters=parameters) == made
    again = plan(book, made, parameters)
    assert score_plan(again, book, parameters, ON).violations == ()
    assert {b.key for b in again.branches if b.state is BranchState.KEPT} == {b.key for b in made.branches}
    assert again.changes == ()
    for lang in LANGUAGES:
        words = Words(lang)
        for decision in again.decisions:
            assert words.sentences(decision.reasons)
            assert len(decision.alternatives) <= 2
            named = [a.reason.params["organisation"] for a in decision.alternatives if a.outcome is Outcome.JOIN]
            assert len(set(named)) == len(named), "one organisation, one alternative"
            assert decision.full_members or not named, "nobody to join with"
            assert all(words.say(a.reason) for a in decision.alternatives)
        assert all(words.say(r) for b in again.branches for r in b.reasons)
        assert all(words.say(r) for r in again.notes)


@settings(max_examples=25, deadline=None)
@given(small_rolls(), small_rolls())
def test_any_roll_after_any_plan_with_the_real_solver(before: Roll, after: Roll) -> None:
    first = plan_coverage(before, PARAMETERS, on=ON)
    made = plan_coverage(after, PARAMETERS, on=ON, previous=first)
    assert score_plan(first, before, PARAMETERS, ON).violations == ()
    assert score_plan(made, after, PARAMETERS, ON).violations == ()
    assert made.proof.covered_members >= plan(after).proof.covered_members
    kept = {b.key for b in made.branches if b.state is BranchState.KEPT}
    there = {b.key for b in first.branches if set_up(b, first, after)}
    assert {c.branch for c in made.changes} == {b.key for b in first.branches} - kept - there
    words = Words("zh")
    assert all(words.sentences(c.reasons) for c in made.changes)


def set_up(found: JointBranch, first: CoveragePlan, after: Roll) -> bool:
    """Some organisation of the roll is what the plan had in mind."""
    had = {d.organisation for d in first.decisions if d.branch == found.key}
    usccs = {s.uscc for s in (found.seats[1:] if found.joins else found.seats)}
    keys = {o.key for o in after.organisations if usccs <= set(o.covers)}
    return found.joins in keys if found.joins else bool(keys - had)


def test_two_neighbours_meet_at_the_better_place() -> None:
    book = with_members(
        {firm("A", place("东街", 1)): 1, firm("B", place("东街", 21)): 2, firm("C", place("东街", 11), 2): 1}
    )
    made = plan_coverage(book, PARAMETERS, on=ON)
    assert outcomes(made) == {"A": "joint", "B": "joint", "C": "recruit"}
    (found,) = made.branches
    assert (found.members, found.travel_m, found.slot, found.basis) == (3, 200.0, 0, Basis.STREET)
    assert found.survival == pytest.approx(0.85**3)
    assert (made.proof.covered_members, made.proof.bound_covered, made.proof.optimal) == (3, 3, True)
    assert made.proof.cost_m == 150.0  # same street: 50 m forgiven
    assert codes_of(made, "C")[-1] == "pool.no_common_slot"


def test_a_near_organisation_with_room_takes_one_in() -> None:
    book = with_members({firm("A"): 1, firm("B", place("东街", 11)): 3}, (branch("O", "B"),))
    made = plan_coverage(book, PARAMETERS, on=ON)
    assert outcomes(made) == {"A": "join", "B": "keep"}
    (found,) = made.branches
    assert (found.joins, found.host, found.members) == ("O", "B", 4)
    assert [s.uscc for s in found.seats] == ["B", "A"]
    assert made.proof.cost_m == 550.0  # 100 m less 50 for the same street, and the price of a burden
    assert made.proof.covered_members == 1


def test_a_full_organisation_takes_nobody() -> None:
    firms = {firm(u, place("东街", k)): 1 for k, u in enumerate("ABCDE", 1)} | {firm("Z"): 1}
    made = plan_coverage(with_members(firms, (branch("O", *"ABCDE"),)), PARAMETERS, on=ON)
    assert outcomes(made)["Z"] == "recruit"


@pytest.mark.parametrize(
    ("other", "code"),
    [
        (firm("B", place("东街", 1), None), "pool.no_common_slot"),
        (firm("B", place("东街", 1), 2), "pool.no_common_slot"),
        (firm("B", place("西街", 1, "999901003")), "pool.no_neighbour"),
        (firm("B", place("东街", 351)), "pool.nearest_too_far"),
        (firm("B", place("东街", 1), 1), "pool.too_few_near"),
    ],
)
def test_why_nobody_can_be_joined(other: object, code: str) -> None:
    made = plan_coverage(with_members({firm("A"): 1, other: 1}), PARAMETERS, on=ON)  # type: ignore[dict-item]
    assert code in codes_of(made, "A")


def test_what_is_unknown_is_said_and_never_feasible() -> None:
    nowhere = place(None, None, None)
    made = plan_coverage(
        with_members({firm("A", nowhere): 2, firm("B", nowhere): 2, firm("C", slots=None): 2}), PARAMETERS, on=ON
    )
    assert set(outcomes(made).values()) == {"recruit"}
    assert codes_of(made, "A")[-1] == "pool.distance_unknown"
    assert codes_of(made, "C")[-1] == "pool.slots_unknown"
    assert made.proof.bound_covered == 0


def test_groups_to_be_checked_only_where_allowed_and_apart_from_the_proof() -> None:
    book = with_members(
        {firm("A", place(None, None, "999901003")): 2, firm("B", place(None, None, "999901003"), None): 1}
    )
    assert plan_coverage(book, PARAMETERS, on=ON).branches == ()
    table = replace(PARAMETERS.distances, township_m=2000)
    made = plan_coverage(book, replace(PARAMETERS, allow_unverified=True, distances=table), on=ON)
    (found,) = made.branches
    assert not found.verified
    assert [s.verified for s in found.seats].count(False) == 1
    assert made.proof.covered_members == 0
    assert "joint.unverified" in codes_of(made, "A")
    assert [n.code for n in made.notes][-2:] == ["note.unverified", "officer.none"]


def test_an_area_that_is_not_known_must_be_checked_also_where_the_distance_is_known() -> None:
    east, nowhere = place("东街", 1, None), place(None, None, None)
    book = with_members({firm("A", east, None): 1, firm("B", nowhere, None): 1, firm("C", east): 1})
    parameters = replace(PARAMETERS, allow_unverified=True)
    made = plan_coverage(book, parameters, on=ON)
    (found,) = made.branches
    assert score_plan(made, book, parameters, ON).violations == ()
    assert {s.uscc: s.verified for s in found.seats} == {"A": False, "B": False, "C": False}
    assert [(r.code, r.params["enterprises"]) for r in found.reasons[1:]] == [
        ("joint.check_slots", 2),
        ("joint.check_distance", 1),
        ("joint.check_area", 1),
    ]


def test_left_over_by_the_best_plan() -> None:
    firms = {firm("A", place("东街", 1), 1): 2, firm("B", place("东街", 2), 3): 1, firm("C", place("东街", 60), 2): 2}
    made = plan_coverage(with_members(firms), PARAMETERS, on=ON)
    assert outcomes(made) == {"A": "joint", "B": "joint", "C": "recruit"}
    assert codes_of(made, "C")[-1] == "pool.left_over_by_best_plan"


def test_a_pooled_enterprise_of_a_failing_organisation() -> None:
    firms = {firm("A"): 2, firm("B"): 1}
    made = plan_coverage(with_members(firms, (branch("O", "A"),)), PARAMETERS, on=ON)
    assert outcomes(made) == {"A": "joint", "B": "joint"}
    assert "repair.below_least" in codes_of(made, "A")
    made = plan_coverage(with_members({firm("A"): 2}, (branch("O", "A"),)), PARAMETERS, on=ON)
    (alone,) = made.decisions
    assert (alone.outcome, alone.missing_members, alone.organisation) == (Outcome.REPAIR, 1, "O")


def _street(*numbers: int) -> Roll:
    return with_members({firm(f"E{n:03d}", place("东街", n)): 1 for n in numbers})


def test_a_branch_in_force_stays_unless_changing_pays() -> None:
    first = plan_coverage(_street(1, 80, 160), PARAMETERS, on=ON)
    assert [s.uscc for s in first.branches[0].seats] == ["E080", "E001", "E160"]
    six = _street(1, 2, 80, 81, 160, 161)
    kept = plan_coverage(six, PARAMETERS, on=ON, previous=first)
    assert [b.key for b in kept.branches if b.state is BranchState.KEPT] == [first.branches[0].key]
    assert kept.changes == ()
    free = replace(PARAMETERS, change_price_m=0, changed_share=1.0)
    cheap = plan_coverage(six, free, on=ON, previous=first)
    assert cheap.proof.travel_m < kept.proof.travel_m < cheap.proof.travel_m + PARAMETERS.change_price_m
    (change,) = cheap.changes
    assert (change.untouched, [r.code for r in change.reasons]) == (True, ["change.pays_by"])


def test_a_change_says_why() -> None:
    first = plan_coverage(_street(1, 2, 3), PARAMETERS, on=ON)
    key = first.branches[0].key
    grown = with_members(
        {firm("E001", place("东街", 1)): 1, firm("E002", place("东街", 2)): 3, firm("E003", place("东街", 3)): 1}
    )
    (change,) = plan_coverage(grown, PARAMETERS, on=ON, previous=first).changes
    assert (change.branch, change.untouched) == (key, False)
    assert [r.code for r in change.reasons] == ["change.members", "change.own"]
    busy = replace(
        _street(1, 2, 3),
        enterprises=tuple(replace(e, slots=FreeSlots((1 << k,))) for k, e in enumerate(_street(1, 2, 3).enterprises)),
    )
    (change,) = plan_coverage(busy, PARAMETERS, on=ON, previous=first).changes
    assert [r.code for r in change.reasons][-1] == "change.no_common_slot"
    gone = _street(1, 2)
    (change,) = plan_coverage(gone, PARAMETERS, on=ON, previous=first).changes
    assert change.reasons[0].code == "change.gone"
    street, people = _street(1, 2, 3), members(None, 3, organisation="O")
    one = replace(street, organisations=(branch("O", "E001"),), members=(*street.members, *people))
    (change,) = plan_coverage(one, PARAMETERS, on=ON, previous=first).changes
    assert change.untouched is False
    assert [r.code for r in change.reasons] == ["change.organisation", "change.has_organisation"]


def test_a_branch_that_was_set_up_is_no_change() -> None:
    first = plan_coverage(_street(1, 2, 3), PARAMETERS, on=ON)
    founded = replace(_street(1, 2, 3), organisations=(branch("O", "E001", "E002", "E003"),))
    second = plan_coverage(founded, PARAMETERS, on=ON, previous=first)
    assert (second.changes, second.branches, set(outcomes(second).values())) == ((), (), {"keep"})
    book = with_members({firm("A"): 1, firm("B", place("东街", 11)): 3}, (branch("O", "B"),))
    first = plan_coverage(book, PARAMETERS, on=ON)
    joined = replace(book, organisations=(branch("O", "A", "B"),))
    assert plan_coverage(joined, PARAMETERS, on=ON, previous=first).changes == ()


def test_the_organisation_that_they_had_before_is_no_setting_up() -> None:
    def book(slots: int) -> Roll:
        three = firm("A"), firm("B", place("东街", 2), slots), firm("C", place("东街", 3), 2)
        return with_members(dict(zip(three, (2, 1, 1), strict=True)), (branch("O", "A", "B", "C"),))

    first = plan_coverage(book(1), PARAMETERS, on=ON)
    assert [[s.uscc for s in b.seats] for b in first.branches] == [["A", "B"]]
    (change,) = plan_coverage(book(2), PARAMETERS, on=ON, previous=first).changes
    assert change.untouched is False


def test_a_change_that_covers_more_is_made_and_said() -> None:
    three = [firm("E1", place("东街", 1), 3), firm("E2", place("东街", 2), 1), firm("E3", place("东街", 3), 1)]
    first = plan_coverage(with_members(dict.fromkeys(three, 1)), PARAMETERS, on=ON)
    six = [*three, firm("E4", place("东街", 4), 1), firm("E5", place("东街", 5), 2), firm("E6", place("东街", 6), 2)]
    book = with_members(dict.fromkeys(six, 1))
    made = plan_coverage(book, replace(PARAMETERS, changed_share=1.0), on=ON, previous=first)
    assert made.proof.covered_members == 6
    (change,) = made.changes
    assert change.untouched
    assert {r.code for r in change.reasons} <= {"change.covers_more", "change.pays_by"}
    held = plan_coverage(book, PARAMETERS, on=ON, previous=first)
    assert (held.changes, held.proof.covered_members, held.proof.bound_covered) == ((), 3, 6)
    (note,) = [n for n in held.notes if n.code == "note.held"]
    assert (note.params["branches"], note.params["members"]) == (1, 3)
    assert score_plan(held, book, PARAMETERS, ON).violations == ()


def test_who_joined_stays_while_the_organisation_waits_for_a_secretary_and_nobody_new_comes() -> None:
    first = plan_coverage(_joining(secretary=True), PARAMETERS, on=ON)
    (branch_,) = first.branches
    assert (branch_.joins, [s.uscc for s in branch_.seats]) == ("O", ["A", "B"])
    later = _joining("C", secretary=False)
    second = plan_coverage(later, PARAMETERS, on=ON, previous=first)
    assert [(b.key, b.state, len(b.seats)) for b in second.branches] == [(branch_.key, BranchState.KEPT, 2)]
    outcomes = {d.uscc: d.outcome for d in second.decisions}
    assert outcomes == {"A": Outcome.REPAIR, "B": Outcome.JOIN, "C": Outcome.RECRUIT}
    assert second.changes == ()
    assert score_plan(second, later, PARAMETERS, ON).violations == ()
    assert plan_coverage(later, PARAMETERS, on=ON).branches == ()


def _joining(*more: str, secretary: bool) -> Roll:
    """A has an organisation of its own, B and the others one member each, all in one street."""
    firms = {firm("A", place("东街", 1)): 3} | {firm(u, place("东街", k)): 1 for k, u in enumerate(("B", *more), 2)}
    return with_members(firms, (branch("O", "A", has_secretary=secretary),))


def test_a_place_no_longer_understood_is_no_change_of_distance() -> None:
    first = plan_coverage(_street(1, 2, 3), PARAMETERS, on=ON)
    book = _street(1, 2, 3)
    lost = replace(book.enterprises[2], place=replace(book.enterprises[2].place, street_key=None, area=None))
    book = replace(book, enterprises=(*book.enterprises[:2], lost))
    (change,) = plan_coverage(book, PARAMETERS, on=ON, previous=first).changes
    assert (change.untouched, {r.code for r in change.reasons}) == (True, {"change.distance_unknown"})


def test_the_kept_slot_stays_when_an_earlier_one_becomes_free() -> None:
    def book(slots: int) -> Roll:
        return with_members({firm(f"E{k}", place("东街", k), slots): 1 for k in range(3)})

    first = plan_coverage(book(0b100), PARAMETERS, on=ON)
    assert first.branches[0].slot == 2
    second = plan_coverage(book(0b101), PARAMETERS, on=ON, previous=first)
    assert (second.branches[0].slot, second.branches[0].key) == (2, first.branches[0].key)


def test_officers_go_to_whom_is_nearest_to_an_organisation() -> None:
    book = roll(
        [firm("A", staff=900), firm("B"), firm("C"), firm("D", staff=1)],
        [*members("B", 1), *members("C", 0, 1)],
        (),
        (officer("L", most=3),),
    )
    made = plan(book)
    assert {d.uscc: d.officer for d in made.decisions} == {"A": "L", "B": "L", "C": "L", "D": None}
    assert made.waiting == ("D",)
    assert [(s.area, s.waiting, s.missing) for s in made.shortages] == [("999901001", 1, 1)]
    assert "officer.waits" in [r.code for r in made.decisions[3].reasons]


def test_the_stages_are_told_in_order() -> None:
    told: list[str] = []
    carry_out(
        _street(1, 2, 3), ON, Request(PARAMETERS, None, 0, NoLimit(), lambda s: told.append(s.stage), Serial(), greedy)
    )
    assert told == [f"stage.{s}" for s in ("count", "health", "pool", "joint", "liaison", "alternatives", "done")]
    assert all(Words("zh").has(stage) for stage in told)


def test_an_empty_roll() -> None:
    made = plan_coverage(roll([], []), PARAMETERS, on=ON)
    assert (made.decisions, made.branches, made.proof.covered_members, made.proof.gap) == ((), (), 0, 0.0)
