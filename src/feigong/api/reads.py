"""Lists and single things: the same for every part of the roll."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from ninja import Query, Router
from ninja.params.functions import Path

from feigong.api import filters as f
from feigong.api import schemas
from feigong.api.conditions import ETAG, etag, unchanged
from feigong.api.door import actor_of, sight_of
from feigong.api.operations import add
from feigong.api.values import MOST_ID
from feigong.apps.accounts.roles import Permission
from feigong.apps.accounts.sight import Sight
from feigong.apps.audit.queries import history
from feigong.apps.roll import queries
from feigong.apps.roll.kinds import RecordKind
from feigong.core.errors import FeigongError

IDENTITY: Any = Path(..., ge=1, le=MOST_ID)


@dataclass(frozen=True, slots=True)
class Slice:
    """A part of the roll: where it is, what it shows, who may ask."""

    path: str
    rows: Callable[[Sight], QuerySet[Any]]
    shows: type[schemas.Dated]
    permission: Permission
    asked: type[f.Asked]
    kind: RecordKind | None = None  # none: an edge, there are only lists

    @property
    def identity(self) -> str:
        return f"{self.kind}_id"


K, P = RecordKind, Permission
RECORDS = (
    Slice("areas", queries.areas, schemas.AreaOut, P.ROLL_VIEW, f.AreasAsked, K.AREA),
    Slice("enterprises", queries.enterprises, schemas.EnterpriseOut, P.ROLL_VIEW, f.EnterprisesAsked, K.ENTERPRISE),
    Slice("organisations", queries.organisations, schemas.OrganisationOut, P.ROLL_VIEW, f.OrganisationsAsked,
          K.ORGANISATION),
    Slice("venues", queries.venues, schemas.VenueOut, P.ROLL_VIEW, f.VenuesAsked, K.VENUE),
    Slice("members", queries.members, schemas.MemberOut, P.MEMBERS_VIEW, f.MembersAsked, K.MEMBER),
    Slice("workers", queries.workers, schemas.WorkerOut, P.MEMBERS_VIEW, f.WorkersAsked, K.WORKER),
)  # fmt: skip
EDGES = (
    Slice("posts", queries.posts, schemas.PostOut, P.MEMBERS_VIEW, f.PostsAsked),
    Slice("coverage", queries.coverage, schemas.CoverageOut, P.ROLL_VIEW, f.CoverageAsked),
    Slice("assignments", queries.assignments, schemas.AssignmentOut, P.MEMBERS_VIEW, f.AssignmentsAsked),
)


def add_reads(router: Router) -> None:
    for part in (*RECORDS, *EDGES):
        _add_list(router, part)
    for part in RECORDS:
        _add_one(router, part)
        _add_history(router, part)


def row_of(part: Slice, sight: Sight, identity: int) -> Any:
    """The state of one thing, if it may be seen."""
    row = part.rows(sight).filter(**{part.identity: identity}).first()
    if row is None:
        raise FeigongError("error.not_found")
    return row


def paged(rows: QuerySet[Any], asked: f.Paged) -> dict[str, object]:
    start = (asked.page - 1) * asked.size
    return {"items": list(rows[start : start + asked.size]), "total": rows.order_by().count()}


def _add_list(router: Router, part: Slice) -> None:
    answer: Any = schemas.Page[part.shows]  # type: ignore[name-defined]

    def listed(request: HttpRequest, asked: f.Asked) -> dict[str, object]:
        actor_of(request).must(part.permission)
        sight = sight_of(request, asked.on, asked.known)
        rows = f.asked_for(part.rows(sight), asked, sight)
        return {**paged(rows, asked), "on": sight.on, "known_at": sight.known_at}

    add(
        router, "GET", f"/{part.path}", listed, name=f"list_{part.path}", tag=part.path, query=part.asked,
        summary=f"{part.path}, as far as they are in sight", answers={200: answer},
    )  # fmt: skip


def _add_one(router: Router, part: Slice) -> None:
    def one(request: HttpRequest, response: HttpResponse, asked: Query[f.AsOf], identity: int = IDENTITY) -> Any:
        actor_of(request).must(part.permission)
        row = row_of(part, sight_of(request, asked.on, asked.known), identity)
        response["ETag"] = etag(row.pk)
        return unchanged(request, row.pk) or row

    add(
        router, "GET", f"/{part.path}/{{int:identity}}", one, name=f"one_of_{part.path}", tag=part.path,
        summary=f"one of {part.path}; with If-None-Match: 304 where it is the version that is known already",
        answers={200: part.shows, 304: None}, headers=ETAG,
    )  # fmt: skip


def _add_history(router: Router, part: Slice) -> None:
    kind = part.kind or RecordKind.AREA

    def happened(request: HttpRequest, identity: int = IDENTITY) -> Any:
        actor_of(request).must(part.permission)
        return {"items": history(sight_of(request), kind, identity)}

    add(
        router, "GET", f"/{part.path}/{{int:identity}}/history", happened, name=f"history_of_{part.path}",
        tag=part.path, summary="what changed it, newest first; `record` is what can be taken back",
        answers={200: schemas.History},
    )  # fmt: skip
