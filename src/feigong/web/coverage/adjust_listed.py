"""What the map shows, as a list to choose from: joint branches, or enterprises by what the plan says of them."""

from __future__ import annotations

from typing import Any

from django.core.paginator import Page, Paginator
from django.http import QueryDict

from feigong.apps.coverage import queries
from feigong.apps.roll import queries as roll
from feigong.apps.roll.searching import matching
from feigong.core.coverage.values import Outcome
from feigong.web.coverage.adjust_desk import Desk
from feigong.web.coverage.adjust_map import AT_FIRST

PAGE = 12
_ORDER = (*AT_FIRST, *(o for o in Outcome if o not in AT_FIRST))
_BRANCHES = "branches"
_MOST_AMONG = 200
_Listed = tuple[Page[Any], list[dict[str, Any]]]


def listed_context(desk: Desk, given: QueryDict) -> dict[str, Any]:
    """For ``coverage/_listed.html``. ``among``: only these enterprises, those that share a point of the map."""
    text = given.get("q", "").strip()[:60]
    wanted = given.get("kind", "")
    kind = wanted if wanted in list(Outcome) else _BRANCHES
    among = [int(t) for t in given.get("among", "").split(",")[:_MOST_AMONG] if t.isdecimal() and len(t) <= 9]
    page_no = given.get("look", "1")
    figures = sorted(queries.figures(desk.seen, desk.kept), key=lambda f: _ORDER.index(Outcome(f.outcome)))
    kinds = [(_BRANCHES, desk.words.word("web.coverage.branches"), len(desk.plan.branches))]
    kinds += [(f.outcome, desk.words.word(f"outcome.{f.outcome}"), f.enterprises) for f in figures]
    found = None
    if text or among:
        rows = roll.enterprises(desk.seen).filter(matching(text)).order_by()
        found = (rows.filter(enterprise_id__in=among) if among else rows).values("enterprise_id")
    firms = among or kind != _BRANCHES
    page, lines = (_firms if firms else _branches)(desk, "" if among else kind, found, page_no)
    return {
        "listed": page, "listed_rows": lines, "list_kind": kind, "q": text, "among": among, "figures": figures,
        "kinds": [(value, text_, n, value == kind) for value, text_, n in kinds],
    }  # fmt: skip


def _branches(desk: Desk, _: str, found: Any, page: str) -> _Listed:
    rows = queries.all_branches(desk.seen, desk.kept)
    if found is not None:
        rows = rows.filter(queries.among_branches(found))
    listed = Paginator(rows.order_by("-members", "key"), PAGE).get_page(page)
    desk.know(row.host_key for row in listed)
    by_key = {b.key: b for b in desk.draft.branches}
    lines: list[dict[str, Any]] = [
        {
            "choose": f"branch:{row.key}", "key": row.key, "name": desk.name(row.host_key),
            "number": row.enterprises, "members": row.members, "farthest_m": row.farthest_m, "state": row.state,
            "when": desk.words.slot(row.slot, row.cycle_weeks), "altered": row.key not in by_key,
        }
        for row in listed
    ]  # fmt: skip
    return listed, lines


def _firms(desk: Desk, kind: str, found: Any, page: str) -> _Listed:
    rows = queries.outcomes(desk.seen, desk.kept, kind)
    if found is not None:
        rows = rows.filter(enterprise_id__in=found)
    listed = Paginator(rows, PAGE).get_page(page)
    desk.know(row.key for row in listed)
    lines: list[dict[str, Any]] = [
        {
            "choose": f"firm:{row.enterprise_id}", "firm": row.enterprise_id, "name": desk.name(row.key),
            "outcome": row.outcome, "members": row.full_members,
        }
        for row in listed
    ]  # fmt: skip
    return listed, lines
