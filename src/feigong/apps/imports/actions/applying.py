"""Apply an import: one transaction, one record in the audit, nothing twice, nothing over what changed meanwhile."""

from __future__ import annotations

from typing import Any, Final

from feigong.apps.accounts.roles import Permission
from feigong.apps.accounts.sight import Actor
from feigong.apps.audit.recording import Change, changing
from feigong.apps.imports.actions.checking import Telling
from feigong.apps.imports.actions.receive import as_json, to_change
from feigong.apps.imports.choices import ImportState, Kind, Verdict
from feigong.apps.imports.meanwhile import changed_meanwhile
from feigong.apps.imports.missing import end_missing, seen_again
from feigong.apps.imports.models import Import, Item
from feigong.apps.imports.newcomers import open_cases
from feigong.apps.imports.queries import chosen
from feigong.apps.imports.writing import ImportWriter
from feigong.apps.jobs.actions import start
from feigong.apps.jobs.models import Job
from feigong.core.errors import FeigongError

APPLY: Final = "imports.apply"
_BATCH: Final = 500


def ask_apply(actor: Actor, number: int) -> Job:
    """Have what was checked written to the roll, by a job."""
    actor.must(Permission.IMPORT_APPLY)
    with changing(actor, "import.ask_apply", params={"import": number}) as change:
        found = to_change(actor, number, ImportState.CHECKED)
        if not chosen(found).exists():
            raise FeigongError("error.imports.nothing_to_apply")
        job = start(actor, APPLY, {"import": number})
        found.state, found.job, found.fault = ImportState.APPLYING, job, None
        found.save(update_fields=["state", "job", "fault"])
        change.note("imports.import", found.pk, None, {"state": found.state})
    return job


def apply(actor: Actor, number: int, tell: Telling) -> dict[str, Any]:
    """Write it. Done already: nothing is done. Changed meanwhile: nothing is written, and what changed is marked."""
    actor.must(Permission.IMPORT_APPLY)
    tell.progress("imports.load")
    try:
        with changing(actor, "import.apply", params={"import": number}) as change:
            found = Import.objects.select_for_update(of=("self",)).get(pk=number)
            if found.applied_id is not None:
                return dict(found.figures)
            if found.state != ImportState.APPLYING:
                raise FeigongError("error.imports.state", number=number, state=found.state)
            result = _write(change, found, tell)
            tell.fence()
    except _Meanwhile as stopped:
        Item.objects.filter(of=number, pk__in=stopped.items).update(meanwhile=True)
        fault = FeigongError("error.imports.meanwhile", count=len(stopped.items))
        _stand_back(number, fault)
        raise fault from None
    except FeigongError as error:
        _stand_back(number, error)
        raise
    return result


def _stand_back(number: int, fault: FeigongError) -> None:
    rows = Import.objects.filter(pk=number, state=ImportState.APPLYING)
    rows.update(state=ImportState.CHECKED, fault=as_json(fault.reason))


class _Meanwhile(Exception):  # noqa: N818  (leaves the transaction without a trace, then is said)
    def __init__(self, items: list[int]) -> None:
        self.items = items


def _write(change: Change, found: Import, tell: Telling) -> dict[str, Any]:
    items = list(chosen(found).order_by("kind", "pk"))
    if touched := changed_meanwhile(found, items):
        raise _Meanwhile(touched)
    gone = [i for i in items if i.verdict == Verdict.MISSING]
    items = [i for i in items if i.verdict != Verdict.MISSING]
    seen_again(found)
    writer = ImportWriter(change, found)
    done = 0
    for kind in (Kind.ENTERPRISE, Kind.ORGANISATION, Kind.MEMBER, Kind.OFFICER):
        mine = [i for i in items if i.kind == kind]
        tell.progress("imports.write", done, len(items), kind=kind.value)
        writer.write(kind, mine)
        done += len(mine)
    writer.appoint([i for i in items if i.kind == Kind.ORGANISATION])  # when members are there
    writer.counts.update(end_missing(change, found, gone))
    writer.counts.update(open_cases(change, found, items))
    tell.progress("imports.finish", done, len(items))
    Item.objects.bulk_update([i for i in items if i.target is None], ["result"], batch_size=_BATCH)
    found.state, found.applied, found.ended_at = ImportState.APPLIED, change.record, change.at
    found.figures = {**found.figures, "written": writer.counts}
    found.save(update_fields=["state", "applied", "ended_at", "figures"])
    change.record.params = {**change.record.params, **writer.counts}
    change.note("imports.import", found.pk, {"state": ImportState.APPLYING}, {"state": found.state, **writer.counts})
    return dict(found.figures)
