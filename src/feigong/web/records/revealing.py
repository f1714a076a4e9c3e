"""A sealed field shown once, to somebody who says why. Never in a page before, kept by nobody after."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from feigong.apps.roll.actions.reveal import reveal
from feigong.core.errors import FeigongError
from feigong.web.records.frame import frame
from feigong.web.records.page import RecordPage, look_at
from feigong.web.records.shown import SEALED
from feigong.web.screen import is_part


def reveal_page(page: RecordPage, request: HttpRequest, record_id: int, field: str) -> HttpResponse:
    """Asked for: a question for the reason, as a page or within one. Answered: the value, or why not."""
    look = look_at(page, request, record_id)
    if field not in SEALED or field not in page.tables.state.facts():
        raise FeigongError("error.not_found")
    context = frame(look) | {"field": field, "value": "", "refused": None, "given": request.POST.get("reason", "")}
    status = 200
    if request.method == "POST":
        try:
            context["value"] = reveal(
                look.actor, page.kind, record_id, field, reason=request.POST.get("reason", "")[:300], on=look.sight.on
            )
        except FeigongError as error:
            context["refused"], status = error, 400
    part = is_part(request)
    answer = render(request, "records/_reveal.html" if part else "records/reveal.html", context,
                    status=200 if part else status)  # fmt: skip
    answer.headers["Cache-Control"] = "no-store"
    answer.headers["Pragma"] = "no-cache"
    return answer
