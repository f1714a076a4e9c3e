"""Changes of records: the same for every kind, each by its action."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any, Final

from django.http import HttpRequest, HttpResponse
from ninja import Router, Status

from feigong.api import inputs as i
from feigong.api import schemas
from feigong.api.conditions import ETAG, VERSION, etag, version_of
from feigong.api.door import actor_of, sight_of
from feigong.api.operations import add
from feigong.api.reads import IDENTITY, RECORDS, Slice, row_of
from feigong.apps.clock import today
from feigong.apps.roll import taking_back
from feigong.apps.roll.actions.batches import ALLOWED, set_for_many
from feigong.apps.roll.actions.ending import close_area, end_record
from feigong.apps.roll.actions.merging import MERGED, merge_records, split_records
from feigong.apps.roll.actions.records import change_record, create_record
from feigong.apps.roll.kinds import TABLES, RecordKind

K = RecordKind
FACTS: Final[Mapping[RecordKind, tuple[type[i.Facts], type[i.Facts]]]] = {
    K.AREA: (i.NewArea, i.AreaFacts),
    K.ENTERPRISE: (i.NewEnterprise, i.EnterpriseFacts),
    K.ORGANISATION: (i.NewOrganisation, i.ChangedOrganisation),
    K.VENUE: (i.NewVenue, i.VenueFacts),
    K.MEMBER: (i.NewMember, i.MemberFacts),
    K.WORKER: (i.NewWorker, i.WorkerFacts),
}


def add_changes(router: Router) -> None:
    for part in RECORDS:
        kind = part.kind or K.AREA
        _add_create(router, part, kind)
        _add_change(router, part, kind)
        if kind is K.AREA:
            _add_close(router, part)
        else:
            _add_end(router, part, kind)
        if kind in ALLOWED:
            _add_many(router, part, kind)
        if kind in MERGED:
            _add_merge(router, part, kind)
            _add_split(router, part, kind)
    _add_take_back(router)


def _answer(request: HttpRequest, response: HttpResponse, part: Slice, identity: int, on: date) -> Any:
    """The thing as it is from that day on, with its new version."""
    row = row_of(part, sight_of(request, on), identity)
    response["ETag"] = etag(row.pk)
    return row


def _before(request: HttpRequest, part: Slice, kind: RecordKind, identity: int, on: date) -> None:
    """Who may not is told so first; then whether it is there; only then whether the version is right."""
    actor_of(request).must(TABLES[kind].change)
    row_of(part, sight_of(request, on), identity)


def _add_create(router: Router, part: Slice, kind: RecordKind) -> None:
    def create(request: HttpRequest, response: HttpResponse, given: i.Change[Any]) -> Status[Any]:
        on = given.on or today()
        made = create_record(actor_of(request), kind, given.facts.known(), on=on, reason=given.reason)
        response["Location"] = f"{request.path}/{made}"
        return Status(201, _answer(request, response, part, made, on))

    add(
        router, "POST", f"/{part.path}", create, name=f"create_{kind}", tag=part.path, summary=f"a new {kind}",
        body=i.Change.__class_getitem__(FACTS[kind][0]), answers={201: part.shows},
        headers={**ETAG, "Location": "where it is"},
    )  # fmt: skip


def _add_change(router: Router, part: Slice, kind: RecordKind) -> None:
    def change(
        request: HttpRequest, response: HttpResponse, given: i.Change[Any], identity: int = IDENTITY,
        version: str = VERSION,
    ) -> Any:  # fmt: skip
        on = given.on or today()
        _before(request, part, kind, identity, on)
        change_record(
            actor_of(request), kind, identity, given.facts.known(), on=on, reason=given.reason,
            expected=version_of(version),
        )  # fmt: skip
        return _answer(request, response, part, identity, on)

    add(
        router, "PATCH", f"/{part.path}/{{int:identity}}", change, name=f"change_{kind}", tag=part.path,
        summary="let facts hold from a day on; the rest stays", body=i.Change.__class_getitem__(FACTS[kind][1]),
        answers={200: part.shows}, headers=ETAG,
    )  # fmt: skip


def _add_end(router: Router, part: Slice, kind: RecordKind) -> None:
    def end(
        request: HttpRequest, given: i.End, identity: int = IDENTITY, version: str = VERSION
    ) -> Status[None]:
        on = given.on or today()
        _before(request, part, kind, identity, on)
        end_record(
            actor_of(request), kind, identity, on=on, reason=given.reason, expected=version_of(version),
            with_edges=given.with_edges,
        )  # fmt: skip
        return Status(204, None)

    add(
        router, "POST", f"/{part.path}/{{int:identity}}/end", end, name=f"end_{kind}", tag=part.path,
        summary="it holds no longer from a day on; 409 says what still hangs on it", answers={204: None},
    )  # fmt: skip


def _add_close(router: Router, part: Slice) -> None:
    def close(
        request: HttpRequest, given: i.Close, identity: int = IDENTITY, version: str = VERSION
    ) -> Status[None]:
        on = given.on or today()
        _before(request, part, K.AREA, identity, on)
        close_area(
            actor_of(request), identity, successor=given.successor, on=on, reason=given.reason,
            expected=version_of(version),
        )  # fmt: skip
        return Status(204, None)

    add(
        router, "POST", "/areas/{int:identity}/close", close, name="close_area", tag=part.path,
        summary="close an area from a day on; all in it moves to the successor", answers={204: None},
    )  # fmt: skip


def _add_many(router: Router, part: Slice, kind: RecordKind) -> None:
    def many(request: HttpRequest, given: i.Many[Any]) -> dict[str, int]:
        actor, on = actor_of(request), given.on or today()
        n = set_for_many(actor, kind, given.ids, given.facts.known(), on=on, reason=given.reason)
        return {"changed": n}

    add(
        router, "POST", f"/{part.path}/batch", many, name=f"batch_of_{part.path}", tag=part.path,
        summary=f"the same facts for many, all or none: {', '.join(sorted(ALLOWED[kind]))}",
        body=i.Many.__class_getitem__(FACTS[kind][1]), answers={200: schemas.Changed},
    )  # fmt: skip


def _add_merge(router: Router, part: Slice, kind: RecordKind) -> None:
    def merge(
        request: HttpRequest, response: HttpResponse, given: i.Merge, identity: int = IDENTITY, version: str = VERSION
    ) -> Any:
        actor, on = actor_of(request), given.on or today()
        actor.must(part.permission)
        merge_records(
            actor, kind, identity, given.gone, on=on, reason=given.reason, take=given.take,
            expected=version_of(version),
        )  # fmt: skip
        return _answer(request, response, part, identity, on)

    add(
        router, "POST", f"/{part.path}/{{int:identity}}/merge", merge, name=f"merge_{kind}", tag=part.path,
        summary="another record is found to be this one", answers={200: part.shows}, headers=ETAG,
    )  # fmt: skip


def _add_split(router: Router, part: Slice, kind: RecordKind) -> None:
    def split(request: HttpRequest, given: i.Split, identity: int = IDENTITY) -> dict[str, Any]:
        stayed = split_records(actor_of(request), kind, identity, on=given.on or today(), reason=given.reason)
        return {"stayed": [{"kind": s.kind, "key": list(s.key)} for s in stayed]}

    add(
        router, "POST", f"/{part.path}/{{int:identity}}/split", split, name=f"split_{kind}", tag=part.path,
        summary="a record that was merged into another is there again", answers={200: schemas.Apart},
    )  # fmt: skip


def _add_take_back(router: Router) -> None:
    def take_back(request: HttpRequest, given: i.Why, record: int = IDENTITY) -> dict[str, Any]:
        made = taking_back.take_back(actor_of(request), record, given.reason)
        return {"record": made.pk, "number": made.number}

    add(
        router, "POST", "/records/{int:record}/take-back", take_back, name="take_back_record", tag="records",
        summary="take a change back as a whole, as long as nothing was built on it", answers={200: schemas.TakenBack},
    )  # fmt: skip
