"""The second factor of an account: one-time codes of a telephone (TOTP), and codes on paper for the day it is lost.

Kept by allauth; its secrets are sealed (`web.login.adapters.MfaAdapter`).
"""

from __future__ import annotations

from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, validate_totp_code

from feigong.apps.accounts.models import User


def has(user: User) -> bool:
    return bool(Authenticator.objects.filter(user=user, type=Authenticator.Type.TOTP).exists())


def is_code_of(secret: str, code: str) -> bool:
    right: bool = validate_totp_code(secret, code)
    return right


def set_up(user: User, secret: str) -> list[str]:
    """Keep the secret; returns the codes for paper."""
    remove(user)
    TOTP.activate(user, secret)
    return list(RecoveryCodes.activate(user).get_unused_codes())


def new_paper_codes(user: User) -> list[str]:
    """The old ones no longer hold."""
    Authenticator.objects.filter(user=user, type=Authenticator.Type.RECOVERY_CODES).delete()
    return list(RecoveryCodes.activate(user).get_unused_codes())


def paper_codes_left(user: User) -> int:
    kept = Authenticator.objects.filter(user=user, type=Authenticator.Type.RECOVERY_CODES).first()
    return len(RecoveryCodes(kept).get_unused_codes()) if kept else 0


def remove(user: User) -> None:
    Authenticator.objects.filter(user=user).delete()
