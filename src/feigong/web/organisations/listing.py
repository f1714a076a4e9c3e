"""The list of Party organisations."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.db.models import Q

from feigong.apps.accounts.roles import Permission
from feigong.apps.roll import queries
from feigong.apps.roll.choices import OrganisationKind
from feigong.web.lists import Ask, Batch, Column, Kind, ListSpec, fills
from feigong.web.lists.filters import Choice, Days, Related, Search, YesNo
from feigong.web.lists.options import area_options, in_areas


def _led(ask: Ask) -> Q:
    return Q(organisation_id__in=queries.organisations_with_secretary(ask.sight))


def _covering(ask: Ask) -> Q:
    return Q(organisation_id__in=queries.coverage(ask.sight).order_by().values("organisation_id"))


def _below(superiors: Any, ask: Ask) -> Q:
    return Q(superior_id__in=superiors)


def _known(column: str) -> Callable[[Ask], Q]:
    return lambda ask: Q(**{f"{column}__isnull": False})


SPEC = ListSpec(
    code="organisations",
    permission=Permission.ROLL_VIEW,
    rows=lambda ask: queries.organisations(ask.sight),
    key="organisation_id",
    record="roll.organisation",
    detail="organisations:detail",
    batches=tuple(
        Batch(code, f"organisations:batch_{code}", Permission.ROLL_CHANGE) for code in ("area", "venue")
    ),
    columns=(
        Column("name", sort=("name",), first=True),
        Column("kind", Kind.CHOICE, "organisation_kind", sort=("kind", "name")),
        Column("area", word="field.area_id", fill=fills.area_name),
        Column("superior", word="field.superior_id", fill=fills.superior_name),
        Column("secretary", Kind.NAMES, word="post_role.secretary", fill=fills.secretaries),
        Column("members", Kind.NUMBER, word="web.organisations.members", fill=fills.branch_members),
        Column("covers", Kind.NAMES, word="web.organisations.covers", fill=fills.covered_names),
        Column("venue", word="field.venue_id", fill=fills.venue_name, shown=False),
        Column("founded_on", Kind.DAY, sort=("founded_on",), shown=False),
        Column("elected_on", Kind.DAY, sort=("elected_on",)),
        Column("claimed_members", Kind.NUMBER, sort=("claimed_members",), shown=False),
    ),
    filters=(
        Search("web.organisations.search"),
        Choice("area", area_options, where=in_areas, word="field.area_id", folded=False),
        Choice("kind", tuple(OrganisationKind.values), family="organisation_kind", folded=False),
        Related("superior", lambda ask: queries.superiors(ask.sight), "organisation_id", _below, "field.superior_id"),
        Days("founded", column="founded_on", word="field.founded_on"),
        YesNo("led", _led, "web.organisations.led"),
        YesNo("covering", _covering, "web.organisations.covering"),
        YesNo("housed", _known("venue_id"), "web.organisations.housed"),
        YesNo("elected", _known("elected_on"), "web.organisations.elected"),
    ),
    start=(("superiors:list", "web.organisations.as_tree"), ("imports:list", "web.lists.to_imports"),
           ("organisations:create", "web.records.new.organisation")),
)  # fmt: skip
