"""The list of venues."""

from __future__ import annotations

from django.db.models import Q

from feigong.apps.accounts.roles import Permission
from feigong.apps.roll import queries
from feigong.web.lists import Column, Kind, ListSpec, fills
from feigong.web.lists.filters import Choice, Range, Search, YesNo
from feigong.web.lists.options import area_options, in_areas

SPEC = ListSpec(
    code="venues",
    permission=Permission.ROLL_VIEW,
    rows=lambda ask: queries.venues(ask.sight),
    key="venue_id",
    record="roll.venue",
    detail="venues:detail",
    columns=(
        Column("name", sort=("name",), first=True),
        Column("area", word="field.area_id", fill=fills.area_name),
        Column("address", sort=("address",)),
        Column("owner", word="web.venues.owner", fill=fills.owner_name),
        Column("seats", Kind.NUMBER, sort=("seats",)),
    ),
    filters=(
        Search("web.venues.search"),
        Choice("area", area_options, where=in_areas, word="field.area_id", folded=False),
        Range("seats", folded=False),
        YesNo("located", lambda ask: Q(longitude__isnull=False), "web.enterprises.located"),
    ),
    start=(("imports:list", "web.lists.to_imports"), ("venues:create", "web.records.new.venue")),
)
