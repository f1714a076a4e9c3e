"""The list of enterprises and other units."""

from __future__ import annotations

from typing import Any

from django.db.models import Q

from feigong.apps.accounts.roles import Permission
from feigong.apps.roll import queries
from feigong.apps.roll.choices import ControlType, Standing, UnitKind
from feigong.web.lists import Ask, Batch, Column, Kind, ListSpec, fills
from feigong.web.lists.filters import Choice, Range, Related, Search, YesNo
from feigong.web.lists.options import area_options, in_areas, industry_options

TONES = {"active": "good", "dormant": "warn", "closed": "plain"}


def _covered(ask: Ask) -> Q:
    return queries.is_covered(ask.sight)


def _looked_after(ask: Ask) -> Q:
    return Q(enterprise_id__in=queries.assignments(ask.sight).order_by().values("enterprise_id"))


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
        Choice("kind", tuple(UnitKind.values), family="unit_kind"),
        Choice("industry", industry_options),
        Choice("control", tuple(ControlType.values), family="control_type"),
        Choice("standing", tuple(Standing.values), family="standing"),
        Range("staff"),
        Related("organisation", lambda ask: queries.organisations(ask.sight), "organisation_id", _covered_by,
                "web.enterprises.covering"),
        Related("officer", lambda ask: queries.workers(ask.sight), "worker_id", _officer, "web.enterprises.officer"),
        YesNo("has_officer", _looked_after, "web.enterprises.has_officer"),
        YesNo("located", _located, "web.enterprises.located"),
        YesNo("placed", _placed, "web.enterprises.placed"),
    ),
    start=(("imports:list", "web.lists.to_imports"), ("enterprises:create", "web.records.new.enterprise")),
)  # fmt: skip
