"""The list beside the map: the enterprises of the list of enterprises, asked for in the same words."""

from __future__ import annotations

from dataclasses import replace

from feigong.web.enterprises.listing import SPEC as ENTERPRISES
from feigong.web.enterprises.listing import TONES
from feigong.web.lists import Column, Kind, ListSpec, fills
from feigong.web.map.filters import At, OfPlan, PlanAsked

_OWN = ("outcome", "plan")
SHARED = tuple(one for one in ENTERPRISES.filters if one.code not in _OWN)
SPEC = ListSpec(
    code="map",
    permission=ENTERPRISES.permission,
    rows=ENTERPRISES.rows,
    key=ENTERPRISES.key,
    detail=ENTERPRISES.detail,
    columns=(
        Column("name", sort=("name",), first=True),
        Column("area", word="field.area_id", fill=fills.area_name),
        Column("covering", Kind.NAMES, word="web.enterprises.covering", fill=fills.covering_names),
        Column("standing", Kind.CHOICE, "standing", sort=("standing", "name"), tones=TONES),
    ),
    filters=(*SHARED, replace(OfPlan(), folded=False), PlanAsked(), At()),
    start=ENTERPRISES.start,
    export=None,
)
