"""Make and change a record. A change that another made meanwhile is shown beside one's own; nothing typed is lost."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render

from feigong.apps.clock import now
from feigong.apps.roll.actions.records import change_record, create_record
from feigong.apps.roll.kinds import in_sight
from feigong.core.errors import FeigongError
from feigong.exchange.merge_reference import load_shifts
from feigong.web.records.forms import RecordForm, same
from feigong.web.records.frame import frame
from feigong.web.records.page import Look, RecordPage, look_at
from feigong.web.records.shown import REFERENCES, SEALED, Names, Value, address
from feigong.web.records.weeks import ticks_of
from feigong.web.request import actor_of, sight_of, words_of


@dataclass(frozen=True, slots=True)
class Clash:
    """A field that another changed meanwhile. ``mine`` None: this person did not touch it."""

    name: str
    was: Value
    theirs: Value
    mine: Value | None
    raw: str  # theirs as a form field holds it
    shown: str


def change_page(page: RecordPage, request: HttpRequest, record_id: int) -> HttpResponse:
    look = look_at(page, request, record_id)
    look.actor.must(page.tables.change)
    facts = look.facts()
    if request.method != "POST":
        form = _form(look, facts, more={"version": look.row.pk, "seen": look.sight.known_at.isoformat()})
        return _answer(look, form)
    form = _form(look, facts, data=request.POST)
    if _version(form) != look.row.pk:
        return _clashed(look, request)
    if form.is_valid():
        changes = form.changes()
        if not changes:
            messages.info(request, look.words.word("web.records.nothing_changed"))
            return HttpResponseRedirect(address(page.kind, record_id))
        try:
            change_record(
                look.actor, page.kind, record_id, changes, on=form.day, reason=form.cleaned_data["reason"],
                expected=look.row.pk,
            )  # fmt: skip
        except FeigongError as error:
            if error.reason.code == "error.changed_meanwhile":
                return _clashed(look_at(page, request, record_id), request)
            form.refuse(error)
        else:
            messages.success(request, look.words.word("web.records.changed", n=len(changes), on=form.day))
            return HttpResponseRedirect(address(page.kind, record_id))
    return _answer(look, form, status=400)


def create_page(page: RecordPage, request: HttpRequest) -> HttpResponse:
    actor, words, sight = actor_of(request), words_of(request), sight_of(request)
    actor.must(page.tables.change)
    names = Names(sight)
    given = {n: request.GET[n] for n in page.form.base_fields if n in request.GET and n not in SEALED}
    form = page.form(request.POST if request.method == "POST" else None, words=words, names=names, more=given)
    if request.method == "POST" and form.is_valid():
        try:
            made = create_record(actor, page.kind, form.given(), on=form.day, reason=form.cleaned_data["reason"])
        except FeigongError as error:
            form.refuse(error)
        else:
            messages.success(request, words.word("web.records.created", on=form.day))
            return HttpResponseRedirect(address(page.kind, made))
    context = {"form": form, "code": page.code, "kind": page.kind.value, "list_title": f"web.{page.code}.title",
               "list_address": f"{page.code}:list", **_helps(form, words)}  # fmt: skip
    return render(request, "records/create.html", context, status=400 if form.is_bound else 200)


def _form(look: Look, facts: Mapping[str, Any], *, data: Any = None, more: Mapping[str, Any] | None = None) -> Any:
    look.names.load_facts([facts])
    return look.page.form(data, words=look.words, names=look.names, old=facts, more=dict(more or {}))


def _version(form: RecordForm) -> int | None:
    text = form.data.get("version", "")
    return int(text) if text.isdecimal() else None


def _answer(
    look: Look, form: RecordForm, *, status: int = 200, clashes: tuple[Clash, ...] = (), who: Any = None
) -> HttpResponse:
    context = frame(look) | {"form": form, "clashes": clashes, "clash_by": who, **_helps(form, look.words)}
    return render(look.request, "records/change.html", context, status=status)


def _helps(form: RecordForm, words: Any) -> dict[str, Any]:
    """What the form has besides fields: the map, the free time as a week."""
    found: dict[str, Any] = {"tiles": settings.MAP_TILES, "located": "longitude" in form.fields}
    if "free_text" in form.fields:
        shift, free_text, ticked = (str(form[n].value() or "") for n in ("shift", "free_text", "slots"))
        found["ticks"] = ticks_of(shift, free_text, ticked, words, reread=not form.old and not form.is_bound)
        found["systems"] = [system.words[0] for system in load_shifts().systems]
    return found


# Changed meanwhile --------------------------------------------------------------------------------------------------


def _clashed(look: Look, request: HttpRequest) -> HttpResponse:
    """The form again: what was typed stays typed, what only the other changed is taken over, both are shown."""
    facts = look.facts()
    base = _as_seen(look, request.POST.get("seen", ""))
    mine = _form(look, base, data=request.POST)
    mine.is_valid()
    data = request.POST.copy()
    data["version"] = str(look.row.pk)
    data["seen"] = look.sight.known_at.isoformat()
    typed = mine.cleaned_data
    clashes = []
    look.names.load_facts([base, facts, {n: v for n, v in typed.items() if n in REFERENCES}])
    shown_now = _form(look, facts)
    for name in mine.base_fields:
        if name not in facts or same(base.get(name), facts[name]):
            continue
        raw = _posted(shown_now, name)
        touched = name in mine.errors or (name in SEALED and bool(typed.get(name)))
        touched = touched or (name not in SEALED and not same(typed.get(name), base.get(name)))
        if touched and same(typed.get(name), facts[name]):
            continue
        if not touched:
            data[name] = raw
        value = look.shower.value
        own = value(name, typed.get(name)) if touched else None
        clashes.append(
            Clash(name, value(name, base.get(name)), value(name, facts[name]), own, raw, value(name, facts[name]).text)
        )
    form = _form(look, facts, data=data)
    form.is_valid()
    return _answer(look, form, status=409, clashes=tuple(clashes), who=look.row.change)


def _posted(form: RecordForm, name: str) -> str:
    """A value as the browser would post it; a tick that is off posts nothing."""
    if name in SEALED:
        return ""
    value = form[name].value()
    if isinstance(value, bool):
        return "on" if value else ""
    return "" if value is None else str(form.fields[name].prepare_value(value))


def _as_seen(look: Look, seen: str) -> dict[str, Any]:
    """The record as it was when this person opened the form."""
    try:
        then = datetime.fromisoformat(seen)
    except ValueError:
        then = now()
    sight = look.actor.sight(look.sight.on, min(then, look.sight.known_at))
    row = in_sight(look.page.kind, sight, look.record_id)
    return {name: getattr(row, name) for name in look.page.tables.state.facts()}
