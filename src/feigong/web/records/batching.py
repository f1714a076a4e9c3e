"""One change of many ticked records: how many is said before, and all of it is one record that can be taken back."""

from __future__ import annotations

from typing import Any, ClassVar, Final

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import URLPattern, path, reverse
from django.views.decorators.http import require_POST

from feigong.apps.roll.actions.batches import set_for_many
from feigong.apps.roll.actions.edges import assign_officer
from feigong.apps.roll.kinds import RecordKind
from feigong.core.errors import FeigongError
from feigong.web.lists.spec import ListSpec
from feigong.web.lists.views import ask_of, chosen
from feigong.web.records import forms as f
from feigong.web.records.page import RecordPage
from feigong.web.records.shown import Names
from feigong.web.screen import screen

_SHOWN: Final = 12
_KEPT: Final = ("on", "reason", "version", "seen")
OFFICER: Final = "officer"


class OfficerForm(f.RecordForm):
    """Who looks after these enterprises."""

    groups: ClassVar = (("who", ("worker_id",)),)
    worker_id = f.named("liaison", required=True)


def urls_of_batches(page: RecordPage, spec: ListSpec) -> list[URLPattern]:
    return [_url(page, spec, what) for what in page.batch]


def _url(page: RecordPage, spec: ListSpec, what: str) -> URLPattern:
    @require_POST
    @screen(page.tables.change)
    def view(request: HttpRequest) -> HttpResponse:
        return batch_page(page, spec, request, what)

    return path(f"batch/{what}/", view, name=f"batch_{what}")


def batch_page(page: RecordPage, spec: ListSpec, request: HttpRequest, what: str) -> HttpResponse:
    """Posted from the list: the question. Posted from itself: the change, and back to the list as it was."""
    ask = ask_of(request)
    rows = chosen(spec, request, ask)
    names = Names(ask.sight)
    answered = request.POST.get("step") == "set"
    form = _form(page, what, request.POST if answered else None, ask.words, names)
    if answered and form.is_valid():
        try:
            changed = _set(page, what, form, list(rows.order_by().values_list(spec.key, flat=True)), ask.actor)
        except FeigongError as error:
            form.refuse(error)
        else:
            messages.success(request, ask.words.word("web.batch.done", n=changed, on=form.day))
            query = request.GET.urlencode()
            return HttpResponseRedirect(reverse(f"{page.code}:list") + (f"?{query}" if query else ""))
    context = {
        "form": form,
        "what": what,
        "count": rows.count(),
        "shown": [row.name for row in rows[:_SHOWN]],
        "every": request.POST.get("all") == "1",
        "ids": request.POST.getlist("ids"),
        "code": page.code,
        "list_title": f"web.{page.code}.title",
        "list_address": f"{page.code}:list",
        "query": request.GET.urlencode(),
    }
    return render(request, "records/batch.html", context, status=400 if answered else 200)


def _form(page: RecordPage, what: str, data: Any, words: Any, names: Names) -> f.RecordForm:
    made = OfficerForm if what == OFFICER else page.form
    form = made(data, words=words, names=names)
    wanted = {*page.batch[what], *_KEPT}
    for name in set(form.fields) - wanted:
        del form.fields[name]
    return form


def _set(page: RecordPage, what: str, form: f.RecordForm, ids: list[int], actor: Any) -> int:
    reason = form.cleaned_data["reason"]
    if what == OFFICER:
        return assign_officer(actor, form.cleaned_data["worker_id"], ids, on=form.day, reason=reason)
    facts = {name: form.cleaned_data[name] for name in page.batch[what]}
    return set_for_many(actor, RecordKind(page.kind), ids, facts, on=form.day, reason=reason)
