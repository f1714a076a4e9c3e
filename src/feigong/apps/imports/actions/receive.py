"""Hand tables in, and say how their sheets are to be read."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from datetime import date
from pathlib import PurePath
from typing import Any, Final

from django.db import transaction

from feigong.apps.accounts.roles import Permission
from feigong.apps.accounts.sight import Actor
from feigong.apps.audit.recording import Change, changing
from feigong.apps.clock import day_of, now
from feigong.apps.imports import queries, reading, store
from feigong.apps.imports.choices import ImportState
from feigong.apps.imports.limits import limits
from feigong.apps.imports.models import File, Import, Mapping, Sheet
from feigong.core.errors import FeigongError
from feigong.core.reasons import Reason
from feigong.core.roll.merge.day import stated_day
from feigong.core.roll.merge.values import RawTable, TableKind, Told
from feigong.exchange.tables import KINDS

_CONTROL: Final = re.compile(r"[\x00-\x1f\x7f/\\]")
_LONGEST_NAME: Final = 120
Handed = tuple[str, bytes]  # the name a file came with, and what is in it


def start_import(
    actor: Actor, files: Sequence[Handed], *, today: date, on: date | None = None, department: str = ""
) -> Import:
    """Keep the files of a new import and read their sheets. ``on``: else the day that the tables state, else today.

    A file that cannot be read is refused with all others: nothing is kept then.
    """
    actor.must(Permission.IMPORT_UPLOAD)
    if not actor.scope.whole and not actor.scope.areas:
        raise FeigongError("error.imports.no_area")
    tables = _read(files)
    day = on or stated_day(t for _, ts in tables for t in ts) or today
    with changing(actor, "import.receive", params={"files": len(files)}) as change:
        found = Import.objects.create(
            department=department.strip()[:80], on=min(day, today) if on is None else day, whole=actor.scope.whole,
            areas=sorted(actor.scope.areas), user_id=actor.user_id, user_name=actor.name, at=change.at,
        )  # fmt: skip
        _keep(change, found, tables)
        change.record.params = {"files": len(files), "import": found.pk}
    return found


def add_files(actor: Actor, number: int, files: Sequence[Handed]) -> Import:
    """More files for an import that is still being prepared."""
    actor.must(Permission.IMPORT_UPLOAD)
    with changing(actor, "import.receive", params={"files": len(files), "import": number}) as change:
        found = to_change(actor, number)
        _keep(change, found, _read(files, found))
        back_to_reading(found)
    return found


def remove_file(actor: Actor, number: int, file: int) -> Import:
    actor.must(Permission.IMPORT_UPLOAD)
    with changing(actor, "import.remove_file", params={"import": number}) as change:
        found = to_change(actor, number)
        gone = File.objects.filter(of=found, pk=file).first()
        if gone is None:
            raise FeigongError("error.not_found", what="file")
        change.note("imports.file", gone.pk, {"name": gone.name, "digest": gone.digest}, None)
        back_to_reading(found)
        gone.delete()
        transaction.on_commit(lambda: store.remove(gone.place))
    return found


def describe(actor: Actor, number: int, *, on: date, department: str) -> Import:
    """The day from which the tables hold, and which department they come from."""
    actor.must(Permission.IMPORT_UPLOAD)
    with changing(actor, "import.describe", params={"import": number}) as change:
        found = to_change(actor, number)
        before = {"on": found.on, "department": found.department}
        found.on, found.department = on, department.strip()[:80]
        found.save(update_fields=["on", "department"])
        change.note("imports.import", found.pk, before, {"on": found.on, "department": found.department})
        back_to_reading(found)
    return found


def tell_columns(
    actor: Actor, number: int, sheet: int, *, subject: str, meanings: Sequence[str], used: bool = True
) -> Sheet:
    """Say what a sheet is about and what its columns mean; the same headers mean the same the next time."""
    actor.must(Permission.IMPORT_UPLOAD)
    if subject not in reading.subjects():
        raise FeigongError("error.imports.subject")
    allowed = reading.meanings_of(subject)
    told = [m if m in allowed else "" for m in meanings]
    with changing(actor, "import.tell_columns", params={"import": number, "sheet": sheet}) as change:
        found = to_change(actor, number)
        row = _sheet(found, sheet)
        table = next(t for t in tables_of([row], again=True) if t.sheet == row.name)
        start, stop = (row.header_from, row.header_to) if row.header_to else (0, 1)
        said = reading.understand(_told(table, Told(subject, start, stop, tuple(told))))
        _fill(row, said, told=True, remembered=False)
        row.used, row.full = used, row.full and row.kind == TableKind.REGISTER.value
        row.save()
        if said.fault is None and row.signature:
            Mapping.objects.update_or_create(
                department=found.department, signature=row.signature,
                defaults={"subject": subject, "meanings": told, "said": change.record},
            )  # fmt: skip
        change.note("imports.sheet", row.pk, None, {"subject": subject, "meanings": told, "used": used})
        back_to_reading(found)
    return row


def use_sheet(actor: Actor, number: int, sheet: int, *, used: bool) -> Sheet:
    """Leave a sheet out, or take it in again."""
    actor.must(Permission.IMPORT_UPLOAD)
    with changing(actor, "import.use_sheet", params={"import": number, "sheet": sheet}) as change:
        found = to_change(actor, number)
        row = _sheet(found, sheet)
        row.used = used and bool(row.subject)
        row.save(update_fields=["used"])
        change.note("imports.sheet", row.pk, None, {"used": row.used})
        back_to_reading(found)
    return row


def say_full(actor: Actor, number: int, sheet: int, *, full: bool) -> Sheet:
    """Say whether a register holds all there are in the areas it covers; remembered with its columns."""
    actor.must(Permission.IMPORT_UPLOAD)
    with changing(actor, "import.say_full", params={"import": number, "sheet": sheet}) as change:
        found = to_change(actor, number)
        row = _sheet(found, sheet)
        if row.kind != TableKind.REGISTER.value:
            raise FeigongError("error.imports.not_register")
        row.full = full
        row.save(update_fields=["full"])
        if row.signature:
            meanings = [c["meaning"] for c in row.columns]
            Mapping.objects.update_or_create(
                department=found.department, signature=row.signature,
                defaults={"subject": row.subject, "meanings": meanings, "full": full, "said": change.record},
            )  # fmt: skip
        change.note("imports.sheet", row.pk, None, {"full": full})
        back_to_reading(found)
    return row


def to_change(actor: Actor, number: int, *states: ImportState) -> Import:
    """The import, locked until the transaction ends, if the actor sees it and it stands in one of these states."""
    at = now()
    queries.one(actor, number, day_of(at), at)
    found = Import.objects.select_related("job").select_for_update(of=("self",)).get(pk=number)
    found.state = queries.standing(found)
    if found.state not in (states or (ImportState.READ, ImportState.CHECKED)):
        raise FeigongError("error.imports.state", number=number, state=found.state)
    return found


def back_to_reading(found: Import) -> None:
    """What was checked no longer holds: it is checked again."""
    found.state, found.checked_at, found.figures, found.fault = ImportState.READ, None, {}, None
    found.save(update_fields=["state", "checked_at", "figures", "fault"])


def tables_of(rows: Sequence[Sheet], *, again: bool = False) -> list[RawTable]:
    """The sheets themselves, from the store, told as they were told. ``again``: also those not used."""
    by_file: dict[int, list[RawTable]] = {}
    found = []
    for row in rows:
        if not (row.used and row.subject) and not again:
            continue
        if row.file_id not in by_file:
            if not row.file.place:
                raise FeigongError("error.imports.file_deleted", name=row.file.name)
            by_file[row.file_id] = reading.read_file(row.file.name, store.fetch(row.file.place))
        table = next(t for t in by_file[row.file_id] if t.sheet == row.name)
        if row.told:
            meanings = tuple(str(c["meaning"]) for c in row.columns)
            table = _told(table, Told(row.subject, row.header_from, row.header_to, meanings))
        found.append(table)
    return found


def _told(table: RawTable, told: Told) -> RawTable:
    return RawTable(table.name, table.sheet, table.rows, table.first_row, told)


def _sheet(found: Import, sheet: int) -> Sheet:
    row = Sheet.objects.select_related("file").filter(of=found, pk=sheet).first()
    if row is None:
        raise FeigongError("error.not_found", what="sheet")
    return row


def _read(files: Sequence[Handed], known: Import | None = None) -> list[tuple[Handed, list[RawTable]]]:
    if not files:
        raise FeigongError("error.imports.no_files")
    taken = [] if known is None else list(File.objects.filter(of=known).values_list("name", flat=True))
    if len(files) + len(taken) > limits().files:
        raise FeigongError("error.imports.too_many_files", most=limits().files)
    found: list[tuple[Handed, list[RawTable]]] = []
    rows = 0 if known is None else sum(Sheet.objects.filter(of=known).values_list("rows", flat=True))
    for given, content in files:
        name = _name(given, taken)
        taken.append(name)
        if len(content) > limits().bytes:
            raise FeigongError("error.imports.file_too_large", name=name, most=limits().megabytes)
        tables = reading.read_file(name, content)
        rows += sum(len(t.rows) for t in tables)
        if rows > limits().rows:
            raise FeigongError("error.imports.too_many_rows", most=limits().rows)
        found.append(((name, content), tables))
    return found


def _name(given: str, taken: Sequence[str]) -> str:
    """The name without folders and control characters, told apart from those there are."""
    plain = PurePath(_CONTROL.sub("_", given.replace("\\", "/").rpartition("/")[2]).strip() or "table.csv")
    if plain.suffix.lower() not in KINDS:
        raise FeigongError("error.table_kind", path=plain.name, kinds=" ".join(sorted(KINDS)))
    stem, name, n = plain.stem[:_LONGEST_NAME], f"{plain.stem[:_LONGEST_NAME]}{plain.suffix}", 1
    while name in taken:
        n += 1
        name = f"{stem} ({n}){plain.suffix}"
    return name


def _keep(change: Change, found: Import, tables: Sequence[tuple[Handed, list[RawTable]]]) -> None:
    """Files into the store, sheets into rows. What was stored is removed if the transaction fails."""
    kept: list[str] = []
    try:
        for (name, content), sheets in tables:
            place = store.keep(content)
            kept.append(place)
            file = File.objects.create(
                of=found, name=name, place=place, size=len(content), digest=hashlib.sha256(content).hexdigest()
            )
            change.note("imports.file", file.pk, None, {"name": name, "size": file.size, "digest": file.digest})
            Sheet.objects.bulk_create([_as_row(found, file, table) for table in sheets])
    except BaseException:
        for place in kept:
            store.remove(place)
        raise


def _as_row(found: Import, file: File, table: RawTable) -> Sheet:
    row = Sheet(of=found, file=file, name=table.sheet, first_row=table.first_row, rows=0)
    said = reading.understand(table)
    _fill(row, said, told=False, remembered=False)
    candidates = reading.header_candidates(table, said)
    known = Mapping.objects.filter(department=found.department, signature__in=candidates).first()
    if known is not None:
        start, stop = candidates[known.signature]
        told = Told(known.subject, start, stop, tuple(str(m) for m in known.meanings))
        _fill(row, reading.understand(_told(table, told)), told=True, remembered=True)
        row.full = known.full and row.kind == TableKind.REGISTER.value
    row.used = bool(row.subject)
    return row


def _fill(row: Sheet, said: reading.Understood, *, told: bool, remembered: bool) -> None:
    row.rows, row.subject, row.kind = said.rows, said.subject, said.kind
    row.header_from, row.header_to = said.header_from, said.header_to
    row.columns = [c.as_json() for c in said.columns]
    row.signature = said.signature
    row.told, row.remembered = told, remembered
    row.fault = as_json(said.fault) if said.fault else None


def as_json(why: Reason) -> dict[str, Any]:
    return {"code": why.code, "params": dict(why.params)}


def as_reason(said: dict[str, Any]) -> Reason:
    return Reason(said["code"], said["params"])
