"""Actors for those who stand at a door."""

from __future__ import annotations

from datetime import datetime, timedelta

from feigong.apps.accounts.models import ApiToken, User
from feigong.apps.accounts.roles import PERMISSIONS, WRITING, Permission, Role
from feigong.apps.accounts.secrets import digest_of
from feigong.apps.accounts.sight import Actor, Door, Scope
from feigong.apps.clock import day_of
from feigong.apps.roll import queries as roll
from feigong.apps.roll.queries import restrict
from feigong.core.errors import FeigongError

_USE_NOTED = timedelta(hours=1)  # the last use of a token is kept this roughly


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


def of_token(secret: str, *, at: datetime, address: str = "", request_id: str = "") -> Actor:
    """Who a program is that shows this secret: its owner, with what the token and the owner's role both allow today.

    One answer for every secret that does not hold, so that nothing is learned from it.
    """
    tokens = ApiToken.objects.select_related("user").filter(digest=digest_of(secret), revoked_at=None)
    token = tokens.filter(expires_at__gt=at, user__is_active=True).first()
    owner = None if token is None else of_user(token.user, door=Door.API, address=address, request_id=request_id)
    if token is None or owner is None or not owner.may(Permission.API_USE):
        raise FeigongError("error.accounts.token")
    if token.last_used_at is None or at - token.last_used_at > _USE_NOTED:
        ApiToken.objects.filter(pk=token.pk).update(last_used_at=at)
    allowed = owner.permissions & frozenset({Permission.API_USE, *map(Permission, token.permissions)})
    return Actor(
        owner.user_id,
        owner.name,
        owner.role,
        _scope_of_token(token, owner, at),
        allowed - WRITING if token.read_only else allowed,
        Door.API,
        address,
        request_id,
        also=(f"token:{token.start}",),
    )


def _scope_of_token(token: ApiToken, owner: Actor, at: datetime) -> Scope:
    """The token's part, as far as it is still the owner's."""
    if not token.narrowed:
        return owner.scope
    sight = owner.sight(day_of(at), at)
    areas = roll.areas(sight).filter(area_id__in=token.areas).values_list("area_id", flat=True)
    led = restrict.organisations_led(sight).filter(organisation_id__in=token.organisations)
    return Scope(tuple(sorted(areas)), tuple(sorted(led.values_list("organisation_id", flat=True))))


def operator(name: str, *, door: Door = Door.COMMAND) -> Actor:
    """Whoever runs a command on the machine itself: has the database and the keys in hand anyway."""
    return Actor(None, name, None, Scope(whole=True), frozenset(Permission), door)


def nobody(*, door: Door = Door.PAGE, address: str = "", request_id: str = "") -> Actor:
    """Somebody who has not said who they are, or not yet."""
    return Actor(None, "", None, Scope(), door=door, address=address, request_id=request_id)
