"""What is chosen on the map or in the list: a joint branch or an enterprise, with what can be changed about it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from django.http import QueryDict

from feigong.apps.coverage import queries
from feigong.apps.coverage.nearby import targets
from feigong.core.coverage.moves import Target
from feigong.core.coverage.values import JointBranch
from feigong.core.coverage.wishes import members_of
from feigong.core.reasons import Reason
from feigong.web.coverage import shown
from feigong.web.coverage.adjust_desk import Desk

_MOST_OFFERED = 5
_TIMES_SHOWN = 3


@dataclass(frozen=True, slots=True)
class Choice:
    """What is chosen, and the enterprise that was chosen before it: what can be done with both is offered, too."""

    branch: str = ""
    enterprise: int | None = None
    other: int | None = None


@dataclass(frozen=True, slots=True)
class MemberLine:
    name: str
    number: int
    full_members: int
    travel_m: float | None
    hosts: bool
    here: bool  # it meets here in the plan, too

    @property
    def choose(self) -> str:
        return f"firm:{self.number}"


@dataclass(frozen=True, slots=True)
class TargetLine:
    """A joint branch that the chosen enterprise could be moved to."""

    key: str
    name: str
    metres: float | None
    times: str
    broken: tuple[Reason, ...]

    @property
    def add(self) -> str:
        return f"move:{self.key}"


def choice_in(given: QueryDict) -> Choice:
    """What the form, or the address, says is chosen. A button that chooses names it: ``branch:KEY``, ``firm:12``."""
    now = Choice(given.get("branch", ""), _number(given.get("enterprise", "")), _number(given.get("other", "")))
    kind, _, value = given.get("choose", "").partition(":")
    known = now.enterprise or now.other
    match kind:
        case "branch":
            return Choice(branch=value, other=known)
        case "firm":
            chosen = _number(value)
            return Choice(enterprise=chosen, other=known if known != chosen else None)
        case "picked":  # the field for a name holds it already, and may hold nothing any more
            return Choice(enterprise=now.enterprise, other=now.other if now.other != now.enterprise else None)
        case "none":
            return Choice()
    return now


def _number(text: str) -> int | None:
    return int(text) if text.isdecimal() and len(text) <= 9 else None


def chosen_context(desk: Desk, choice: Choice, *, far: bool = True) -> dict[str, Any]:
    """For ``coverage/_chosen.html``. ``far``: also look where an enterprise could be moved to."""
    found: dict[str, Any] = {"choice": choice, "other": _named(desk, choice.other)}
    branch = desk.draft.branch(choice.branch) or desk.branch(choice.branch)
    if branch is not None:
        return found | {"chosen": branch, **_of_branch(desk, branch, choice)}
    if choice.enterprise is not None:
        return found | _of_firm(desk, choice.enterprise, far=far)
    return found


def _named(desk: Desk, enterprise: int | None) -> tuple[int, str] | None:
    name = queries.enterprise_name(desk.seen, enterprise) if enterprise is not None else ""
    return (enterprise, name) if enterprise is not None and name else None


def _of_branch(desk: Desk, branch: JointBranch, choice: Choice) -> dict[str, Any]:
    """Who meets there, how far they go, what else is possible."""
    usccs = members_of(branch)
    planned = desk.branch(branch.key)
    desk.know(usccs | {branch.host})
    rows = {r.key: r for r in queries.outcomes(desk.seen, desk.kept).filter(key__in=usccs)}
    lines = [
        MemberLine(
            desk.names[u], desk.numbers[u], rows[u].full_members,
            rows[u].travel_m if rows[u].branch == branch.key and planned and planned.host == branch.host else None,
            u == branch.host, rows[u].branch == branch.key,
        )
        for u in usccs
        if u in desk.names and u in rows
    ]  # fmt: skip
    now = branch.slot, branch.cycle_weeks
    times = desk.checks.times(branch)
    here = {line.number for line in lines}
    return {
        "chosen_name": desk.called(branch),
        "lines": sorted(lines, key=lambda line: (not line.hosts, line.travel_m or 0.0, line.name)),
        "hosts": [line for line in lines if line.here],
        "people": sum(line.full_members for line in lines) + (branch.seats[0].members if branch.joins else 0),
        "takes_in": _organisation(desk, branch),
        "when": desk.words.slot(branch.slot, branch.cycle_weeks),
        "times": [(f"{s}.{w}", desk.words.slot(s, w), (s, w) == now) for s, w in times],
        "may_bring": choice.other is not None and choice.other not in here,
    }


def _organisation(desk: Desk, branch: JointBranch) -> str:
    number = (branch.joins or "").removeprefix("o")
    return queries.organisation_name(desk.seen, int(number)) if number.isdecimal() else ""


def _of_firm(desk: Desk, enterprise: int, *, far: bool) -> dict[str, Any]:
    """What the plan says of it, and the nearest joint branches that it could be moved to."""
    row = queries.outcomes(desk.seen, desk.kept).filter(enterprise_id=enterprise).first()
    if row is None:
        return {"firm": (enterprise, queries.enterprise_name(desk.seen, enterprise)), "planned": None}
    draft = desk.draft
    branches = {b.key: b for b in draft.branches}
    now = next((b for b in draft.branches if row.key in members_of(b)), None)
    found = targets(desk.checks, desk.kept, row.key, desk.before) if far else ()
    known = [t for t in found if t.branch in branches]
    desk.know({row.key, *(branches[t.branch].host for t in known)} | ({now.host} if now is not None else set()))
    lines = [_target(desk, t, branches[t.branch]) for t in known]
    fit, unfit = [line for line in lines if not line.broken], [line for line in lines if line.broken]
    own = [one for one in unfit[0].broken if all(one in line.broken for line in lines)] if unfit else []
    return {
        "firm": (enterprise, desk.name(row.key)),
        "planned": row,
        "why": shown.reasons_of(row.reasons[:1]),
        "now": None if now is None else (now.key, desk.called(now)),
        "now_choose": "" if now is None else f"branch:{now.key}",
        "again": "" if far else f"firm:{enterprise}",
        "was": row.branch,
        "alone": row.key in draft.alone,
        "fit": fit[:_MOST_OFFERED],
        "own": own,
        "unfit": [replace(line, broken=tuple(r for r in line.broken if r not in own)) for line in unfit],
        "looked": bool(found),
    }


def _target(desk: Desk, target: Target, branch: JointBranch) -> TargetLine:
    times = [desk.words.slot(slot, weeks) for slot, weeks in target.times]
    said = desk.words.join(times, most=_TIMES_SHOWN) if times else ""
    return TargetLine(target.branch, desk.called(branch), target.metres, said, target.broken)
