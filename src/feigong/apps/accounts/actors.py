"""Actors for those who stand at a door."""

from __future__ import annotations

from feigong.apps.accounts.models import User
from feigong.apps.accounts.roles import PERMISSIONS, Permission, Role
from feigong.apps.accounts.sight import Actor, Door, Scope


def scope_of(user: User) -> Scope:
    """What the grants of an account add up to. No grant: nothing."""
    areas: list[int] = []
    organisations: list[int] = []
    worker = member = None
    for grant in user.grants.all():
        if grant.area_id:
            areas.append(grant.area_id)
        elif grant.organisation_id:
            organisations.append(grant.organisation_id)
        elif grant.worker_id:
            worker = grant.worker_id
        elif grant.member_id:
            member = grant.member_id
    return Scope(tuple(sorted(areas)), tuple(sorted(organisations)), worker, member)


def of_user(user: User, *, door: Door, address: str = "", request_id: str = "") -> Actor:
    if not user.is_active:
        return Actor(user.pk, user.display_name, None, Scope(), door=door, address=address, request_id=request_id)
    role = Role(user.role)
    return Actor(
        user.pk, user.display_name, role, scope_of(user), PERMISSIONS[role], door, address, request_id,
    )  # fmt: skip


def operator(name: str, *, door: Door = Door.COMMAND) -> Actor:
    """Whoever runs a command on the machine itself: has the database and the keys in hand anyway."""
    return Actor(None, name, None, Scope(whole=True), frozenset(Permission), door)
