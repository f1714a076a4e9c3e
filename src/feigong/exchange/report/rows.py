"""What the page's script works on: every decision as a row, every joint branch with its seats, sentences once each."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from feigong.core.coverage.eligibility import DOUBTFUL
from feigong.core.coverage.values import BranchState, CoveragePlan, Decision, JointBranch, Outcome
from feigong.core.roll.values import FlagCode
from feigong.exchange.plan_view import PlanView

MOST_ROWS = 60_000  # more would make the file slow to open; the plan file has them all
LEFT_OUT = "left"
OUTCOMES = (*(o.value for o in Outcome), LEFT_OUT)
KINDS = tuple(code.value for code in DOUBTFUL)
FLAGS = (
    "operating", "before", "after", "waiting", "unverified", "changed", "contradiction", *(f"why_{k}" for k in KINDS),
)  # fmt: skip
ADVICE = ("ready", "tight", "check", "kept")
Item = list[Any]


class Pool:
    """Texts once each, by number."""

    def __init__(self) -> None:
        self.texts: list[str] = []
        self._at: dict[str, int] = {}

    def at(self, text: str) -> int:
        if text not in self._at:
            self._at[text] = len(self.texts)
            self.texts.append(text)
        return self._at[text]


@dataclass
class PageData:
    """``rows``: code, name, area, industry, outcome, full, probationary, staff, flags, branch, organisation, officer,
    missing, reasons, alternatives, outcome before (numbers are places in the lists beside; -1: none)."""

    areas: list[tuple[str, str]]
    industries: list[tuple[str, str]]
    texts: Pool = field(default_factory=Pool)
    rows: list[Item] = field(default_factory=list)
    branches: list[Item] = field(default_factory=list)
    cut: int = 0  # decisions that are not among the rows


def flags_of(view: PlanView, d: Decision, was: Mapping[str, Outcome], unverified: frozenset[str]) -> int:
    """The marks of a decision as bits, in the order of `FLAGS`."""
    found = view.enterprises.get(d.uscc)
    marks = (
        d.operating,
        d.uscc in view.covered_before,
        view.organised(d),
        d.uscc in view.waiting,
        d.uscc in unverified,
        d.uscc in was and was[d.uscc] is not d.outcome,
        found is not None and found.flagged(FlagCode.CONTRADICTION, FlagCode.CODE_INVALID),
        *(view.kind(d) == k for k in KINDS),
    )
    return sum(1 << i for i, mark in enumerate(marks) if mark)


def page_data(view: PlanView, previous: CoveragePlan | None) -> PageData:
    """All rows of the plan; where there are too many, those that only get a liaison officer are left to the file."""
    plan = view.plan
    shown: Iterable[Decision] = plan.decisions
    if len(plan.decisions) > MOST_ROWS:
        shown = [d for d in plan.decisions if d.outcome is not Outcome.LIAISON][:MOST_ROWS]
    areas = {view.area(d.uscc) for d in plan.decisions} | {view.area(x.uscc) for x in plan.left_out}
    industries = {view.industry(d.uscc) for d in plan.decisions} | {view.industry(x.uscc) for x in plan.left_out}
    data = PageData(
        [(a, view.area_name(a)) for a in sorted(areas)], [(i, view.industry_name(i)) for i in sorted(industries)]
    )
    _fill_rows(data, view, shown, {d.uscc: d.outcome for d in previous.decisions} if previous else {})
    data.cut = len(plan.decisions) + len(plan.left_out) - len(data.rows)
    number = {row[0]: i for i, row in enumerate(data.rows)}
    data.branches = [_branch(data, view, b, number) for b in plan.branches]
    return data


def _fill_rows(data: PageData, view: PlanView, shown: Iterable[Decision], was: Mapping[str, Outcome]) -> None:
    area_at = {code: i for i, (code, _) in enumerate(data.areas)}
    industry_at = {code: i for i, (code, _) in enumerate(data.industries)}
    branch_at = {b.key: i for i, b in enumerate(view.plan.branches)}
    unverified = frozenset(s.uscc for b in view.plan.branches for s in b.seats if not s.verified)
    say, texts = view.words.say, data.texts
    for d in shown:
        before = was.get(d.uscc)
        data.rows.append([
            d.uscc, view.name(d.uscc), area_at[view.area(d.uscc)], industry_at[view.industry(d.uscc)],
            OUTCOMES.index(d.outcome.value), d.full_members, d.probationary, -1 if d.staff is None else d.staff,
            flags_of(view, d, was, unverified), branch_at.get(d.branch or "", -1),
            texts.at(view.organisation_name(own)) if (own := view.organisation(d)) else -1,
            texts.at(view.officer_name(d.officer)) if d.officer else -1, d.missing_members,
            [texts.at(say(r)) for r in d.reasons], [texts.at(t) for t in view.alternative_texts(d)],
            OUTCOMES.index(before.value) if before else -1,
        ])  # fmt: skip
    for x in view.plan.left_out:
        found = view.enterprises.get(x.uscc)
        staff = found.staff if found and found.staff is not None else -1
        data.rows.append([
            x.uscc, view.name(x.uscc), area_at[view.area(x.uscc)], industry_at[view.industry(x.uscc)],
            OUTCOMES.index(LEFT_OUT), 0, 0, staff, 0, -1, -1, -1, 0, [texts.at(say(x.reason))], [], -1,
        ])  # fmt: skip


def _branch(data: PageData, view: PlanView, b: JointBranch, number: Mapping[str, int]) -> Item:
    """title, area, where, slot, basis, members, travel, farthest, survival, state, advice, seats, reasons."""
    seats = [
        [number.get(s.uscc, -1), s.members, round(s.travel_m), int(s.verified), _address(view, s.uscc)] for s in b.seats
    ]
    area_at = {code: i for i, (code, _) in enumerate(data.areas)}
    return [
        view.branch_title(b), area_at.get(view.area(b.host), -1), place_label(view, b.host),
        view.words.slot(b.slot, b.cycle_weeks), basis_text(view, b), b.members, round(b.travel_m),
        round(max(s.travel_m for s in b.seats)), round(b.survival, 4), b.state.value, advice(view, b), seats,
        [data.texts.at(view.words.say(r)) for r in b.reasons],
    ]  # fmt: skip


def _address(view: PlanView, uscc: str) -> str:
    found = view.enterprises.get(uscc)
    return found.place.text if found else ""


def place_label(view: PlanView, uscc: str) -> str:
    """Street, village, or area: what people call the place."""
    found = view.enterprises.get(uscc)
    if found is None:
        return ""
    parts = found.place.parts
    return parts.road or parts.village or view.area_name(view.area(uscc))


def basis_text(view: PlanView, b: JointBranch) -> str:
    """同一街路：东明路 13–41 号 — what the enterprises have in common, as far as the roll can name it."""
    words, hosts = view.words, view.enterprises.get(b.host)
    base = words.word(f"basis.{b.basis}")
    if hosts is None:
        return base
    named = ""
    match b.basis.value:
        case "building":
            named = hosts.place.parts.road + hosts.place.parts.number + hosts.place.parts.building
        case "street":
            places = [view.enterprises[s.uscc].place for s in b.seats if s.uscc in view.enterprises]
            numbers = sorted(p.house_number for p in places if p.house_number is not None)
            named = hosts.place.parts.road
            if named and numbers and numbers[0] != numbers[-1]:
                named = words.word("report.house_numbers", street=named, first=numbers[0], last=numbers[-1])
        case "area":
            named = view.area_name(view.area(b.host))
        case _:
            named = view.industry_name(view.industry(b.host))
    return f"{base}{words.word('list.colon')}{named}" if named else base


def advice(view: PlanView, b: JointBranch) -> str:
    """What a person should think of first: check it, too few to lose one, unchanged, or ready to approve."""
    if not b.verified:
        return "check"
    least = view.least_members
    if least is not None and b.members <= least:
        return "tight"
    return "kept" if b.state is BranchState.KEPT else "ready"
