"""What ties one record to another: coverage, posts, assignments. Small forms on the page of either; each comes back."""

from __future__ import annotations

from collections.abc import Callable

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.urls import URLPattern, path
from django.views.decorators.http import require_POST

from feigong.apps.accounts.roles import Permission
from feigong.apps.accounts.sight import Actor
from feigong.apps.roll.actions import edges
from feigong.apps.roll.kinds import RecordKind, in_sight
from feigong.core.errors import FeigongError
from feigong.web.records.inputs import day_in, number_in, thing_in
from feigong.web.records.shown import address
from feigong.web.request import actor_of, sight_of, words_of
from feigong.web.screen import screen

Tie = Callable[[Actor, int, QueryDict], None]
P = Permission


def _cover(actor: Actor, organisation: int, enterprise: int, given: QueryDict) -> None:
    host = given.get("host") == "1"
    edges.cover(actor, organisation, enterprise, on=day_in(given, "on"), host=host, reason=_why(given))


def _uncover(actor: Actor, organisation: int, enterprise: int, given: QueryDict) -> None:
    host = number_in(given, "host")
    edges.uncover(actor, organisation, enterprise, on=day_in(given, "on"), host=host, reason=_why(given))


def _why(given: QueryDict) -> str:
    return given.get("reason", "")[:300]


def _post(given: QueryDict) -> tuple[int, str]:
    """The worker and the role that a line names: ``12:secretary``."""
    worker, _, role = given.get("worker_id", "").partition(":")
    if not worker.isdecimal() or len(worker) > 15:
        raise FeigongError("error.roll.field_missing", field="worker_id")
    return int(worker), role


def _appoint(actor: Actor, organisation: int, given: QueryDict) -> None:
    edges.appoint(
        actor, thing_in(given, "worker_id"), organisation, given.get("role", ""), on=day_in(given, "on"),
        replacing=given.get("replacing") == "1", reason=_why(given),
    )  # fmt: skip


def _relieve(actor: Actor, organisation: int, given: QueryDict) -> None:
    worker, role = _post(given)
    edges.relieve(actor, worker, organisation, role, on=day_in(given, "on"), reason=_why(given))


def _set_host(actor: Actor, organisation: int, given: QueryDict) -> None:
    enterprise = thing_in(given, "enterprise_id")
    edges.set_host(actor, organisation, enterprise, on=day_in(given, "on"), reason=_why(given))


def _assign(actor: Actor, worker: int, enterprise: int, given: QueryDict) -> None:
    edges.assign_officer(actor, worker, [enterprise], on=day_in(given, "on"), reason=_why(given))


def _unassign(actor: Actor, enterprise: int, given: QueryDict) -> None:
    edges.unassign_officer(actor, [enterprise], on=day_in(given, "on"), reason=_why(given))


TIES: dict[RecordKind, dict[str, tuple[Permission, Tie]]] = {
    RecordKind.ENTERPRISE: {
        "cover": (P.ROLL_CHANGE, lambda a, here, g: _cover(a, thing_in(g, "organisation_id"), here, g)),
        "uncover": (P.ROLL_CHANGE, lambda a, here, g: _uncover(a, thing_in(g, "organisation_id"), here, g)),
        "assign": (P.ROLL_CHANGE, lambda a, here, g: _assign(a, thing_in(g, "worker_id"), here, g)),
        "unassign": (P.ROLL_CHANGE, _unassign),
    },
    RecordKind.ORGANISATION: {
        "cover": (P.ROLL_CHANGE, lambda a, here, g: _cover(a, here, thing_in(g, "enterprise_id"), g)),
        "uncover": (P.ROLL_CHANGE, lambda a, here, g: _uncover(a, here, thing_in(g, "enterprise_id"), g)),
        "set_host": (P.ROLL_CHANGE, _set_host),
        "appoint": (P.MEMBERS_CHANGE, _appoint),
        "relieve": (P.MEMBERS_CHANGE, _relieve),
    },
    RecordKind.WORKER: {
        "assign": (P.ROLL_CHANGE, lambda a, here, g: _assign(a, here, thing_in(g, "enterprise_id"), g)),
        "unassign": (P.ROLL_CHANGE, lambda a, here, g: _unassign(a, thing_in(g, "enterprise_id"), g)),
    },
}


def urls_of_ties(kind: RecordKind) -> list[URLPattern]:
    return [_url(kind, name, permission, tie) for name, (permission, tie) in TIES[kind].items()]


def _url(kind: RecordKind, name: str, permission: Permission, tie: Tie) -> URLPattern:
    @require_POST
    @screen(permission)
    def view(request: HttpRequest, record_id: int) -> HttpResponse:
        in_sight(kind, sight_of(request), record_id)  # said before anything that is wrong with what was sent
        tie(actor_of(request), record_id, request.POST)
        messages.success(request, words_of(request).word(f"web.records.tied.{name}"))
        return HttpResponseRedirect(address(kind, record_id))

    return path(f"<int:record_id>/{name.replace('_', '-')}/", view, name=name)
