"""Asking for a transfer, entering one that arrives, and planning again on the roll of today."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from feigong.apps.accounts.roles import Permission
from feigong.apps.accounts.sight import Actor, Sight
from feigong.apps.audit.recording import changing
from feigong.apps.cases.actions import Opening, open_in
from feigong.apps.cases.models import CaseState, CaseSubject
from feigong.apps.coverage import queries as plans
from feigong.apps.coverage.actions import planned_area, start_plan
from feigong.apps.coverage.models import Plan
from feigong.apps.coverage.presets import chosen_beyond
from feigong.apps.jobs.models import Job
from feigong.apps.movement.queries import ACCEPTED, ARRIVAL, TRANSFER
from feigong.apps.roll import queries
from feigong.apps.roll.kinds import RecordKind, in_sight
from feigong.apps.roll.models import MemberState
from feigong.apps.roll.models.dated import NEVER
from feigong.apps.roll.writing import lock
from feigong.apps.seals.seals import index_of
from feigong.core.cases.values import Standing
from feigong.core.errors import FeigongError
from feigong.core.roll.merge.looks import is_id_number
from feigong.core.text import fold, prose
from feigong.exchange.movement_file import load_movement

WHYS = ("job", "home", "away", "other")
"""When a transfer is due (transfer.when), and what else there may be."""
_MOST = 200


@dataclass(frozen=True, slots=True)
class Sending:
    """Where a member is to go: ``to`` by number; or ``to_name``, exactly as it is called, unless it is ``outside``."""

    member: int
    why: str
    to: int | None = None
    to_name: str = ""
    outside: bool = False
    noted: str = ""


@dataclass(frozen=True, slots=True)
class Arriving:
    """Who comes from outside the district. ``id_number`` is compared with those known before, and not kept."""

    name: str
    full: bool
    to: int
    from_name: str
    joined_on: date | None = None
    id_number: str = ""


def ask_transfer(actor: Actor, sending: Sending, *, on: date) -> int:
    """A transfer is asked for: a case; the roll stays as it is. Its number.

    Raises
    ------
    FeigongError
        ``error.not_found`` for a member out of sight; ``error.movement.why``, ``error.movement.to_missing``,
        ``error.movement.no_such_organisation``, ``error.movement.same_branch``, ``error.movement.under_way``.
    """
    actor.must(Permission.CASES_WORK)
    if sending.why not in WHYS:
        raise FeigongError("error.movement.why")
    if sending.why == "other" and not fold(sending.noted):
        raise FeigongError("error.roll.reason_missing")
    with changing(actor, "movement.ask", params={"member": sending.member}) as change:
        sight = actor.sight(on, change.at)
        row = in_sight(RecordKind.MEMBER, sight, sending.member)
        lock(MemberState, [(sending.member,)])
        _refuse_second(sending.member)
        to, to_name = _where(sight, sending)
        if to is not None and to == row.branch_id:
            raise FeigongError("error.movement.same_branch")
        own = queries.organisations(sight).filter(organisation_id=row.branch_id or 0).first()
        facts = {
            "from": row.branch_id, "from_name": own.name if own else row.branch_text, "to": to, "to_name": to_name,
            "why": sending.why, "noted": prose(sending.noted)[:_MOST], "valid_days": load_movement().letter_days,
        }  # fmt: skip
        opening = Opening(
            TRANSFER, own.area_id if own else _area_of(sight, row), members=(sending.member,), facts=facts,
            organisations=(own.organisation_id,) if own else (), beyond=(to,) if to is not None else (),
        )  # fmt: skip
        return open_in(change, [opening], on=on)[0]


def _refuse_second(member: int) -> None:
    about = CaseSubject.objects.filter(member_id=member).values("case_id")
    rows = CaseState.rows.filter(case_id__in=about, case__kind=TRANSFER, recorded_to=NEVER)
    last = {row.case_id: row for row in rows.order_by("valid_from")}
    if any(row.standing != Standing.CLOSED and row.step != ACCEPTED for row in last.values()):
        raise FeigongError("error.movement.under_way")


def _where(sight: Sight, sending: Sending) -> tuple[int | None, str]:
    """Number and name of where it goes; out of the district only a name."""
    name = fold(sending.to_name)[:_MOST]
    if sending.outside:
        if not name:
            raise FeigongError("error.movement.to_missing")
        return None, name
    if sending.to is not None:
        row = queries.superiors(sight).filter(organisation_id=sending.to).first()
        if row is None:
            raise FeigongError("error.not_found")
        return row.organisation_id, row.name
    if not name:
        raise FeigongError("error.movement.to_missing")
    found = list(queries.organisations_called(sight, name)[:2])
    if len(found) != 1:
        raise FeigongError("error.movement.no_such_organisation", name=name)
    return found[0].organisation_id, found[0].name


def _area_of(sight: Sight, row: MemberState) -> int:
    firm = queries.enterprises(sight).filter(enterprise_id=row.employer_id or 0).first()
    area = firm.area_id if firm else queries.areas(sight).values_list("area_id", flat=True).first()
    if area is None:
        raise FeigongError("error.not_found")
    return int(area)


def enter_arrival(actor: Actor, arriving: Arriving, *, on: date) -> int:
    """Somebody comes from outside the district: a case; the number of it.

    Raises
    ------
    FeigongError
        ``error.not_found`` for an organisation out of sight; ``error.movement.name_missing``,
        ``error.movement.from_missing``, ``error.movement.here_already``, ``error.roll.id_number``.
    """
    actor.must(Permission.CASES_WORK)
    actor.must(Permission.MEMBERS_CHANGE)
    name, from_name = fold(arriving.name)[:60], fold(arriving.from_name)[:_MOST]
    if not name:
        raise FeigongError("error.movement.name_missing")
    if not from_name:
        raise FeigongError("error.movement.from_missing")
    with changing(actor, "movement.arrival") as change:
        to = in_sight(RecordKind.ORGANISATION, actor.sight(on, change.at), arriving.to)
        facts = {
            "name": name, "full": arriving.full, "joined_on": arriving.joined_on, "from_name": from_name,
            "to": to.organisation_id, "to_name": to.name, "member": _known_before(arriving.id_number, on),
        }  # fmt: skip
        opening = Opening(ARRIVAL, to.area_id, organisations=(to.organisation_id,), facts=facts)
        return open_in(change, [opening], on=on)[0]


def _known_before(number: str, on: date) -> int | None:
    """Who had this number and is no longer on the roll."""
    text = fold(number)
    if not text:
        return None
    if not is_id_number(text):
        raise FeigongError("error.roll.id_number")
    rows = MemberState.rows.filter(id_index=index_of(text, "member.id_number"), recorded_to=NEVER)
    if rows.filter(valid_to__gt=on).exists():
        raise FeigongError("error.movement.here_already")
    return rows.order_by("-valid_to").values_list("member_id", flat=True).first()


def latest_plan(sight: Sight, area: int) -> Plan | None:
    """The newest plan of an area, all of which is in sight."""
    return plans.plans(sight).filter(area_id=area).first()


def plan_again(actor: Actor, *, on: date, known_at: datetime) -> Job:
    """A plan on the roll of a day that keeps what it can of the latest one: parameters chosen for it, changes by hand,
    branches. What was not chosen is what the area plans with now.

    ``error.movement.no_plan`` where there is none to go on from; else as `coverage.actions.start_plan`.
    """
    actor.must(Permission.COVERAGE_PLAN)
    sight = actor.sight(on, known_at)
    before = latest_plan(sight, planned_area(actor, on, known_at))
    if before is None:
        raise FeigongError("error.movement.no_plan")
    return start_plan(
        actor, on=on, known_at=known_at, parameters=chosen_beyond(sight, before), previous=before.pk, keep_wishes=True,
        seed=before.seed,
    )  # fmt: skip
