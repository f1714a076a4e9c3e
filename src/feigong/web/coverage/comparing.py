"""Two plans beside one another: totals, what it costs, what changes for whom; to take away as a table."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from feigong.apps.accounts.roles import Permission
from feigong.apps.accounts.sight import Sight
from feigong.apps.audit.actions import record_event
from feigong.apps.clock import ZONE, now
from feigong.apps.coverage import queries
from feigong.core.coverage.comparison import Comparison, Difference, Side
from feigong.web.coverage import shown
from feigong.web.coverage.listing import plan_title
from feigong.web.lists.export import xlsx_answer
from feigong.web.lists.views import ask_of
from feigong.web.request import actor_of, sight_of, words_of
from feigong.web.screen import screen
from feigong.wording import Words

PAGE = 50


@dataclass(frozen=True, slots=True)
class Line:
    """One figure of both plans. ``opens``: the addresses of the rows that it counts."""

    name: str
    before: str
    after: str
    difference: str
    opens: tuple[str, str]


def _both(request: HttpRequest, sight: Sight, plan_id: int) -> tuple[Any, Any, Comparison]:
    """The plan, and the one it is compared with: which was asked for, else the one that it was made from."""
    after = queries.plan(sight, plan_id)
    text = request.GET.get("before", "")
    asked = int(text) if text.isdecimal() and len(text) < 10 else after.previous_id
    before = after if asked is None else queries.plan(sight, asked)
    return before, after, queries.comparison(sight, before, after)


@require_GET
@screen(Permission.COVERAGE_VIEW)
def compared(request: HttpRequest, plan_id: int) -> HttpResponse:
    """A plan against another, usually the one that it was made from."""
    sight, words = sight_of(request), words_of(request)
    before, after, found = _both(request, sight, plan_id)
    wanted = request.GET.get("difference", "")
    changes = [c for c in found.changes if not wanted or wanted in c.differences]
    page = Paginator(changes, PAGE).get_page(request.GET.get("page"))
    rows = list(page.object_list)
    names = queries.names_by_key(sight, (before, after), shown.change_keys(rows))
    count = Counter(d for c in found.changes for d in c.differences)
    ask = ask_of(request)
    return render(
        request,
        "coverage/compare.html",
        {
            "before": before,
            "after": after,
            "before_title": plan_title(before, ask),
            "after_title": plan_title(after, ask),
            "found": found,
            "lines": list(_lines(found, (before.pk, after.pk), words)),
            "parameters": shown.parameters_shown(found.parameters, queries.content(after), words),
            "kinds": [(d.value, count[d]) for d in Difference if count[d]],
            "wanted": wanted,
            "query": f"before={before.pk}&" + (f"difference={wanted}&" if wanted in set(Difference) else ""),
            "page": page,
            "rows": [shown.change_shown(c, names, words) for c in rows],
            "may_export": actor_of(request).may(Permission.EXPORT),
        },
    )


def _lines(found: Comparison, plans: tuple[int, int], words: Words) -> Iterator[Line]:
    a, b = found.before, found.after
    branches = _of_both(plans, lambda plan: f"{reverse('planned_branches:list')}?plan={plan}")
    waiting = _of_both(plans, lambda plan: reverse("liaison:waiting", args=[plan]))
    for name, one, other in (
        ("covered", a.covered_members, b.covered_members),
        ("branches", a.branches, b.branches),
        ("placed", a.placed, b.placed),
        ("waiting", a.waiting, b.waiting),
    ):
        opens = waiting if name == "waiting" else branches
        title = words.word(f"web.coverage.{name}")
        yield Line(title, words.number(one), words.number(other), _signed(other - one), opens)
    for name, way, other_way in (("travel", a.travel_m, b.travel_m), ("farthest", a.farthest_m, b.farthest_m)):
        more = other_way - way
        text = ("+" if more > 0 else "−") + words.distance(abs(more)) if abs(more) >= 1 else ""
        longest = branches[0] + f"&sort=-{name}_m", branches[1] + f"&sort=-{name}_m"
        yield Line(words.word(f"web.coverage.{name}"), words.distance(way), words.distance(other_way), text, longest)
    first, second = dict(a.outcomes), dict(b.outcomes)
    for outcome in sorted(first.keys() | second.keys()):
        one, other = first.get(outcome, 0), second.get(outcome, 0)
        opens = _of_both(plans, partial(_of_outcome, outcome.value))
        title = words.word(f"outcome.{outcome.value}")
        yield Line(title, words.number(one), words.number(other), _signed(other - one), opens)


def _of_outcome(outcome: str, plan: int) -> str:
    return f"{reverse('coverage:detail', args=[plan])}?outcome={outcome}"


def _of_both(plans: tuple[int, int], address: Callable[[int], str]) -> tuple[str, str]:
    return address(plans[0]), address(plans[1])


def _signed(difference: int) -> str:
    return f"{'+' if difference > 0 else '−'}{abs(difference):,}" if difference else ""


@require_POST
@screen(Permission.EXPORT)
def export(request: HttpRequest, plan_id: int) -> HttpResponseBase:
    """All that changes, one enterprise a row, as a workbook. Recorded first."""
    actor, sight, words = actor_of(request), sight_of(request), words_of(request)
    actor.must(Permission.COVERAGE_VIEW)
    before, after, found = _both(request, sight, plan_id)
    params = {"list": "coverage.compare", "format": "xlsx", "rows": len(found.changes), "before": before.pk,
              "after": after.pk}  # fmt: skip
    record_event(actor, "lists.export", params=params)
    names = queries.names_by_key(sight, (before, after))
    heads = [words.word(f"web.coverage.{name}") for name in (
        "enterprise", "code", "full_members", "differences", "before", "after", "travel_before", "travel_after")]
    stamp = timezone.localtime(now(), ZONE).strftime("%Y%m%d-%H%M")
    title = words.word("web.coverage.compare_title", before=before.pk, after=after.pk)
    return xlsx_answer(f"{title}-{stamp}.xlsx", title, heads, _rows(found, names, words))


def _rows(found: Comparison, names: shown.Names, words: Words) -> Iterator[list[str | int | float]]:
    for change in found.changes:
        line = shown.change_shown(change, names, words)
        yield [
            line.name, line.key, line.members, words.join(list(line.differences)), line.before, line.after,
            _metres(change.before), _metres(change.after),
        ]  # fmt: skip


def _metres(side: Side | None) -> float | str:
    return round(side.travel_m) if side is not None and side.travel_m is not None else ""
