"""Accounts as a security administrator sees them, and one's own sessions and tokens."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from allauth.mfa.models import Authenticator
from django.db.models import Exists, OuterRef, Q, QuerySet

from feigong.apps.accounts import locks, second_factor
from feigong.apps.accounts.actors import scope_of
from feigong.apps.accounts.limits import totp_required
from feigong.apps.accounts.models import ApiToken, Failures, Invitation, Sitting, User
from feigong.apps.accounts.roles import Permission, Role
from feigong.apps.accounts.secrets import digest_of
from feigong.apps.accounts.sight import Actor, Scope
from feigong.core.errors import FeigongError


def accounts(actor: Actor, at: datetime, *, text: str = "", role: str = "", open_only: bool = True) -> QuerySet[User]:
    """Every account; for security administrators only."""
    actor.must(Permission.ACCOUNTS_MANAGE)
    rows = User.objects.order_by("role", "username").prefetch_related("grants")
    factor = Authenticator.objects.filter(user_id=OuterRef("pk"), type=Authenticator.Type.TOTP)
    waiting = Invitation.objects.filter(user_id=OuterRef("pk"), ended_at=None, expires_at__gt=at)
    rows = rows.annotate(has_totp=Exists(factor), invited=Exists(waiting))
    if open_only:
        rows = rows.filter(is_active=True)
    if role in Role.values:
        rows = rows.filter(role=role)
    if text:
        rows = rows.filter(Q(username__icontains=text) | Q(display_name__icontains=text))
    return rows


def account(actor: Actor, user_id: int, at: datetime) -> User:
    found = accounts(actor, at, open_only=False).filter(pk=user_id).first()
    if found is None:
        raise FeigongError("error.not_found", what="account")
    return found


def locked_ids(users: list[User], at: datetime) -> set[int]:
    """Which of these accounts are locked now."""
    by_subject = {locks.name_subject(user.username): user.pk for user in users}
    rows = Failures.objects.filter(subject__in=by_subject, locked_until__gt=at)
    return {by_subject[subject] for subject in rows.values_list("subject", flat=True)}


def locked_addresses(actor: Actor, at: datetime) -> list[tuple[str, datetime]]:
    actor.must(Permission.ACCOUNTS_MANAGE)
    rows = Failures.objects.filter(subject__startswith="address:", locked_until__gt=at).order_by("locked_until")
    return [(row.subject.removeprefix("address:"), row.locked_until) for row in rows if row.locked_until]


def part_of(user: User) -> Scope:
    return scope_of(user)


def sittings_of(actor: Actor) -> QuerySet[Sitting]:
    return Sitting.objects.filter(user_id=actor.account).order_by("-started_at", "-pk")


def tokens_of(actor: Actor, user_id: int | None = None) -> QuerySet[ApiToken]:
    """One's own; of another account only for security administrators."""
    if user_id is not None and user_id != actor.user_id:
        actor.must(Permission.ACCOUNTS_MANAGE)
    rows = ApiToken.objects.filter(user_id=actor.account if user_id is None else user_id)
    return rows.order_by("revoked_at", "-created_at", "-pk")


def invited(secret: str, at: datetime) -> User:
    """Whose link this is. One answer for links that are wrong, used or too old."""
    links = Invitation.objects.select_related("user").filter(ended_at=None, expires_at__gt=at, user__is_active=True)
    invitation = links.filter(digest=digest_of(secret)).first()
    if invitation is None:
        raise FeigongError("error.accounts.invitation")
    return invitation.user


def of_subject(subject: str) -> User | None:
    """The open account of somebody whom the OIDC provider knows by this."""
    return User.objects.filter(subject=subject, is_active=True).exclude(subject="").first()


def asked_first(user: User) -> str | None:
    """What an account must do before anything else: ``password`` or ``totp``."""
    if user.must_change_password:
        return "password"
    return "totp" if totp_required(user.role) and not second_factor.has(user) else None


@dataclass(frozen=True, slots=True)
class Factor:
    """How it stands with the second factor of an account."""

    has: bool
    must: bool
    paper_codes: int


def factor_of(user: User) -> Factor:
    return Factor(second_factor.has(user), totp_required(user.role), second_factor.paper_codes_left(user))


def names(ids: set[int]) -> dict[int, str]:
    """Display names of accounts that a record names, such as whoever sees to a case; ended accounts keep theirs."""
    return dict(User.objects.filter(pk__in=ids).values_list("pk", "display_name")) if ids else {}
