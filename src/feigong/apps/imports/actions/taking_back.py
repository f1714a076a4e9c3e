"""Take a whole import back: the roll is as if it had not been, as long as nothing was built on it."""

from __future__ import annotations

from typing import Any, Final

from feigong.apps.accounts.roles import Permission
from feigong.apps.accounts.sight import Actor
from feigong.apps.audit.models import Record
from feigong.apps.audit.recording import Change, changing
from feigong.apps.imports.actions.checking import Telling
from feigong.apps.imports.actions.receive import as_json, to_change
from feigong.apps.imports.choices import ImportState
from feigong.apps.imports.models import Import, SaidThere
from feigong.apps.jobs.actions import start
from feigong.apps.jobs.models import Job
from feigong.apps.roll import taking_back
from feigong.core.errors import FeigongError

TAKE_BACK: Final = "imports.take_back"


def ask_take_back(actor: Actor, number: int, *, reason: str) -> Job:
    """Have an applied import taken back, by a job."""
    actor.must(Permission.IMPORT_APPLY)
    if not reason.strip():
        raise FeigongError("error.roll.reason_missing")
    with changing(actor, "import.ask_take_back", reason=reason.strip(), params={"import": number}) as change:
        found = to_change(actor, number, ImportState.APPLIED)
        job = start(actor, TAKE_BACK, {"import": number, "reason": reason.strip()})
        found.state, found.job, found.fault = ImportState.TAKING_BACK, job, None
        found.save(update_fields=["state", "job", "fault"])
        change.note("imports.import", found.pk, None, {"state": found.state})
    return job


def take_back(actor: Actor, number: int, reason: str, tell: Telling) -> dict[str, Any]:
    """Take it back. Done already: nothing is done. Something stands on it: nothing is done, and what is said."""
    actor.must(Permission.IMPORT_APPLY)
    tell.progress("imports.take_back")
    try:
        with changing(actor, "import.take_back", reason=reason, params={"import": number}) as change:
            found = Import.objects.select_for_update(of=("self",)).get(pk=number)
            if found.taken_back_id is not None:
                return {}
            if found.state != ImportState.TAKING_BACK or found.applied_id is None:
                raise FeigongError("error.imports.state", number=number, state=found.state)
            record = _roll_back(actor, found.applied_id, reason, change)
            found.state, found.taken_back, found.ended_at = ImportState.TAKEN_BACK, record, change.at
            found.save(update_fields=["state", "taken_back", "ended_at"])
            change.note("imports.import", found.pk, None, {"state": found.state})
            tell.fence()
    except FeigongError as error:
        rows = Import.objects.filter(pk=number, state=ImportState.TAKING_BACK)
        rows.update(state=ImportState.APPLIED, fault=as_json(error.reason))
        raise
    return {}


def _roll_back(actor: Actor, applied: int, reason: str, change: Change) -> Record:
    """The record of taking back. Where units were only said to be there, nothing of the roll was written."""
    said, _ = SaidThere.objects.filter(said=applied).delete()
    try:
        return taking_back.take_back(actor, applied, reason)
    except FeigongError as error:
        if said and error.reason.code == "error.roll.nothing_to_take_back":
            return change.record
        raise
