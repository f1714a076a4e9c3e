"""What cases decided stands against tables: a department's register does not know yet what a committee has approved.

Whatever an organisation covers or no longer covers by the step of a case, and the secretary whom one appointed, is
changed by another case or by hand, not by the next month's table that still has it otherwise.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field, replace

from feigong.apps.imports.current import Current
from feigong.apps.roll.models import Coverage, Post
from feigong.apps.roll.models.dated import known
from feigong.apps.roll.models.people import PostRole
from feigong.core.roll.values import Organisation, OrganisationKind, Roll

STEP = "case.step"


@dataclass(slots=True)
class _Decided:
    """Of one organisation, by identity."""

    begun: set[int] = field(default_factory=set)
    ended: set[int] = field(default_factory=set)
    appointed: bool = False


def as_decided(incoming: Roll, current: Current) -> Roll:
    """What tables say, with organisations as cases have them. Two queries."""
    found = _decided(current)
    if not found:
        return incoming
    return replace(incoming, organisations=tuple(_one(o, current, found) for o in incoming.organisations))


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
