"""What makes a joint branch one in which something changed: its enterprises, and the organisations that cover them."""

from __future__ import annotations

from dataclasses import replace

import pytest
from rolls import ON, PARAMETERS, branch, firm, members, place, roll

from feigong.core.coverage.facts import OWN, count
from feigong.core.coverage.plan import plan_coverage
from feigong.core.coverage.stability import touched
from feigong.core.coverage.values import BranchState, CoveragePlan, Decision
from feigong.core.roll.values import FlagCode, Roll

FIRMS = [firm("A", place("东街", 1)), firm("B", place("东街", 2)), firm("C", place("西街", 90))]


def _book(of_a: int, of_c: int) -> Roll:
    """The branch of A holds so many memberships, that of C so many; B has one member and no organisation."""
    people = [*members("A", of_a, organisation="OA"), *members("C", of_c, organisation="OC"), *members("B", 1)]
    return roll(FIRMS, people, (branch("OA", "A"), branch("OC", "C")))


def _before(plan: CoveragePlan) -> dict[str, Decision]:
    return {d.uscc: d for d in plan.decisions}


def _moved(book: Roll, of: str, to: str | None) -> Roll:
    """One of an organisation's members belongs to another one; where they work stays as it is."""
    first = next(m for m in book.members if m.organisation == of)
    return replace(book, members=tuple(replace(m, organisation=to) if m is first else m for m in book.members))


def test_a_transfer_that_leaves_too_few_touches_whom_the_organisation_took_in() -> None:
    book = _book(3, 3)
    first = plan_coverage(book, PARAMETERS, on=ON)
    (planned,) = first.branches
    assert (planned.joins, [s.uscc for s in planned.seats]) == ("OA", ["A", "B"])
    assert touched(planned, _before(first), count(book, ON)) == []
    second = plan_coverage(_moved(book, "OA", "OC"), PARAMETERS, on=ON, previous=first)
    (change,) = second.changes
    assert change.untouched is False
    assert change.reasons[0].code == "change.organisation"
    assert change.reasons[0].params == {"enterprise": "A公司"}


def test_a_transfer_that_does_not_matter_is_seen_and_changes_nothing() -> None:
    book = _book(4, 3)
    first = plan_coverage(book, PARAMETERS, on=ON)
    later = _moved(book, "OC", "OA")
    (planned,) = first.branches
    assert [r.code for r in touched(planned, _before(first), count(later, ON))] == ["change.organisation"]
    second = plan_coverage(later, PARAMETERS, on=ON, previous=first)
    assert ([b.state for b in second.branches], second.changes) == ([BranchState.KEPT], ())


def test_organisations_that_cover_nobody_of_the_branch_do_not_matter() -> None:
    book = _book(3, 4)
    book = replace(book, organisations=(*book.organisations, branch("OX")))
    first = plan_coverage(book, PARAMETERS, on=ON)
    (planned,) = first.branches
    assert touched(planned, _before(first), count(_moved(book, "OC", "OX"), ON)) == []


@pytest.mark.parametrize("change", [{"has_secretary": False}, {"covers": ("A", "C")}], ids=["secretary", "covers"])
def test_an_organisation_without_its_secretary_or_with_others_is_another_one(change: dict[str, object]) -> None:
    book = _book(3, 3)
    first = plan_coverage(book, PARAMETERS, on=ON)
    other = tuple(replace(o, **change) if o.key == "OA" else o for o in book.organisations)  # type: ignore[arg-type]
    (planned,) = first.branches
    why = touched(planned, _before(first), count(replace(book, organisations=other), ON))
    assert [r.code for r in why] == ["change.organisation"]


def test_whether_the_others_it_covers_can_meet_is_of_the_organisation() -> None:
    """One that could not meet can, since a third enterprise has other free times or is out of business."""
    firms = [*FIRMS[:2], firm("D", place("东街", 3), 2)]
    people = [*members("A", 2, organisation="OA"), *members("D", 1, organisation="OA"), *members("B", 1)]
    facts = [
        count(roll([*FIRMS[:2], third], people, (branch("OA", "A", "D"),)), ON)
        for third in (firms[2], firm("D", place("东街", 3), 1), firm("D", place("东街", 3), 2, FlagCode.DORMANT))
    ]
    assert len({f.fingerprints["A"] for f in facts}) == 3
    assert len({f.fingerprints["A"][:OWN] for f in facts}) == 1
    assert len({f.fingerprints["B"] for f in facts}) == 1


def test_where_its_members_work_is_of_the_organisation() -> None:
    """Who works elsewhere by now does not send the enterprise that was left to its meetings."""
    people = [*members("A", 2, organisation="OA"), *members("D", 1, organisation="OA")]
    firms = [*FIRMS, firm("D", place("东街", 3), 2)]
    book = roll(firms, people, (branch("OA", "A", "D"),))
    left = replace(people[-1], employer="C")
    before, after = count(book, ON), count(replace(book, members=(*people[:-1], left)), ON)
    assert before.fingerprints["A"][:OWN] == after.fingerprints["A"][:OWN]
    assert before.fingerprints["A"] != after.fingerprints["A"]
    colleague = count(replace(book, members=(*people[:-1], left, *members("D", 1))), ON)
    assert colleague.fingerprints["A"] not in (before.fingerprints["A"], after.fingerprints["A"])


def test_where_no_membership_is_known_the_employees_of_all_it_covers_count() -> None:
    firms = [*FIRMS[:2], firm("D", place("东街", 3), 2)]
    people = [*members("A", 2), *members("D", 1), *members("B", 1)]
    book = roll(firms, people, (branch("OA", "A", "D"),))
    facts = count(book, ON)
    fewer = count(replace(book, members=tuple(m for m in book.members if m.employer != "D")), ON)
    changed = {u for u in facts.fingerprints if facts.fingerprints[u] != fewer.fingerprints[u]}
    own = {u for u in facts.fingerprints if facts.fingerprints[u][:OWN] != fewer.fingerprints[u][:OWN]}
    assert (changed, own) == ({"A", "D"}, {"D"})


def test_a_plan_written_before_organisations_counted_says_nothing_of_them() -> None:
    book = _book(4, 3)
    first = plan_coverage(book, PARAMETERS, on=ON)
    older = {u: replace(d, fingerprint=d.fingerprint[:OWN]) for u, d in _before(first).items()}
    (planned,) = first.branches
    assert touched(planned, older, count(_moved(book, "OA", "OC"), ON)) == []
