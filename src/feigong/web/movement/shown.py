"""What a transfer does, in words: on the form that asks for it, on its case, on the page of the branch."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from feigong.apps.accounts.sight import Sight
from feigong.apps.cases.queries import NamedSubject
from feigong.apps.movement import queries
from feigong.apps.roll import queries as roll
from feigong.core.cases.values import Standing
from feigong.core.coverage.movement import Outlook


@dataclass(frozen=True, slots=True)
class Shown:
    """``together``: with all others that are open, where they make a difference."""

    branch: int
    name: str
    alone: Outlook
    together: Outlook | None


def effect_on_branch(sight: Sight, member: int) -> Shown | None:
    found = queries.effect_of(sight, member)
    if found is None:
        return None
    name = roll.organisations(sight).filter(organisation_id=found.branch).values_list("name", flat=True).first()
    together = found.together if found.together.leaving > found.alone.leaving else None
    return Shown(found.branch, name or "", found.alone, together)


def on_case(row: Any, subjects: list[NamedSubject], sight: Sight) -> Mapping[str, Any]:
    """What the page of a transfer has besides: from where to where, and, until it is accepted, what it does."""
    facts = row.case.facts
    member = next((one for one in subjects if one.kind == "member"), None)
    under_way = row.standing != Standing.CLOSED and row.step != queries.ACCEPTED
    seen = member.record_id if member is not None else None
    return {
        "extra": "movement/_case.html",
        "moves": facts,
        "who": member.name if member is not None else facts.get("name", "") if sight.members else "",
        "who_id": seen,
        "units": {one.record_id for one in subjects if one.kind == "organisation" and one.record_id},
        "outside": facts.get("to") is None,
        "effect": effect_on_branch(sight, seen) if under_way and seen is not None else None,
    }
