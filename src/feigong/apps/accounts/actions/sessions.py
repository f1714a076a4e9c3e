"""Coming in and leaving. What was right or wrong is recorded; nothing else is kept of who comes when."""

from __future__ import annotations

from datetime import datetime

from feigong.apps.accounts import locks
from feigong.apps.accounts.limits import limits
from feigong.apps.accounts.models import Sitting, User
from feigong.apps.accounts.sight import Actor
from feigong.apps.audit.recording import changing
from feigong.core.errors import FeigongError

_SEEN_NOTED = 60  # seconds: how roughly the last use of a session is kept


def try_to_come_in(actor: Actor, username: str, at: datetime) -> bool:
    """Count an attempt before the password (or the code) is looked at. False: locked, look at nothing."""
    return locks.begin(username, actor.address, at)


def note_failure(actor: Actor, username: str, at: datetime, *, step: str = "password") -> None:
    """Record a failed attempt. The name that was typed is kept only where it is an account's: it may be a password."""
    user = User.objects.filter(username__iexact=username.strip()).first()
    is_locked = locks.locked(username, actor.address, at)
    with changing(actor, "account.failed", params={"step": step, "known": user is not None}) as change:
        if user is not None:
            change.note("accounts.user", user.pk, None, {"failed": step})
    if is_locked:
        with changing(actor, "account.locked", params={"known": user is not None}) as change:
            if user is not None:
                change.note("accounts.user", user.pk, {"locked": False}, {"locked": True})


def step_passed(actor: Actor, username: str) -> None:
    """This step was right; there may be another."""
    locks.take_back(username, actor.address)


def come_in(actor: Actor, username: str, *, way: str) -> None:
    """All steps are passed. ``way``: password, password_totp, oidc."""
    locks.open_name(username)
    with changing(actor, "account.came_in", params={"way": way}):
        pass


def leave(actor: Actor, sitting_id: int | None) -> None:
    if actor.user_id is None:
        return
    with changing(actor, "account.left"):
        if sitting_id is not None:
            Sitting.objects.filter(pk=sitting_id, user_id=actor.account).delete()


def begin_sitting(user_id: int, address: str, at: datetime) -> int:
    """A new session; with one too many the oldest end."""
    sitting = Sitting.objects.create(user_id=user_id, started_at=at, seen_at=at, address=address[:60])
    kept = Sitting.objects.filter(user_id=user_id).order_by("-started_at", "-pk")[: limits().sessions]
    Sitting.objects.filter(user_id=user_id).exclude(pk__in=list(kept.values_list("pk", flat=True))).delete()
    return sitting.pk


def see_sitting(user_id: int, sitting_id: int, at: datetime) -> bool:
    """Whether a session still holds; notes, to the minute, that it is in use."""
    sitting = Sitting.objects.filter(pk=sitting_id, user_id=user_id).first()
    if sitting is None:
        return False
    rule = limits()
    if at - sitting.seen_at > rule.idle or at - sitting.started_at > rule.longest:
        sitting.delete()
        return False
    if (at - sitting.seen_at).total_seconds() > _SEEN_NOTED:
        Sitting.objects.filter(pk=sitting.pk).update(seen_at=at)
    return True


def end_sitting(actor: Actor, sitting_id: int) -> None:
    """End one of one's own sessions."""
    with changing(actor, "account.session_ended"):
        gone, _ = Sitting.objects.filter(pk=sitting_id, user_id=actor.account).delete()
        if not gone:
            raise FeigongError("error.not_found", what="session")


def end_other_sittings(actor: Actor, but: int | None) -> None:
    with changing(actor, "account.session_ended"):
        others = Sitting.objects.filter(user_id=actor.account)
        (others if but is None else others.exclude(pk=but)).delete()
