"""Invitations: a link, shown once, by which somebody takes an account into use or sets a new password."""

from __future__ import annotations

from datetime import timedelta

from feigong.apps.accounts.actions.checks import account_for_change, check_not_oneself
from feigong.apps.accounts.actions.people import end_sessions, set_password
from feigong.apps.accounts.limits import limits
from feigong.apps.accounts.models import Invitation, User
from feigong.apps.accounts.queries.people import invited
from feigong.apps.accounts.roles import Permission
from feigong.apps.accounts.secrets import digest_of, new_secret
from feigong.apps.accounts.sight import Actor
from feigong.apps.audit.recording import changing
from feigong.core.errors import FeigongError


def invite(actor: Actor, user_id: int, *, reason: str = "") -> str:
    """Make a link's secret for an account; the password it had and earlier links no longer hold."""
    actor.must(Permission.ACCOUNTS_MANAGE)
    check_not_oneself(actor, user_id)
    secret = new_secret()
    with changing(actor, "account.invite", reason=reason) as change:
        user = account_for_change(user_id)
        if not user.is_active:
            raise FeigongError("error.accounts.closed")
        user.invitations.filter(ended_at=None).update(ended_at=change.at)
        expires = change.at + timedelta(days=limits().invitation_days)
        Invitation.objects.create(user=user, digest=digest_of(secret), made_by=change.record, expires_at=expires)
        set_password(user, None)
        end_sessions(user)
        change.note("accounts.user", user.pk, None, {"invited_until": expires})
    return secret


def accept_invitation(actor: Actor, secret: str, password: str) -> User:
    """Set the password and end the link. ``actor`` is nobody yet: the secret says who it is."""
    with changing(actor, "account.accept") as change:
        user = account_for_change(invited(secret, change.at).pk)
        taken = user.invitations.filter(digest=digest_of(secret), ended_at=None).update(ended_at=change.at)
        if not taken:
            raise FeigongError("error.accounts.invitation")
        set_password(user, password)
        user.must_change_password = False
        end_sessions(user)
        change.note("accounts.user", user.pk, None, {"password": "set"})
    return user
