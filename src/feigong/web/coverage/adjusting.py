"""Changing a plan by hand, on the map or by the list: each change is checked at once against the rules; the rest is
then planned around them.

What was changed so far travels with the form, as hidden fields, and so does what is chosen: nothing is kept until
another plan is asked for. Map, list and forms all post to `check`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from feigong.apps.accounts.roles import Permission
from feigong.apps.clock import now, today
from feigong.apps.coverage import actions
from feigong.core.coverage.wishes import Forbid, Host, Move, Pin, Slot, Wish, in_force, members_of
from feigong.core.errors import FeigongError
from feigong.core.reasons import Reason
from feigong.web.coverage.adjust_chosen import choice_in, chosen_context
from feigong.web.coverage.adjust_desk import Desk, read_wishes, thing_in
from feigong.web.coverage.adjust_listed import listed_context
from feigong.web.coverage.adjust_map import AT_FIRST
from feigong.web.coverage.listing import plan_title
from feigong.web.lists.views import ask_of
from feigong.web.records.inputs import number_in
from feigong.web.screen import is_part, screen

UNFIT = (  # said in the list of changes; whatever else is wrong is no matter of the form
    "error.wish_not_planned", "error.wish_unnamed", "error.wish_no_organisation", "error.wish_form",
    "error.wish_organisation_cannot",
)  # fmt: skip
TOGETHER = 6  # enterprises that the form for a new branch has room for


@dataclass(frozen=True, slots=True)
class Result:
    """What the check said of the last change."""

    wish: Wish | None  # None: what was asked for is none
    broken: tuple[Reason, ...]
    effects: tuple[Reason, ...]


@require_http_methods(["GET", "POST"])
@screen(Permission.COVERAGE_PLAN)
def adjust(request: HttpRequest, plan_id: int) -> HttpResponse:
    """The page; posted, another plan with all changes is asked for."""
    desk = Desk(request, plan_id)
    if request.method == "POST":
        wishes = read_wishes(request.POST)
        job = actions.adjust_plan(
            desk.actor, plan_id, wishes, on=today(), known_at=now(), name=request.POST.get("name", "")
        )
        return redirect("jobs:detail", job.pk)
    return _page(request, desk, None, request.GET)


@require_POST
@screen(Permission.COVERAGE_PLAN)
def check(request: HttpRequest, plan_id: int) -> HttpResponse:
    """One more change, checked; one less; or something else chosen or listed. Answers with that part, to htmx, or with
    the page."""
    desk, given = Desk(request, plan_id), request.POST
    desk.wishes = read_wishes(given)
    drop = given.get("drop", "")
    if drop.isdecimal():
        desk.wishes = tuple(w for n, w in enumerate(desk.wishes) if str(n) != drop)
        return _page(request, desk, None, given)
    if "choose" in given or "look" in given:
        if not is_part(request):
            return _page(request, desk, None, given)
        if "look" in given:
            return render(request, "coverage/_listed.html", {"plan": desk.kept, **listed_context(desk, given)})
        return render(request, "coverage/_chosen.html", {"plan": desk.kept, **chosen_context(desk, choice_in(given))})
    return _page(request, desk, _added(desk, given), given)


def _added(desk: Desk, given: QueryDict) -> Result:
    """One more change: among the others where it keeps the rules."""
    try:
        wish = _wished(given, desk)
    except FeigongError as error:
        if error.reason.code not in UNFIT:
            raise
        return Result(None, (error.reason,), ())
    before = desk.before
    broken = desk.checks.broken(wish, before)
    effects = () if broken else desk.checks.effects(wish, before)
    desk.asked = (wish,)
    if not broken:
        held = in_force((*before, wish), desk.plan)
        desk.wishes = (*(w for w in desk.wishes if w in held and w != wish), wish)
    return Result(wish, broken, effects)


def _wished(given: QueryDict, desk: Desk) -> Wish:
    """The change that the button which was pressed stands for; what it is about, or the fields of the form."""
    key = given.get("branch", "")
    add, _, value = given.get("add", "").partition(":")
    match add:
        case "move":
            return Move(desk.key_of(thing_in(given, "enterprise")), value or given.get("to", ""))
        case "bring":
            return Move(desk.key_of(thing_in(given, "other")), key)
        case "join":
            return _joined(given, desk)
        case "alone":
            return Forbid((desk.key_of(thing_in(given, "enterprise")),))
        case "part":
            return _apart(given, desk, "enterprise", "other")
        case "apart":
            return _apart(given, desk, "first", "second")
        case "together":
            return _together(given, desk)
        case "host":
            return Host(key, desk.key_of(thing_in(given, "host")))
        case "slot":
            slot, _, weeks = given.get("slot", "").partition(".")
            return Slot(key, int(slot), int(weeks)) if slot.isdecimal() and weeks.isdecimal() else _unclear("slot")
        case "pin" | "dissolve" as wanted:
            branch = desk.draft.branch(key)
            if branch is None:
                return _unclear("branch")
            usccs = tuple(sorted(members_of(branch)))
            if wanted == "pin":
                return Pin(usccs, branch.host, branch.slot, branch.cycle_weeks, branch.joins or "")
            return Forbid(usccs, branch.joins or "")
    return _unclear("add")


def _unclear(field: str) -> Wish:
    raise FeigongError("error.wish_form", found=field)


def _apart(given: QueryDict, desk: Desk, *names: str) -> Wish:
    pair = {desk.key_of(thing_in(given, name)) for name in names}
    return Forbid(tuple(sorted(pair)))


def _together(given: QueryDict, desk: Desk) -> Wish:
    """A new branch of those that were named, at the first of them or where they meet best."""
    numbers = [n for k in range(TOGETHER) if (n := number_in(given, f"firm{k}")) is not None]
    usccs = list(dict.fromkeys(desk.key_of(n) for n in numbers))
    if len(usccs) < 2:
        raise FeigongError("error.wish_form", found=desk.words.word("web.coverage.two_at_least"))
    host = usccs[0] if given.get("at_first") == "1" else desk.checks.best_host(usccs)
    return Pin(tuple(sorted(usccs)), host)


def _joined(given: QueryDict, desk: Desk) -> Wish:
    """An organisation takes one more in, beside those that it already takes."""
    enterprise = desk.key_of(thing_in(given, "enterprise"))
    organisation = number_in(given, "organisation")
    if organisation is None:
        raise FeigongError("error.wish_no_organisation")
    return desk.checks.joined([enterprise], organisation, desk.before)


def _page(request: HttpRequest, desk: Desk, result: Result | None, given: QueryDict) -> HttpResponse:
    desk.__dict__.pop("draft", None)  # the changes may be others now
    context: dict[str, Any] = {
        "plan": desk.kept, "result": result, "drawn": desk.drawn(), "pending": desk.pending(),
        "what": desk.sentence(result.wish) if result is not None and result.wish is not None else "",
    }  # fmt: skip
    if is_part(request):
        if result is not None and result.broken:  # nothing changed: what is chosen stays as it stands there
            return render(request, "coverage/_changes.html", context)
        return render(request, "coverage/_answer.html", context | chosen_context(desk, choice_in(given), far=False))
    context |= {
        "title": plan_title(desk.kept, ask_of(request)),
        "earlier": [desk.sentence(w) for w in desk.earlier],
        "firm_fields": [(f"firm{k}", f"web.coverage.firm_{k + 1}") for k in range(TOGETHER)],
        "tiles": settings.MAP_TILES,
        "at_first": AT_FIRST,
        **chosen_context(desk, choice_in(given)),
        **listed_context(desk, given),
    }
    return render(request, "coverage/adjust.html", context)
