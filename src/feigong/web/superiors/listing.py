"""The tree of superior organisations: what is right below each, its members, the enterprises it covers."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db.models import Count

from feigong.apps.accounts.roles import Permission
from feigong.apps.roll import queries
from feigong.web.lists.spec import Ask
from feigong.web.lists.trees import TreeSpec


def _figures(nodes: Sequence[Any], ask: Ask) -> dict[int, tuple[tuple[float | None, str], ...]]:
    ids = [node.organisation_id for node in nodes]
    below = queries.organisations(ask.sight).filter(superior_id__in=ids).order_by().values_list("superior_id")
    covers = queries.coverage(ask.sight).filter(organisation_id__in=ids).order_by().values_list("organisation_id")
    people = queries.members(ask.sight).filter(branch_id__in=ids).order_by().values_list("branch_id")
    children, covered = dict(below.annotate(n=Count("pk"))), dict(covers.annotate(n=Count("pk")))
    members = dict(people.annotate(n=Count("pk")))
    return {
        one: (
            (children.get(one, 0), f"superior_id={one}"),
            (members.get(one, 0) if ask.sight.members else None, f"branch_id={one}"),
            (covered.get(one, 0), f"organisation_id={one}"),
        )
        for one in ids
    }


SPEC = TreeSpec(
    code="superiors",
    permission=Permission.ROLL_VIEW,
    rows=lambda ask: queries.organisations(ask.sight),
    key="organisation_id",
    parent="superior_id",
    family="organisation_kind",
    headings=(
        ("web.superiors.below", "organisations:list"),
        ("web.organisations.members", "members:list"),
        ("web.organisations.covers", "enterprises:list"),
    ),
    figures=_figures,
    detail="organisations:detail",
    other=("organisations:list", "web.superiors.as_list"),
)
