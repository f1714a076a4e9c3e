"""Bring a copy back into an empty place, and verify it: checksums, counts of every table, the audit chain."""

from __future__ import annotations

import json
import os
import tarfile
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

from django.conf import settings
from django.db import connection
from django.db.migrations.loader import MigrationLoader

from feigong.apps.accounts.roles import Permission
from feigong.apps.accounts.sight import Actor
from feigong.apps.audit.actions import record_event
from feigong.apps.audit.verifying import verify_chain
from feigong.apps.operation import databases
from feigong.apps.operation.backup import DATABASE, FOLDERS, FORM, MANIFEST, sum_of
from feigong.apps.operation.installation import home, pending_migrations
from feigong.apps.seals.keyring import read_keys
from feigong.core.errors import FeigongError

Told = Callable[[str], None]  # codes of steps: wording `restore.<step>`
_LONGEST_MANIFEST: Final = 50_000_000


@dataclass(frozen=True, slots=True)
class Restored:
    made_at: datetime
    version: str
    tables: int
    rows: int
    files: int
    number: int  # records in the audit chain
    chain_faults: int
    older: bool  # made by an earlier version: `feigong setup` brings its tables up to this one


def restore(actor: Actor, file: Path, keys: Path | None, *, told: Told) -> Restored:
    """Refused where something is there already, where the copy is damaged, or where it cannot be read with the keys.

    Nothing of ours is written before the whole copy has been read and its checksums agree.
    """
    actor.must(Permission.SYSTEM_MANAGE)
    _refuse_occupied()
    home().mkdir(parents=True, exist_ok=True, mode=0o700)
    with TemporaryDirectory(dir=home(), prefix=".restore-") as place:
        folder = Path(place)
        told("reading")
        manifest = _unpack(file, folder)
        _refuse_foreign(manifest, keys)
        told("database")
        databases.bring_back(folder / DATABASE)
        for name in FOLDERS:
            if (folder / name).is_dir():
                if (home() / name).is_dir():
                    (home() / name).rmdir()
                (folder / name).replace(home() / name)
    if keys is not None and not Path(settings.KEYS).exists():
        _place_keys(keys)
    told("verifying")
    return _verified(actor, manifest)


def _refuse_occupied() -> None:
    for folder in FOLDERS:
        if (home() / folder).is_dir() and any((home() / folder).iterdir()):
            raise FeigongError("error.restore_occupied", place=str(home() / folder))
    if not databases.empty():
        raise FeigongError("error.restore_occupied", place=str(connection.settings_dict["NAME"]))


def _unpack(file: Path, folder: Path) -> dict[str, Any]:
    """Unpack below ``folder`` what the manifest names, and compare checksums."""
    try:
        with tarfile.open(file, "r:gz") as archive:
            first = archive.next()
            content = archive.extractfile(first) if first is not None and first.name == MANIFEST else None
            if content is None:
                raise FeigongError("error.restore_not_ours", file=str(file))
            manifest: dict[str, Any] = json.loads(content.read(_LONGEST_MANIFEST))
            for member in archive:
                if member.name in manifest["files"]:
                    archive.extract(member, folder, filter="data")
    except (tarfile.TarError, EOFError, OSError, ValueError, KeyError) as fault:
        if isinstance(fault, FileNotFoundError):
            raise
        raise FeigongError("error.restore_damaged", file=str(file)) from fault
    for name, checksum in manifest["files"].items():
        if not (folder / name).is_file() or sum_of(folder / name) != checksum:
            raise FeigongError("error.restore_damaged", file=str(file))
    return manifest


def _refuse_foreign(manifest: dict[str, Any], keys: Path | None) -> None:
    if manifest["form"] != FORM:
        raise FeigongError("error.restore_newer", version=manifest["version"])
    if manifest["database"] != connection.vendor:
        raise FeigongError("error.restore_other_database", there=manifest["database"], here=connection.vendor)
    known = {f"{app}.{name}" for app, name in MigrationLoader(None).disk_migrations}
    if set(manifest["migrations"]) - known:
        raise FeigongError("error.restore_newer", version=manifest["version"])
    place = Path(settings.KEYS)
    given = place if place.exists() else keys
    if given is None:
        raise FeigongError("error.restore_no_keys", place=str(place))
    if not given.is_file():
        raise FeigongError("error.restore_no_keys", place=str(given))
    if manifest["keys"] and _fingerprint(given) != manifest["keys"]:
        raise FeigongError("error.restore_other_keys", file=str(given))


def _fingerprint(file: Path) -> str:
    try:
        return read_keys(file).fingerprint
    except (OSError, ValueError, KeyError) as fault:
        raise FeigongError("error.restore_other_keys", file=str(file)) from fault


def _place_keys(keys: Path) -> None:
    place = Path(settings.KEYS)
    place.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    with os.fdopen(os.open(place, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as out:
        out.write(keys.read_bytes())


def _verified(actor: Actor, manifest: dict[str, Any]) -> Restored:
    found = databases.look()
    if found.counts != manifest["counts"]:
        wrong = sorted(n for n in found.counts.keys() | manifest["counts"].keys()
                       if found.counts.get(n) != manifest["counts"].get(n))  # fmt: skip
        raise FeigongError("error.restore_counts", n=len(wrong), table=wrong[0])
    chain = verify_chain(expect=manifest["audit_hash"])
    older = bool(pending_migrations())
    if not older:
        record_event(actor, "backup.restore", params={"made_at": manifest["made_at"], "number": chain.number})
    return Restored(
        datetime.fromisoformat(manifest["made_at"]), manifest["version"], len(found.counts),
        sum(found.counts.values()), len(manifest["files"]) - 1, chain.number, chain.count, older,
    )  # fmt: skip
