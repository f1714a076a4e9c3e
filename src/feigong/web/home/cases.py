"""Cases that wait: counted from where they stand today, so that nothing is missed after a time without a server."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from django.db.models import Count, Q

from feigong.apps.cases import queries
from feigong.core.cases.values import Standing
from feigong.web.cases.listing import SPEC
from feigong.web.home.office import Figure, of_list
from feigong.web.lists.spec import Ask

WEEK = timedelta(days=6)  # and the day itself
_GOING = "standing=open&standing=held"


def waiting(ask: Ask) -> Mapping[str, Any] | None:
    """Overdue, due within seven days, one's own, nobody's; None where nothing is under way."""
    on = ask.sight.on
    until = on + WEEK
    going = ~Q(standing=Standing.CLOSED)
    asked = {
        "overdue": ("overdue=yes", queries.overdue(on)),
        "week": (f"standing=open&due_on_from={on}&due_on_to={until}",
                 Q(standing=Standing.OPEN, due_on__gte=on, due_on__lte=until)),
        "mine": (f"mine=yes&{_GOING}", going & queries.mine(account=ask.actor.user_id, worker=ask.actor.scope.worker)),
        "nobody": (f"unassigned=yes&{_GOING}", going & queries.unassigned()),
    }  # fmt: skip
    counts = {code: Count("pk", filter=where) for code, (_, where) in asked.items()}
    found = queries.cases(ask.sight).order_by().aggregate(going=Count("pk", filter=going), **counts)
    if not found["going"]:
        return None
    figures: list[Figure] = [of_list(code, found[code], SPEC, query, ask) for code, (query, _) in asked.items()]
    return {"figures": figures}
