"""Members, Party workers, posts and assignments, as one may see them on a day. Without `Sight.members`: nobody."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import Q, QuerySet

from feigong.apps.accounts.sight import Sight
from feigong.apps.roll.models import Assignment, EnterpriseState, MemberState, OrganisationState, Post, WorkerState
from feigong.apps.roll.models.dated import known
from feigong.apps.roll.queries import restrict, units
from feigong.apps.roll.queries.restrict import seen_on


def members(sight: Sight) -> QuerySet[MemberState]:
    """By the branch that holds the membership, else by the employer; a member: the own record.

    Who has neither is seen where the whole tree of areas is: somebody must be able to find out.
    """
    rows = seen_on(MemberState, sight).order_by("name", "pk")
    scope = sight.scope
    if not sight.members:
        return rows.none()
    if restrict.sees_everything(sight):
        return rows
    seen = restrict.NOTHING
    if scope.areas:
        area = restrict.in_areas(sight)
        branches = seen_on(OrganisationState, sight).filter(area)
        employers = seen_on(EnterpriseState, sight).filter(area)
        seen |= Q(branch_id__in=branches.values("organisation_id"))
        seen |= Q(employer_id__in=employers.values("enterprise_id"))
        if restrict.sees_a_root(sight):
            seen |= Q(branch=None, employer=None)
    if scope.organisations:
        seen |= Q(branch_id__in=restrict.organisations_led(sight).values("organisation_id"))
    if scope.member:
        seen |= Q(member_id=scope.member)
    return rows.filter(seen)


def names_of_members(sight: Sight, ids: Iterable[int]) -> dict[int, str]:
    """Names of members that something in sight is about, whether or not they are in sight themselves, or no longer on
    the roll: as they were last called by the day. Without `Sight.members`: of nobody."""
    wanted = set(ids)
    if not sight.members or not wanted:
        return {}
    rows = known(MemberState, sight.known_at).filter(member_id__in=wanted, valid_from__lte=sight.on)
    return dict(rows.order_by("member_id", "valid_from").values_list("member_id", "name"))


def workers(sight: Sight) -> QuerySet[WorkerState]:
    """In the areas, or with a post in an organisation that is led; a liaison officer: oneself."""
    rows = seen_on(WorkerState, sight).order_by("name", "pk")
    scope = sight.scope
    if _sees_all_people(sight):
        return rows
    seen = restrict.NOTHING
    if sight.members and scope.areas:
        seen |= restrict.in_areas(sight)
    if sight.members and scope.organisations:
        led = restrict.organisations_led(sight).values("organisation_id")
        held = seen_on(Post, sight).filter(organisation_id__in=led)
        seen |= Q(worker_id__in=held.values("worker_id"))
    if scope.worker:
        seen |= Q(worker_id=scope.worker)
    return rows.filter(seen)


def posts(sight: Sight) -> QuerySet[Post]:
    """Posts in organisations in sight, held by workers in sight."""
    if _sees_all_people(sight):
        return seen_on(Post, sight)
    return seen_on(Post, sight).filter(
        organisation_id__in=units.organisations(sight).order_by().values("organisation_id"),
        worker_id__in=workers(sight).order_by().values("worker_id"),
    )


def assignments(sight: Sight) -> QuerySet[Assignment]:
    if _sees_all_people(sight):
        return seen_on(Assignment, sight)
    return seen_on(Assignment, sight).filter(
        enterprise_id__in=units.enterprises(sight).order_by().values("enterprise_id"),
        worker_id__in=workers(sight).order_by().values("worker_id"),
    )


def _sees_all_people(sight: Sight) -> bool:
    return sight.scope.whole or (sight.members and restrict.sees_everything(sight))
