"""Two plans beside one another: what changes for whom, and what the second costs or saves."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from feigong.core.coverage.values import CoveragePlan, Decision, JointBranch, Outcome
from feigong.core.coverage.wishes import members_of, same
from feigong.core.reasons import Reason, reason

LEAST_M = 1.0  # below, a difference of travel is none


class Difference(StrEnum):
    """What can be otherwise for an enterprise, what weighs most first."""

    PLANNED = "planned"  # it is in one of the plans only
    OUTCOME = "outcome"
    BRANCH = "branch"  # meets with other enterprises
    PLACE = "place"  # with the same ones elsewhere
    TIME = "time"
    OFFICER = "officer"


@dataclass(frozen=True, slots=True)
class Side:
    """What one plan says of an enterprise."""

    outcome: Outcome
    full_members: int
    branch: str | None = None
    partners: tuple[str, ...] = ()  # the others of its joint branch, by uscc
    organisation: str | None = None
    host: str | None = None
    slot: int | None = None
    cycle_weeks: int = 1
    travel_m: float | None = None
    officer: str | None = None

    @property
    def placed(self) -> bool:
        return self.branch is not None


@dataclass(frozen=True, slots=True)
class EnterpriseChange:
    """An enterprise for which the plans differ; a side is None where the plan does not have it."""

    uscc: str
    before: Side | None
    after: Side | None
    differences: tuple[Difference, ...]


@dataclass(frozen=True, slots=True)
class Totals:
    """A plan in figures. Travel and members are of joint branches that need no checking, as in its proof."""

    enterprises: int
    branches: int
    placed: int
    covered_members: int
    pool_members: int
    travel_m: float
    farthest_m: float
    waiting: int
    outcomes: tuple[tuple[Outcome, int], ...]


@dataclass(frozen=True, slots=True)
class BranchBalance:
    """What became of the joint branches of the first plan, and how many are new in the second."""

    kept: int
    changed: int
    gone: int
    new: int


@dataclass(frozen=True, slots=True)
class Comparison:
    before: Totals
    after: Totals
    branches: BranchBalance
    changes: tuple[EnterpriseChange, ...]  # sorted by uscc
    parameters: tuple[tuple[str, str, str], ...]  # id, value before, value after; "" where a plan does not have it
    cost: tuple[Reason, ...]  # what the second plan costs or saves against the first, what weighs most first


def compare(before: CoveragePlan, after: CoveragePlan) -> Comparison:
    """Put two plans beside one another.

    Parameters
    ----------
    before, after
        Any two plans; usually the second was made from the first by a wish or another parameter.

    Returns
    -------
    Comparison
        ``compare(p, p)`` has no changes, and swapping the plans swaps the sides.
    """
    first, second = totals(before), totals(after)
    balance = _balance(before, after)
    return Comparison(
        before=first,
        after=second,
        branches=balance,
        changes=tuple(_changes(before, after)),
        parameters=tuple(_parameters(before, after)),
        cost=tuple(_cost(first, second, balance)),
    )


def totals(plan: CoveragePlan) -> Totals:
    """The figures of a plan."""
    sure = [b for b in plan.branches if b.verified]
    return Totals(
        enterprises=len(plan.decisions),
        branches=len(plan.branches),
        placed=sum(d.branch is not None for d in plan.decisions),
        covered_members=plan.proof.covered_members,
        pool_members=plan.proof.pool_members,
        travel_m=plan.proof.travel_m,
        farthest_m=max((s.travel_m for b in sure for s in b.seats), default=0.0),
        waiting=len(plan.waiting),
        outcomes=tuple(sorted(Counter(d.outcome for d in plan.decisions).items())),
    )


def _changes(before: CoveragePlan, after: CoveragePlan) -> Iterator[EnterpriseChange]:
    first, second = _sides(before), _sides(after)
    for uscc in sorted(first.keys() | second.keys()):
        a, b = first.get(uscc), second.get(uscc)
        found = tuple(_differences(a, b))
        if found:
            yield EnterpriseChange(uscc, a, b, found)


def _sides(plan: CoveragePlan) -> dict[str, Side]:
    branches = {b.key: b for b in plan.branches}
    return {d.uscc: _side(d, branches) for d in plan.decisions}


def _side(decision: Decision, branches: dict[str, JointBranch]) -> Side:
    branch = branches.get(decision.branch) if decision.branch is not None else None
    if branch is None:
        return Side(
            decision.outcome, decision.full_members, organisation=decision.organisation, officer=decision.officer
        )
    return Side(
        outcome=decision.outcome,
        full_members=decision.full_members,
        branch=branch.key,
        partners=tuple(sorted(members_of(branch) - {decision.uscc})),
        organisation=decision.organisation,
        host=branch.host,
        slot=branch.slot,
        cycle_weeks=branch.cycle_weeks,
        travel_m=next(s.travel_m for s in branch.seats if s.uscc == decision.uscc),
        officer=decision.officer,
    )


def _differences(a: Side | None, b: Side | None) -> Iterator[Difference]:
    if a is None or b is None:
        yield Difference.PLANNED
        return
    if a.outcome is not b.outcome:
        yield Difference.OUTCOME
    if a.placed and b.placed:
        if (a.partners, a.outcome is Outcome.JOIN and a.organisation) != (
            b.partners, b.outcome is Outcome.JOIN and b.organisation
        ):  # fmt: skip
            yield Difference.BRANCH
        elif a.host != b.host:
            yield Difference.PLACE
        if (a.slot, a.cycle_weeks) != (b.slot, b.cycle_weeks):
            yield Difference.TIME
    if a.officer != b.officer:
        yield Difference.OFFICER


def _balance(before: CoveragePlan, after: CoveragePlan) -> BranchBalance:
    first = {b.key: b for b in before.branches}
    second = {b.key: b for b in after.branches}
    common = first.keys() & second.keys()
    kept = sum(same(first[k], second[k]) for k in common)
    return BranchBalance(kept, len(common) - kept, len(first.keys() - common), len(second.keys() - common))


def _parameters(before: CoveragePlan, after: CoveragePlan) -> Iterator[tuple[str, str, str]]:
    first, second = dict(before.parameters), dict(after.parameters)
    for name in [*first, *(n for n in second if n not in first)]:
        if first.get(name) != second.get(name):
            yield name, first.get(name, ""), second.get(name, "")


def _cost(a: Totals, b: Totals, balance: BranchBalance) -> Iterator[Reason]:
    members, travel, waiting = b.covered_members - a.covered_members, b.travel_m - a.travel_m, b.waiting - a.waiting
    if members:
        yield reason("compare.members_fewer" if members < 0 else "compare.members_more", members=abs(members))
    if abs(travel) >= LEAST_M:
        yield reason("compare.travel_more" if travel > 0 else "compare.travel_less", metres=abs(travel))
    if balance.changed or balance.gone or balance.new:
        changed, gone, new = balance.changed, balance.gone, balance.new
        yield reason("compare.branches", changed=changed, gone=gone, new=new)
    if waiting:
        yield reason("compare.waiting_more" if waiting > 0 else "compare.waiting_fewer", enterprises=abs(waiting))
    if not members and abs(travel) < LEAST_M:
        yield reason("compare.costs_nothing")
