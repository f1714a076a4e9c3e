"""Which sitting a session belongs to, and keeping a session when everything else of an account ends."""

from __future__ import annotations

from typing import Any

from django.contrib.auth import update_session_auth_hash
from django.http import HttpRequest

SITTING = "feigong_sitting"  # in the session
FREE = "feigong_gate_passed"  # in the session: nothing is asked of this account before it may go on


def keep(request: HttpRequest, user: Any) -> None:
    """All sessions of the account have just ended, by its own wish: this one goes on under a new key."""
    request.session.pop(SITTING, None)
    request.session.pop(FREE, None)
    update_session_auth_hash(request, user)
