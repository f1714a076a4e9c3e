"""What a program sends again, because the answer was lost on the way, is not done again: by a key that it chose."""

from __future__ import annotations

from django.db import IntegrityError, transaction

from feigong.apps.accounts.sight import Actor
from feigong.apps.audit.models import Done, Record
from feigong.apps.clock import now
from feigong.core.errors import FeigongError


def note_done(actor: Actor, record: Record | None = None) -> None:
    """Within the transaction of what is done; nothing where the actor came without a key.

    Of two requests at once the second waits here for the first. One that is refused leaves nothing, and its key can be
    used again. Raises `FeigongError`: ``error.done_already`` with the number of the record, ``error.started_already``
    for a job.
    """
    if not actor.once:
        return
    held = _held(actor)
    if held is None:
        try:
            with transaction.atomic():
                Done.objects.create(
                    user_id=actor.account, key=actor.once, request_id=actor.request_id, record=record, at=now()
                )
        except IntegrityError:
            held = _held(actor)
        else:
            return
    if held is None or held.request_id != actor.request_id:
        number = held.record.number if held is not None and held.record is not None else None
        if number is None:
            raise FeigongError("error.started_already")
        raise FeigongError("error.done_already", number=number)


def _held(actor: Actor) -> Done | None:
    return Done.objects.filter(user_id=actor.account, key=actor.once).select_related("record").first()
