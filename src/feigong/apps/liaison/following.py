"""A problem raised on a visit becomes a case of the township's."""

from __future__ import annotations

from datetime import date
from typing import Protocol

from feigong.apps.accounts.models import Grant
from feigong.apps.accounts.roles import Role
from feigong.apps.audit.recording import Change
from feigong.apps.cases.actions import Opening, open_in
from feigong.apps.cases.models import Case
from feigong.apps.roll.models import AreaState
from feigong.apps.roll.queries.restrict import seen_on
from feigong.core.roll.trees import nodes_of

KIND = "follow_up"


class Raised(Protocol):
    """What is needed of a visit."""

    @property
    def on(self) -> date: ...

    @property
    def problem(self) -> str: ...


def follow_up(
    change: Change, enterprise: int, area: int, raised: Raised, worker: int | None, key: str, today: date
) -> int:
    """Open it, from today on: a visit told late does not make it late. Its identity."""
    facts = {"problem": raised.problem, "visited_on": raised.on.isoformat()}
    owner = township_of(change, area, today)
    opening = Opening(KIND, area, (enterprise,), facts=facts, key=f"visit:{key}", owner=owner, worker=worker)
    opened = open_in(change, [opening], on=today)
    return opened[0] if opened else Case.objects.get(key=opening.key).pk


def township_of(change: Change, area: int, on: date) -> int | None:
    """The account of the township that an area belongs to, the nearest; None where several share it or there is none:
    then the case is in the list of all who have the area."""
    path = seen_on(AreaState, change.actor.sight(on, change.at)).filter(area_id=area).values_list("path", flat=True)
    nodes = nodes_of(path.first() or "")
    held: dict[int, list[int]] = {}
    grants = Grant.objects.filter(area_id__in=nodes, user__is_active=True, user__role=Role.TOWNSHIP)
    for node, user in grants.order_by("pk").values_list("area_id", "user_id"):
        held.setdefault(node, []).append(user)
    nearest = next((held[node] for node in reversed(nodes) if node in held), [])
    return nearest[0] if len(nearest) == 1 else None
