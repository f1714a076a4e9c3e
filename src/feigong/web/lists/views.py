"""The views of every list: the page, its parts, the export, saved views."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect, QueryDict
from django.shortcuts import render
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from feigong.apps.accounts.actions import views as view_actions
from feigong.apps.audit.actions import record_event
from feigong.apps.clock import ZONE, now
from feigong.core.errors import FeigongError
from feigong.web.lists import page
from feigong.web.lists.cells import lines
from feigong.web.lists.export import csv_answer, xlsx_answer
from feigong.web.lists.spec import Ask, ListSpec, Rows
from feigong.web.lists.state import State, read_state
from feigong.web.request import actor_of, sight_of, words_of
from feigong.web.screen import screen

_MOST_IDS = 5000


def ask_of(request: HttpRequest) -> Ask:
    return Ask(actor_of(request), sight_of(request), words_of(request))


def _state(spec: ListSpec, data: QueryDict, ask: Ask) -> tuple[State, list[Any]]:
    views = page.views_for(ask, spec.code)
    sort, columns = page.kept_of(views, ask.actor.user_id)
    return read_state(spec, data, (sort, columns)), views


def chosen(spec: ListSpec, request: HttpRequest, ask: Ask) -> Rows:
    """The rows that a posted batch means: those ticked, or all that the list (in the address) has found."""
    state, _ = _state(spec, request.GET, ask)
    rows = page.rows_of(state, ask)
    if request.POST.get("all") == "1":
        return rows
    ids = [int(t) for t in request.POST.getlist("ids")[:_MOST_IDS] if t.isdecimal()]
    if not ids:
        raise FeigongError("error.lists.none_chosen")
    return rows.filter(**{f"{spec.key}__in": ids})


def urls_of(spec: ListSpec) -> list[URLPattern]:
    """The addresses of a list; their names: list, export, save_view, drop_view."""

    @require_GET
    @screen(spec.permission)
    def show(request: HttpRequest) -> HttpResponse:
        ask = ask_of(request)
        state, views = _state(spec, request.GET, ask)
        context = {**page.list_context(state, ask, views), **_addresses(spec, state)}
        target = request.htmx.target if getattr(request, "htmx", False) else None  # type: ignore[attr-defined]
        part = {"found": "lists/found.html", "list": "lists/list.html"}.get(target or "", "lists/page.html")
        answer = render(request, part, context)
        answer.headers["Vary"] = "HX-Request, HX-Target, Cookie"
        return answer

    @require_POST
    @screen(spec.export or spec.permission)
    def export(request: HttpRequest) -> HttpResponseBase:
        ask = ask_of(request)
        ask.actor.must(spec.permission)
        return _export(spec, request, ask)

    @require_POST
    @screen(spec.permission)
    def save_view(request: HttpRequest) -> HttpResponse:
        return _save_view(spec, request, ask_of(request))

    @require_POST
    @screen(spec.permission)
    def drop_view(request: HttpRequest, view_id: int) -> HttpResponse:
        view_actions.delete_view(actor_of(request), view_id)
        return _back(spec, request.GET.urlencode())

    found = [path("", show, name="list"), path("views/", save_view, name="save_view")]
    found.append(path("views/<int:view_id>/drop/", drop_view, name="drop_view"))
    if spec.export is not None:
        found.append(path("export/", export, name="export"))
    return found


def _addresses(spec: ListSpec, state: State) -> dict[str, str]:
    names = ["save_view", *(["export"] if spec.export is not None else [])]
    query = f"?{state.here}" if state.here else ""
    return {
        "list_address": reverse(f"{spec.code}:list"),
        **{f"{name}_address": reverse(f"{spec.code}:{name}") + query for name in names},
    }


def _back(spec: ListSpec, query: str) -> HttpResponseRedirect:
    return HttpResponseRedirect(reverse(f"{spec.code}:list") + (f"?{query}" if query else ""))


def _export(spec: ListSpec, request: HttpRequest, ask: Ask) -> HttpResponseBase:
    """Exactly what is seen: filters, order and columns of the address; of ticked rows only those. Recorded first, for
    good: a file that was begun counts as taken."""
    state, _ = _state(spec, request.GET, ask)
    ticked = bool(request.POST.getlist("ids")) and request.POST.get("all") != "1"
    rows = chosen(spec, request, ask) if ticked else page.rows_of(state, ask)
    wanted = "csv" if request.POST.get("format") == "csv" else "xlsx"
    asked = {name: list(values) for name, values in state.given.items() if name != "q"}
    params = {"list": spec.code, "format": wanted, "rows": rows.count(), "columns": list(state.columns), "asked": asked}
    touched = [(spec.record, one) for one in rows.values_list(spec.key, flat=True)] if ticked and spec.record else []
    record_event(ask.actor, "lists.export", params=params, touched=touched)
    return _file(spec, state, rows, wanted, ask)


def _file(spec: ListSpec, state: State, rows: Rows, wanted: str, ask: Ask) -> HttpResponseBase:
    columns = state.shown()
    title = ask.words.word(f"web.{spec.code}.title")
    stamp = timezone.localtime(now(), ZONE).strftime("%Y%m%d-%H%M")
    heads = [ask.words.word(c.heading) for c in columns]
    body = lines(columns, rows.iterator(chunk_size=2000), ask)
    name = f"{title}-{ask.sight.on.isoformat()}-{stamp}.{wanted}"
    return csv_answer(name, heads, body) if wanted == "csv" else xlsx_answer(name, title, heads, body)


def _save_view(spec: ListSpec, request: HttpRequest, ask: Ask) -> HttpResponse:
    """Keep the list as it is under a name; or (``usual``) only its columns and order, for every time it is opened."""
    state, _ = _state(spec, request.GET, ask)
    if request.POST.get("usual") == "1":
        view_actions.save_view(ask.actor, spec.code, page.KEPT_VIEW, state.sort, state.columns, at=now())
        return _back(spec, _query(state.given))
    shared = request.POST.get("shared") == "1"
    name = request.POST.get("name", "")
    if name.strip() == page.KEPT_VIEW:
        raise FeigongError("error.accounts.view_name", most=60)
    view_actions.save_view(ask.actor, spec.code, name, state.here, state.columns, shared=shared, at=now())
    return _back(spec, state.here)


def _query(given: Mapping[str, Sequence[str]]) -> str:
    data = QueryDict(mutable=True)
    for name, values in given.items():
        data.setlist(name, list(values))
    return data.urlencode()
