"""Imports: hand tables in, see what they would change, apply, take back."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Annotated, Any

from django.http import HttpRequest, HttpResponse
from ninja import File, Form, Router, Schema, Status
from ninja.files import UploadedFile
from pydantic import BaseModel, Field

from feigong.api import schemas
from feigong.api.door import Problem, actor_of, words_of
from feigong.api.filters import Paged
from feigong.api.inputs import Why
from feigong.api.jobs import JobOut, job_out, said
from feigong.api.operations import add
from feigong.api.reads import IDENTITY, paged
from feigong.api.values import Day, Text
from feigong.apps.accounts.roles import Permission
from feigong.apps.clock import day_of, now, today
from feigong.apps.imports import actions, queries
from feigong.apps.imports.choices import ImportState, Kind, Verdict
from feigong.apps.imports.limits import limits
from feigong.apps.imports.uploading import MOST_FILES
from feigong.core.errors import FeigongError

_TAG = "imports"
_ONE = "/imports/{int:identity}"


class Tables(BaseModel):
    """What goes with the files."""

    on: Day | None = Field(None, description="the day from which the tables hold; else what they say, else today")
    department: Annotated[Text, Field(max_length=80)] = ""


class ItemsAsked(Paged):
    kind: Kind | None = None
    verdict: Verdict | None = None


class ProblemsAsked(Paged):
    severity: Annotated[Text, Field(max_length=8)] = ""


class SheetOut(Schema):
    file: str
    sheet: str
    rows: int
    subject: str
    used: bool
    fault: Problem | None


class ImportOut(Schema):
    """`figures`: what the check counted; `fault`: why the last job ended early."""

    id: int
    state: ImportState
    on: date
    department: str
    user_name: str
    at: datetime
    checked_at: datetime | None
    ended_at: datetime | None
    figures: dict[str, Any]
    fault: Problem | None
    job: int | None


class ImportWhole(ImportOut):
    sheets: list[SheetOut]


class ChangeOut(Schema):
    field: str
    before: Any = None
    after: Any = None


class ItemOut(Schema):
    """One thing that the tables speak of, compared with the roll; `target`: which it is there."""

    id: int
    kind: Kind
    name: str
    verdict: Verdict
    target: int | None
    changes: list[ChangeOut]
    reasons: list[Problem]
    left_out: bool
    accepted: bool
    meanwhile: bool
    result: int | None


class DoubtOut(Schema):
    """What a person should look at; `candidates`: what may be meant."""

    id: int
    severity: str
    code: str
    message: str
    subject: str
    candidates: list[Any]
    answer: str


class RowOut(Schema):
    """What became of a row of a sheet."""

    file: str
    sheet: str
    row: int
    fate: str
    reasons: list[Problem]
    item: int | None


def add_imports(router: Router) -> None:
    sums = schemas.Sum
    add(router, "POST", "/imports", _start, name="start_import", tag=_TAG, answers={201: ImportWhole},
        summary="hand tables in; nothing of the roll changes", headers={"Location": "where it is"})  # fmt: skip
    add(router, "GET", "/imports", _listed, name="list_imports", tag=_TAG, answers={200: sums[ImportOut]},
        summary="one's own, and those of one's areas, newest first", query=Paged)  # fmt: skip
    add(router, "GET", _ONE, _one, name="one_import", tag=_TAG, answers={200: ImportWhole},
        summary="where it stands, and what its sheets were taken for")  # fmt: skip
    add(router, "GET", f"{_ONE}/items", _items, name="items_of_import", tag=_TAG, answers={200: sums[ItemOut]},
        summary="what it would change, thing by thing", query=ItemsAsked)  # fmt: skip
    add(router, "GET", f"{_ONE}/problems", _problems, name="problems_of_import", tag=_TAG,
        answers={200: sums[DoubtOut]}, summary="what a person should look at", query=ProblemsAsked)  # fmt: skip
    add(router, "GET", f"{_ONE}/rows", _rows, name="rows_of_import", tag=_TAG, answers={200: sums[RowOut]},
        summary="rows that are not used, with the reason", query=Paged)  # fmt: skip
    for name, view, summary in (
        ("check", _check, "compare with the roll, as a job"),
        ("apply", _apply, "write it to the roll, as a job"),
        ("take-back", _take_back, "take an applied import back, as a job"),
    ):
        add(router, "POST", f"{_ONE}/{name}", view, name=f"{name.replace('-', '_')}_import", tag=_TAG,
            answers={202: JobOut}, summary=summary)  # fmt: skip
    add(router, "POST", f"{_ONE}/take-offered", _take_offered, name="take_offered", tag=_TAG,
        answers={200: schemas.Changed}, summary="take all that is doubtful as it is offered")  # fmt: skip
    add(router, "POST", f"{_ONE}/abandon", _abandon, name="abandon_import", tag=_TAG,
        answers={200: ImportWhole}, summary="nothing comes of it; its files are deleted")  # fmt: skip


def _found(request: HttpRequest, identity: int) -> Any:
    at = now()
    return queries.one(actor_of(request), identity, day_of(at), at)


def _out(request: HttpRequest, row: Any, *, sheets: bool) -> dict[str, Any]:
    words = words_of(request)
    names = ("id", "on", "department", "user_name", "at", "checked_at", "ended_at")
    found = {
        **{name: getattr(row, name) for name in names},
        "figures": queries.figures_seen(actor_of(request), row, now()),
        "state": queries.standing(row), "fault": said(row.fault, words), "job": row.job_id,
    }  # fmt: skip
    if sheets:
        found["sheets"] = [
            {"file": s.file.name, "sheet": s.name, "rows": s.rows, "subject": s.subject, "used": s.used,
             "fault": said(s.fault, words)}
            for s in queries.sheets(row)
        ]  # fmt: skip
    return found


def _start(
    request: HttpRequest, response: HttpResponse, given: Form[Tables], files: File[list[UploadedFile]]
) -> Status[Any]:
    actor = actor_of(request)
    actor.must(Permission.IMPORT_UPLOAD)
    if getattr(request, "upload_refused", False):
        raise FeigongError("error.imports.upload_too_large", most=limits().megabytes * MOST_FILES)
    handed = [(f.name or "", f.read()) for f in files]
    row = actions.start_import(actor, handed, today=today(), on=given.on, department=given.department)
    response["Location"] = f"{request.path}/{row.pk}"
    return Status(201, _out(request, row, sheets=True))


def _listed(request: HttpRequest, asked: Paged) -> dict[str, Any]:
    at = now()
    actor_of(request).must(Permission.IMPORT_UPLOAD)
    found = paged(queries.imports(actor_of(request), day_of(at), at).select_related("job"), asked)
    rows: Any = found["items"]
    return {**found, "items": [_out(request, row, sheets=False) for row in rows]}


def _one(request: HttpRequest, identity: int = IDENTITY) -> dict[str, Any]:
    actor_of(request).must(Permission.IMPORT_UPLOAD)
    return _out(request, _found(request, identity), sheets=True)


def _reasons(request: HttpRequest, stored: Sequence[Any]) -> list[Any]:
    return [said(reason, words_of(request)) for reason in stored]


def _items(request: HttpRequest, asked: ItemsAsked, identity: int = IDENTITY) -> dict[str, Any]:
    actor_of(request).must(Permission.IMPORT_UPLOAD)
    rows = queries.items_seen(actor_of(request), _found(request, identity), now())
    for name in ("kind", "verdict"):
        if value := getattr(asked, name):
            rows = rows.filter(**{name: value})
    found = paged(rows, asked)
    plain = [name for name in ItemOut.model_fields if name != "reasons"]
    items: Any = found["items"]
    return {
        **found,
        "items": [
            {**{name: getattr(i, name) for name in plain}, "reasons": _reasons(request, i.reasons)} for i in items
        ],
    }


def _problems(request: HttpRequest, asked: ProblemsAsked, identity: int = IDENTITY) -> dict[str, Any]:
    actor_of(request).must(Permission.IMPORT_UPLOAD)
    rows = queries.problems_seen(actor_of(request), _found(request, identity), now())
    found = paged(rows.filter(severity=asked.severity) if asked.severity else rows, asked)
    items: Any = found["items"]
    plain = [name for name in DoubtOut.model_fields if name != "message"]
    return {
        **found,
        "items": [
            {**{name: getattr(p, name) for name in plain},
             "message": _reasons(request, [{"code": p.code, "params": p.params}])[0]["message"]}
            for p in items
        ],
    }  # fmt: skip


def _rows(request: HttpRequest, asked: Paged, identity: int = IDENTITY) -> dict[str, Any]:
    actor_of(request).must(Permission.IMPORT_UPLOAD)
    found = paged(queries.rows(_found(request, identity)).filter(fate="put_aside"), asked)
    rows: Any = found["items"]
    return {
        **found,
        "items": [
            {"file": r.sheet.file.name, "sheet": r.sheet.name, "row": r.row, "fate": r.fate,
             "reasons": _reasons(request, r.reasons), "item": r.item_id}
            for r in rows
        ],
    }  # fmt: skip


def _check(request: HttpRequest, identity: int = IDENTITY) -> Status[Any]:
    return Status(202, job_out(actions.ask_check(actor_of(request), identity), words_of(request)))


def _apply(request: HttpRequest, identity: int = IDENTITY) -> Status[Any]:
    return Status(202, job_out(actions.ask_apply(actor_of(request), identity), words_of(request)))


def _take_back(request: HttpRequest, given: Why, identity: int = IDENTITY) -> Status[Any]:
    job = actions.ask_take_back(actor_of(request), identity, reason=given.reason)
    return Status(202, job_out(job, words_of(request)))


def _take_offered(request: HttpRequest, identity: int = IDENTITY) -> dict[str, int]:
    return {"changed": actions.take_all_offered(actor_of(request), identity)}


def _abandon(request: HttpRequest, identity: int = IDENTITY) -> dict[str, Any]:
    return _out(request, actions.abandon(actor_of(request), identity), sheets=True)
