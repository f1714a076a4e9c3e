"""Changes by hand: held exactly, refused with what they break, bounds honest against everything tried."""

from __future__ import annotations

from dataclasses import replace

import pytest
from brute_wishes import best_with
from hypothesis import given, settings
from hypothesis import strategies as st
from rolls import ON, PARAMETERS, branch, firm, members, place, roll, small_rolls, with_members

from feigong.core.coverage.checking import best_host, check_wish, concerned, effects_of_wish, meeting_place
from feigong.core.coverage.plan import plan_coverage
from feigong.core.coverage.score import score_plan
from feigong.core.coverage.values import BranchState, CoveragePlan, Outcome
from feigong.core.coverage.wishes import Forbid, Host, Move, Pin, Slot, Wish, holds, in_force, members_of, settle
from feigong.core.errors import FeigongError
from feigong.core.reasons import Reason
from feigong.core.roll.values import Industry, Roll
from feigong.wording import LANGUAGES, Words


def street(*members: int, slots: int = 3, step: int = 10) -> Roll:
    """Enterprises A, B, C … along one street, so many house numbers apart."""
    return with_members({firm(chr(65 + k), place("东街", 1 + step * k), slots): n for k, n in enumerate(members)})


def sets(plan: CoveragePlan) -> set[frozenset[str]]:
    return {frozenset(members_of(b)) for b in plan.branches}


def check(wish: Wish, book: Roll, plan: CoveragePlan | None, *earlier: Wish) -> tuple[Reason, ...]:
    return check_wish(wish, book, PARAMETERS, on=ON, previous=plan, wishes=earlier)


def codes(wish: Wish, book: Roll, plan: CoveragePlan | None = None, *earlier: Wish) -> list[str]:
    return [r.code for r in check(wish, book, plan, *earlier)]


def again(book: Roll, plan: CoveragePlan, *wishes: Wish) -> CoveragePlan:
    made = plan_coverage(book, PARAMETERS, on=ON, previous=plan, wishes=wishes, hold_rest=True)
    assert score_plan(made, book, PARAMETERS, ON).violations == ()
    return made


@st.composite
def crowded(draw: st.DrawFn) -> Roll:
    """Few enterprises that mostly can meet, and an organisation or two that may take some in."""
    count = draw(st.integers(3, 8))
    firms, people = [], []
    for k in range(count):
        where = place(draw(st.sampled_from(["东街", "东街", "西街"])), draw(st.sampled_from([1, 30, 90, 300])))
        free = draw(st.sampled_from([7, 7, 7, 3, 6, 5, 1, None]))
        firms.append(firm(f"E{k}", where, free, industry=draw(st.sampled_from([None, Industry("51", 0.9)]))))
        people += members(f"E{k}", draw(st.sampled_from([1, 1, 1, 2, 2, 0, 3])))
    some = st.lists(st.sampled_from([e.uscc for e in firms]), min_size=1, max_size=2, unique=True)
    sure = st.sampled_from([True, True, False])
    bodies = [branch(f"O{k}", *draw(some), has_secretary=draw(sure)) for k in range(draw(st.integers(0, 2)))]
    return roll(firms, people, tuple(bodies))


any_roll = st.one_of(crowded(), crowded(), small_rolls())


@st.composite
def wishes(draw: st.DrawFn, book: Roll, plan: CoveragePlan | None) -> Wish:
    """Any wish, sensible or not, about what there is."""
    usccs = st.sampled_from([e.uscc for e in book.enterprises])
    some = st.lists(usccs, min_size=1, max_size=5, unique=True).map(tuple)
    keys = st.sampled_from([b.key for b in plan.branches] if plan is not None and plan.branches else ["LH-NONE"])
    organisation = st.sampled_from(["", "", "", *(o.key for o in book.organisations)])
    slot = st.sampled_from([None, 0, 1, 2])
    kind = draw(st.sampled_from([0, 0, 0, 2, 3, 4, 5]))
    if kind == 0:
        group = draw(some)
        if draw(st.booleans()) and plan is not None and plan.branches:  # one that is there, or nearly
            found = draw(st.sampled_from(plan.branches))
            group = tuple(sorted(members_of(found)))[: draw(st.integers(1, 5))]
            return Pin(group, found.host, draw(slot), 1, found.joins or "")
        return Pin(group, draw(st.sampled_from([group[0], draw(usccs)])), draw(slot), 1, draw(organisation))
    if kind == 2:
        return Move(draw(usccs), draw(st.one_of(st.just(""), keys)))
    if kind == 3:
        return Host(draw(keys), draw(usccs))
    if kind == 4:
        return Slot(draw(keys), draw(st.sampled_from([0, 1, 2, 30, 99])), draw(st.sampled_from([1, 2, 3])))
    return Forbid(draw(some), draw(organisation))


@settings(max_examples=120, deadline=None)
@given(st.data(), any_roll)
def test_what_the_check_allows_is_held_and_what_it_refuses_is_impossible(data: st.DataObject, book: Roll) -> None:
    plan = plan_coverage(book, PARAMETERS, on=ON) if data.draw(st.booleans()) else None
    earlier: tuple[Wish, ...] = ()
    for _ in range(data.draw(st.integers(1, 3))):
        wish = data.draw(wishes(book, plan))
        broken = check(wish, book, plan, *earlier)
        assert all(Words(lang).say(r) for lang in LANGUAGES for r in broken)
        if broken:
            continue
        earlier = in_force((*earlier, wish), plan)
        assert earlier[-1] == wish
        effects = effects_of_wish(wish, book, PARAMETERS, on=ON, previous=plan, wishes=earlier[:-1])
        assert all(Words(lang).say(r) for lang in LANGUAGES for r in effects)
    made = plan_coverage(book, PARAMETERS, on=ON, previous=plan, wishes=earlier, hold_rest=data.draw(st.booleans()))
    assert score_plan(made, book, PARAMETERS, ON).violations == ()
    draft = settle(earlier, plan)
    there = {(b.key, b.host, b.joins, frozenset(members_of(b))) for b in made.branches}
    assert {(b.key, b.host, b.joins, frozenset(members_of(b))) for b in draft.branches if b.key in draft.held} <= there
    for branch_ in made.branches:
        assert not draft.alone & members_of(branch_)
        assert not any(s <= members_of(branch_) and o in ("", branch_.joins) for s, o in draft.apart)
        if branch_.key in draft.timed:
            wished = draft.branch(branch_.key)
            assert wished is not None
            assert (branch_.slot, branch_.cycle_weeks) == (wished.slot, wished.cycle_weeks)
    assert all(holds(w, settle(earlier, made)) for w in in_force(earlier, made))


@settings(max_examples=150, deadline=None)
@given(st.data(), any_roll)
def test_bounds_hold_for_every_plan_that_keeps_the_wishes(data: st.DataObject, book: Roll) -> None:
    wanted: tuple[Wish, ...] = ()
    free = plan_coverage(book, PARAMETERS, on=ON)
    for _ in range(data.draw(st.integers(1, 3))):
        wish = data.draw(wishes(book, free))
        if not check(wish, book, None, *wanted):
            wanted = in_force((*wanted, wish), None)
    made = plan_coverage(book, PARAMETERS, on=ON, wishes=wanted)
    best = best_with(book, wanted)
    proof = made.proof
    assert proof.covered_members <= best.covered <= proof.bound_covered
    assert proof.bound_cost_m <= best.cost_of_covering(proof.covered_members) + 1e-6
    if proof.optimal:
        assert proof.covered_members == best.covered
        assert proof.cost_m == pytest.approx(best.cost)


@settings(max_examples=60, deadline=None)
@given(st.data(), any_roll)
def test_a_refused_wish_cannot_be_planned(data: st.DataObject, book: Roll) -> None:
    plan = plan_coverage(book, PARAMETERS, on=ON)
    wish = data.draw(wishes(book, plan))
    if not check(wish, book, plan):
        return
    draft = settle((wish,), plan)
    if not holds(wish, draft) or isinstance(wish, Forbid):
        return  # about what is not there: it changes nothing
    if isinstance(wish, Move) and not wish.to:
        return
    with pytest.raises(FeigongError, match="wish_impossible"):
        plan_coverage(book, PARAMETERS, on=ON, previous=plan, wishes=(wish,))


@settings(max_examples=60, deadline=None)
@given(st.data(), any_roll)
def test_a_part_of_the_roll_says_the_same(data: st.DataObject, book: Roll) -> None:
    plan = plan_coverage(book, PARAMETERS, on=ON)
    wish = data.draw(wishes(book, plan))
    usccs, organisations = concerned(wish, plan)
    near = {o.key for o in book.organisations if o.key in organisations or usccs & set(o.covers)}
    keep = set(usccs).union(*(o.covers for o in book.organisations if o.key in near))
    near |= {o.key for o in book.organisations if keep & set(o.covers)}
    keep = keep.union(*(o.covers for o in book.organisations if o.key in near))
    part = replace(
        book,
        enterprises=tuple(e for e in book.enterprises if e.uscc in keep),
        organisations=tuple(o for o in book.organisations if o.key in near),
        members=tuple(m for m in book.members if m.employer in keep or m.organisation in near),
    )
    assert check(wish, part, plan) == check(wish, book, plan)


def test_a_pinned_branch_stands_though_another_would_be_better() -> None:
    book = street(1, 1, 1, 1, 1, 1, step=30)
    free = plan_coverage(book, PARAMETERS, on=ON)
    assert sets(free) == {frozenset("ABC"), frozenset("DEF")}
    made = plan_coverage(book, PARAMETERS, on=ON, wishes=(Pin(("A", "E", "F"), "E", 1),))
    assert sets(made) == {frozenset("AEF"), frozenset("BCD")}
    pinned = next(b for b in made.branches if "A" in members_of(b))
    assert (pinned.host, pinned.slot) == ("E", 1)
    assert made.proof.covered_members == made.proof.bound_covered == 6
    assert made.proof.cost_m > free.proof.cost_m
    assert made.proof.optimal


def test_who_is_moved_goes_and_the_others_stay() -> None:
    book = street(1, 1, 1, 1, 1, 1, 1, step=30)
    free = plan_coverage(book, PARAMETERS, on=ON)
    place_of = {u: b.key for b in free.branches for u in members_of(b)}
    assert place_of["D"] != place_of["A"]
    made = again(book, free, Move("D", place_of["A"]))
    assert sets(made) == {frozenset("ABCD"), frozenset("EFG")}
    assert {b.key for b in made.branches} == {b.key for b in free.branches}
    assert {c.branch for c in made.changes} == {b.key for b in free.branches}
    assert {r.code for c in made.changes for r in c.reasons} == {"change.by_hand"}
    assert {b.state for b in made.branches} == {BranchState.CHANGED}


def test_host_and_slot_can_be_chosen() -> None:
    book = street(1, 1, 1)
    free = plan_coverage(book, PARAMETERS, on=ON)
    (found,) = free.branches
    assert (found.host, found.slot) == ("B", 0)
    made = again(book, free, Host(found.key, "C"), Slot(found.key, 1))
    (moved,) = made.branches
    assert (moved.key, moved.host, moved.slot, moved.cycle_weeks) == (found.key, "C", 1, 1)


def test_two_that_are_apart_are_so_under_any_host() -> None:
    book = street(1, 1, 1)
    assert sets(plan_coverage(book, PARAMETERS, on=ON)) == {frozenset("ABC")}
    made = plan_coverage(book, PARAMETERS, on=ON, wishes=(Forbid(("A", "C")),))
    assert made.branches == ()
    assert (made.proof.covered_members, made.proof.bound_covered) == (0, 3)
    five = plan_coverage(street(2, 1, 1, 2), PARAMETERS, on=ON, wishes=(Forbid(("A", "B")), Forbid(("C", "D"))))
    assert five.proof.covered_members == 6
    assert sets(five) in (
        {frozenset("AC"), frozenset("BD")},
        {frozenset("AD"), frozenset("BC")},
    )


def test_who_is_alone_is_in_no_branch_and_says_why() -> None:
    book = street(1, 1, 1, 1)
    made = plan_coverage(book, PARAMETERS, on=ON, wishes=(Forbid(("B",)),))
    decision = next(d for d in made.decisions if d.uscc == "B")
    assert decision.outcome is Outcome.RECRUIT
    assert "pool.by_hand" in [r.code for r in decision.reasons]
    assert sets(made) == {frozenset("ACD")}


def test_a_forbidden_branch_is_neither_kept_nor_made_larger() -> None:
    book = street(1, 1, 1, 1, 1, 1)
    free = plan_coverage(book, PARAMETERS, on=ON)
    first = sorted(members_of(free.branches[0]))
    made = again(book, free, Forbid(tuple(first)))
    assert made.proof.covered_members == 6
    assert all(not set(first) <= members_of(b) for b in made.branches)


def test_an_organisation_need_not_take_everyone() -> None:
    book = with_members({firm("A"): 1, firm("B", place("东街", 11)): 3}, (branch("O", "B"),))
    assert [b.joins for b in plan_coverage(book, PARAMETERS, on=ON).branches] == ["O"]
    assert plan_coverage(book, PARAMETERS, on=ON, wishes=(Forbid(("A",), "O"),)).branches == ()


@pytest.mark.parametrize(
    ("wish", "code"),
    [
        (Pin(("A", "B"), "A"), "wish.below_least"),
        (Pin(("A",), "A"), "wish.too_few_enterprises"),
        (Pin(("A", "B", "C"), "D"), "wish.host_not_in_branch"),
        (Pin(("A", "B", "C", "D", "E", "F"), "A"), "wish.too_many"),
        (Pin(("A", "B", "F"), "A"), "wish.too_far"),
        (Pin(("A", "B", "G"), "A"), "wish.no_common_slot"),
        (Pin(("A", "B", "C"), "A", 5), "wish.slot_not_free"),
        (Pin(("A", "B", "C"), "A", 99), "wish.slot_unknown"),
        (Pin(("A", "B", "H"), "A"), "wish.slots_unknown"),
        (Pin(("A", "B", "I"), "A"), "wish.enough_for_own"),
        (Pin(("A", "B", "J"), "A"), "wish.in_repair"),
        (Pin(("A", "B", "M"), "A"), "wish.no_members"),
        (Pin(("A", "B", "K"), "A"), "wish.distance_unknown"),
        (Pin(("A", "B", "Z"), "A"), "wish.not_on_roll"),
        (Pin(("A", "B"), "I", joins="X"), "wish.no_such_organisation"),
        (Pin(("A", "B"), "A", joins="O"), "wish.meets_at_organisation"),
        (Pin(("A", "B"), "C", joins="O"), "wish.meets_at_organisation"),
        (Pin(("A", "B"), "C", joins="P"), "wish.organisation_cannot"),
        (Pin(("A", "B", "C", "D", "E"), "L", joins="O"), "wish.organisation_full"),
        (Pin(("A", "L"), "A"), "wish.has_organisation"),
        (Move("A", "LH-X"), "wish.no_such_branch"),
    ],
)
def test_what_is_broken_is_said(wish: Wish, code: str) -> None:
    firms = {firm(u, place("东街", 1 + k), 3): 1 for k, u in enumerate("ABCDE")}
    firms |= {
        firm("F", place("东街", 900), 3): 1, firm("G", place("东街", 8), 4): 1, firm("H", place("东街", 8), None): 1,
        firm("I", place("东街", 9), 3): 3, firm("J", place("东街", 9), 3): 0, firm("K", place(None, None, None), 3): 1,
        firm("L", place("东街", 7), 3): 3, firm("M", place("东街", 7), 3): 0,
    }  # fmt: skip
    book = with_members(firms, (branch("O", "L"), branch("P", "J")))
    assert code in codes(wish, book)


def test_where_an_organisation_takes_others_in() -> None:
    firms = {firm("A"): 1, firm("L", place("东街", 7), 3): 3, firm("J", place("东街", 9), 3): 0}
    book = with_members(firms, (branch("O", "L"), branch("P", "J")))
    assert [meeting_place(o, book, PARAMETERS, ON) for o in ("O", "P", "X")] == ["L", "", ""]
    assert codes(Pin(("A",), "L", joins="O"), book) == []


def test_by_how_much_is_said() -> None:
    book = street(1, 1, 1, step=301)
    (near, far) = check(Pin(("A", "B", "C"), "A"), book, None)
    assert (near.code, far.code) == ("wish.too_far", "wish.too_far")
    assert (near.params["excess"], far.params["excess"]) == pytest.approx((10, 6020 - 3000))
    (few,) = check(Pin(("A", "B"), "A"), street(1, 1, 1), None)
    assert (few.params["members"], few.params["missing"]) == (2, 1)
    assert best_host(["A", "B", "C"], street(1, 1, 1), PARAMETERS, ON) == "B"


def test_what_is_left_of_others_is_said() -> None:
    book = street(1, 1, 1, 1, 1, 1, 1, step=30)
    free = plan_coverage(book, PARAMETERS, on=ON)
    sizes = {len(members_of(b)): b for b in free.branches}
    four, three = sizes[4], sizes[3]
    guest = next(s.uscc for s in four.seats[1:])

    def effects(wish: Wish) -> list[str]:
        return [r.code for r in effects_of_wish(wish, book, PARAMETERS, on=ON, previous=free)]

    assert effects(Move(guest, three.key)) == ["wish.rest_stands"]
    assert effects(Move(three.seats[1].uscc, four.key)) == ["wish.rest_below_least"]
    assert effects(Move(three.host, four.key)) == ["wish.breaks_up"]


def test_the_later_wish_holds() -> None:
    book = street(1, 1, 1, 1, 1, 1)
    free = plan_coverage(book, PARAMETERS, on=ON)
    a, b = (x.key for x in free.branches)
    u = free.branches[0].seats[1].uscc
    assert in_force((Move(u, b), Move(u, "")), free) == (Move(u, ""),)
    assert in_force((Move(u, ""), Move(u, b), Move(u, b)), free) == (Move(u, b),)
    assert in_force((Move(u, "LH-NOT-THERE"), Slot(a, 1)), free) == (Slot(a, 1),)
    pin = Pin(tuple(sorted(members_of(free.branches[0]))), free.branches[0].host)
    assert in_force((pin, Forbid(pin.usccs)), free) == (Forbid(pin.usccs),)
    assert in_force((Forbid(pin.usccs), pin), free) == (pin,)
