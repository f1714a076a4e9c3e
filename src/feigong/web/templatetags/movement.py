"""What stands above the list of endangered branches."""

from __future__ import annotations

from typing import Any

from django import template

from feigong.apps.movement import actions, queries
from feigong.exchange.movement_file import load_movement
from feigong.web.request import sight_of, words_of

register = template.Library()


@register.simple_tag(takes_context=True)
def movement_head(context: dict[str, Any]) -> dict[str, Any]:
    """How the chances were reckoned, and the plan that one can go on from."""
    request = context["request"]
    sight = sight_of(request)
    rate = queries.rate(sight)
    code = "web.movement.intro" if rate.measured else "web.movement.intro_usual"
    tops = queries.top_areas(sight)
    return {
        "intro": words_of(request).word(code, share=rate.share, months=load_movement().months),
        "plan": actions.latest_plan(sight, tops[0]) if tops else None,
    }
