"""Who covers whom, who holds which post, who looks after what: begun and ended."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from ninja import Router, Status

from feigong.api import inputs as i
from feigong.api import schemas
from feigong.api.door import actor_of, sight_of
from feigong.api.operations import add
from feigong.apps.clock import today
from feigong.apps.roll import queries
from feigong.apps.roll.actions import edges


def add_edges(router: Router) -> None:
    for name, view, summary, answers in (
        ("cover", _cover, "an organisation covers an enterprise from a day on", {201: schemas.CoverageOut}),
        ("uncover", _uncover, "… no longer", {204: None}),
        ("set_host", _host, "where a joint branch meets from a day on", {204: None}),
        ("appoint", _appoint, "a Party worker holds a post from a day on", {201: schemas.PostOut}),
        ("relieve", _relieve, "… no longer", {204: None}),
        ("assign", _assign, "a liaison officer looks after enterprises from a day on, instead of whoever did",
         {200: schemas.Changed}),
        ("unassign", _unassign, "nobody looks after them from a day on", {200: schemas.Changed}),
    ):  # fmt: skip
        path = _PATHS[name]
        add(router, "POST", path, view, name=name, tag=path.split("/")[1], summary=summary, answers=answers)


_PATHS = {
    "cover": "/coverage", "uncover": "/coverage/end", "set_host": "/coverage/host", "appoint": "/posts",
    "relieve": "/posts/end", "assign": "/assignments", "unassign": "/assignments/end",
}  # fmt: skip


def _cover(request: HttpRequest, response: HttpResponse, given: i.Cover) -> Status[Any]:
    on = given.on or today()
    ends = {"organisation_id": given.organisation_id, "enterprise_id": given.enterprise_id}
    edges.cover(
        actor_of(request), given.organisation_id, given.enterprise_id, on=on, host=given.host, reason=given.reason
    )
    return Status(201, queries.coverage(sight_of(request, on)).get(**ends))


def _uncover(request: HttpRequest, given: i.Uncover) -> Status[None]:
    edges.uncover(
        actor_of(request), given.organisation_id, given.enterprise_id, on=given.on or today(), reason=given.reason,
        host=given.next_host,
    )  # fmt: skip
    return Status(204, None)


def _host(request: HttpRequest, given: i.Host) -> Status[None]:
    edges.set_host(
        actor_of(request), given.organisation_id, given.enterprise_id, on=given.on or today(), reason=given.reason
    )
    return Status(204, None)


def _appoint(request: HttpRequest, given: i.Appoint) -> Status[Any]:
    on = given.on or today()
    edges.appoint(
        actor_of(request), given.worker_id, given.organisation_id, given.role, on=on, replacing=given.replacing,
        reason=given.reason,
    )  # fmt: skip
    held = queries.posts(sight_of(request, on))
    return Status(
        201, held.get(worker_id=given.worker_id, organisation_id=given.organisation_id, role=given.role)
    )


def _relieve(request: HttpRequest, given: i.Relieve) -> Status[None]:
    edges.relieve(
        actor_of(request), given.worker_id, given.organisation_id, given.role, on=given.on or today(),
        reason=given.reason,
    )  # fmt: skip
    return Status(204, None)


def _assign(request: HttpRequest, given: i.Assign) -> dict[str, int]:
    n = edges.assign_officer(
        actor_of(request), given.worker_id, given.enterprise_ids, on=given.on or today(), reason=given.reason
    )
    return {"changed": n}


def _unassign(request: HttpRequest, given: i.Unassign) -> dict[str, int]:
    n = edges.unassign_officer(actor_of(request), given.enterprise_ids, on=given.on or today(), reason=given.reason)
    return {"changed": n}
