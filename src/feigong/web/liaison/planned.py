"""Who is to look after whom by a plan: looked at officer by officer, done as a whole or in part."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_POST

from feigong.apps.accounts.roles import Permission
from feigong.apps.accounts.sight import Sight
from feigong.apps.clock import today
from feigong.apps.coverage import queries as plans
from feigong.apps.liaison import proposal as proposals
from feigong.apps.roll import queries
from feigong.core.coverage.handing import Handed, Move
from feigong.core.errors import FeigongError
from feigong.web.request import actor_of, sight_of, words_of
from feigong.web.screen import screen

OFFICERS, ENTERPRISES = 30, 50
_MOST_TICKED = 5000


@dataclass(frozen=True, slots=True)
class Line:
    """One enterprise under an officer."""

    change: Handed
    name: str
    others: str  # whose it was, or whose it will be
    metres: float | None
    ticks: bool  # can be ticked here


@dataclass(frozen=True, slots=True)
class Block:
    side: proposals.Side
    name: str
    groups: tuple[tuple[str, tuple[Line, ...]], ...]
    tone: str
    travel: float | None  # by the plan, there and not back


@require_GET
@screen(Permission.COVERAGE_VIEW)
def latest(request: HttpRequest) -> HttpResponse:
    """The proposal of the newest plan; where there is no plan, how to come by one."""
    plan = plans.plans(sight_of(request)).first()
    if plan is None:
        return render(request, "liaison/no_plan.html")
    return redirect("liaison:planned", plan.pk)


@require_GET
@screen(Permission.COVERAGE_VIEW)
def planned(request: HttpRequest, plan_id: int) -> HttpResponse:
    """Officers with what each keeps, gets and gives up, those with most changes first."""
    sight = sight_of(request)
    found = proposals.proposal(sight, plans.plan(sight, plan_id))
    sides = sorted(found.sides, key=_changes_first)
    page = Paginator(sides, OFFICERS).get_page(request.GET.get("page"))
    kept, held = found.moves(Move.KEEP), found.moves(Move.KEEP) + found.moves(Move.TAKE) + found.moves(Move.END)
    context = {
        "found": found, "plan": found.plan, "page": page, "blocks": _blocks(sight, found, list(page.object_list)),
        "moves": [(move.value, found.moves(move)) for move in Move], "kept_share": kept / held if held else None,
        "over": sum(side.after > found.warn for side in found.sides), "today": today(),
        "may_assign": actor_of(request).may(Permission.ROLL_CHANGE) and sight.on == today() and bool(found.open),
        "all": sum(change.officer is not None for change in found.open),
    }  # fmt: skip
    return render(request, "liaison/planned.html", context)


def _changes_first(side: proposals.Side) -> tuple[int, int]:
    change = side.change
    return -(len(change.gains) + len(change.loses) + len(change.ends)), side.officer


def _blocks(sight: Sight, found: proposals.Proposal, sides: Sequence[proposals.Side]) -> list[Block]:
    shown = [one for side in sides for one in _all(side)]
    firms = queries.enterprises(sight).filter(enterprise_id__in={one.enterprise for one in shown}).order_by()
    firm_names = dict(firms.values_list("enterprise_id", "name"))
    people = {o for one in shown for o in (*one.before, one.officer) if o} | {side.officer for side in sides}
    names = dict(queries.workers(sight).filter(worker_id__in=people).order_by().values_list("worker_id", "name"))
    pairs = [(one.enterprise, side.officer) for side in sides for one in (*side.change.keeps, *side.change.gains)]
    far = proposals.metres(sight, pairs)
    return [_block(side, found, firm_names, names, far) for side in sides]


def _all(side: proposals.Side) -> tuple[Handed, ...]:
    return (*side.change.gains, *side.change.keeps, *side.change.loses, *side.change.ends)


def _block(
    side: proposals.Side, found: proposals.Proposal, firms: Mapping[int, str], names: Mapping[int, str],
    far: Mapping[tuple[int, int], float],
) -> Block:  # fmt: skip
    def lines(changes: Sequence[Handed], own: bool) -> tuple[Line, ...]:
        return tuple(
            Line(
                one, firms.get(one.enterprise, ""), _others(one, side.officer, names),
                far.get((one.enterprise, side.officer)) if own else None,
                (own or one.move is Move.END) and one.move is not Move.KEEP,
            )
            for one in changes
        )  # fmt: skip

    change = side.change
    groups = (
        ("gains", lines(change.gains, True)), ("loses", lines(change.loses, False)),
        ("ends", lines(change.ends, False)), ("keeps", lines(change.keeps, True)),
    )  # fmt: skip
    tone = "bad" if side.after > found.warn else "warn" if side.after > found.usual else ""
    travel = side.load.travel_m if side.load is not None else None
    return Block(side, names.get(side.officer, ""), tuple(g for g in groups if g[1]), tone, travel)


def _others(one: Handed, officer: int, names: Mapping[int, str]) -> str:
    """For who gets it: who had it. For who gives it up: who gets it."""
    if one.officer not in (officer, None):
        return names.get(one.officer or 0, "")
    return "、".join(names[o] for o in one.before if o != officer and o in names)


@require_POST
@screen(Permission.ROLL_CHANGE)
def carry_out(request: HttpRequest, plan_id: int) -> HttpResponse:
    """Do what was ticked, or all that get an officer, in one record."""
    actor = actor_of(request)
    actor.must(Permission.COVERAGE_VIEW)
    plans.plan(sight_of(request), plan_id)
    ticked = None if request.POST.get("all") == "1" else _ticked(request)
    done = proposals.carry_out(actor, plan_id, ticked, on=today(), reason=request.POST.get("reason", ""))
    messages.success(request, words_of(request).word("web.planned.done", n=done))
    return redirect("liaison:planned", plan_id)


def _ticked(request: HttpRequest) -> list[int]:
    found = [int(t) for t in request.POST.getlist("ids")[:_MOST_TICKED] if t.isdecimal() and len(t) < 16]
    if not found:
        raise FeigongError("error.lists.none_chosen")
    return found


@require_GET
@screen(Permission.COVERAGE_VIEW)
def waiting(request: HttpRequest, plan_id: int) -> HttpResponse:
    """The enterprises that a plan has no officer for, all or of one area."""
    sight = sight_of(request)
    found = proposals.proposal(sight, plans.plan(sight, plan_id))
    area = request.GET.get("area", "")
    ids = [one for short in found.shortages if area in ("", str(short.area)) for one in short.waiting]
    rows = queries.enterprises(sight).filter(enterprise_id__in=ids)
    page = Paginator(rows, ENTERPRISES).get_page(request.GET.get("page"))
    context: dict[str, Any] = {
        "plan": found.plan, "page": page, "count": len(ids), "query": f"area={area}&" if area else "",
        "area": next((s.name for s in found.shortages if str(s.area) == area), ""),
    }  # fmt: skip
    return render(request, "liaison/waiting.html", context)
