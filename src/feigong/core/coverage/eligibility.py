"""Who is planned: dormant and closed enterprises are left out, doubtful ones go to a person, each with the reason."""

from __future__ import annotations

from dataclasses import dataclass

from feigong.core.coverage.facts import Facts
from feigong.core.coverage.values import Left
from feigong.core.reasons import Reason, reason
from feigong.core.roll.values import Enterprise, FlagCode

DOUBTFUL = (FlagCode.STATE_OWNED, FlagCode.COLLECTIVE, FlagCode.BRANCH_OFFICE, FlagCode.CONTRADICTION)


@dataclass(frozen=True)
class Eligibility:
    """``planned``: uscc in order. ``undecided``: reasons for those a person decides (they are planned too)."""

    planned: tuple[str, ...]
    undecided: dict[str, tuple[Reason, ...]]
    left_out: tuple[Left, ...]


def sort_out(facts: Facts) -> Eligibility:
    """Divide the roll into planned, undecided (a part of the planned) and left out."""
    planned: list[str] = []
    undecided: dict[str, tuple[Reason, ...]] = {}
    left_out: list[Left] = []
    for uscc, enterprise in facts.enterprises.items():
        gone = [f for f in enterprise.flags if f.code in (FlagCode.CLOSED, FlagCode.DORMANT)]
        if gone:
            first = min(gone, key=lambda f: f.code != FlagCode.CLOSED)
            left_out.append(Left(uscc, _left_reason(enterprise, first.code, facts)))
            continue
        planned.append(uscc)
        if enterprise.flagged(*DOUBTFUL):
            undecided[uscc] = _undecided_reasons(enterprise, facts)
    return Eligibility(tuple(planned), undecided, tuple(left_out))


def _left_reason(enterprise: Enterprise, code: FlagCode, facts: Facts) -> Reason:
    members = facts.full.get(enterprise.uscc, 0)
    if members:  # someone still belongs here on paper: worth a look
        return reason(f"left.{code}_with_members", members=members)
    return reason(f"left.{code}")


def _undecided_reasons(enterprise: Enterprise, facts: Facts) -> tuple[Reason, ...]:
    found: list[Reason] = []
    for code in DOUBTFUL:
        if not enterprise.flagged(code):
            continue
        if code is FlagCode.BRANCH_OFFICE:
            parent = facts.enterprises.get(enterprise.parent or "")
            found.append(
                reason("undecided.branch_office_of", parent=parent.name)
                if parent
                else reason("undecided.branch_office")
            )
        else:
            found.append(reason(f"undecided.{code}"))
        found += [f.reason for f in enterprise.flags if f.code is code and f.reason.code != found[-1].code]
    members = facts.full.get(enterprise.uscc, 0)
    if members:
        found.append(reason("undecided.has_members", members=members))
    return tuple(found)
