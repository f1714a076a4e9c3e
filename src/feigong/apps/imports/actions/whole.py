"""An import from files to the roll at one go, without pages: for the demo, for commands, for tests. The same code."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from pathlib import Path

from django.db import transaction

from feigong.apps.accounts.roles import Permission
from feigong.apps.accounts.sight import Actor
from feigong.apps.clock import day_of
from feigong.apps.imports.actions.applying import apply
from feigong.apps.imports.actions.checking import Alone, Telling, check, ready
from feigong.apps.imports.actions.deciding import take_all_offered
from feigong.apps.imports.actions.receive import start_import
from feigong.apps.imports.choices import ImportState
from feigong.apps.imports.models import Import

_NOBODY = Alone()


def run_whole(
    actor: Actor, files: Sequence[Path], *, on: date, at: datetime, department: str = "", take_offered: bool = False,
    tell: Telling = _NOBODY,
) -> Import:  # fmt: skip
    """Hand in, check, apply.

    Parameters
    ----------
    actor : Actor
        Must be allowed to upload and to apply; only what lies in the actor's areas is written.
    files : sequence of Path
        Tables of any departments, all taken together.
    on : date
        The day from which what they say holds.
    at : datetime
        Now: the roll is compared as known at this moment.
    take_offered : bool
        Take what is doubtful as it is offered; else it is left for a person.

    Returns
    -------
    Import
        Applied; ``figures`` say what was written, ``applied`` is its record.
    """
    actor.must(Permission.IMPORT_APPLY)
    given = [(path.name, path.read_bytes()) for path in files]
    number = start_import(actor, given, today=day_of(at), on=on, department=department).pk
    ready(Import.objects.get(pk=number))
    check(number, tell, at)
    if take_offered:
        take_all_offered(actor, number)
    with transaction.atomic():  # broken off, it stands where it stood: no job would find it
        Import.objects.filter(pk=number).update(state=ImportState.APPLYING)
        apply(actor, number, tell)
    return Import.objects.select_related("applied").get(pk=number)
