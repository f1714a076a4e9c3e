"""What the cases from proposal to branch change on the roll, when their step says so."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from feigong.apps.audit.recording import Change
from feigong.apps.cases.actions.opening import Opening, open_in
from feigong.apps.cases.effects import EffectOn, effect
from feigong.apps.coverage.recruiting import reached
from feigong.apps.roll import queries
from feigong.apps.roll.actions.records import alter, create
from feigong.apps.roll.appointing import appoint
from feigong.apps.roll.hanging import repoint
from feigong.apps.roll.kinds import RecordKind, in_sight
from feigong.apps.roll.models import Coverage, MemberState, Post
from feigong.apps.roll.models.dated import NEVER
from feigong.apps.roll.models.organisations import OrganisationKind
from feigong.apps.roll.models.people import PostRole, Route
from feigong.apps.roll.queries.restrict import seen_on
from feigong.apps.roll.writing import Writer, ending, putting
from feigong.core.errors import FeigongError
from feigong.exchange.rules_file import load_rules

K = RecordKind
LEAST = "org.min_full_members"
effect("recruit.reached")(reached)


@effect("organisation.found")
def found(change: Change, on: EffectOn) -> Mapping[str, Any]:
    """A branch, own or joint, comes onto the roll: it covers its enterprises, and their members who have no branch
    join it; whoever was elected is its secretary. Members of another branch stay there until they are transferred."""
    sight = change.actor.sight(on.on, change.at)
    firms = list(on.subject.enterprises)
    rows = {r.enterprise_id: r for r in queries.enterprises(sight).filter(enterprise_id__in=firms)}
    if len(rows) != len(firms):
        raise FeigongError("error.not_found")
    leaving = set(on.facts.get("leaves", ()))  # organisations they leave, by the plan
    _refuse_covered(change, on, {pk: row.name for pk, row in rows.items()}, leaving)
    people = queries.members(sight).filter(employer_id__in=firms)
    least = load_rules(None).at(LEAST, on.on).whole()
    full = people.filter(full=True).count()
    if full < least:
        raise FeigongError("error.case.too_few_members", members=full, least=least)
    joint = len(firms) > 1
    superior = on.answers.get("superior") or on.facts.get("superior")
    facts = {
        "name": on.answers.get("organisation_name", ""), "superior_id": superior, "area_id": on.area_id,
        "kind": OrganisationKind.JOINT_BRANCH if joint else OrganisationKind.BRANCH,
        "founded_on": on.on, "elected_on": _elected(on),
    }  # fmt: skip
    organisation = create(change, K.ORGANISATION, facts, on.on)
    writer = Writer(change)
    _uncover(writer, on, firms, leaving)
    covers = {(organisation, firm): [putting(Coverage, {"host": joint and firm == firms[0]}, on.on)] for firm in firms}
    writer.write(Coverage, covers)
    joining = list(people.filter(branch=None).values_list("member_id", flat=True))
    if joining:
        spans = {(m,): [putting(MemberState, {"branch_id": organisation}, on.on, create=False)] for m in joining}
        writer.write(MemberState, spans)
    if elected := str(on.answers.get("secretary") or ""):
        appoint(writer, change, {organisation: elected[:60]}, on.on, Route.ELECTED)
    return {"organisation": organisation, "joined": len(joining), "elsewhere": people.exclude(branch=None).count()}


def _elected(on: EffectOn) -> Any:
    return on.answers.get("met_on") or on.on.isoformat()


def _refuse_covered(change: Change, on: EffectOn, names: Mapping[int, str], leaving: set[int]) -> None:
    """Whoever has another organisation by now must not get a second one unseen."""
    there = seen_on(Coverage, change.actor.sight(on.on, change.at)).filter(enterprise_id__in=names)
    other = there.exclude(organisation_id__in=leaving).first()
    if other is not None:
        raise FeigongError("error.case.organisation_there", enterprise=names[other.enterprise_id])


def _uncover(writer: Writer, on: EffectOn, firms: list[int], leaving: set[int]) -> None:
    rows = Coverage.rows.filter(recorded_to=NEVER, valid_to__gt=on.on, enterprise_id__in=firms)
    keys = set(rows.filter(organisation_id__in=leaving).values_list("organisation_id", "enterprise_id"))
    writer.write(Coverage, {key: [ending(on.on)] for key in sorted(keys)})


@effect("organisation.put_right")
def put_right(change: Change, on: EffectOn) -> Mapping[str, Any]:
    """An organisation goes on. Where a secretary was named, the post is held from this day; the other one ends."""
    organisation = on.subject.organisations[0]
    sight = change.actor.sight(on.on, change.at)
    in_sight(K.ORGANISATION, sight, organisation)
    worker = on.answers.get("secretary")
    if worker is None:
        return {}
    in_sight(K.WORKER, sight, int(worker))
    held = Post.rows.filter(recorded_to=NEVER, valid_to__gt=on.on, organisation_id=organisation)
    keys = set(held.filter(role=PostRole.SECRETARY).values_list("worker_id", "organisation_id", "role"))
    key = (int(worker), organisation, PostRole.SECRETARY.value)
    Writer(change).write(Post, {k: [ending(on.on)] for k in keys - {key}} | {key: [putting(Post, {}, on.on)]})
    return {"appointed": int(worker)}


@effect("organisation.open_dissolve")
def open_dissolve(change: Change, on: EffectOn) -> Mapping[str, Any]:
    """What cannot be put right goes on as a case of its own."""
    organisation = on.subject.organisations[0]
    opening = Opening(
        "branch_dissolve", on.area_id, organisations=(organisation,), facts={"from": on.case_id},
        key=f"dissolve:{organisation}:{on.case_id}",
    )  # fmt: skip
    opened = open_in(change, [opening], on=on.on)
    return {"case": opened[0]} if opened else {}


@effect("organisation.dissolve")
def dissolve(change: Change, on: EffectOn) -> Mapping[str, Any]:
    """An organisation ends when no member is left in it: coverage and posts end with it, what is below it moves up."""
    organisation = on.subject.organisations[0]
    sight = change.actor.sight(on.on, change.at)
    row = in_sight(K.ORGANISATION, sight, organisation)
    left = MemberState.rows.filter(recorded_to=NEVER, valid_to__gt=on.on, branch_id=organisation)
    if members := left.values("member_id").distinct().count():
        raise FeigongError("error.case.members_left", members=members)
    own = {organisation: [ending(on.on)]}
    repoint(Writer(change), K.ORGANISATION, organisation, None, on.on, name=row.name, also=own, above=row.superior_id)
    return {"ended": organisation}


@effect("enterprise.join")
def join(change: Change, on: EffectOn) -> Mapping[str, Any]:
    """An existing organisation takes enterprises in. Is it a branch of one enterprise, it becomes a joint branch, and
    the enterprise it had is the host."""
    organisation, firms = on.subject.organisations[0], list(on.subject.enterprises)
    sight = change.actor.sight(on.on, change.at)
    row = in_sight(K.ORGANISATION, sight, organisation)
    names = dict(queries.enterprises(sight).filter(enterprise_id__in=firms).values_list("enterprise_id", "name"))
    if len(names) != len(firms):
        raise FeigongError("error.not_found")
    leaving = set(on.facts.get("leaves", ()))
    _refuse_covered(change, on, names, leaving)
    writer = Writer(change)
    _uncover(writer, on, firms, leaving)
    had = list(seen_on(Coverage, sight).filter(organisation_id=organisation).order_by("pk"))
    if row.kind == OrganisationKind.BRANCH:
        host = {"host_id": had[0].enterprise_id} if had else {}
        alter(change, K.ORGANISATION, organisation, {"kind": OrganisationKind.JOINT_BRANCH, **host}, on.on)
    spans = {
        (organisation, firm): [putting(Coverage, {"host": not had and at == 0}, on.on)] for at, firm in enumerate(firms)
    }
    writer.write(Coverage, spans)
    people = queries.members(sight).filter(employer_id__in=firms, branch=None)
    joining = list(people.values_list("member_id", flat=True))
    if joining:
        spans_of = {(m,): [putting(MemberState, {"branch_id": organisation}, on.on, create=False)] for m in joining}
        writer.write(MemberState, spans_of)
    return {"organisation": organisation, "joined": len(joining)}
