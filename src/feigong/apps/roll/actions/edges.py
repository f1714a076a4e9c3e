"""Who covers whom, who holds which post, who looks after which enterprise."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date

from feigong.apps.accounts.roles import Permission
from feigong.apps.accounts.sight import Actor, Sight
from feigong.apps.audit.recording import Change, changing
from feigong.apps.roll.kinds import RecordKind, all_in_sight, check_day, chunks, in_sight
from feigong.apps.roll.models import Assignment, Coverage, Post
from feigong.apps.roll.models.dated import NEVER, Dated
from feigong.apps.roll.models.organisations import OrganisationKind
from feigong.apps.roll.models.people import PostRole
from feigong.apps.roll.writing import Fact, Key, Writer, ending, putting
from feigong.core.errors import FeigongError
from feigong.core.roll.history import Span
from feigong.core.text import fold

K = RecordKind


def _holding(model: type[Dated], on: date, **named: object) -> list[Key]:
    """Keys of edges known now that hold on a day or later."""
    rows = model.rows.filter(recorded_to=NEVER, valid_to__gt=on, **named)
    return sorted(set(rows.values_list(*model.key_columns())))


def _holds_on(model: type[Dated], on: date, key: Key) -> bool:
    named = dict(zip(model.key_columns(), key, strict=True))
    return model.rows.filter(recorded_to=NEVER, valid_from__lte=on, valid_to__gt=on, **named).exists()


# Coverage -----------------------------------------------------------------------------------------------------------


def cover(
    actor: Actor, organisation: int, enterprise: int, *, on: date, host: bool = False, reason: str = ""
) -> None:
    """An organisation covers an enterprise from a day on. The first of a joint branch is its host."""
    actor.must(Permission.ROLL_CHANGE)
    check_day(on)
    params = {"organisation": organisation, "enterprise": enterprise}
    with changing(actor, "coverage.cover", reason=fold(reason), params=params) as change:
        joint = _both(actor.sight(on, change.at), organisation, enterprise)
        key = (organisation, enterprise)
        if _holds_on(Coverage, on, key):
            raise FeigongError("error.roll.covered_already")
        others = [k for k in _holding(Coverage, on, organisation_id=organisation) if k != key]
        spans = {key: [putting(Coverage, {"host": joint and (host or not others)}, on)]}
        if joint and host:
            spans |= {other: [_without_host(on)] for other in others}
        Writer(change).write(Coverage, spans)


def uncover(
    actor: Actor, organisation: int, enterprise: int, *, on: date, reason: str = "", host: int | None = None
) -> None:
    """An organisation covers an enterprise no longer. Where a joint branch loses its host, ``host`` is the next."""
    actor.must(Permission.ROLL_CHANGE)
    check_day(on)
    params = {"organisation": organisation, "enterprise": enterprise}
    with changing(actor, "coverage.uncover", reason=fold(reason), params=params) as change:
        joint = _both(actor.sight(on, change.at), organisation, enterprise)
        key = (organisation, enterprise)
        rows = Coverage.rows.filter(recorded_to=NEVER, valid_to__gt=on, enterprise_id=enterprise)
        row = rows.filter(organisation_id=organisation).order_by("valid_from").first()
        if row is None:
            raise FeigongError("error.not_found")
        spans: dict[Key, list[Span[Fact]]] = {key: [ending(on)]}
        others = [k for k in _holding(Coverage, on, organisation_id=organisation) if k != key]
        if joint and row.host and others:
            if (organisation, host) not in others:
                raise FeigongError("error.roll.host_needed")
            spans[organisation, host] = [putting(Coverage, {"host": True}, on, create=False)]
        Writer(change).write(Coverage, spans)


def set_host(actor: Actor, organisation: int, enterprise: int, *, on: date, reason: str = "") -> None:
    """A joint branch meets at this enterprise from a day on, and at no other."""
    actor.must(Permission.ROLL_CHANGE)
    check_day(on)
    params = {"organisation": organisation, "enterprise": enterprise}
    with changing(actor, "coverage.host", reason=fold(reason), params=params) as change:
        joint = _both(actor.sight(on, change.at), organisation, enterprise)
        key = (organisation, enterprise)
        if not joint or not _holds_on(Coverage, on, key):
            raise FeigongError("error.roll.no_host")
        others = [k for k in _holding(Coverage, on, organisation_id=organisation) if k != key]
        spans = {key: [putting(Coverage, {"host": True}, on, create=False)]}
        Writer(change).write(Coverage, spans | {other: [_without_host(on)] for other in others})


def _without_host(on: date) -> Span[Fact]:
    return putting(Coverage, {"host": False}, on, create=False)


def _both(sight: Sight, organisation: int, enterprise: int) -> bool:
    """Both must be in sight; whether the organisation is a joint branch."""
    in_sight(K.ENTERPRISE, sight, enterprise)
    return bool(in_sight(K.ORGANISATION, sight, organisation).kind == OrganisationKind.JOINT_BRANCH)


# Posts --------------------------------------------------------------------------------------------------------------


def appoint(
    actor: Actor, worker: int, organisation: int, role: str, *, on: date, replacing: bool = False, reason: str = ""
) -> None:
    """A Party worker holds a post from a day on. There is one secretary: ``replacing`` relieves the other."""
    actor.must(Permission.MEMBERS_CHANGE)
    check_day(on)
    if role not in PostRole.values:
        raise FeigongError("error.roll.choice", field="role", found=role[:40])
    params = {"worker": worker, "organisation": organisation, "role": role}
    with changing(actor, "post.appoint", reason=fold(reason), params=params) as change:
        sight = actor.sight(on, change.at)
        in_sight(K.WORKER, sight, worker)
        in_sight(K.ORGANISATION, sight, organisation)
        key = (worker, organisation, role)
        if _holds_on(Post, on, key):
            raise FeigongError("error.roll.appointed_already")
        spans: dict[Key, list[Span[Fact]]] = {key: [putting(Post, {}, on)]}
        if role == PostRole.SECRETARY:
            others = [k for k in _holding(Post, on, organisation_id=organisation, role=role) if k != key]
            if others and not replacing:
                raise FeigongError("error.roll.secretary_there")
            spans |= {other: [ending(on)] for other in others}
        Writer(change).write(Post, spans)


def relieve(actor: Actor, worker: int, organisation: int, role: str, *, on: date, reason: str = "") -> None:
    """A Party worker holds a post no longer."""
    actor.must(Permission.MEMBERS_CHANGE)
    check_day(on)
    params = {"worker": worker, "organisation": organisation, "role": role}
    with changing(actor, "post.relieve", reason=fold(reason), params=params) as change:
        sight = actor.sight(on, change.at)
        in_sight(K.WORKER, sight, worker)
        in_sight(K.ORGANISATION, sight, organisation)
        key = (worker, organisation, role)
        if key not in _holding(Post, on, worker_id=worker, organisation_id=organisation):
            raise FeigongError("error.not_found")
        Writer(change).end(Post, [key], on)


# Assignments --------------------------------------------------------------------------------------------------------


def assign_officer(actor: Actor, worker: int, enterprises: Iterable[int], *, on: date, reason: str = "") -> int:
    """A liaison officer looks after enterprises from a day on, instead of whoever did. How many changed hands."""
    actor.must(Permission.ROLL_CHANGE)
    check_day(on)
    ids = sorted(set(enterprises))
    with changing(actor, "assignment.assign", reason=fold(reason), params={"worker": worker, "n": len(ids)}) as change:
        return _assign_in(change, {worker: ids}, on)


def assign_as_planned(
    actor: Actor, officers: Mapping[int, Iterable[int]], *, on: date, ended: Iterable[int] = (), reason: str = "",
    plan: int | None = None,
) -> int:  # fmt: skip
    """Several officers get their enterprises, and others are left without one, in one record. How many changed."""
    actor.must(Permission.ROLL_CHANGE)
    check_day(on)
    wanted = {worker: sorted(set(ids)) for worker, ids in officers.items()}
    without = sorted(set(ended))
    every = [one for ids in (*wanted.values(), without) for one in ids]
    if not every or len(every) != len(set(every)):
        raise FeigongError("error.lists.none_chosen")
    params = {"plan": plan, "officers": len(wanted), "n": len(every)}
    with changing(actor, "assignment.plan", reason=fold(reason), params=params) as change:
        changed = _assign_in(change, wanted, on)
        all_in_sight(K.ENTERPRISE, actor.sight(on, change.at), without)
        Writer(change).write(Assignment, {key: [ending(on)] for key in _of_enterprises(without, on)})
        return changed + len(without)


def _assign_in(change: Change, officers: Mapping[int, list[int]], on: date) -> int:
    """Officers get enterprises within a change; how many changed hands."""
    sight = change.actor.sight(on, change.at)
    every = sorted(one for ids in officers.values() for one in ids)
    all_in_sight(K.ENTERPRISE, sight, every)
    if not all(row.liaison for row in all_in_sight(K.WORKER, sight, sorted(officers))):
        raise FeigongError("error.roll.no_liaison")
    wanted: set[Key] = {(worker, one) for worker, ids in officers.items() for one in ids}
    held = set(_of_enterprises(every, on))
    spans: dict[Key, list[Span[Fact]]] = {key: [ending(on)] for key in sorted(held - wanted)}
    spans |= {key: [putting(Assignment, {}, on)] for key in sorted(wanted)}
    Writer(change).write(Assignment, spans)
    return len(wanted - held)


def unassign_officer(actor: Actor, enterprises: Iterable[int], *, on: date, reason: str = "") -> int:
    """Nobody looks after these enterprises from a day on. How many assignments end."""
    actor.must(Permission.ROLL_CHANGE)
    check_day(on)
    ids = sorted(set(enterprises))
    with changing(actor, "assignment.unassign", reason=fold(reason), params={"n": len(ids)}) as change:
        all_in_sight(K.ENTERPRISE, actor.sight(on, change.at), ids)
        keys = _of_enterprises(ids, on)
        if not keys:
            raise FeigongError("error.roll.unassigned")
        Writer(change).end(Assignment, keys, on)
        return len(keys)


def _of_enterprises(ids: list[int], on: date) -> list[Key]:
    return [key for part in chunks(ids) for key in _holding(Assignment, on, enterprise_id__in=part)]
