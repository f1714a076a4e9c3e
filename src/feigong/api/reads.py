"""Lists and single things: the same for every part of the roll."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from ninja import Field, Query, Router, Schema

from feigong.api import schemas
from feigong.api.door import REFUSALS, Problem, actor_of, sight_of
from feigong.apps.accounts.roles import Permission
from feigong.apps.accounts.sight import Sight
from feigong.apps.roll import queries
from feigong.core.errors import FeigongError
from feigong.core.text import fold


class Asked(Schema):
    """Of which day, as known when, which page, and what the name, code or pinyin contains."""

    on: date | None = Field(None, description="as true on this day; today if not given")
    known: datetime | None = Field(None, description="as known at this moment; now if not given")
    q: str = Field("", max_length=60, description="part of name, code or pinyin")
    page: int = Field(1, ge=1, le=100_000)
    size: int = Field(50, ge=1, le=500)


@dataclass(frozen=True, slots=True)
class Slice:
    """A part of the roll: where it is, what it shows, who may ask."""

    path: str
    rows: Callable[[Sight], QuerySet[Any]]
    shows: type[schemas.Dated]
    permission: Permission
    identity: str = ""  # the column that names one; empty: an edge, there are only lists
    searched: bool = True


SLICES = (
    Slice("areas", queries.areas, schemas.AreaOut, Permission.ROLL_VIEW, "area_id", searched=False),
    Slice("enterprises", queries.enterprises, schemas.EnterpriseOut, Permission.ROLL_VIEW, "enterprise_id"),
    Slice("organisations", queries.organisations, schemas.OrganisationOut, Permission.ROLL_VIEW, "organisation_id"),
    Slice("venues", queries.venues, schemas.VenueOut, Permission.ROLL_VIEW, "venue_id"),
    Slice("members", queries.members, schemas.MemberOut, Permission.MEMBERS_VIEW, "member_id"),
    Slice("workers", queries.workers, schemas.WorkerOut, Permission.MEMBERS_VIEW, "worker_id"),
    Slice("posts", queries.posts, schemas.PostOut, Permission.MEMBERS_VIEW, searched=False),
    Slice("coverage", queries.coverage, schemas.CoverageOut, Permission.ROLL_VIEW, searched=False),
    Slice("assignments", queries.assignments, schemas.AssignmentOut, Permission.MEMBERS_VIEW, searched=False),
)


def etag(version: int) -> str:
    return f'"{version}"'


def add_reads(router: Router) -> None:
    for part in SLICES:
        _add_list(router, part)
        if part.identity:
            _add_one(router, part)


def _add_list(router: Router, part: Slice) -> None:
    answer: Any = schemas.Page[part.shows]  # type: ignore[name-defined]

    def listed(request: HttpRequest, asked: Query[Asked]) -> dict[str, object]:
        actor_of(request).must(part.permission)
        sight = sight_of(request, asked.on, asked.known)
        rows = part.rows(sight)
        if part.searched and asked.q:
            rows = rows.filter(search__contains=fold(asked.q).lower())
        start = (asked.page - 1) * asked.size
        items = list(rows.order_by("pk")[start : start + asked.size])
        return {"items": items, "total": rows.order_by().count(), "on": sight.on, "known_at": sight.known_at}

    router.get(
        f"/{part.path}", response={200: answer, REFUSALS: Problem}, operation_id=f"list_{part.path}",
        summary=f"{part.path}, as far as they are in sight",
    )(listed)  # fmt: skip


def _add_one(router: Router, part: Slice) -> None:
    def one(
        request: HttpRequest,
        response: HttpResponse,
        identity: int,
        on: date | None = None,
        known: datetime | None = None,
    ) -> Any:
        actor_of(request).must(part.permission)
        row = part.rows(sight_of(request, on, known)).filter(**{part.identity: identity}).first()
        if row is None:
            raise FeigongError("error.not_found")
        response["ETag"] = etag(row.pk)
        return row

    router.get(
        f"/{part.path}/{{int:identity}}", response={200: part.shows, REFUSALS: Problem},
        operation_id=f"one_of_{part.path}", summary=f"one of {part.path}; the answer's ETag is its version",
    )(one)  # fmt: skip
