"""What the steps of a new settler's case change on the roll, and what must be so for its end."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from feigong.apps.audit.recording import Change
from feigong.apps.cases import queries as cases
from feigong.apps.cases.effects import EffectOn, effect
from feigong.apps.coverage.recruiting import open_in_change
from feigong.apps.roll import queries
from feigong.apps.roll.actions.records import alter
from feigong.apps.roll.kinds import RecordKind, in_sight
from feigong.core.cases.values import Standing
from feigong.core.errors import FeigongError

SET_UP = ("branch_own", "branch_joint", "branch_join")


@effect("settler.update")
def update(change: Change, on: EffectOn) -> Mapping[str, Any]:
    """Standing and staff as the survey found them, where the roll says otherwise."""
    firm = on.subject.enterprises[0]
    row = in_sight(RecordKind.ENTERPRISE, change.actor.sight(on.on, change.at), firm)
    learned = {"standing": on.answers.get("operation"), "staff": on.answers.get("staff")}
    facts = {name: value for name, value in learned.items() if value is not None and value != getattr(row, name)}
    if not facts:
        raise FeigongError("error.settler.nothing_to_update")
    alter(change, RecordKind.ENTERPRISE, firm, facts, on.on)
    return {f"updated_{name}": value for name, value in facts.items()}


@effect("settler.under_way")
def under_way(change: Change, on: EffectOn) -> Mapping[str, Any]:
    """The enterprise has a case of its setting up, as the approval of a plan opens one, or is set up by now."""
    sight = change.actor.sight(on.on, change.at)
    firm = on.subject.enterprises[0]
    found = cases.about(sight, enterprise=firm).filter(case__kind__in=SET_UP).exclude(standing=Standing.CLOSED).first()
    if found is not None:
        return {"case": found.case_id}
    if not _covering(sight, firm):
        raise FeigongError("error.settler.not_under_way")
    return {"organisation": _covering(sight, firm)}


@effect("settler.recruit")
def recruit(change: Change, on: EffectOn) -> Mapping[str, Any]:
    """It goes on as a case of its own, unless there is one."""
    opened = open_in_change(change, [on.subject.enterprises[0]], on=on.on)
    return {"case": opened[0]} if opened else {}


@effect("settler.looked_after")
def looked_after(change: Change, on: EffectOn) -> Mapping[str, Any]:
    held = queries.assignments(change.actor.sight(on.on, change.at)).filter(enterprise_id=on.subject.enterprises[0])
    officer = held.order_by("worker_id").values_list("worker_id", flat=True).first()
    if officer is None:
        raise FeigongError("error.settler.nobody_looks_after")
    return {"officer": officer}


@effect("settler.covered")
def covered(change: Change, on: EffectOn) -> Mapping[str, Any]:
    organisation = _covering(change.actor.sight(on.on, change.at), on.subject.enterprises[0])
    if organisation is None:
        raise FeigongError("error.settler.not_set_up")
    return {"organisation": organisation}


def _covering(sight: Any, firm: int) -> int | None:
    edges = queries.coverage(sight).filter(enterprise_id=firm).order_by("organisation_id")
    found: int | None = edges.values_list("organisation_id", flat=True).first()
    return found
