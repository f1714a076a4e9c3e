"""What cases decided stands against tables: a department's register does not know yet what a committee has approved.

Whatever an organisation covers or no longer covers by the step of a case, and the secretary whom one appointed, is
changed by another case or by hand, not by the next month's table that still has it otherwise. A member who was
transferred stays there while the roster names the branch that was left; if it names a third one, it knows more.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field, replace

from feigong.apps.imports.current import Current
from feigong.apps.roll.models import Coverage, MemberState, Post
from feigong.apps.roll.models.dated import known
from feigong.apps.roll.models.people import PostRole
from feigong.core.roll.values import Member, Organisation, OrganisationKind, Roll

STEP = "case.step"


@dataclass(slots=True)
class _Decided:
    """Of one organisation, by identity."""

    begun: set[int] = field(default_factory=set)
    ended: set[int] = field(default_factory=set)
    appointed: bool = False


def as_decided(incoming: Roll, current: Current) -> Roll:
    """What tables say, with organisations and memberships as cases have them. Four queries at most."""
    found, moved = _decided(current), _transferred(current)
    return replace(
        incoming,
        organisations=tuple(_one(o, current, found) for o in incoming.organisations),
        members=tuple(_member(m, current, moved) for m in incoming.members),
    )


def _transferred(current: Current) -> dict[int, tuple[str, str]]:
    """Of each member whom a case brought to a branch: the keys of the one that was left and of that."""
    on, at = current.sight.on, current.sight.known_at
    now = known(MemberState, at).filter(change__code=STEP, valid_from__lte=on, valid_to__gt=on).exclude(branch=None)
    rows = now.values_list("member_id", "branch_id", "valid_from")
    here = {member: (branch, first) for member, branch, first in rows}
    if not here:
        return {}
    then = known(MemberState, at).filter(member_id__in=now.values("member_id")).exclude(branch=None)
    return {
        member: (f"#{branch}", f"#{here[member][0]}")
        for member, branch, last in then.values_list("member_id", "branch_id", "valid_to")
        if last == here[member][1] and branch != here[member][0]
    }


def _member(m: Member, current: Current, moved: dict[int, tuple[str, str]]) -> Member:
    row = current.members.get(m.key)
    left, now = moved.get(row["member_id"], ("", "")) if row is not None else ("", "")
    return replace(m, organisation=now, branch_text="") if left and m.organisation == left else m


def _decided(current: Current) -> dict[int, _Decided]:
    found: dict[int, _Decided] = defaultdict(_Decided)
    on = current.sight.on
    edges = known(Coverage, current.sight.known_at).filter(change__code=STEP, valid_from__lte=on)
    for organisation, enterprise, until in edges.values_list("organisation_id", "enterprise_id", "valid_to"):
        there = enterprise in current.covers.get(organisation, {})
        if until > on:
            found[organisation].begun.add(enterprise)
        elif not there:
            found[organisation].ended.add(enterprise)
    posts = known(Post, current.sight.known_at).filter(change__code=STEP, valid_from__lte=on, valid_to__gt=on)
    for organisation in posts.filter(role=PostRole.SECRETARY).values_list("organisation_id", flat=True):
        found[organisation].appointed = True
    return dict(found)


def _one(o: Organisation, current: Current, found: dict[int, _Decided]) -> Organisation:
    row = current.organisations.get(o.key)
    decided = found.get(row["organisation_id"]) if row is not None else None
    if row is None or decided is None:
        return o
    codes = {firm["enterprise_id"]: code for code, firm in current.enterprises.items()}
    begun = {codes[e] for e in decided.begun if e in codes}
    ended = {codes[e] for e in decided.ended if e in codes}
    covers = tuple(sorted((set(o.covers) - ended) | begun)) if o.covers else o.covers
    joint = decided.begun and row["kind"] == OrganisationKind.JOINT_BRANCH and o.kind is OrganisationKind.BRANCH
    secretary = current.secretaries.get(row["organisation_id"], "") if decided.appointed else o.secretary
    kind = OrganisationKind.JOINT_BRANCH if joint else o.kind
    led = True if decided.appointed else o.has_secretary
    return replace(o, covers=covers, kind=kind, secretary=secretary, has_secretary=led)
