"""What everybody does with the own account: password, second factor."""

from __future__ import annotations

from datetime import datetime

from feigong.apps.accounts import locks, second_factor
from feigong.apps.accounts.actions.checks import account_for_change
from feigong.apps.accounts.actions.people import end_sessions, set_password
from feigong.apps.accounts.limits import totp_required
from feigong.apps.accounts.models import User
from feigong.apps.accounts.sight import Actor
from feigong.apps.audit.recording import changing
from feigong.core.errors import FeigongError


def _own(actor: Actor) -> User:
    return account_for_change(actor.account)


def check_password(actor: Actor, password: str, at: datetime) -> None:
    """Somebody may have left the desk: what weighs is asked for with the password, and guesses are counted."""
    user = User.objects.get(pk=actor.account)
    if not locks.begin(user.username, actor.address, at):
        raise FeigongError("error.accounts.locked")
    if not user.check_password(password):
        raise FeigongError("error.accounts.wrong_password")
    locks.take_back(user.username, actor.address)


def change_password(actor: Actor, old: str, new: str, *, at: datetime) -> User:
    """Set a new password; every other session of the account ends (the door keeps this one)."""
    check_password(actor, old, at)
    if old == new:
        raise FeigongError("error.accounts.same_password")
    with changing(actor, "account.password") as change:
        user = _own(actor)
        set_password(user, new)
        user.must_change_password = False
        end_sessions(user)
        change.note("accounts.user", user.pk, None, {"password": "set"})
    return user


def set_up_second_factor(actor: Actor, secret: str, code: str, password: str, *, at: datetime) -> list[str]:
    """Keep the secret of the telephone, once it has shown a right code. Returns the codes for paper."""
    check_password(actor, password, at)
    if not second_factor.is_code_of(secret, code):
        raise FeigongError("error.accounts.wrong_code")
    with changing(actor, "account.totp_set") as change:
        user = _own(actor)
        codes = second_factor.set_up(user, secret)
        change.note("accounts.user", user.pk, {"totp": False}, {"totp": True})
    return codes


def new_paper_codes(actor: Actor, password: str, *, at: datetime) -> list[str]:
    check_password(actor, password, at)
    with changing(actor, "account.paper_codes") as change:
        user = _own(actor)
        if not second_factor.has(user):
            raise FeigongError("error.accounts.no_totp")
        codes = second_factor.new_paper_codes(user)
        change.note("accounts.user", user.pk, None, {"paper_codes": len(codes)})
    return codes


def remove_second_factor(actor: Actor, password: str, *, at: datetime) -> None:
    """Only where the role need not have one."""
    check_password(actor, password, at)
    with changing(actor, "account.totp_removed") as change:
        user = _own(actor)
        if totp_required(user.role):
            raise FeigongError("error.accounts.totp_required")
        if not second_factor.has(user):
            raise FeigongError("error.accounts.no_totp")
        second_factor.remove(user)
        change.note("accounts.user", user.pk, {"totp": True}, {"totp": False})
