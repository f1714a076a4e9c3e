"""Secretaries by name: Party workers and the posts they hold, as a table of organisations or an election names them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Final

from feigong.apps.audit.recording import Change
from feigong.apps.roll.models import MemberState, OrganisationState, Post, Worker, WorkerState
from feigong.apps.roll.models.dated import NEVER
from feigong.apps.roll.models.people import PostRole, Route
from feigong.apps.roll.searching import search_text
from feigong.apps.roll.writing import Fact, Writer, ending, putting
from feigong.core.roll.history import Span
from feigong.core.roll.merge.names import exact_key

_BATCH: Final = 1000
Held = tuple[int, str]  # worker, name


def appoint(
    writer: Writer, change: Change, named: Mapping[int, str], on: date, route: Route = Route.OTHER
) -> None:  # fmt: skip
    """Let these be the secretaries from the day on. Who holds the post already under that name keeps it; somebody else
    is relieved. A new secretary is a new Party worker, tied to the member of the branch who alone has that name."""
    held = _held(named, on)
    posts: dict[tuple[int, int, str], list[Span[Fact]]] = {}
    new: dict[int, str] = {}
    for organisation, name in named.items():
        for worker, known in held.get(organisation, []):
            if exact_key(known) != exact_key(name):
                posts[worker, organisation, PostRole.SECRETARY.value] = [ending(on)]
        if name and all(exact_key(known) != exact_key(name) for _, known in held.get(organisation, [])):
            new[organisation] = name
    workers = _workers(writer, change, new, on, route)
    for organisation, worker in workers.items():
        posts[worker, organisation, PostRole.SECRETARY.value] = [putting(Post, {}, on)]
    if posts:
        writer.write(Post, posts)


def _workers(
    writer: Writer, change: Change, new: Mapping[int, str], on: date, route: Route
) -> dict[int, int]:  # fmt: skip
    """New Party workers, by the organisation whose secretary each is."""
    if not new:
        return {}
    made = Worker._base_manager.bulk_create([Worker(created=change.record) for _ in new], batch_size=_BATCH)
    workers = {organisation: worker.pk for organisation, worker in zip(new, made, strict=True)}
    areas, members = _areas(new, on), _members(new, on)
    spans: dict[tuple[int], list[Span[Fact]]] = {}
    for organisation, name in new.items():
        facts = {
            "name": name, "search": search_text(name, person=True, longest=300), "area_id": areas[organisation],
            "member_id": members.get((organisation, exact_key(name))), "route": route,
        }  # fmt: skip
        spans[workers[organisation],] = [putting(WorkerState, facts, on)]
    writer.write(WorkerState, spans)
    return workers


def _held(organisations: Iterable[int], on: date) -> dict[int, list[Held]]:
    """Who is secretary on the day."""
    found: dict[int, list[Held]] = {}
    day = {"recorded_to": NEVER, "valid_from__lte": on, "valid_to__gt": on}
    posts = Post.rows.filter(role=PostRole.SECRETARY, organisation_id__in=list(organisations), **day)
    pairs = list(posts.values_list("organisation_id", "worker_id"))
    rows = WorkerState.rows.filter(worker_id__in=[worker for _, worker in pairs], **day)
    names = dict(rows.values_list("worker_id", "name"))
    for organisation, worker in pairs:
        found.setdefault(organisation, []).append((worker, names.get(worker, "")))
    return found


def _areas(organisations: Iterable[int], on: date) -> dict[int, int]:
    rows = OrganisationState.rows.filter(recorded_to=NEVER, organisation_id__in=list(organisations), valid_to__gt=on)
    return dict(rows.order_by("-valid_from").values_list("organisation_id", "area_id"))


def _members(organisations: Iterable[int], on: date) -> dict[tuple[int, str], int]:
    """Members by branch and name, where only one in the branch has it."""
    rows = MemberState.rows.filter(
        recorded_to=NEVER, branch_id__in=list(organisations), valid_from__lte=on, valid_to__gt=on
    )
    found: dict[tuple[int, str], list[int]] = {}
    for branch, name, member in rows.values_list("branch_id", "name", "member_id"):
        if branch is not None:
            found.setdefault((branch, exact_key(name)), []).append(member)
    return {key: members[0] for key, members in found.items() if len(members) == 1}
