"""What must hold before an account is touched."""

from __future__ import annotations

from feigong.apps.accounts.models import User
from feigong.apps.accounts.roles import ADMINISTRATORS, SCOPES, Role
from feigong.apps.accounts.sight import Actor, Scope
from feigong.apps.roll.models import Area, Member, Organisation, Worker
from feigong.core.errors import FeigongError


def check_not_oneself(actor: Actor, user_id: int) -> None:
    """Nobody gives himself rights, and nobody closes his own account by mistake."""
    if actor.user_id == user_id:
        raise FeigongError("error.accounts.oneself")


def account_for_change(user_id: int, expected: int | None = None) -> User:
    """The account, locked until the change ends. Its version is the epoch, which every change raises."""
    user = User.objects.select_for_update().prefetch_related("grants").filter(pk=user_id).first()
    if user is None:
        raise FeigongError("error.not_found", what="account")
    if expected is not None and user.epoch != expected:
        raise FeigongError("error.changed_meanwhile")
    return user


def check_role(role: Role, display_name: str, subject: str, *, user: User | None = None) -> None:
    """A name; a subject that nobody else has; and no second administrator's duty for one person.

    An administrator's account keeps its duty, so that what it did under one duty is never looked after under another.
    """
    name = display_name.strip()
    if not name or len(name) > 60:
        raise FeigongError("error.accounts.display_name", most=60)
    others = User.objects.exclude(pk=user.pk) if user else User.objects.all()
    if subject.strip() and others.filter(subject=subject.strip()).exists():
        raise FeigongError("error.accounts.subject_taken")
    if role not in ADMINISTRATORS:
        return
    if user is not None and user.role in ADMINISTRATORS and user.role != role:
        raise FeigongError("error.accounts.two_duties")
    if others.filter(role__in=ADMINISTRATORS - {role}, is_active=True, display_name=name).exists():
        raise FeigongError("error.accounts.two_duties")


def check_part(role: Role, scope: Scope) -> None:
    """The part of the roll is named as the role has it, and what is named exists."""
    given = {name for name in ("areas", "organisations", "worker", "member") if getattr(scope, name)}
    allowed = SCOPES.get(role, frozenset())
    if given - allowed or scope.whole:
        raise FeigongError("error.accounts.part_not_of_role", role=role.value)
    if allowed and not given:
        raise FeigongError("error.accounts.part_needed", role=role.value)
    wanted = (
        (Area, scope.areas),
        (Organisation, scope.organisations),
        (Worker, (scope.worker,) if scope.worker else ()),
        (Member, (scope.member,) if scope.member else ()),
    )
    for model, ids in wanted:
        if model._default_manager.filter(pk__in=ids).count() != len(set(ids)):
            raise FeigongError("error.accounts.part_unknown")


def check_keeps_one(user: User) -> None:
    """Somebody must be left who can let people in. All such rows are locked: two cannot close each other."""
    if user.role != Role.SECURITY_ADMINISTRATOR or not user.is_active:
        return
    left = User.objects.select_for_update().filter(role=user.role, is_active=True).exclude(pk=user.pk)
    if not any(other.has_usable_password() or other.subject for other in left):
        raise FeigongError("error.accounts.last_one")
