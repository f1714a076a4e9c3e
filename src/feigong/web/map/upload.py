"""Outlines handed in: checked and shown first, written when somebody has looked at them."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from feigong.apps.accounts.roles import Permission
from feigong.apps.clock import today
from feigong.apps.roll.actions.outlines import upload_outlines
from feigong.apps.roll.kinds import check_day
from feigong.apps.roll.queries.outlines import Matched, match_features
from feigong.core.errors import FeigongError
from feigong.core.reasons import Reason
from feigong.core.roll.places.values import Datum
from feigong.exchange.geojson import MOST_BYTES, Outline, outline_of, read_geojson
from feigong.web.imports.uploads import in_memory
from feigong.web.request import actor_of, known_of, words_of
from feigong.web.screen import screen

_MOST_CHECKED = 2_000_000  # of what goes to and fro between check and writing


@in_memory
@require_http_methods(["GET", "POST"])
@screen(Permission.AREAS_CHANGE)
def upload(request: HttpRequest) -> HttpResponse:
    """Choose a file; then see what it would draw, and what is wrong with it."""
    if request.method != "POST":
        return _form(request, None)
    try:
        on, datum = _day(request.POST.get("on", "")), _datum(request.POST.get("datum", ""))
        name, data = _file(request)
        sight = actor_of(request).sight(on, known_of(request))
        found = match_features(sight, read_geojson(data, datum))
        return _checked(request, found, on, name)
    except FeigongError as fault:
        return _form(request, fault)


def _form(request: HttpRequest, error: FeigongError | None) -> HttpResponse:
    context = {
        "error": error, "given": request.POST, "on": request.POST.get("on") or today().isoformat(),
        "data": [(one.value, request.POST.get("datum") == one.value) for one in Datum],
        "megabytes": MOST_BYTES // 1_000_000,
    }  # fmt: skip
    return render(request, "map/upload.html", context, status=400 if error else 200)


def _checked(request: HttpRequest, found: list[Matched], on: date, source: str) -> HttpResponse:
    usable = [m for m in found if m.area_id is not None and m.feature.outline is not None and not m.known]
    drawn: list[dict[str, Any]] = [
        {"area": m.area_id, "name": m.area, "shape": m.feature.outline.polygons} for m in usable if m.feature.outline
    ]
    held = json.dumps([{"area": one["area"], "shape": one["shape"]} for one in drawn], separators=(",", ":"))
    if len(held) > _MOST_CHECKED:
        raise FeigongError("error.outlines.heavy", n=len(usable))
    shapes = [{"id": one["area"], "name": one["name"], "kind": "township", "shape": one["shape"]} for one in drawn]
    context = {
        "usable": [(m, m.feature.outline.extent / 1e6) for m in usable if m.feature.outline],
        "faults": [m for m in found if m.fault is not None],
        "known": [m for m in found if m.known],
        "held": held,
        "on": on,
        "source": source,
        "shapes": shapes,
    }
    return render(request, "map/checked.html", context)


@in_memory
@require_POST
@screen(Permission.AREAS_CHANGE)
def write(request: HttpRequest) -> HttpResponse:
    on = _day(request.POST.get("on", ""))
    outlines = _held(request.POST.get("outlines", ""))
    written = upload_outlines(
        actor_of(request), outlines, on=on, source=request.POST.get("source", ""),
        reason=request.POST.get("reason", ""),
    )  # fmt: skip
    messages.success(request, words_of(request).word("web.map.written", n=written, on=on))
    return redirect("map:district")


def _held(text: str) -> dict[int, Outline]:
    """What was checked, checked again: it has been out of our hands."""
    try:
        found = json.loads(text)
        pairs = [(int(one["area"]), one["shape"]) for one in found]
    except (ValueError, TypeError, KeyError, RecursionError) as fault:
        raise FeigongError("error.outlines.none") from fault
    outlines: dict[int, Outline] = {}
    for number, (area, shape) in enumerate(pairs, 1):
        outline = outline_of(shape)
        if isinstance(outline, Reason) or area in outlines or not 0 < area < 2**31:
            raise FeigongError("error.outlines.changed", number=number)
        outlines[area] = outline
    return outlines


def _file(request: HttpRequest) -> tuple[str, bytes]:
    handed = request.FILES.getlist("file")
    if getattr(request, "upload_refused", False):
        raise FeigongError("error.geojson.size", most=MOST_BYTES // 1_000_000)
    if not handed:
        raise FeigongError("error.outlines.none")
    return str(handed[0].name or "")[:120], handed[0].read()


def _datum(text: str) -> Datum:
    try:
        return Datum(text)
    except ValueError:
        raise FeigongError("error.outlines.datum", found=text[:20]) from None


def _day(text: str) -> date:
    try:
        found = date.fromisoformat(text)
    except ValueError:
        raise FeigongError("error.not_a_day", text=text[:40]) from None
    check_day(found)
    return found
