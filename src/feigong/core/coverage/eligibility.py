"""Who is planned: dormant and closed enterprises are left out, doubtful ones go to a person, each with the reason."""

from __future__ import annotations

import re
from dataclasses import dataclass

from feigong.core.coverage.facts import Facts
from feigong.core.coverage.values import Left
from feigong.core.reasons import Reason, reason
from feigong.core.roll.values import Enterprise, FlagCode

_COMPANY = re.compile(r"^(.{2,}?(?:股份有限公司|有限责任公司|有限公司|集团公司|股份公司|合作联社|公司))(?=.{2,}$)")
_SIGNS = {  # what made merging think so, in the words of a plan
    "merge.flag_closed": "left.closed_says",
    "merge.flag_dormant_says": "left.dormant_says",
    "merge.flag_dormant_zero": "left.dormant_zero",
    "merge.flag_dormant_not_insured": "left.dormant_not_insured",
}
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
    signs = {f.reason.code: f.reason for f in enterprise.flags if f.code is code}
    for sign, left in _SIGNS.items():
        if sign in signs:
            return reason(left, **signs[sign].params)
    return reason(f"left.{code}")


def branch_parent(name: str) -> str:
    """The company that the name of a branch office begins with; empty where its name does not show it."""
    found = _COMPANY.match(name)
    return found[1] if found else ""


def _undecided_reasons(enterprise: Enterprise, facts: Facts) -> tuple[Reason, ...]:
    found: list[Reason] = []
    for code in DOUBTFUL:
        if not enterprise.flagged(code):
            continue
        if code is FlagCode.BRANCH_OFFICE:
            parent = facts.enterprises.get(enterprise.parent or "")
            name = parent.name if parent else branch_parent(enterprise.name)
            found.append(
                reason("undecided.branch_office_of", parent=name) if name else reason("undecided.branch_office")
            )
            continue
        found.append(reason(f"undecided.{code}"))
        found += [f.reason for f in enterprise.flags if f.code is code and f.reason.code != found[-1].code]
    members = facts.full.get(enterprise.uscc, 0)
    if members:
        found.append(reason("undecided.has_members", members=members))
    return tuple(found)
