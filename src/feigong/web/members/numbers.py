"""Members by ID number or telephone: asked by post, recorded, answered by a list of whom it found."""

from __future__ import annotations

from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.http import require_POST

from feigong.apps.accounts.roles import Permission
from feigong.apps.roll.actions.reveal import find_by_number
from feigong.apps.roll.kinds import RecordKind
from feigong.web.request import actor_of, on_of, words_of
from feigong.web.screen import screen


@require_POST
@screen(Permission.MEMBERS_VIEW)
def find(request: HttpRequest) -> HttpResponse:
    """The number stands in no address and no log, only who it belongs to."""
    on = request.GET.get("on", "")
    found = find_by_number(actor_of(request), RecordKind.MEMBER, request.POST.get("number", ""), on=on_of(request))
    address = reverse("members:list")
    if not found:
        messages.warning(request, words_of(request).word("web.members.number_none"))
        return HttpResponseRedirect(f"{address}?{urlencode({'on': on})}" if on else address)
    asked = {"found": ",".join(map(str, found)), **({"on": on} if on else {})}
    return HttpResponseRedirect(f"{address}?{urlencode(asked)}")
