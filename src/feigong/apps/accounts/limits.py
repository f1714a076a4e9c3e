"""Limits at the door. The numbers are data of the installation (`ACCOUNT_LIMITS` in the settings).

GB/T 22239-2019, 8.1.4.1 asks that there be some: failures are answered, illegal attempts limited, idle sessions ended.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from django.conf import settings


@dataclass(frozen=True, slots=True)
class Limits:
    idle_minutes: int  # a session nobody uses ends
    session_hours: int  # a session ends, used or not
    sessions: int  # of one account at a time; with one more the oldest ends
    failures_name: int  # in a row for one name, then it is locked
    failures_address: int  # in a row from one address: many people may sit behind one
    lock_minutes: int  # how long; failures further apart than this are not in a row
    invitation_days: int
    token_days: int  # the longest a token may hold
    token_requests: int  # of one token in a minute, for each process that serves

    @property
    def lock(self) -> timedelta:
        return timedelta(minutes=self.lock_minutes)

    @property
    def idle(self) -> timedelta:
        return timedelta(minutes=self.idle_minutes)

    @property
    def longest(self) -> timedelta:
        return timedelta(hours=self.session_hours)


def limits() -> Limits:
    return Limits(**settings.ACCOUNT_LIMITS)


def totp_required(role: str) -> bool:
    """Whether accounts of this role must have a second factor."""
    return role in settings.TOTP_ROLES
