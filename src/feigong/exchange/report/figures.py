"""The figures of the page. Each knows the link that opens its rows."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from math import ceil

from feigong.core.coverage.values import CoveragePlan, Decision, Outcome
from feigong.core.roll.values import FlagCode
from feigong.exchange.plan_view import PlanView
from feigong.exchange.report.rows import KINDS, LEFT_OUT


@dataclass(frozen=True, slots=True)
class Rate:
    """Coverage of one area or industry: counts among operating enterprises, before and after the plan."""

    key: str
    name: str
    operating: int
    before: int
    after: int

    @property
    def share_before(self) -> float:
        return self.before / self.operating if self.operating else 0.0

    @property
    def share_after(self) -> float:
        return self.after / self.operating if self.operating else 0.0


@dataclass(frozen=True, slots=True)
class Need:
    """Something a person has to decide or do; ``link`` opens the rows, ``tone`` is r(ed), w(arning) or empty."""

    count: int
    text: str
    link: str
    tone: str = ""


@dataclass(frozen=True, slots=True)
class Parent:
    name: str
    count: int


@dataclass(frozen=True, slots=True)
class Transition:
    before: str
    after: str
    count: int


def whole_rate(view: PlanView) -> Rate:
    """Coverage of the district (rule cover.rate_org)."""
    return _rate(view, "", "", [d for d in view.plan.decisions if d.operating])


def _rate(view: PlanView, key: str, name: str, operating: list[Decision]) -> Rate:
    before = sum(d.uscc in view.covered_before for d in operating)
    return Rate(key, name, len(operating), before, sum(view.organised(d) for d in operating))


def rates(view: PlanView, key: Callable[[str], str], name: Callable[[str], str]) -> list[Rate]:
    """Coverage by a key of the enterprise, most operating enterprises first."""
    groups: dict[str, list[Decision]] = {}
    for d in view.plan.decisions:
        if d.operating:
            groups.setdefault(key(d.uscc), []).append(d)
    found = [_rate(view, k, name(k), own) for k, own in groups.items()]
    return sorted(found, key=lambda r: (r.key == "", -r.operating, r.key))


def bar_scale(found: Iterable[Rate]) -> float:
    """End of the bars' axis: the next tenth above the highest share. Bars begin at zero."""
    highest = max((max(r.share_before, r.share_after) for r in found), default=0.0)
    return max(0.1, ceil(highest * 10) / 10)


def outcome_counts(view: PlanView) -> Counter[str]:
    counts: Counter[str] = Counter(d.outcome.value for d in view.plan.decisions)
    counts[LEFT_OUT] = len(view.plan.left_out)
    return counts


def needs(view: PlanView) -> list[Need]:
    """What waits for a person, most pressing first; what is zero is not shown."""
    plan, words = view.plan, view.words
    counts = outcome_counts(view)
    kinds = Counter(view.kind(d) for d in plan.decisions)
    unverified = [b for b in plan.branches if not b.verified]
    flagged = sum(e.flagged(FlagCode.CONTRADICTION, FlagCode.CODE_INVALID) for e in view.roll.enterprises)
    missing = sum(d.missing_members for d in plan.decisions if d.outcome is Outcome.RECRUIT)
    officers = sum(s.missing for s in plan.shortages)

    def need(code: str, count: int, link: str, tone: str = "", **params: object) -> Need:
        return Need(count, words.word(f"report.need.{code}", count=count, **params), link, tone)

    found = [
        *(need(f"undecided.{k}", kinds[k], f"outcome=undecided&flag=why_{k}", "r") for k in KINDS),
        need("undecided.other", counts[Outcome.UNDECIDED] - sum(kinds[k] for k in KINDS), "outcome=undecided", "r"),
        need("repair", counts[Outcome.REPAIR], "outcome=repair", "r"),
        need("officers", len(plan.waiting), "flag=waiting", "w", missing=officers),
        need("unverified", len(unverified), "flag=unverified", "w", members=sum(b.members for b in unverified)),
        need("contradiction", flagged, "flag=contradiction", "w"),
        need("recruit", counts[Outcome.RECRUIT], "outcome=recruit", "", missing=missing),
    ]
    return [n for n in found if n.count]


def parents(view: PlanView) -> list[Parent]:
    """Companies with several branch offices that wait for a decision, most first: one decision serves them all."""
    counts = Counter(view.parent(d) for d in view.plan.decisions if view.kind(d) and view.parent(d))
    return sorted((Parent(name, n) for name, n in counts.items() if n > 1), key=lambda p: (-p.count, p.name))


def transitions(view: PlanView, previous: CoveragePlan | None) -> list[Transition]:
    """From which outcome to which, against the plan in force, most frequent first."""
    if previous is None:
        return []
    was = {d.uscc: d.outcome.value for d in previous.decisions}
    pairs = Counter((was[d.uscc], d.outcome.value) for d in view.plan.decisions if d.uscc in was)
    moved = [Transition(a, b, n) for (a, b), n in pairs.items() if a != b]
    return sorted(moved, key=lambda t: (-t.count, t.before, t.after))
