"""Start, cancel and retry jobs."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from feigong.apps.accounts.sight import Actor
from feigong.apps.clock import now
from feigong.apps.jobs.models import Job


def start(actor: Actor, kind: str, params: Mapping[str, Any]) -> Job:
    """Ask for a job; it begins when the transaction that asked is committed. The caller has checked the permission."""
    return Job.objects.create(
        kind=kind, params=dict(params), user_id=actor.user_id, actor_name=actor.name, address=actor.address,
        created_at=now(),
    )  # fmt: skip
