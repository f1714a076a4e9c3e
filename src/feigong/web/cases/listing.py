"""The list of cases."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.db.models import Q

from feigong.apps.accounts.roles import Permission
from feigong.apps.cases import queries
from feigong.apps.roll import queries as roll
from feigong.core.cases.engine import overdue
from feigong.web.cases.shown import about_words, kind_title, step_title, whose
from feigong.web.lists import Ask, Column, Kind, ListSpec, fills
from feigong.web.lists.filters import Choice, Days, Related, YesNo
from feigong.web.lists.options import area_options, in_areas

STANDINGS = ("open", "held", "closed")


def _about(rows: Sequence[Any], ask: Ask) -> Mapping[int, Any]:
    found = queries.subjects(ask.sight, [r.case_id for r in rows])
    return {r.pk: about_words(found[r.case_id], ask.words) for r in rows}


def _kind(rows: Sequence[Any], ask: Ask) -> Mapping[int, Any]:
    return {r.pk: kind_title(r.case.kind, ask.words) for r in rows}


def _step(rows: Sequence[Any], ask: Ask) -> Mapping[int, Any]:
    return {r.pk: step_title(r, ask.words) for r in rows}


def _late(rows: Sequence[Any], ask: Ask) -> Mapping[int, Any]:
    return {r.pk: overdue(queries.position_of(r), ask.sight.on) or None for r in rows}


def _whose(rows: Sequence[Any], ask: Ask) -> Mapping[int, Any]:
    nobody = ask.words.word("web.cases.nobody_yet")
    named = whose(rows, ask.sight)
    free = {r.pk for r in rows if r.owner_id is None and r.worker_id is None and r.standing != "closed"}
    return {pk: nobody if pk in free else name for pk, name in named.items()}


def _kinds(ask: Ask) -> Sequence[tuple[str, str]]:
    return [(code, kind_title(code, ask.words)) for code in queries.kinds()]


def _overdue(ask: Ask) -> Q:
    return queries.overdue(ask.sight.on)


def _mine(ask: Ask) -> Q:
    return queries.mine(account=ask.actor.user_id, worker=ask.actor.scope.worker)


def _unassigned(ask: Ask) -> Q:
    return queries.unassigned()


def _of_firms(firms: Any, ask: Ask) -> Q:
    return Q(case_id__in=queries.about_enterprises(firms))


def _of_units(units: Any, ask: Ask) -> Q:
    return Q(case_id__in=queries.about_organisations(units))


def _of_members(people: Any, ask: Ask) -> Q:
    return Q(case_id__in=queries.about_members(people))


SPEC = ListSpec(
    code="cases",
    permission=Permission.CASES_VIEW,
    rows=lambda ask: queries.cases(ask.sight),
    key="case_id",
    record="cases.case",
    detail="cases:detail",
    sort="due_on",
    columns=(
        Column("about", word="web.cases.about", fill=_about, first=True),
        Column("kind", word="web.cases.kind", fill=_kind),
        Column("step", word="web.cases.step", fill=_step, sort=("step",)),
        Column("standing", Kind.CHOICE, "case_standing", word="web.cases.standing", sort=("standing", "due_on"),
               tones={"open": "info", "held": "warn", "closed": "plain"}),
        Column("due_on", Kind.DAY, word="web.cases.due_on", sort=("due_on", "case_id")),
        Column("late", Kind.NUMBER, word="web.cases.late_days", fill=_late),
        Column("whose", word="web.cases.whose", fill=_whose),
        Column("area", word="field.area_id", fill=fills.area_name),
        Column("step_on", Kind.DAY, word="web.cases.step_on", sort=("step_on", "case_id"), shown=False),
    ),
    filters=(
        Related("enterprise", lambda ask: roll.enterprises(ask.sight), "enterprise_id", _of_firms,
                "web.cases.enterprise", folded=False),
        Choice("standing", STANDINGS, family="case_standing", word="web.cases.standing", folded=False),
        YesNo("overdue", _overdue, "web.cases.overdue", folded=False),
        YesNo("mine", _mine, "web.cases.mine", folded=False),
        YesNo("unassigned", _unassigned, "web.cases.unassigned"),
        Choice("kind", _kinds, column="case__kind", word="web.cases.kind"),
        Related("organisation", lambda ask: roll.organisations(ask.sight), "organisation_id", _of_units,
                "web.movement.organisation"),
        Related("member", lambda ask: roll.members(ask.sight), "member_id", _of_members, "web.movement.who"),
        Choice("area", area_options, where=in_areas, word="field.area_id"),
        Days("due_on", word="web.cases.due_on"),
    ),
    start=(("coverage:list", "web.cases.to_plans"),),
)  # fmt: skip
