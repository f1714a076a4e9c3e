"""Take back what was recorded: what it was, why it goes. What stands on it must go first, and is named."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse

from feigong.apps.clock import now
from feigong.apps.roll.taking_back import take_back
from feigong.core.errors import FeigongError
from feigong.web.records.frame import frame
from feigong.web.records.inputs import number_in
from feigong.web.records.page import RecordPage, look_at
from feigong.web.records.shown import address
from feigong.web.records.timeline import events_of
from feigong.web.request import actor_of, on_of


def take_back_page(page: RecordPage, request: HttpRequest, record_id: int) -> HttpResponse:
    """``?record=``: which record of the audit."""
    look = look_at(page, request, record_id)
    record = number_in(request.GET, "record")
    event = next((e for e in events_of(look) if e.record == record), None)
    if event is None or not event.may_take_back:
        raise FeigongError("error.not_found")
    refused = None
    if request.method == "POST":
        try:
            take_back(look.actor, event.record, request.POST.get("reason", "")[:300])
        except FeigongError as error:
            refused = error
        else:
            messages.success(request, look.words.word("web.records.was_taken_back", title=event.title))
            return HttpResponseRedirect(where_to(page, request, record_id))
    context = frame(look) | {"event": event, "refused": refused, "given": request.POST.get("reason", "")}
    return render(request, "records/take_back.html", context, status=400 if refused else 200)


def where_to(page: RecordPage, request: HttpRequest, record_id: int) -> str:
    """The record's page, or the list where it is no longer there today."""
    tables = page.tables
    sight = actor_of(request).sight(on_of(request), now())
    there = tables.rows(sight).filter(**{tables.key: record_id}).exists()
    return address(page.kind, record_id) if there else reverse(f"{page.code}:list")

