"""The way of an import: hand in, say what columns mean, check, apply, take back."""

from __future__ import annotations

from datetime import date

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from feigong.apps.accounts.roles import Permission
from feigong.apps.clock import now, today
from feigong.apps.imports import actions, queries, reading
from feigong.apps.imports.limits import limits
from feigong.core.errors import FeigongError
from feigong.exchange.tables import KINDS
from feigong.web.imports.shown import sheets_shown, shown
from feigong.web.imports.uploads import handed_in, in_memory
from feigong.web.request import actor_of, words_of
from feigong.web.screen import screen

PAGE = 30


@screen(Permission.IMPORT_UPLOAD)
def imports(request: HttpRequest) -> HttpResponse:
    """The imports there are, the newest first."""
    actor, at = actor_of(request), now()
    rows = queries.imports(actor, today(), at).select_related("job").prefetch_related("files")
    page = Paginator(rows, PAGE).get_page(request.GET.get("page"))
    return render(request, "imports/list.html", {"page": page, "imports": [shown(actor, row) for row in page]})


@in_memory
@screen(Permission.IMPORT_UPLOAD)
def new(request: HttpRequest) -> HttpResponse:
    """Hand tables in. A file that cannot be read is said beside the form, and nothing is kept."""
    error = None
    if request.method == "POST":
        try:
            day = request.POST.get("on", "")
            found = actions.start_import(
                actor_of(request), handed_in(request), today=today(), on=_day(day) if day else None,
                department=request.POST.get("department", ""),
            )  # fmt: skip
            return redirect("imports:detail", found.pk)
        except FeigongError as fault:
            error = fault
    context = {"error": error, "limits": limits(), "kinds": ",".join(sorted(KINDS)), "given": request.POST}
    return render(request, "imports/new.html", context, status=400 if error else 200)


@screen(Permission.IMPORT_UPLOAD)
def detail(request: HttpRequest, number: int) -> HttpResponse:
    """One import, as far as it is: what there is to do next is the one coloured button."""
    actor, at = actor_of(request), now()
    found = queries.one(actor, number, today(), at)
    context = {
        "imported": shown(actor, found),
        "files": queries.files(found),
        "areas": queries.area_names(actor, found.areas, found.on, at),
        "limits": limits(),
        "kinds": ",".join(sorted(KINDS)),
    }
    if queries.standing(found) == "read":
        context["sheets"] = sheets_shown(queries.sheets(found), words_of(request))
        context["subjects"] = reading.subjects()
    return render(request, "imports/detail.html", context)


@screen(Permission.IMPORT_UPLOAD)
def part(request: HttpRequest, number: int) -> HttpResponse:
    """How far the job is; when it has ended, the page is loaded anew."""
    actor = actor_of(request)
    found = shown(actor, queries.one(actor, number, today(), now()))
    if not found.busy:
        return HttpResponse(status=204, headers={"HX-Refresh": "true"})
    return render(request, "imports/_progress.html", {"imported": found})


@in_memory
@require_POST
@screen(Permission.IMPORT_UPLOAD)
def add(request: HttpRequest, number: int) -> HttpResponse:
    actions.add_files(actor_of(request), number, handed_in(request))
    return redirect("imports:detail", number)


@require_POST
@screen(Permission.IMPORT_UPLOAD)
def remove(request: HttpRequest, number: int, file: int) -> HttpResponse:
    actions.remove_file(actor_of(request), number, file)
    return redirect("imports:detail", number)


@require_POST
@screen(Permission.IMPORT_UPLOAD)
def describe(request: HttpRequest, number: int) -> HttpResponse:
    on = _day(request.POST.get("on", ""))
    actions.describe(actor_of(request), number, on=on, department=request.POST.get("department", ""))
    return redirect("imports:detail", number)


@require_POST
@screen(Permission.IMPORT_UPLOAD)
def tell(request: HttpRequest, number: int, sheet: int) -> HttpResponse:
    """What a sheet is about and what its columns mean, or that it is not used, or is a full register."""
    actor = actor_of(request)
    if "used" in request.POST and "meaning" not in request.POST:
        actions.use_sheet(actor, number, sheet, used=request.POST["used"] == "yes")
    elif "full" in request.POST and "meaning" not in request.POST:
        actions.say_full(actor, number, sheet, full=request.POST["full"] == "yes")
    else:
        meanings = request.POST.getlist("meaning")
        actions.tell_columns(actor, number, sheet, subject=request.POST.get("subject", ""), meanings=meanings)
    return redirect("imports:detail", number)


@require_POST
@screen(Permission.IMPORT_UPLOAD)
def check(request: HttpRequest, number: int) -> HttpResponse:
    actions.ask_check(actor_of(request), number)
    return redirect("imports:detail", number)


@require_POST
@screen(Permission.IMPORT_APPLY)
def apply(request: HttpRequest, number: int) -> HttpResponse:
    actions.ask_apply(actor_of(request), number)
    return redirect("imports:detail", number)


@require_POST
@screen(Permission.IMPORT_APPLY)
def take_back(request: HttpRequest, number: int) -> HttpResponse:
    actions.ask_take_back(actor_of(request), number, reason=request.POST.get("reason", ""))
    return redirect("imports:detail", number)


@require_POST
@screen(Permission.IMPORT_UPLOAD)
def abandon(request: HttpRequest, number: int) -> HttpResponse:
    actions.abandon(actor_of(request), number)
    return redirect("imports:list")


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise FeigongError("error.imports.day", found=text[:40]) from None
