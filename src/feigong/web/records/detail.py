"""The page of one record, as of a day."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render

from feigong.apps.roll.kinds import TABLES
from feigong.apps.roll.queries.decisions import resolve
from feigong.core.errors import FeigongError
from feigong.web.records.frame import frame
from feigong.web.records.merging import merged_here
from feigong.web.records.page import RecordPage, look_at
from feigong.web.records.shown import SEALED, address
from feigong.web.records.timeline import events_of
from feigong.web.request import sight_of


def show_record(page: RecordPage, request: HttpRequest, record_id: int) -> HttpResponse:
    try:
        look = look_at(page, request, record_id)
    except FeigongError as error:
        kept = _kept(page, request, record_id)
        if error.reason.code != "error.not_found" or kept == record_id:
            raise
        return HttpResponseRedirect(address(page.kind, kept, look_dates(request)))
    context = frame(look) | {
        "facts": look.card(),
        "sealed": SEALED & set(page.facts),
        "events": events_of(look),
        "merged": merged_here(look),
        **page.more(look),
    }
    return render(request, f"{page.code}/detail.html", context)


def look_dates(request: HttpRequest) -> str:
    return request.GET.urlencode()


def _kept(page: RecordPage, request: HttpRequest, record_id: int) -> int:
    """A record that was merged into another one sends there, if that may be seen."""
    sight = sight_of(request)
    kept = resolve(sight, page.kind.value, record_id)
    rows = TABLES[page.kind].rows(sight).filter(**{page.tables.key: kept})
    return kept if kept != record_id and rows.exists() else record_id
