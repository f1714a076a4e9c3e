"""Logging a visit: once, however often it is sent; what was wrong is put right by another one."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta

from django.db import IntegrityError

from feigong.apps.accounts.roles import Permission, Role
from feigong.apps.accounts.sight import Actor, Sight
from feigong.apps.audit.recording import Change, changing
from feigong.apps.liaison import queries
from feigong.apps.liaison.following import follow_up
from feigong.apps.liaison.models import Visit
from feigong.apps.roll.kinds import RecordKind, in_sight
from feigong.core.errors import FeigongError
from feigong.core.text import prose

MOST_TEXT = 500
MOST_MEMBERS = 99_999
LONGEST_AGO = timedelta(days=366)
_KEY = re.compile(r"[0-9A-Za-z-]{8,40}")


@dataclass(frozen=True, slots=True)
class Told:
    """What is said of a visit. ``members``: how many were learned of."""

    on: date
    met: str
    purpose: str
    note: str = ""
    members: int | None = None
    problem: str = ""
    took_place: bool = True


@dataclass(frozen=True, slots=True)
class Logged:
    """``again``: it was there already, and stays one visit."""

    visit: int
    again: bool = False
    case: int | None = None


def log_visit(actor: Actor, enterprise: int, told: Told, key: str, *, today: date) -> Logged:
    """Write down a visit to an enterprise in sight, on its day or today.

    Raises
    ------
    FeigongError
        ``error.not_found``; ``error.visit.key``, ``.future``, ``.long_ago``, ``.met``, ``.purpose``, ``.members``,
        ``.too_long``.
    """
    actor.must(Permission.VISITS_LOG)
    said = _checked(told, key, today)
    there = _there(actor, key)
    if there is not None:
        return there
    try:
        with changing(actor, "visit.log", params={"enterprise": enterprise}) as change:
            area = _area(actor, enterprise, said.on, today, change)
            return _kept(change, key, enterprise, area, said, today, None)
    except IntegrityError:  # the same one came in at the same moment by another way
        there = _there(actor, key)
        if there is None:
            raise
        return there


def correct_visit(actor: Actor, visit_id: int, told: Told, key: str, *, today: date) -> Logged:
    """Say anew what was wrong: one's own visits, an office those of all. The earlier wording is kept."""
    actor.must(Permission.VISITS_LOG)
    said = _checked(told, key, today)
    there = _there(actor, key)
    if there is not None:
        return there
    with changing(actor, "visit.correct", params={"visit": visit_id}) as change:
        Visit.objects.select_for_update(of=("self",)).filter(pk=visit_id).first()
        sight = actor.sight(today, change.at)
        old = queries.visits(sight).filter(pk=visit_id).first()
        if old is None:
            changed = queries.written(sight).filter(pk=visit_id).exists()
            raise FeigongError("error.changed_meanwhile" if changed else "error.not_found")
        if not may_correct(actor, old):
            raise FeigongError("error.visit.not_yours")
        area = in_sight(RecordKind.ENTERPRISE, sight, old.enterprise_id).area_id
        return _kept(change, key, old.enterprise_id, area, said, today, old)


def may_correct(actor: Actor, visit: Visit) -> bool:
    """Whoever wrote it, and offices."""
    offices = (Role.DISTRICT_OFFICE, Role.TOWNSHIP)
    return actor.may(Permission.VISITS_LOG) and (actor.role in offices or visit.record.user_id == actor.user_id)


def _kept(
    change: Change, key: str, enterprise: int, area: int, told: Told, today: date, old: Visit | None
) -> Logged:  # fmt: skip
    worker = change.actor.scope.worker if old is None else old.worker_id
    case = old.case_id if old is not None else None
    if told.problem and told.took_place and case is None:
        case = follow_up(change, enterprise, area, told, worker, key, today)
    found = Visit.objects.create(
        record=change.record, key=key, enterprise_id=enterprise, worker_id=worker, on=told.on, met=told.met,
        purpose=told.purpose, note=told.note, members=told.members, problem=told.problem, case_id=case, corrects=old,
        took_place=told.took_place,
    )  # fmt: skip
    change.note("liaison.visit", found.pk, None, {
        "enterprise_id": enterprise, "on": told.on.isoformat(), "met": told.met, "purpose": told.purpose,
        "members": told.members, "case_id": case, "corrects_id": old.pk if old else None,
        "took_place": told.took_place,
    })  # fmt: skip
    return Logged(found.pk, case=case)


def _there(actor: Actor, key: str) -> Logged | None:
    """A visit of this key, of this account; ``error.visit.key`` where it is somebody else's."""
    found = Visit.objects.filter(key=key).select_related("record").first()
    if found is None:
        return None
    if found.record.user_id != actor.user_id:
        raise FeigongError("error.visit.key")
    return Logged(found.pk, again=True, case=found.case_id)


def _area(actor: Actor, enterprise: int, on: date, today: date, change: Change) -> int:
    """Where the enterprise is. An officer may have had it on the day and not today, or the other way round."""
    for sight in (actor.sight(today, change.at), actor.sight(on, change.at)):
        area = _area_in(sight, enterprise)
        if area is not None:
            return area
    raise FeigongError("error.not_found")


def _area_in(sight: Sight, enterprise: int) -> int | None:
    try:
        return int(in_sight(RecordKind.ENTERPRISE, sight, enterprise).area_id)
    except FeigongError:
        return None


def _checked(told: Told, key: str, today: date) -> Told:
    if not _KEY.fullmatch(key):
        raise FeigongError("error.visit.key")
    if told.on > today:
        raise FeigongError("error.visit.future", on=told.on.isoformat())
    if told.on < today - LONGEST_AGO:
        raise FeigongError("error.visit.long_ago", on=told.on.isoformat(), days=LONGEST_AGO.days)
    if told.met not in {option.code for option in queries.rules().met}:
        raise FeigongError("error.visit.met")
    if told.purpose not in {option.code for option in queries.rules().purposes}:
        raise FeigongError("error.visit.purpose")
    if told.members is not None and not 0 <= told.members <= MOST_MEMBERS:
        raise FeigongError("error.visit.members", most=MOST_MEMBERS)
    note, problem = prose(told.note), prose(told.problem)
    if max(len(note), len(problem)) > MOST_TEXT:
        raise FeigongError("error.visit.too_long", most=MOST_TEXT)
    return Told(told.on, told.met, told.purpose, note, told.members, problem, told.took_place)
