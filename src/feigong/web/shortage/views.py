"""Cases for ticked enterprises: how many is said before they are opened."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_POST

from feigong.apps.accounts.roles import Permission
from feigong.apps.cases import actions as cases
from feigong.apps.clock import today
from feigong.apps.coverage.recruiting import open_recruiting
from feigong.apps.roll import queries
from feigong.core.errors import FeigongError
from feigong.web.lists import Ask
from feigong.web.lists.spec import Rows
from feigong.web.lists.views import ask_of, chosen
from feigong.web.records.inputs import number_in
from feigong.web.screen import screen
from feigong.web.shortage.listing import SPEC

_SHOWN = 12


@require_POST
@screen(Permission.CASES_WORK)
def open_cases(request: HttpRequest) -> HttpResponse:
    """Posted from the list: the question. Posted from itself: done, and back to the list as it was."""
    ask = ask_of(request)
    ask.actor.must(SPEC.permission)
    rows = chosen(SPEC, request, ask)
    query = request.GET.urlencode()
    if not rows.exists():
        raise FeigongError("error.lists.none_chosen")
    if request.POST.get("step") == "set":
        firms = list(rows.order_by().values_list("enterprise_id", flat=True))
        done = open_recruiting(
            ask.actor, firms, on=today(), reason=request.POST.get("reason", ""), owner=number_in(request.POST, "owner")
        )
        messages.success(request, ask.words.word("web.shortage.opened", n=len(done.opened), left=done.under_way))
        return HttpResponseRedirect(reverse("shortage:list") + (f"?{query}" if query else ""))
    context = {
        "count": rows.count(), "shown": [row.name for row in rows[:_SHOWN]], "every": request.POST.get("all") == "1",
        "ids": request.POST.getlist("ids"), "query": query, "owners": _owners(rows, ask),
    }  # fmt: skip
    return render(request, "shortage/open.html", context)


def _owners(rows: Rows, ask: Ask) -> list[tuple[int, str]]:
    firms = rows.order_by().values("enterprise_id")
    areas = queries.enterprises(ask.sight).filter(enterprise_id__in=firms).order_by().values_list("area_id", flat=True)
    return cases.owners(ask.actor, areas, on=ask.sight.on, known_at=ask.sight.known_at)
