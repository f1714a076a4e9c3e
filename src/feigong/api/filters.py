"""By what lists are asked for: as the pages have it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated, Any, Literal

from django.db.models import F, Q, QuerySet
from pydantic import BaseModel, Field

from feigong.api.values import AskedId, Day, Moment, Text
from feigong.apps.accounts.sight import Sight
from feigong.apps.roll import queries
from feigong.apps.roll.choices import (
    AreaKind,
    ControlType,
    OrganisationKind,
    PostRole,
    Route,
    Standing,
    UnitKind,
)  # fmt: skip
from feigong.apps.roll.searching import matching

Rows = QuerySet[Any]
Areas = Annotated[list[AskedId], Field(max_length=50, description="at or below one of these areas")]


class AsOf(BaseModel):
    on: Day | None = Field(None, description="as true on this day; today if not given")
    known: Moment | None = Field(None, description="as known at this moment; now if not given")


class Paged(BaseModel):
    page: int = Field(1, ge=1, le=100_000)
    size: int = Field(50, ge=1, le=500)


class Asked(AsOf, Paged):
    """Of which day, as known when, in which order, which page. For all pages of one list to be of one roll, ask for
    each with `known` as the first one answered it."""


class Searched(Asked):
    q: Text = Field("", max_length=60, description="words of name, code or pinyin")


class AreasAsked(Asked):
    sort: Literal["path", "name", "-name", "code", "-code"] = "path"
    kind: list[AreaKind] = []
    area: Areas = []
    parent_id: AskedId | None = None


class EnterprisesAsked(Searched):
    sort: Literal[
        "name", "-name", "uscc", "-uscc", "staff", "-staff", "industry", "-industry", "registered_on", "-registered_on"
    ] = "name"
    area: Areas = []
    kind: list[UnitKind] = []
    control: list[ControlType] = []
    standing: list[Standing] = []
    industry: list[Annotated[str, Field(pattern=r"^[0-9A-Z]{1,2}$")]] = []
    staff_from: int | None = Field(None, ge=0, le=1_000_000)
    staff_to: int | None = Field(None, ge=0, le=1_000_000)
    uscc: Text = Field("", max_length=40)
    covered: bool | None = None
    has_officer: bool | None = None
    located: bool | None = None
    organisation_id: AskedId | None = Field(None, description="covered by this organisation")
    worker_id: AskedId | None = Field(None, description="looked after by this liaison officer")


class OrganisationsAsked(Searched):
    sort: Literal["name", "-name", "path", "founded_on", "-founded_on", "elected_on", "-elected_on"] = "name"
    area: Areas = []
    kind: list[OrganisationKind] = []
    superior_id: AskedId | None = None
    has_secretary: bool | None = None
    enterprise_id: AskedId | None = Field(None, description="covering this enterprise")


class VenuesAsked(Searched):
    sort: Literal["name", "-name", "seats", "-seats"] = "name"
    area: Areas = []
    enterprise_id: AskedId | None = None


class MembersAsked(Searched):
    sort: Literal["name", "-name", "joined_on", "-joined_on"] = "name"
    full: bool | None = None
    branch_id: AskedId | None = None
    employer_id: AskedId | None = None


class WorkersAsked(Searched):
    sort: Literal["name", "-name"] = "name"
    area: Areas = []
    route: list[Route] = []
    liaison: bool | None = None


class PostsAsked(Asked):
    worker_id: AskedId | None = None
    organisation_id: AskedId | None = None
    role: list[PostRole] = []


class CoverageAsked(Asked):
    organisation_id: AskedId | None = None
    enterprise_id: AskedId | None = None
    host: bool | None = None


class AssignmentsAsked(Asked):
    worker_id: AskedId | None = None
    enterprise_id: AskedId | None = None


_SAME = (
    "kind", "control", "standing", "industry", "route", "role", "uscc", "parent_id", "superior_id", "branch_id",
    "employer_id", "worker_id", "organisation_id", "enterprise_id", "full", "liaison", "host",
)  # fmt: skip


def _covered(sight: Sight) -> Q:
    return queries.is_covered(sight)


def _looked_after(sight: Sight) -> Q:
    return Q(enterprise_id__in=queries.assignments(sight).order_by().values("enterprise_id"))


def _located(sight: Sight) -> Q:
    return Q(longitude__isnull=False, latitude__isnull=False)


def _led(sight: Sight) -> Q:
    return Q(organisation_id__in=queries.organisations_with_secretary(sight))


_WHETHER: dict[str, Callable[[Sight], Q]] = {
    "covered": _covered, "has_officer": _looked_after, "located": _located, "has_secretary": _led,
}  # fmt: skip


def _within(sight: Sight, areas: list[int]) -> Q:
    """At or below these areas; areas out of sight hold nothing."""
    seen = queries.areas(sight)
    below = Q(pk__in=[])
    for path in seen.filter(area_id__in=areas).order_by().values_list("path", flat=True):
        below |= Q(path__startswith=path)
    return Q(area_id__in=seen.filter(below).order_by().values("area_id"))


def _by_edge(rows: Rows, sight: Sight, name: str, value: int) -> Rows:
    """Things tied to another: the edge must be in sight."""
    edges = queries.assignments(sight) if name == "worker_id" else queries.coverage(sight)
    mine = "organisation_id" if name == "enterprise_id" else "enterprise_id"
    return rows.filter(**{f"{mine}__in": edges.filter(**{name: value}).order_by().values(mine)})


_EDGES = {(EnterprisesAsked, "organisation_id"), (EnterprisesAsked, "worker_id"), (OrganisationsAsked, "enterprise_id")}


def asked_for(rows: Rows, asked: Asked, sight: Sight) -> Rows:
    """The rows that are asked for, in an order that stays."""
    if text := getattr(asked, "q", ""):
        rows = rows.filter(matching(text))
    if areas := getattr(asked, "area", []):
        rows = rows.filter(_within(sight, areas))
    for name in _SAME:
        value = getattr(asked, name, None)
        if value in (None, "", []):
            continue
        if (type(asked), name) in _EDGES:
            rows = _by_edge(rows, sight, name, value)
        else:
            rows = rows.filter(**{f"{name}__in" if isinstance(value, list) else name: value})
    for name, condition in _WHETHER.items():
        said = getattr(asked, name, None)
        if said is not None:
            rows = rows.filter(condition(sight)) if said else rows.exclude(condition(sight))
    for name, test in (("staff_from", "gte"), ("staff_to", "lte")):
        if (number := getattr(asked, name, None)) is not None:
            rows = rows.filter(**{f"staff__{test}": number})
    return _sorted(rows, getattr(asked, "sort", ""))


def _sorted(rows: Rows, sort: str) -> Rows:
    if not sort:
        return rows.order_by("pk")
    column = F(sort.removeprefix("-"))
    return rows.order_by(column.desc(nulls_last=True) if sort[0] == "-" else column.asc(nulls_last=True), "pk")
