"""Changing a plan by hand: each change is checked at once against the rules; the rest is then planned around them.

What was changed so far travels with the form, as hidden fields: nothing is kept until another plan is asked for.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from feigong.apps.accounts.roles import Permission
from feigong.apps.clock import now, today
from feigong.apps.coverage import actions, queries
from feigong.apps.coverage.changing import Checks
from feigong.core.coverage.values import JointBranch
from feigong.core.coverage.wishes import Forbid, Host, Move, Pin, Slot, Wish, in_force, members_of
from feigong.core.errors import FeigongError
from feigong.core.reasons import Reason
from feigong.exchange.wishes_json import wish_from_json, wish_to_json, wishes_from_json
from feigong.web.coverage import shown
from feigong.web.coverage.listing import plan_title
from feigong.web.lists.views import ask_of
from feigong.web.records.inputs import number_in
from feigong.web.request import actor_of, sight_of, words_of
from feigong.web.screen import is_part, screen
from feigong.wording import Words

UNFIT = (  # said in the list of changes; whatever else is wrong is no matter of the form
    "error.wish_not_planned", "error.wish_unnamed", "error.wish_no_organisation", "error.wish_form",
    "error.wish_organisation_cannot",
)  # fmt: skip
TOGETHER = 6  # enterprises that the form for a new branch has room for


@dataclass(frozen=True, slots=True)
class Pending:
    """One change of the form: in words, and as its hidden field holds it."""

    text: str
    value: str


@dataclass(frozen=True, slots=True)
class Result:
    """What the check said of the last change."""

    text: str
    broken: tuple[Reason, ...]
    effects: tuple[Reason, ...]


class _Desk:
    """A plan on the desk: its branches, what was changed so far, who is called what."""

    def __init__(self, request: HttpRequest, plan_id: int) -> None:
        self.actor, self.words = actor_of(request), words_of(request)
        self.seen = sight_of(request)
        self.kept = actions.to_go_on_from(self.seen, plan_id)
        then = self.actor.sight(self.kept.on, self.kept.known_at)
        self.checks = Checks(then, self.kept, self.kept.parameters)
        assert self.checks.plan is not None
        self.plan = self.checks.plan
        self.earlier = wishes_from_json(self.kept.wishes)

    def branch(self, key: str) -> JointBranch | None:
        return next((b for b in self.plan.branches if b.key == key), None)

    def key_of(self, enterprise: int) -> str:
        """The enterprise's key in the plan; one that was not planned has none."""
        found = queries.keys_in(self.kept, [enterprise])
        if enterprise not in found:
            raise FeigongError("error.wish_not_planned")
        return found[enterprise]

    def names(self, wishes: tuple[Wish, ...], more: set[str]) -> dict[str, str]:
        wanted = shown.wish_keys(wishes, self.plan) | {b.host for b in self.plan.branches} | more
        return queries.names_by_key(self.seen, [self.kept], wanted)


@require_http_methods(["GET", "POST"])
@screen(Permission.COVERAGE_PLAN)
def adjust(request: HttpRequest, plan_id: int) -> HttpResponse:
    """The page; posted, another plan with all changes is asked for."""
    desk = _Desk(request, plan_id)
    if request.method == "POST":
        wishes = _pending(request.POST)
        job = actions.adjust_plan(
            desk.actor, plan_id, wishes, on=today(), known_at=now(), name=request.POST.get("name", "")
        )
        return redirect("jobs:detail", job.pk)
    return _page(request, desk, (), None, request.GET)


@require_POST
@screen(Permission.COVERAGE_PLAN)
def check(request: HttpRequest, plan_id: int) -> HttpResponse:
    """One more change, checked; or one less. Answers with the list of changes, to htmx, or with the page."""
    desk = _Desk(request, plan_id)
    wishes = _pending(request.POST)
    before = (*desk.earlier, *wishes)
    drop = request.POST.get("drop", "")
    if drop.isdecimal():
        return _page(request, desk, tuple(w for n, w in enumerate(wishes) if str(n) != drop), None, request.POST)
    try:
        wish = _wished(request.POST, desk, before)
    except FeigongError as error:
        if error.reason.code not in UNFIT:
            raise
        return _page(request, desk, wishes, Result("", (error.reason,), ()), request.POST)
    broken = desk.checks.broken(wish, before)
    effects = () if broken else desk.checks.effects(wish, before)
    names = desk.names((wish,), set())
    result = Result(shown.wish_sentence(wish, desk.plan, names, desk.words), broken, effects)
    held = in_force((*before, wish), desk.plan)
    kept = wishes if broken else (*(w for w in wishes if w in held and w != wish), wish)
    return _page(request, desk, kept, result, request.POST)


def _pending(given: QueryDict) -> tuple[Wish, ...]:
    """The changes so far. Whoever wrote the hidden fields: each is read and, when planned, checked again."""
    found = []
    for text in given.getlist("wish"):
        try:
            found.append(wish_from_json(json.loads(text)))
        except ValueError:
            raise FeigongError("error.wish_form", found=text[:80]) from None
    return tuple(found)


def _wished(given: QueryDict, desk: _Desk, before: tuple[Wish, ...]) -> Wish:
    """The change that the button which was pressed stands for, after those before."""
    key = given.get("branch", "")
    match given.get("add", ""):
        case "move":
            return Move(desk.key_of(_thing(given, "enterprise")), given.get("to", ""))
        case "join":
            return _joined(given, desk, before)
        case "alone":
            return Forbid((desk.key_of(_thing(given, "enterprise")),))
        case "apart":
            pair = {desk.key_of(_thing(given, name)) for name in ("first", "second")}
            return Forbid(tuple(sorted(pair)))
        case "together":
            return _together(given, desk)
        case "host":
            return Host(key, desk.key_of(_thing(given, "host")))
        case "slot":
            slot, _, weeks = given.get("slot", "").partition(".")
            return Slot(key, int(slot), int(weeks)) if slot.isdecimal() and weeks.isdecimal() else _unclear("slot")
        case "pin" | "dissolve" as wanted:
            branch = desk.branch(key)
            if branch is None:
                return _unclear("branch")
            usccs = tuple(sorted(members_of(branch)))
            if wanted == "pin":
                return Pin(usccs, branch.host, branch.slot, branch.cycle_weeks, branch.joins or "")
            return Forbid(usccs, branch.joins or "")
    return _unclear("add")


def _thing(given: QueryDict, name: str) -> int:
    number = number_in(given, name)
    if number is None:
        raise FeigongError("error.wish_unnamed")
    return number


def _unclear(field: str) -> Wish:
    raise FeigongError("error.wish_form", found=field)


def _together(given: QueryDict, desk: _Desk) -> Wish:
    """A new branch of those that were named, at the first of them or where they meet best."""
    numbers = [n for k in range(TOGETHER) if (n := number_in(given, f"firm{k}")) is not None]
    usccs = list(dict.fromkeys(desk.key_of(n) for n in numbers))
    if len(usccs) < 2:
        raise FeigongError("error.wish_form", found=desk.words.word("web.coverage.two_at_least"))
    host = usccs[0] if given.get("at_first") == "1" else desk.checks.best_host(usccs)
    return Pin(tuple(sorted(usccs)), host)


def _joined(given: QueryDict, desk: _Desk, before: tuple[Wish, ...]) -> Wish:
    """An organisation takes one more in, beside those that it already takes."""
    enterprise = desk.key_of(_thing(given, "enterprise"))
    organisation = number_in(given, "organisation")
    if organisation is None:
        raise FeigongError("error.wish_no_organisation")
    return desk.checks.joined([enterprise], organisation, before)


def _page(
    request: HttpRequest, desk: _Desk, wishes: tuple[Wish, ...], result: Result | None, given: QueryDict
) -> HttpResponse:
    words = desk.words
    chosen = desk.branch(given.get("branch", ""))
    more = members_of(chosen) if chosen is not None else set()
    names = desk.names((*wishes, *desk.earlier), more)
    pending = [_line(w, desk, names, words) for w in wishes]
    context: dict[str, Any] = {"plan": desk.kept, "pending": pending, "result": result}
    if is_part(request):
        return render(request, "coverage/_changes.html", context)
    options = sorted((shown.branch_name(b, names, words), b.key) for b in desk.plan.branches)
    context |= {
        "title": plan_title(desk.kept, ask_of(request)),
        "earlier": [shown.wish_sentence(w, desk.plan, names, words) for w in desk.earlier],
        "options": [(key, text, chosen is not None and key == chosen.key) for text, key in options],
        "chosen": chosen,
        "firm_fields": [(f"firm{k}", f"web.coverage.firm_{k + 1}") for k in range(TOGETHER)],
        "enterprise": _given_enterprise(given, desk),
        **(_of_branch(chosen, desk, names) if chosen is not None else {}),
    }
    return render(request, "coverage/adjust.html", context)


def _line(wish: Wish, desk: _Desk, names: dict[str, str], words: Words) -> Pending:
    text = shown.wish_sentence(wish, desk.plan, names, words)
    return Pending(text, json.dumps(wish_to_json(wish), ensure_ascii=False))


def _of_branch(branch: JointBranch, desk: _Desk, names: dict[str, str]) -> dict[str, Any]:
    """What can be chosen for one branch: another place, another time."""
    numbers = queries.numbers_in(desk.kept, members_of(branch))
    members = sorted((names[u], numbers[u], u == branch.host) for u in numbers if u in names)
    times = desk.checks.times(branch)
    now_ = branch.slot, branch.cycle_weeks
    return {
        "members": members,
        "times": [(f"{s}.{w}", desk.words.slot(s, w), (s, w) == now_) for s, w in times],
        "chosen_name": shown.branch_name(branch, names, desk.words),
    }


def _given_enterprise(given: QueryDict, desk: _Desk) -> tuple[int, str] | None:
    """The enterprise that the address names, with its name."""
    text = given.get("enterprise", "")
    if not text.isdecimal() or len(text) > 9:
        return None
    name = queries.enterprise_name(desk.seen, int(text))
    return (int(text), name) if name else None
