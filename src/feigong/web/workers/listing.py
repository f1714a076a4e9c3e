"""The list of Party workers and liaison officers."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db.models import Q

from feigong.apps.accounts.roles import Permission
from feigong.apps.roll import queries
from feigong.apps.roll.choices import PostRole, Route
from feigong.web.lists import Ask, Batch, Column, Kind, ListSpec, fills
from feigong.web.lists.filters import Choice, Related, Search, YesNo
from feigong.web.lists.options import area_options, in_areas
from feigong.web.lists.spec import Rows


def _holding(rows: Rows, wanted: Sequence[str], ask: Ask) -> Rows:
    held = queries.posts(ask.sight).filter(role__in=wanted)
    return rows.filter(worker_id__in=held.order_by().values("worker_id"))


def _posted_in(organisations: Any, ask: Ask) -> Q:
    held = queries.posts(ask.sight).filter(organisation_id__in=organisations)
    return Q(worker_id__in=held.order_by().values("worker_id"))


SPEC = ListSpec(
    code="workers",
    permission=Permission.MEMBERS_VIEW,
    rows=lambda ask: queries.workers(ask.sight),
    key="worker_id",
    record="roll.worker",
    detail="workers:detail",
    batches=tuple(
        Batch(code, f"workers:batch_{code}", Permission.MEMBERS_CHANGE) for code in ("area", "liaison")
    ),
    columns=(
        Column("name", word="web.lists.person_name", sort=("name",), first=True),
        Column("posts", Kind.NAMES, word="web.workers.posts", fill=fills.held_posts),
        Column("liaison", Kind.YES, sort=("liaison", "name")),
        Column("looks_after", Kind.NUMBER, word="web.workers.looks_after", fill=fills.looked_after),
        Column("most", Kind.NUMBER, sort=("most", "name"), shown=False),
        Column("route", Kind.CHOICE, "route", sort=("route", "name")),
        Column("area", word="field.area_id", fill=fills.area_name),
        Column("base_address", shown=False),
        Column("phone", Kind.SEALED),
        Column("wage", Kind.SEALED, shown=False),
    ),
    filters=(
        Search("web.workers.search"),
        Choice("area", area_options, where=in_areas, word="field.area_id", folded=False),
        YesNo("liaison", lambda ask: Q(liaison=True), "field.liaison", folded=False),
        Choice("post", tuple(PostRole.values), family="post_role", word="field.role", where=_holding),
        Choice("route", tuple(Route.values), family="route"),
        Related("organisation", lambda ask: queries.organisations(ask.sight), "organisation_id", _posted_in,
                "field.organisation_id"),
    ),
    start=(("imports:list", "web.lists.to_imports"), ("workers:create", "web.records.new.worker")),
)  # fmt: skip
