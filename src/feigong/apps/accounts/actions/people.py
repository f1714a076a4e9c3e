"""Accounts of people: made, changed, closed, opened again. By security administrators and the operator's commands."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.contrib.auth.models import AbstractUser
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import IntegrityError

from feigong.apps.accounts import locks, second_factor
from feigong.apps.accounts.actions.checks import (
    account_for_change,
    check_keeps_one,
    check_not_oneself,
    check_part,
    check_role,
)  # fmt: skip
from feigong.apps.accounts.actors import scope_of
from feigong.apps.accounts.models import Grant, Sitting, User
from feigong.apps.accounts.roles import Permission, Role
from feigong.apps.accounts.sight import Actor, Scope
from feigong.apps.audit.recording import Change, changing
from feigong.core.errors import FeigongError

_KIND = "accounts.user"


@dataclass(frozen=True, slots=True)
class Person:
    """What an account is made of."""

    username: str
    display_name: str
    role: Role
    scope: Scope = Scope()  # noqa: RUF009 (frozen)
    language: str = "zh"
    subject: str = ""  # at the OIDC provider


def create_account(
    actor: Actor, person: Person, *, password: str | None = None, must_change: bool = True, reason: str = ""
) -> User:
    """Make an account. Without a password it can be used once its invitation is taken up (`invitations.invite`)."""
    actor.must(Permission.ACCOUNTS_MANAGE)
    _check_person(person)
    check_role(person.role, person.display_name, person.subject)
    check_part(person.role, person.scope)
    user = User(
        username=person.username,
        display_name=person.display_name.strip(),
        role=person.role,
        language=person.language,
        subject=person.subject.strip() or None,
        must_change_password=password is not None and must_change,
    )
    set_password(user, password)
    with changing(actor, "account.create", reason=reason) as change:
        try:
            user.save()
        except IntegrityError:
            raise FeigongError("error.accounts.username_taken", username=person.username) from None
        _grant(change, user, person.scope)
        change.note(_KIND, user.pk, None, shown(user))
    return user


def change_account(
    actor: Actor, user_id: int, person: Person, *, expected: int | None = None, reason: str = ""
) -> None:
    """Change name, role or part of an account. Its sessions end; its tokens allow what the new role allows, at most."""
    actor.must(Permission.ACCOUNTS_MANAGE)
    check_not_oneself(actor, user_id)
    with changing(actor, "account.change", reason=reason) as change:
        user = account_for_change(user_id, expected)
        before = shown(user)
        if person.username != user.username:
            raise FeigongError("error.accounts.username_stays")
        check_role(person.role, person.display_name, person.subject, user=user)
        check_part(person.role, person.scope)
        if person.role != user.role:
            check_keeps_one(user)
        user.display_name, user.role = person.display_name.strip(), person.role
        user.subject = person.subject.strip() or None
        user.grants.all().delete()
        _grant(change, user, person.scope)
        end_sessions(user)
        change.note(_KIND, user.pk, before, shown(User.objects.get(pk=user.pk)))


def close_account(actor: Actor, user_id: int, *, expected: int | None = None, reason: str = "") -> None:
    """Nobody comes in with it any more; what it did stays under its name."""
    _set_active(actor, user_id, False, "account.close", expected, reason)


def reopen_account(actor: Actor, user_id: int, *, expected: int | None = None, reason: str = "") -> None:
    _set_active(actor, user_id, True, "account.reopen", expected, reason)


def _set_active(actor: Actor, user_id: int, active: bool, code: str, expected: int | None, reason: str) -> None:
    actor.must(Permission.ACCOUNTS_MANAGE)
    check_not_oneself(actor, user_id)
    with changing(actor, code, reason=reason) as change:
        user = account_for_change(user_id, expected)
        if active:
            check_role(Role(user.role), user.display_name, user.subject or "", user=user)
        else:
            check_keeps_one(user)
        change.note(_KIND, user.pk, {"is_active": user.is_active}, {"is_active": active})
        user.is_active = active
        end_sessions(user)


def unlock_account(actor: Actor, user_id: int, *, reason: str = "") -> None:
    """Let somebody try again who has failed too often."""
    actor.must(Permission.ACCOUNTS_MANAGE)
    with changing(actor, "account.unlock", reason=reason) as change:
        user = account_for_change(user_id)
        if not locks.open_name(user.username):
            raise FeigongError("error.accounts.not_locked")
        change.note(_KIND, user.pk, {"locked": True}, {"locked": False})


def unlock_address(actor: Actor, address: str, *, reason: str = "") -> None:
    actor.must(Permission.ACCOUNTS_MANAGE)
    with changing(actor, "account.unlock_address", reason=reason, params={"address": address}):
        if not locks.open_address(address):
            raise FeigongError("error.accounts.not_locked")


def reset_second_factor(actor: Actor, user_id: int, *, expected: int | None = None, reason: str = "") -> None:
    """Somebody has lost the telephone: a new one is set up at the next log-in, where the role must have one."""
    actor.must(Permission.ACCOUNTS_MANAGE)
    check_not_oneself(actor, user_id)
    with changing(actor, "account.reset_totp", reason=reason) as change:
        user = account_for_change(user_id, expected)
        if not second_factor.has(user):
            raise FeigongError("error.accounts.no_totp")
        second_factor.remove(user)
        end_sessions(user)
        change.note(_KIND, user.pk, {"totp": True}, {"totp": False})


def end_sessions(user: User) -> None:
    """End every session of an account and keep what was changed of it: its epoch is in the sessions' digest."""
    user.epoch += 1
    user.save()
    Sitting.objects.filter(user=user).delete()


def set_password(user: User, password: str | None) -> None:
    """Set a password that meets the rules; none: the account cannot be entered by one."""
    if password is None:
        user.set_unusable_password()
        return
    try:
        validate_password(password, user)
    except ValidationError as fault:
        raise FeigongError("error.accounts.weak_password", why=" ".join(fault.messages)) from None
    user.set_password(password)


def shown(user: User) -> dict[str, Any]:
    """What the audit keeps of an account."""
    scope = scope_of(user)
    part = {"areas": scope.areas, "organisations": scope.organisations, "worker": scope.worker, "member": scope.member}
    return {
        "username": user.username,
        "display_name": user.display_name,
        "role": user.role,
        "subject": bool(user.subject),
        **{name: list(value) if isinstance(value, tuple) else value for name, value in part.items() if value},
    }


def _check_person(person: Person) -> None:
    try:
        AbstractUser.username_validator(person.username)
    except ValidationError:
        raise FeigongError("error.accounts.username", username=person.username) from None
    if not person.username or len(person.username) > 60:
        raise FeigongError("error.accounts.username", username=person.username[:60])
    if User.objects.filter(username__iexact=person.username).exists():
        raise FeigongError("error.accounts.username_taken", username=person.username)


def _grant(change: Change, user: User, scope: Scope) -> None:
    one: dict[str, Any] = {"user": user, "granted_by": change.record}
    grants = [Grant(area_id=area, **one) for area in scope.areas]
    grants += [Grant(organisation_id=organisation, **one) for organisation in scope.organisations]
    if scope.worker:
        grants.append(Grant(worker_id=scope.worker, **one))
    if scope.member:
        grants.append(Grant(member_id=scope.member, **one))
    Grant.objects.bulk_create(grants)
