"""The list of members. Numbers are not shown; an exact search is recorded."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db.models import Q

from feigong.apps.accounts.roles import Permission
from feigong.apps.roll import queries
from feigong.web.lists import Ask, Batch, Column, Kind, ListSpec, fills
from feigong.web.lists.filters import Choice, Found, Related, Search, YesNo
from feigong.web.lists.options import area_options, within
from feigong.web.lists.spec import Rows
from feigong.web.movement.listing import Moved


def _full(ask: Ask) -> Q:
    return Q(full=True)


def _placed(ask: Ask) -> Q:
    return Q(branch__isnull=False)


def _employed(ask: Ask) -> Q:
    return Q(employer__isnull=False)


def _in_branches(organisations: Any, ask: Ask) -> Q:
    return Q(branch_id__in=organisations)


def _employed_by(enterprises: Any, ask: Ask) -> Q:
    return Q(employer_id__in=enterprises)


def _in_areas(rows: Rows, wanted: Sequence[str], ask: Ask) -> Rows:
    """By the branch that holds the membership, else by the employer."""
    place = within(wanted, ask)
    branches = queries.organisations(ask.sight).filter(place).order_by().values("organisation_id")
    employers = queries.enterprises(ask.sight).filter(place).order_by().values("enterprise_id")
    return rows.filter(Q(branch_id__in=branches) | Q(branch=None, employer_id__in=employers))


SPEC = ListSpec(
    code="members",
    permission=Permission.MEMBERS_VIEW,
    rows=lambda ask: queries.members(ask.sight),
    key="member_id",
    record="roll.member",
    detail="members:detail",
    batches=tuple(
        Batch(code, f"members:batch_{code}", Permission.MEMBERS_CHANGE) for code in ("branch", "employer")
    ),
    columns=(
        Column("name", word="web.lists.person_name", sort=("name",), first=True),
        Column("full", Kind.CHOICE, "web.members.standing", sort=("full", "name"), word="web.members.full",
               tones={"False": "warn"}),
        Column("branch", word="field.branch_id", fill=fills.branch_name),
        Column("employer", word="field.employer_id", fill=fills.employer_name),
        Column("joined_on", Kind.DAY, sort=("joined_on",)),
        Column("id_number", Kind.SEALED),
        Column("phone", Kind.SEALED),
        Column("owner", Kind.YES, sort=("owner", "name"), shown=False),
    ),
    filters=(
        Search("web.members.search"),
        Related("branch", lambda ask: queries.organisations(ask.sight), "organisation_id", _in_branches,
                "field.branch_id", folded=False),
        YesNo("full", _full, "web.members.full", "web.members.standing.True", "web.members.standing.False",
              folded=False),
        Choice("area", area_options, where=_in_areas, word="field.area_id"),
        Related("employer", lambda ask: queries.enterprises(ask.sight), "enterprise_id", _employed_by,
                "field.employer_id"),
        YesNo("placed", _placed, "web.members.placed"),
        YesNo("employed", _employed, "web.members.employed"),
        YesNo("owner", lambda ask: Q(owner=True), "field.owner"),
        Found("member_id"),
        Moved(),
    ),
    aside="lists/number.html",
    start=(("imports:list", "web.lists.to_imports"), ("members:create", "web.records.new.member")),
)  # fmt: skip
