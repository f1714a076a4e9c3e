"""The list of visits."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.db.models import Q

from feigong.apps.accounts.roles import Permission
from feigong.apps.liaison import queries
from feigong.apps.roll import queries as roll
from feigong.web.liaison import shown
from feigong.web.lists import Ask, Column, Kind, ListSpec, fills
from feigong.web.lists.filters import Choice, Days, Related, YesNo
from feigong.web.lists.options import area_options, within
from feigong.web.lists.spec import Rows


def _purpose(rows: Sequence[Any], ask: Ask) -> Mapping[int, Any]:
    return {r.pk: shown.title_of(queries.rules().purposes, r.purpose, ask.words) for r in rows}


def _met(rows: Sequence[Any], ask: Ask) -> Mapping[int, Any]:
    return {r.pk: shown.title_of(queries.rules().met, r.met, ask.words) for r in rows}


def _who(rows: Sequence[Any], ask: Ask) -> Mapping[int, Any]:
    return {r.pk: r.record.actor_name for r in rows}


def _purposes(ask: Ask) -> Sequence[tuple[str, str]]:
    return shown.choices(queries.rules().purposes, ask.words)


def _people(ask: Ask) -> Sequence[tuple[str, str]]:
    return shown.choices(queries.rules().met, ask.words)


def _in_areas(rows: Rows, wanted: Sequence[str], ask: Ask) -> Rows:
    firms = roll.enterprises(ask.sight).filter(within(wanted, ask)).order_by()
    return rows.filter(enterprise_id__in=firms.values("enterprise_id"))


def _of_firms(firms: Any, ask: Ask) -> Q:
    return Q(enterprise_id__in=firms)


def _of_officers(workers: Any, ask: Ask) -> Q:
    return Q(worker_id__in=workers)


def _problems(ask: Ask) -> Q:
    return ~Q(problem="")


SPEC = ListSpec(
    code="visits",
    permission=Permission.VISITS_VIEW,
    rows=lambda ask: queries.visits(ask.sight),
    key="pk",
    record="liaison.visit",
    detail="visits:detail",
    sort="-on",
    columns=(
        Column("enterprise", word="web.visits.enterprise",
               fill=fills.name_of(roll.enterprises, "enterprise_id", "enterprise_id"), first=True),
        Column("on", Kind.DAY, word="web.visits.on", sort=("on", "pk")),
        Column("purpose", word="web.visits.purpose", fill=_purpose, sort=("purpose", "on")),
        Column("met", word="web.visits.met", fill=_met, sort=("met", "on")),
        Column("who", word="web.visits.who", fill=_who),
        Column("problem", word="web.visits.problem"),
        Column("members", Kind.NUMBER, word="web.visits.members", sort=("members", "on")),
        Column("note", word="web.visits.note", shown=False),
    ),
    filters=(
        Related("enterprise", lambda ask: roll.enterprises(ask.sight), "enterprise_id", _of_firms,
                "web.visits.enterprise", folded=False),
        YesNo("raised", _problems, "web.visits.raised", folded=False),
        Choice("purpose", _purposes, word="web.visits.purpose"),
        Choice("met", _people, word="web.visits.met"),
        Choice("area", area_options, where=_in_areas, word="field.area_id"),
        Related("officer", lambda ask: roll.workers(ask.sight), "worker_id", _of_officers, "web.visits.officer"),
        Days("on", word="web.visits.on"),
    ),
    start=(("enterprises:list", "web.visits.to_enterprises"),),
)  # fmt: skip
