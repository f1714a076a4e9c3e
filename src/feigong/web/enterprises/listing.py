"""The list of enterprises and other units."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.db.models import Q

from feigong.apps.accounts.roles import Permission
from feigong.apps.liaison.queries import rounds
from feigong.apps.roll import queries
from feigong.apps.roll.choices import ControlType, Standing, UnitKind
from feigong.apps.roll.queries import operating
from feigong.apps.roll.queries.rungs import ladders, on_rung
from feigong.core.coverage.facts import Exclusion
from feigong.core.coverage.rungs import Ladder, Rung
from feigong.web.liaison.shown import TONES as RUNG_TONES
from feigong.web.lists import Ask, Batch, Column, Kind, ListSpec, fills
from feigong.web.lists.filters import Choice, Range, Related, Search, YesNo
from feigong.web.lists.options import area_options, in_areas, industry_options
from feigong.web.lists.spec import Rows
from feigong.web.map.filters import OfPlan, PlanAsked

TONES = {"active": "good", "dormant": "warn", "closed": "plain"}


def _covered(ask: Ask) -> Q:
    return queries.is_covered(ask.sight)


def _looked_after(ask: Ask) -> Q:
    return operating.is_looked_after(ask.sight)


def _counted(ask: Ask) -> Q:
    return operating.is_counted(ask.sight)


def _excluded(rows: Rows, wanted: Sequence[str], ask: Ask) -> Rows:
    return rows.filter(operating.is_excluded(ask.sight, wanted))


def _peopled(ask: Ask) -> Q:
    return operating.has_members(ask.sight)


_COVERS = {"own": operating.has_own_organisation, "joint": operating.is_in_joint_one}


def _cover(rows: Rows, wanted: Sequence[str], ask: Ask) -> Rows:
    found = Q(pk__in=[])
    for one in wanted:
        if one in _COVERS:
            found |= _COVERS[one](ask.sight)
    return rows.filter(found)


_NO_INDUSTRY = "-"


def _industries(ask: Ask) -> Sequence[tuple[str, str]]:
    return [*industry_options(ask), (_NO_INDUSTRY, ask.words.word("web.enterprises.no_industry"))]


def _of_industry(rows: Rows, wanted: Sequence[str], ask: Ask) -> Rows:
    return rows.filter(industry__in=["" if one == _NO_INDUSTRY else one for one in wanted])


def _on_rung(rows: Rows, wanted: Sequence[str], ask: Ask) -> Rows:
    return rows.filter(on_rung(ask.sight, wanted))


def _ladders(rows: Sequence[Any], ask: Ask) -> Mapping[int, Ladder]:
    """Both columns of the ladder from one look."""
    key = f"ladders {[row.pk for row in rows]}"
    if key not in ask.kept:
        found = ladders(ask.sight, [row.enterprise_id for row in rows])
        ask.kept[key] = {row.pk: found[row.enterprise_id] for row in rows if row.enterprise_id in found}
    kept: Mapping[int, Ladder] = ask.kept[key]
    return kept


def _rung(rows: Sequence[Any], ask: Ask) -> Mapping[int, Any]:
    return {pk: ladder.rung.value for pk, ladder in _ladders(rows, ask).items()}


def _rung_since(rows: Sequence[Any], ask: Ask) -> Mapping[int, Any]:
    return {pk: ladder.since(ladder.rung) for pk, ladder in _ladders(rows, ask).items()}


def _next_visit(rows: Sequence[Any], ask: Ask) -> Mapping[int, Any]:
    """Of those that some officer in sight looks after; for those who may see visits."""
    if not ask.actor.may(Permission.VISITS_VIEW):
        return {}
    found = rounds(ask.sight, [row.enterprise_id for row in rows])
    return {row.pk: found[row.enterprise_id].due for row in rows if row.enterprise_id in found}


def _located(ask: Ask) -> Q:
    return Q(longitude__isnull=False, latitude__isnull=False)


def _placed(ask: Ask) -> Q:
    """Nearer than the district: what no table placed lies in the district as a whole."""
    return ~Q(area_id__in=queries.areas(ask.sight).filter(kind="district").order_by().values("area_id"))


def _covered_by(organisations: Any, ask: Ask) -> Q:
    found = queries.coverage(ask.sight).filter(organisation_id__in=organisations)
    return Q(enterprise_id__in=found.order_by().values("enterprise_id"))


def _officer(workers: Any, ask: Ask) -> Q:
    found = queries.assignments(ask.sight).filter(worker_id__in=workers)
    return Q(enterprise_id__in=found.order_by().values("enterprise_id"))


SPEC = ListSpec(
    code="enterprises",
    permission=Permission.ROLL_VIEW,
    rows=lambda ask: queries.enterprises(ask.sight),
    key="enterprise_id",
    record="roll.enterprise",
    detail="enterprises:detail",
    batches=tuple(
        Batch(code, f"enterprises:batch_{code}", Permission.ROLL_CHANGE)
        for code in ("area", "officer", "standing", "industry", "control")
    ),
    columns=(
        Column("name", sort=("name",), first=True),
        Column("uscc", sort=("uscc",)),
        Column("area", word="field.area_id", fill=fills.area_name),
        Column("kind", Kind.CHOICE, "unit_kind", sort=("kind", "name"), shown=False),
        Column("control", Kind.CHOICE, "control_type", sort=("control", "name"), shown=False),
        Column("industry", fill=fills.industry_name, sort=("industry", "name")),
        Column("staff", Kind.NUMBER, sort=("staff",)),
        Column("standing", Kind.CHOICE, "standing", sort=("standing", "name"), tones=TONES),
        Column("covering", Kind.NAMES, word="web.enterprises.covering", fill=fills.covering_names),
        Column("members", Kind.NUMBER, word="web.enterprises.members", fill=fills.employed_members, shown=False),
        Column("rung", Kind.CHOICE, "rung", word="web.enterprises.rung", fill=_rung, tones=RUNG_TONES, shown=False),
        Column("rung_since", Kind.DAY, word="web.enterprises.rung_since", fill=_rung_since, shown=False),
        Column("next_visit", Kind.DAY, word="web.enterprises.next_visit", fill=_next_visit, shown=False),
        Column("officer", Kind.NAMES, word="web.enterprises.officer", fill=fills.officer_names, shown=False),
        Column("legal_representative", sort=("legal_representative", "name"), shown=False),
        Column("registered_address", shown=False),
        Column("operating_address", shown=False),
        Column("registered_on", Kind.DAY, sort=("registered_on",), shown=False),
        Column("shift", shown=False),
        Column("free_text", shown=False),
        Column("parent_uscc", shown=False),
        Column("flags", Kind.NAMES, fill=fills.flags, shown=False),
    ),
    filters=(
        Search("web.enterprises.search"),
        Choice("area", area_options, where=in_areas, word="field.area_id", folded=False),
        YesNo("covered", _covered, "web.enterprises.covered", "web.enterprises.is_covered",
              "web.enterprises.is_not_covered", folded=False),
        Choice("rung", tuple(Rung), family="rung", where=_on_rung, word="web.enterprises.rung"),
        Choice("kind", tuple(UnitKind.values), family="unit_kind"),
        Choice("industry", _industries, where=_of_industry),
        Choice("control", tuple(ControlType.values), family="control_type"),
        Choice("standing", tuple(Standing.values), family="standing"),
        Range("staff"),
        Related("organisation", lambda ask: queries.organisations(ask.sight), "organisation_id", _covered_by,
                "web.enterprises.covering"),
        Related("officer", lambda ask: queries.workers(ask.sight), "worker_id", _officer, "web.enterprises.officer"),
        YesNo("counted", _counted, "web.enterprises.counted", "web.enterprises.is_counted",
              "web.enterprises.is_not_counted"),
        Choice("excluded", tuple(Exclusion), family="exclusion", where=_excluded, word="web.enterprises.excluded"),
        Choice("cover", tuple(_COVERS), family="cover", where=_cover, word="web.enterprises.covered_how"),
        YesNo("peopled", _peopled, "web.enterprises.peopled"),
        OfPlan(),
        PlanAsked(offered=False),
        YesNo("has_officer", _looked_after, "web.enterprises.has_officer"),
        YesNo("located", _located, "web.enterprises.located"),
        YesNo("placed", _placed, "web.enterprises.placed"),
    ),
    start=(("imports:list", "web.lists.to_imports"), ("enterprises:create", "web.records.new.enterprise")),
)  # fmt: skip
