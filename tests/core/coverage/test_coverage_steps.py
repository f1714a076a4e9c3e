"""Survival, counting, eligibility, health of organisations, the ladder."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from math import comb

import pytest
from rolls import ON, PARAMETERS, branch, firm, members, place, roll, with_members

from feigong.core.coverage.eligibility import branch_parent, sort_out
from feigong.core.coverage.facts import Facts, count, is_operating
from feigong.core.coverage.health import examine
from feigong.core.coverage.ladder import Rungs, climb
from feigong.core.coverage.near import Measure
from feigong.core.coverage.survival import survival
from feigong.core.coverage.values import Outcome
from feigong.core.reasons import Reason, reason
from feigong.core.roll.values import Flag, FlagCode, Industry, Roll


def codes(reasons: tuple[Reason, ...]) -> list[str]:
    return [r.code for r in reasons]


def look(book: Roll) -> tuple[Facts, Measure]:
    facts = count(book, ON)
    return facts, Measure(PARAMETERS, facts.kinds)


def rungs(book: Roll) -> Rungs:
    facts, measure = look(book)
    return climb(facts, sort_out(facts), {k: examine(k, facts, measure) for k in facts.organisations}, measure)


@pytest.mark.parametrize("members_now", [3, 4, 5, 7, 12])
def test_survival_is_the_binomial_tail(members_now: int) -> None:
    tail = sum(comb(members_now, k) * 0.85**k * 0.15 ** (members_now - k) for k in range(3, members_now + 1))
    assert survival(members_now, 0.15, 3) == pytest.approx(tail, abs=1e-12)


def test_survival_at_the_edges() -> None:
    assert survival(2, 0.15, 3) == 0.0
    assert survival(3, 0.0, 3) == 1.0
    assert survival(3, 1.0, 3) == 0.0
    assert survival(5000, 0.15, 3) == pytest.approx(1.0)


def test_members_are_counted_where_they_work_and_where_membership_is_held() -> None:
    people = [*members("A", 2, 1, "O"), *members("B", 1, 0, "O"), *members(None, 1, 0, "O")]
    facts, _ = look(roll([firm("A"), firm("B")], people, (branch("O", "A"), branch("P", "B"))))
    assert (facts.full, facts.probationary) == ({"A": 2, "B": 1}, {"A": 1})
    assert facts.organisation_members("O") == 4
    assert facts.organisation_members("P") == 1  # nobody is linked to it: its enterprises' employees


def test_a_member_who_joined_later_does_not_count_yet() -> None:
    person = replace(members("A", 1)[0], joined_on=date(2026, 11, 1))
    facts, _ = look(roll([firm("A")], [person]))
    assert (facts.full, facts.joined_later) == ({}, 1)


def test_the_fingerprint_changes_with_members_place_and_free_time_only() -> None:
    def print_of(book: Roll) -> str:
        return count(book, ON).fingerprints["A"]

    people = members("A", 2)
    base = print_of(roll([firm("A")], people))
    assert print_of(roll([firm("A", staff=99, scope="x")], people[::-1])) == base
    assert print_of(roll([firm("A")], people[:1])) != base
    assert print_of(roll([firm("A")], [people[0], replace(people[1], full=False)])) != base
    assert print_of(roll([firm("A", place("东街", 2))], people)) != base
    assert print_of(roll([firm("A", None, 2)], people)) != base
    understood_better = replace(place("东街", 1), village_key="河西村")
    assert print_of(roll([firm("A", understood_better)], people)) == base


def test_dormant_and_closed_are_left_out_and_doubtful_ones_undecided() -> None:
    firms = {
        firm("A", None, 1, FlagCode.DORMANT): 0, firm("B", None, 1, FlagCode.CLOSED, FlagCode.DORMANT): 2,
        firm("C", None, 1, FlagCode.STATE_OWNED): 1, firm("D", None, 1, FlagCode.BRANCH_OFFICE, parent="E"): 0,
        firm("E", None, 1, FlagCode.CODE_INVALID): 0,
    }  # fmt: skip
    found = sort_out(look(with_members(firms))[0])
    assert {x.uscc: x.reason.code for x in found.left_out} == {"A": "left.dormant", "B": "left.closed_with_members"}
    assert found.planned == ("C", "D", "E")
    assert codes(found.undecided["C"])[0] == "undecided.state_owned"
    assert "undecided.has_members" in codes(found.undecided["C"])
    assert found.undecided["D"][0].params["parent"] == "E公司"
    assert "E" not in found.undecided


def test_operating_needs_premises_staff_and_business() -> None:
    assert is_operating(firm("A", staff=10), PARAMETERS)
    assert not is_operating(firm("A", staff=9), PARAMETERS)
    assert not is_operating(firm("A", staff=None), PARAMETERS)
    assert not is_operating(firm("A", place(None, None, None)), PARAMETERS)
    assert not is_operating(firm("A", None, 1, FlagCode.DORMANT), PARAMETERS)


def test_health_counts_only_what_is_known_to_be_wrong() -> None:
    firms = {firm("A", slots=1): 2, firm("B", slots=None): 1, firm("C", place(None, None, None)): 1}
    facts, measure = look(with_members(firms, (branch("O", "A", "B", "C", has_secretary=None),)))
    health = examine("O", facts, measure)
    assert health.healthy
    assert codes(health.notes) == ["check.secretary", "check.slots", "check.distance"]


def test_what_makes_an_organisation_need_repair() -> None:
    far = place("北街", 1, "999901003", building_key=None)
    firms = {
        firm("A", slots=1): 2,
        firm("B", slots=2): 1,
        firm("C", place("东街", 900)): 1,
        firm("D", far): 3,
        firm("E", far): 1,
    }
    book = with_members(
        firms,
        (
            branch("two", "A"),
            branch("times", "A", "B"),
            branch("miles", "A", "C"),
            branch("head", "D", has_secretary=False),
        ),
    )
    facts, measure = look(book)
    found = {k: examine(k, facts, measure) for k in facts.organisations}
    assert codes(found["two"].causes) == ["repair.below_least"]
    assert found["two"].causes[0].params["missing"] == 1
    assert codes(found["times"].causes) == ["repair.no_common_slot"]
    assert codes(found["miles"].causes) == ["repair.too_far"]
    assert found["miles"].causes[0].params["metres"] == 8990
    assert codes(found["head"].causes) == ["repair.no_secretary"]
    assert [found[k].failing for k in ("two", "times", "miles", "head")] == [True, True, True, False]


def test_a_joint_branch_of_one_trade_may_be_farther_apart() -> None:
    firms = {firm("A", place("东街", 1), industry=None): 2, firm("C", place("东街", 700)): 1}
    book = with_members(firms, (branch("O", "A", "C"),))
    facts, measure = look(book)
    assert not examine("O", facts, measure).healthy
    trade = [replace(e, industry=Industry("51", 1.0, True)) for e in book.enterprises]
    facts, measure = look(replace(book, enterprises=tuple(trade)))
    assert examine("O", facts, measure).healthy


def test_the_ladder_without_organisation() -> None:
    found = rungs(
        roll([firm("A"), firm("B"), firm("C"), firm("D")], [*members("A", 3), *members("B", 2), *members("C", 0, 1)])
    )
    assert {u: v.outcome for u, v in found.verdicts.items()} == {
        "A": Outcome.OWN, "B": None, "C": Outcome.LIAISON, "D": Outcome.LIAISON,
    }  # fmt: skip
    assert found.verdicts["B"].missing == 1
    assert codes(found.verdicts["C"].reasons) == ["liaison.probationary"]
    assert codes(found.verdicts["D"].reasons) == ["liaison.no_members"]


def test_the_ladder_with_an_organisation_below_three() -> None:
    firms = {firm("A"): 2, firm("B"): 3, firm("C"): 1, firm("D"): 0}
    people = [m for e, n in firms.items() for m in members(e.uscc, n, 0, "two" if e.uscc == "A" else None)]
    elsewhere = [
        replace(m, organisation="held" if k == 2 else "else")
        for k, m in enumerate(m for m in people if m.employer == "B")
    ]
    people = [m for m in people if m.employer != "B"] + elsewhere
    organisations = (branch("two", "A"), branch("held", "B"), branch("joint", "C", "D"))
    found = rungs(roll(list(firms), people, organisations)).verdicts
    assert (found["A"].outcome, found["A"].repair, found["A"].missing) == (None, True, 1)
    assert found["B"].outcome is Outcome.REPAIR
    assert codes(found["B"].reasons)[-1] == "repair.transfer_in"
    assert (found["C"].outcome, found["C"].repair) == (None, True)
    assert found["D"].outcome is Outcome.LIAISON
    assert "repair.below_least" in codes(found["D"].reasons)


def test_only_the_secretary_is_missing() -> None:
    found = rungs(with_members({firm("A"): 2, firm("B"): 2}, (branch("O", "A", "B", has_secretary=False),))).verdicts
    assert {v.outcome for v in found.values()} == {Outcome.REPAIR}
    assert not any(v.repair for v in found.values())


@pytest.mark.parametrize(
    ("counts", "own"),
    [
        ((3, 1, 1), []),
        ((3, 2, 1), ["A"]),
        ((4, 3, 1), ["A"]),
        ((3, 3, 3), ["A", "B", "C"]),
        ((5, 2, 0), []),
        ((5, 3, 3, 1), ["A", "B"]),
    ],
)
def test_who_leaves_a_healthy_joint_branch(counts: tuple[int, ...], own: list[str]) -> None:
    firms = {firm(name): n for name, n in zip("ABCD", counts, strict=False)}
    found = rungs(with_members(firms, (branch("O", *(e.uscc for e in firms)),)))
    assert sorted(u for u, v in found.verdicts.items() if v.outcome is Outcome.OWN) == own
    rest = [u for u in sorted(found.verdicts) if u not in own]
    assert all(found.verdicts[u].outcome is Outcome.KEEP for u in rest)
    if rest:
        assert found.standing["O"].covers == tuple(rest)
        assert found.standing["O"].members == sum(n for e, n in firms.items() if e.uscc in rest)
    else:
        assert "O" not in found.standing


def test_covered_by_several_the_healthiest_counts() -> None:
    found = rungs(
        with_members({firm("A"): 3}, (branch("bad", "A", has_secretary=False), branch("good", "A")))
    ).verdicts["A"]
    assert (found.outcome, found.organisation) == (Outcome.KEEP, "good")
    assert codes(found.reasons)[-1] == "check.several_organisations"


def test_who_is_left_out_says_by_what_sign() -> None:
    def flag(code: FlagCode, sign: str, **params: str) -> tuple[Flag, ...]:
        return (Flag(code, reason(sign, **params)),)

    firms = [
        firm("A", flags=flag(FlagCode.DORMANT, "merge.flag_dormant_not_insured")),
        firm("B", flags=flag(FlagCode.DORMANT, "merge.flag_dormant_says", word="歇业")),
        firm("C", flags=flag(FlagCode.CLOSED, "merge.flag_closed", word="吊销")),
        firm("D", flags=flag(FlagCode.DORMANT, "merge.flag_dormant_zero")),
    ]
    left = {x.uscc: x.reason for x in sort_out(look(roll(firms, []))[0]).left_out}
    assert left == {
        "A": reason("left.dormant_not_insured"), "B": reason("left.dormant_says", word="歇业"),
        "C": reason("left.closed_says", word="吊销"), "D": reason("left.dormant_zero"),
    }  # fmt: skip


@pytest.mark.parametrize(
    ("name", "company"),
    [
        ("甲城商业银行股份有限公司东宫支行", "甲城商业银行股份有限公司"),
        ("乙州食品有限公司甲城分公司永丰店", "乙州食品有限公司"),
        ("甲城第二运输公司六队", "甲城第二运输公司"),
        ("甲城东宫营业部", ""),
        ("甲城食品有限公司", ""),
    ],
)
def test_the_company_of_a_branch_office_by_its_name(name: str, company: str) -> None:
    assert branch_parent(name) == company
