"""The list of plans, and the list of the joint branches that they propose."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.db.models import Q

from feigong.apps.accounts.roles import Permission
from feigong.apps.coverage import queries as planned
from feigong.apps.coverage.queries import among_branches
from feigong.apps.roll import queries
from feigong.core.coverage.values import Basis, BranchState
from feigong.web.lists import Ask, Batch, Column, Kind, ListSpec
from feigong.web.lists.filters import Choice, Days, Range, Related, YesNo
from feigong.web.lists.options import area_options, within
from feigong.web.lists.spec import Rows

Filled = Mapping[int, Any]
TONES = {"new": "", "kept": "plain", "changed": "warn"}


def title(rows: Sequence[Any], ask: Ask) -> Filled:
    return {row.pk: plan_title(row, ask) for row in rows}


def plan_title(row: Any, ask: Ask) -> str:
    """A plan's number, with its name where it has one."""
    number = ask.words.word("web.coverage.plan", n=row.pk)
    return ask.words.word("web.coverage.named", plan=number, name=row.name) if row.name else number


def _parent(rows: Sequence[Any], ask: Ask) -> Filled:
    seen = {p.pk for p in planned.plans(ask.sight).filter(pk__in={r.previous_id for r in rows if r.previous_id})}
    words = {True: "web.coverage.changed_from", False: "web.coverage.follows"}
    return {r.pk: ask.words.word(words[r.by_hand], n=r.previous_id) for r in rows if r.previous_id in seen}


def _whole(column: str, shown: str = "") -> Any:
    """A figure of a whole plan: shown to those who see the whole of it."""

    def fill(rows: Sequence[Any], ask: Ask) -> Filled:
        whole = planned.whole_areas(ask.sight)
        found = {row.pk: getattr(row, column) for row in rows if row.area_id in whole}
        word = getattr(ask.words, shown) if shown else None
        return found if word is None else {pk: word(value) for pk, value in found.items()}

    return fill


def _host(rows: Sequence[Any], ask: Ask) -> Filled:
    found = queries.enterprises(ask.sight).filter(enterprise_id__in={r.host_id for r in rows})
    names = dict(found.values_list("enterprise_id", "name"))
    return {r.pk: names.get(r.host_id, ask.words.word("web.lists.not_in_sight")) for r in rows}


def _takes_in(rows: Sequence[Any], ask: Ask) -> Filled:
    ids = {r.organisation_id for r in rows if r.organisation_id}
    names: dict[int, str] = {}
    if ids:
        found = queries.organisations(ask.sight).filter(organisation_id__in=ids)
        names = dict(found.values_list("organisation_id", "name"))
    return {r.pk: names.get(r.organisation_id, "") for r in rows if r.organisation_id}


def _members(rows: Sequence[Any], ask: Ask) -> Filled:
    return planned.names_of_branches(ask.sight, rows)


def _of_plan(rows: Sequence[Any], ask: Ask) -> Filled:
    return {r.pk: ask.words.word("web.coverage.plan", n=r.plan_id) for r in rows}


def _slot(rows: Sequence[Any], ask: Ask) -> Filled:
    return {r.pk: ask.words.slot(r.slot, r.cycle_weeks) for r in rows}


def _metres(column: str) -> Any:
    def fill(rows: Sequence[Any], ask: Ask) -> Filled:
        return {r.pk: ask.words.distance(getattr(r, column)) for r in rows}

    return fill


def _survival(rows: Sequence[Any], ask: Ask) -> Filled:
    return {r.pk: ask.words.percent(r.survival, 0) for r in rows}


def _plan_options(ask: Ask) -> list[tuple[str, str]]:
    return [(str(p.pk), plan_title(p, ask)) for p in planned.plans(ask.sight)[:100]]


def _in_plans(rows: Rows, wanted: Sequence[str], ask: Ask) -> Rows:
    return rows.filter(plan_id__in=[int(w) for w in wanted if w.isdecimal() and len(w) < 10])


def _host_in(rows: Rows, wanted: Sequence[str], ask: Ask) -> Rows:
    there = queries.enterprises(ask.sight).filter(within(wanted, ask)).order_by()
    return rows.filter(host_id__in=there.values("enterprise_id"))


def _with(enterprises: Any, ask: Ask) -> Q:
    return among_branches(enterprises)


PLANS = ListSpec(
    code="coverage",
    permission=Permission.COVERAGE_VIEW,
    rows=lambda ask: planned.plans(ask.sight),
    detail="coverage:detail",
    sort="-number",
    dated=False,
    columns=(
        Column("number", word="web.coverage.number", fill=title, sort=("pk",), first=True),
        Column("on", Kind.DAY, word="web.coverage.on", sort=("on",)),
        Column("parent", word="web.coverage.parent", fill=_parent),
        Column("branches", Kind.NUMBER, word="web.coverage.branches", fill=_whole("branches")),
        Column("covered", Kind.NUMBER, word="web.coverage.covered", fill=_whole("covered_members")),
        Column("travel", word="web.coverage.travel", fill=_whole("travel_m", "distance")),
        Column("gap", word="web.coverage.gap", fill=_whole("gap", "percent"), shown=False),
        Column("known_at", Kind.MOMENT, word="web.coverage.known_at", sort=("known_at",)),
    ),
    filters=(
        Days("on", word="web.coverage.on", folded=False),
        YesNo("by_hand", lambda ask: Q(by_hand=True), "web.coverage.by_hand", folded=False),
    ),
    start=(
        ("coverage:new", "web.coverage.new"), ("coverage:preset", "web.coverage.preset"),
        ("planned_branches:list", "web.planned_branches.title"),
    ),
)

BRANCHES = ListSpec(
    code="planned_branches",
    permission=Permission.COVERAGE_VIEW,
    rows=lambda ask: planned.branches(ask.sight),
    detail="planned_branches:detail",
    batches=(Batch("approve_branches", "planned_branches:approve_branches", Permission.ROLL_CHANGE),),
    sort="-plan",
    dated=False,
    columns=(
        Column("host", word="web.planned_branches.host", fill=_host, first=True),
        Column("plan", word="web.coverage.number", fill=_of_plan, sort=("plan_id", "key")),
        Column("firms", Kind.NAMES, word="web.planned_branches.firms", fill=_members),
        Column("takes_in", word="web.planned_branches.takes_in", fill=_takes_in, shown=False),
        Column("slot", word="web.planned_branches.slot", fill=_slot, sort=("slot",)),
        Column("enterprises", Kind.NUMBER, word="web.planned_branches.enterprises", sort=("enterprises",)),
        Column("members", Kind.NUMBER, word="web.coverage.full_members", sort=("members",)),
        Column("travel_m", word="web.coverage.travel", fill=_metres("travel_m"), sort=("travel_m",)),
        Column("farthest_m", word="web.planned_branches.farthest", fill=_metres("farthest_m"), sort=("farthest_m",)),
        Column("survival", word="web.planned_branches.survival", fill=_survival, sort=("survival",), shown=False),
        Column("basis", Kind.CHOICE, "basis", word="web.planned_branches.basis", sort=("basis",)),
        Column("state", Kind.CHOICE, "branch_state", word="web.planned_branches.state", sort=("state",), tones=TONES),
        Column("verified", Kind.YES, word="web.planned_branches.verified", sort=("verified",), shown=False),
    ),
    filters=(
        Choice("plan", _plan_options, where=_in_plans, word="web.coverage.number", folded=False),
        Related("enterprise", lambda ask: queries.enterprises(ask.sight), "enterprise_id", _with,
                "web.planned_branches.with", folded=False),
        Choice("area", area_options, where=_host_in, word="web.planned_branches.area", folded=False),
        Choice("state", tuple(s.value for s in BranchState), family="branch_state", word="web.planned_branches.state"),
        Choice("basis", tuple(b.value for b in Basis), family="basis", word="web.planned_branches.basis"),
        Range("members", word="web.coverage.full_members"),
        Range("enterprises", word="web.planned_branches.enterprises"),
        Range("farthest_m", word="web.planned_branches.farthest_m"),
        YesNo("verified", lambda ask: Q(verified=True), "web.planned_branches.verified"),
        YesNo("joins", lambda ask: Q(organisation_id__isnull=False), "web.planned_branches.joins"),
    ),
    start=(("coverage:list", "web.coverage.title"),),
)  # fmt: skip
