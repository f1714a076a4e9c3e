"""One's own jobs: how far they are, and an end to them."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.http import HttpRequest
from ninja import Router, Schema

from feigong.api import schemas
from feigong.api.door import Problem, actor_of, words_of
from feigong.api.filters import Paged
from feigong.api.operations import add
from feigong.api.reads import IDENTITY, paged
from feigong.apps.jobs import actions, queries
from feigong.core.errors import FeigongError
from feigong.core.reasons import Reason
from feigong.wording import Words


class JobOut(Schema):
    """`state`: waiting, running, done, failed, cancelled. `result`: what it made, by its kind."""

    id: int
    kind: str
    state: str
    stage: str
    done: int
    total: int
    cancel_asked: bool
    created_at: datetime
    started_at: datetime | None
    ended_at: datetime | None
    result: dict[str, Any] | None
    error: Problem | None


def job_out(job: Any, words: Words) -> dict[str, Any]:
    return {
        **{name: getattr(job, name) for name in JobOut.model_fields if name != "error"},
        "error": said(job.error, words),
    }


def said(fault: Any, words: Words) -> dict[str, Any] | None:
    """A stored reason in words."""
    if not fault:
        return None
    return {"code": fault["code"], "message": words.say(Reason(fault["code"], fault["params"]))}


def add_jobs(router: Router) -> None:
    add(router, "GET", "/jobs", _listed, name="list_jobs", tag="jobs", query=Paged,
        summary="what this account asked for, newest first", answers={200: schemas.Sum[JobOut]})  # fmt: skip
    add(router, "GET", "/jobs/{int:identity}", _one, name="one_of_jobs", tag="jobs",
        summary="one of them, with its progress", answers={200: JobOut})  # fmt: skip
    add(router, "POST", "/jobs/{int:identity}/cancel", _cancel, name="cancel_job", tag="jobs",
        summary="a waiting job ends at once, a running one when it hears of it", answers={200: JobOut})  # fmt: skip


def _listed(request: HttpRequest, asked: Paged) -> dict[str, Any]:
    found = paged(queries.own(actor_of(request)).order_by("-pk"), asked)
    rows: Any = found["items"]
    return {**found, "items": [job_out(row, words_of(request)) for row in rows]}


def _one(request: HttpRequest, identity: int = IDENTITY) -> dict[str, Any]:
    row = queries.own(actor_of(request)).filter(pk=identity).first()
    if row is None:
        raise FeigongError("error.not_found")
    return job_out(row, words_of(request))


def _cancel(request: HttpRequest, identity: int = IDENTITY) -> dict[str, Any]:
    _one(request, identity)
    return job_out(actions.cancel_job(actor_of(request), identity), words_of(request))
