"""End a record, or close an area: how much hangs on it is said first, and how it is taken back."""

from __future__ import annotations

from datetime import date

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render

from feigong.apps.clock import today
from feigong.apps.roll.actions.ending import close_area, end_record, what_hangs
from feigong.apps.roll.kinds import RecordKind
from feigong.core.errors import FeigongError
from feigong.web.records.frame import frame
from feigong.web.records.inputs import day_in, number_in
from feigong.web.records.page import Look, RecordPage, look_at
from feigong.web.records.undoing import where_to


def end_page(page: RecordPage, request: HttpRequest, record_id: int) -> HttpResponse:
    look = look_at(page, request, record_id)
    look.actor.must(page.tables.change)
    refused, status = None, 200
    if request.method == "POST":
        try:
            _end(look)
        except FeigongError as error:
            refused, status = error, 409 if error.reason.code == "error.changed_meanwhile" else 400
        else:
            messages.success(request, look.words.word("web.records.ended", name=look.row.name))
            return HttpResponseRedirect(where_to(page, request, record_id))
    on = _day(request)
    counts = what_hangs(look.actor, page.kind, record_id, on=on)
    context = frame(look) | {
        "counts": sorted(counts.items()),
        "version": look.row.pk,
        "day": on,
        "refused": refused,
        "given": request.POST,
        "closes_area": page.kind is RecordKind.AREA,
    }
    return render(request, "records/end.html", context, status=status)


def _day(request: HttpRequest) -> date:
    try:
        return day_in(request.POST, "on")
    except FeigongError:
        return today()


def _end(look: Look) -> None:
    given = look.request.POST
    on, reason, expected = day_in(given, "on"), given.get("reason", "")[:300], number_in(given, "version")
    if look.page.kind is RecordKind.AREA:
        successor = number_in(given, "successor")
        close_area(look.actor, look.record_id, successor=successor, on=on, reason=reason, expected=expected)
        return
    end_record(
        look.actor, look.page.kind, look.record_id, on=on, reason=reason, expected=expected,
        with_edges=given.get("with_edges") == "1",
    )  # fmt: skip
