"""What transfers change on the roll: nothing until the receiving side accepts; then the member is where it belongs."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from feigong.apps.accounts.roles import Permission
from feigong.apps.audit.recording import Change
from feigong.apps.cases.effects import EffectOn, effect
from feigong.apps.roll import queries
from feigong.apps.roll.actions.records import create
from feigong.apps.roll.hanging import repoint
from feigong.apps.roll.kinds import RecordKind
from feigong.apps.roll.models import MemberState, OrganisationState, Post, WorkerState
from feigong.apps.roll.models.dated import NEVER, as_of
from feigong.apps.roll.models.organisations import OrganisationKind
from feigong.apps.roll.models.people import PostRole
from feigong.apps.roll.writing import Writer, ending, putting
from feigong.core.errors import FeigongError

HOLDING = (
    OrganisationKind.BRANCH, OrganisationKind.JOINT_BRANCH, OrganisationKind.GENERAL_BRANCH,
    OrganisationKind.TEMPORARY, OrganisationKind.FLOATING, OrganisationKind.OTHER,
)  # fmt: skip
"""Organisations that hold memberships; a committee says which of its branches does."""


@effect("member.sender")
def sender(change: Change, on: EffectOn) -> Mapping[str, Any]:
    """Only who sees the member agrees to let go and writes the letter."""
    seen = queries.members(change.actor.sight(on.on, change.at)).filter(member_id__in=on.subject.members)
    if not seen.exists():
        raise FeigongError("error.movement.not_sender")
    return {}


@effect("member.receiver")
def receiver(change: Change, on: EffectOn) -> Mapping[str, Any]:
    """Only the receiving side sends back; of what lies outside the district, the sender tells."""
    if on.facts.get("to") is None:
        return sender(change, on)
    if not queries.organisations(change.actor.sight(on.on, change.at)).filter(organisation_id=on.facts["to"]).exists():
        raise FeigongError("error.movement.not_receiver")
    return {}


@effect("member.transfer")
def transfer(change: Change, on: EffectOn) -> Mapping[str, Any]:
    """Accepted: the membership is the receiving branch's from this day; posts in the branch that is left end. Out of
    the district: the member is no longer on the roll."""
    change.actor.must(Permission.MEMBERS_CHANGE)
    member = on.subject.members[0]
    row = as_of(MemberState, on.on, change.at).filter(member_id=member).first()
    if row is None or row.branch_id != on.facts.get("from"):
        raise FeigongError("error.movement.moved_meanwhile")
    writer = Writer(change)
    if on.facts.get("to") is None:
        sender(change, on)
        _end_posts(writer, on, row)
        repoint(writer, RecordKind.MEMBER, member, None, on.on)
        writer.write(MemberState, {(member,): [ending(on.on)]})
        return {"gone": member}
    target = _target(change, on)
    if target.organisation_id == row.branch_id:
        raise FeigongError("error.movement.same_branch")
    _end_posts(writer, on, row)
    facts = {"branch_id": target.organisation_id, "branch_text": ""}
    writer.write(MemberState, {(member,): [putting(MemberState, facts, on.on, create=False)]})
    return {"joined": target.organisation_id}


@effect("member.arrive")
def arrive(change: Change, on: EffectOn) -> Mapping[str, Any]:
    """Accepted from outside: a member comes onto the roll, or is on it again who was before."""
    change.actor.must(Permission.MEMBERS_CHANGE)
    target, known = _target(change, on), on.facts.get("member")
    own = {"name": on.facts["name"], "full": on.facts["full"], "branch_id": target.organisation_id}
    own |= {"joined_on": on.facts["joined_on"]} if on.facts.get("joined_on") else {}
    if known is None:
        return {"member": create(change, RecordKind.MEMBER, own, on.on), "joined": target.organisation_id}
    rows = MemberState.rows.filter(member_id=known, recorded_to=NEVER)
    last = rows.filter(valid_from__lte=on.on).order_by("-valid_from").first()
    if last is None or rows.filter(valid_to__gt=on.on).exists():
        raise FeigongError("error.movement.here_already")
    was = {name: getattr(last, name) for name in MemberState.facts()}
    gone = {"employer_id": None, "employer_text": "", "owner": None, "branch_text": ""}
    kept = {"name": was["name"], "joined_on": on.facts.get("joined_on") or was["joined_on"]}
    writer = Writer(change)
    writer.write(MemberState, {(known,): [putting(MemberState, {**was, **gone, **own, **kept}, on.on)]})
    return {"member": known, "joined": target.organisation_id}


def _target(change: Change, on: EffectOn) -> OrganisationState:
    """The branch that takes the member in: it must be in sight of who accepts."""
    number = int(on.answers.get("branch") or on.facts["to"])
    sight = change.actor.sight(on.on, change.at)
    row = queries.organisations(sight).filter(organisation_id=number).first()
    if row is None:
        raise FeigongError("error.movement.not_receiver")
    if row.kind not in HOLDING:
        raise FeigongError("error.movement.branch_needed", organisation=row.name)
    return row


def _end_posts(writer: Writer, on: EffectOn, row: MemberState) -> None:
    """Whoever leaves a branch holds no post in it that its members elect; an instructor is sent, and stays."""
    if row.branch_id is None:
        return
    works = WorkerState.rows.filter(recorded_to=NEVER, valid_to__gt=on.on, member_id=row.member_id)
    held = Post.rows.filter(
        recorded_to=NEVER, valid_to__gt=on.on, organisation_id=row.branch_id, worker_id__in=works.values("worker_id")
    ).exclude(role=PostRole.INSTRUCTOR)
    keys = sorted(set(held.values_list("worker_id", "organisation_id", "role")))
    writer.write(Post, {key: [ending(on.on)] for key in keys})
