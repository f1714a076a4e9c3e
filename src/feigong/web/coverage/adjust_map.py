"""The plan as its map draws it: one compact answer, one list for each column."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, JsonResponse
from django.views.decorators.http import require_GET

from feigong.apps.accounts.roles import Permission
from feigong.apps.coverage import actions
from feigong.apps.coverage.drawn import TOGETHER, DrawnPlan, drawn_plan
from feigong.apps.roll.queries.outlines import drawn_areas
from feigong.core.coverage.values import Outcome
from feigong.core.errors import FeigongError
from feigong.web.map.drawing import SCALE, area_drawn
from feigong.web.request import actor_of, sight_of, words_of
from feigong.web.screen import screen
from feigong.wording import Words

KINDS = tuple(o.value for o in Outcome)
AT_FIRST = (*TOGETHER, Outcome.OWN, Outcome.RECRUIT, Outcome.REPAIR, Outcome.UNDECIDED)
_MOST_NAMED = 1500  # enterprises whose names come along
_KEPT = {"Cache-Control": "private, no-store"}


@require_GET
@screen(Permission.COVERAGE_PLAN)
def points(request: HttpRequest, plan_id: int) -> JsonResponse:
    """Joint branches, and enterprises with the outcomes that matter for them; of one other outcome where it is asked
    for: most enterprises of a district have no members, and their points come when somebody wants them."""
    sight, words, actor = sight_of(request), words_of(request), actor_of(request)
    kept = actions.to_go_on_from(sight, plan_id)
    asked = request.GET.get("outcome", "")
    if asked and asked not in KINDS:
        raise FeigongError("error.not_found")
    drawn = drawn_plan(actor.sight(kept.on, kept.known_at), kept, (asked,) if asked else AT_FIRST)
    found = _columns(drawn)
    if not asked:
        found["stars"] = _stars(drawn, words, follows=kept.previous_id is not None)
        found["areas"] = [area_drawn(area) for area in drawn_areas(sight)]
    return JsonResponse(found, headers=_KEPT, json_dumps_params={"separators": (",", ":"), "ensure_ascii": False})


def _columns(drawn: DrawnPlan) -> dict[str, Any]:
    firms = drawn.firms
    west = min((f.longitude for f in firms), default=0.0)
    south = min((f.latitude for f in firms), default=0.0)
    at = {b.key: n for n, b in enumerate(drawn.branches)}
    named = len(firms) <= _MOST_NAMED
    return {
        "west": west,
        "south": south,
        "scale": SCALE,
        "kinds": KINDS,
        "ids": [f.enterprise for f in firms],
        "x": [round((f.longitude - west) * SCALE) for f in firms],
        "y": [round((f.latitude - south) * SCALE) for f in firms],
        "kind": [KINDS.index(f.outcome) for f in firms],
        "star": [at.get(f.branch, -1) for f in firms],
        "moved": [f.enterprise for f in firms if f.moved],
        "names": [f.name for f in firms] if named else [],
        "unplaced": drawn.unplaced,
    }


def _stars(drawn: DrawnPlan, words: Words, *, follows: bool) -> list[dict[str, Any]]:
    """In the order that the column ``star`` counts in. One whose meeting place is nowhere has no ``at``."""
    found = []
    for branch in drawn.branches:
        name, *at = drawn.places.get(branch.host_id, ("",))
        shown: dict[str, Any] = {
            "key": branch.key, "host": branch.host_id, "when": words.slot(branch.slot, branch.cycle_weeks),
            "name": words.word("web.coverage.branch_at", host=name, n=branch.enterprises) if name else "",
            "joins": branch.organisation_id is not None, "at": at or None,
            "state": branch.state if follows else "kept",
        }  # fmt: skip
        found.append(shown)
    return found
