"""The list of enterprises that must recruit first."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.db.models import Q

from feigong.apps.accounts.roles import Permission
from feigong.apps.cases import queries as cases
from feigong.apps.coverage import shortage
from feigong.apps.roll import queries as roll
from feigong.web.cases.shown import step_title, whose
from feigong.web.lists import Ask, Batch, Column, Kind, ListSpec
from feigong.web.lists.fills import area_name, name_of
from feigong.web.lists.filters import Choice, Range, Related, YesNo
from feigong.web.lists.options import area_options, within
from feigong.web.lists.spec import Rows

Filled = Mapping[int, Any]


_name = name_of(roll.enterprises, "enterprise_id", "enterprise_id")


def _area(rows: Sequence[Any], ask: Ask) -> Filled:
    firms = roll.enterprises(ask.sight).filter(enterprise_id__in=[r.enterprise_id for r in rows])
    states = {state.enterprise_id: state for state in firms}
    names = area_name(list(states.values()), ask)
    return {r.pk: names[states[r.enterprise_id].pk] for r in rows if r.enterprise_id in states}


def _takes(rows: Sequence[Any], ask: Ask) -> Filled:
    return {r.pk: [ask.words.say(one) for one in shortage.shown(r).takes] for r in rows}


def _why(rows: Sequence[Any], ask: Ask) -> Filled:
    return {r.pk: ask.words.join([ask.words.say(one) for one in shortage.shown(r).why]) for r in rows}


def _plan(rows: Sequence[Any], ask: Ask) -> Filled:
    return {r.pk: ask.words.word("web.coverage.plan", n=r.plan_id) for r in rows}


def _going(rows: Sequence[Any], ask: Ask) -> Mapping[int, Any]:
    """The case under way, by enterprise."""
    if "recruiting" not in ask.kept:
        found = shortage.under_way(ask.sight, [r.enterprise_id for r in rows])
        states = {s.case_id: s for s in cases.cases(ask.sight).filter(case_id__in=found.values())}
        ask.kept["recruiting"] = {firm: states[case] for firm, case in found.items() if case in states}
    going: Mapping[int, Any] = ask.kept["recruiting"]
    return going


def _case(rows: Sequence[Any], ask: Ask) -> Filled:
    going = _going(rows, ask)
    return {r.pk: step_title(going[r.enterprise_id], ask.words) for r in rows if r.enterprise_id in going}


def _due(rows: Sequence[Any], ask: Ask) -> Filled:
    going = _going(rows, ask)
    return {r.pk: going[r.enterprise_id].due_on for r in rows if r.enterprise_id in going}


def _whose(rows: Sequence[Any], ask: Ask) -> Filled:
    going = _going(rows, ask)
    names = whose(list(going.values()), ask.sight)
    return {r.pk: names.get(going[r.enterprise_id].pk, "") for r in rows if r.enterprise_id in going}


def _in_areas(rows: Rows, wanted: Sequence[str], ask: Ask) -> Rows:
    firms = roll.enterprises(ask.sight).filter(within(wanted, ask)).order_by()
    return rows.filter(enterprise_id__in=firms.values("enterprise_id"))


def _of_firms(firms: Any, ask: Ask) -> Q:
    return shortage.of_enterprises(firms)


SPEC = ListSpec(
    code="shortage",
    permission=Permission.COVERAGE_VIEW,
    rows=lambda ask: shortage.rows(ask.sight),
    key="enterprise_id",
    detail="enterprises:detail",
    sort="name",
    dated=False,
    batches=(Batch("recruit", "shortage:open", Permission.CASES_WORK),),
    columns=(
        Column("name", fill=_name, sort=("name", "pk"), first=True),
        Column("area", word="field.area_id", fill=_area),
        Column("full_members", Kind.NUMBER, word="web.shortage.full_members", sort=("full_members", "name")),
        Column("missing_members", Kind.NUMBER, word="web.shortage.missing", sort=("missing_members", "name")),
        Column("takes", Kind.NAMES, word="web.shortage.takes", fill=_takes),
        Column("case", word="web.shortage.case", fill=_case),
        Column("due", Kind.DAY, word="web.shortage.due", fill=_due),
        Column("whose", word="web.cases.whose", fill=_whose, shown=False),
        Column("why", word="web.shortage.why", fill=_why, shown=False),
        Column("plan", word="web.coverage.number", fill=_plan, sort=("plan_id", "name"), shown=False),
    ),
    filters=(
        Related("enterprise", lambda ask: roll.enterprises(ask.sight), "enterprise_id", _of_firms,
                "web.cases.enterprise", folded=False),
        Range("missing_members", word="web.shortage.missing", folded=False),
        YesNo("agreed", lambda ask: shortage.has_case(ask.sight), "web.shortage.has_case", folded=False),
        Choice("area", area_options, where=_in_areas, word="field.area_id", folded=False),
    ),
    start=(("coverage:list", "web.cases.to_plans"),),
)  # fmt: skip
