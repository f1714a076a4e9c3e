"""Keep a copy of an installation: the database of one moment, the files handed in, and a list of what is in it.

One tar file, `manifest.json` first: counts of every table, the end of the audit chain, a checksum of every file. The
keys go into a file of their own, to be kept elsewhere: whoever has both can read everything.
"""

from __future__ import annotations

import hashlib
import io
import json
import os
import re
import tarfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

from django.conf import settings
from django.db import connection

from feigong import __version__
from feigong.apps.accounts.roles import Permission
from feigong.apps.accounts.sight import Actor
from feigong.apps.audit.actions import record_event
from feigong.apps.clock import ZONE
from feigong.apps.operation import databases
from feigong.apps.operation.installation import home, pending_migrations, write_note
from feigong.core.errors import FeigongError

FORM: Final = 1
DATABASE: Final = "database"
MANIFEST: Final = "manifest.json"
FOLDERS: Final = ("uploads", "files")  # below the home: sealed tables handed in, and what else is kept
ENDING: Final = ".feigong"
KEYS_ENDING: Final = ".keys.json"
NAME: Final = re.compile(r"^feigong-\d{8}-\d{6}\.feigong$")


@dataclass(frozen=True, slots=True)
class Kept:
    file: Path
    keys: Path | None
    rows: int
    tables: int
    size: int
    removed: int  # older copies, as `keep` asks


def sum_of(path: Path) -> str:
    with path.open("rb") as content:
        return hashlib.file_digest(content, "sha256").hexdigest()


def back_up(actor: Actor, target: Path | None, *, at: datetime, keys: bool = True, keep: int | None = None) -> Kept:
    """Make a copy. ``target``: a file, or a folder where it is named by the time; default `backups` in the home."""
    actor.must(Permission.SYSTEM_MANAGE)
    if pending_migrations():
        raise FeigongError("error.not_set_up", n=len(pending_migrations()))
    file = _target(target, at)
    with TemporaryDirectory(dir=file.parent, prefix=".backup-") as folder:
        copy = Path(folder) / DATABASE
        snapshot = databases.copy_to(copy)
        members = [(DATABASE, copy), *_files()]
        manifest = {
            "form": FORM, "version": __version__, "made_at": at.isoformat(), "database": connection.vendor,
            **asdict(snapshot), "files": {name: sum_of(path) for name, path in members},
        }  # fmt: skip
        _pack(file, manifest, members)
    kept_keys = _keep_keys(file) if keys else None
    write_note("last-backup", {"at": at.isoformat(), "file": str(file)})
    record_event(actor, "backup.make", params={"file": file.name, "number": snapshot.audit_number})
    removed = _remove_older(file, keep) if keep else 0
    counts = snapshot.counts
    return Kept(file, kept_keys, sum(counts.values()), len(counts), file.stat().st_size, removed)


def _target(target: Path | None, at: datetime) -> Path:
    if target is None:
        target = home() / "backups"
        target.mkdir(exist_ok=True, mode=0o700)
    file = target / f"feigong-{at.astimezone(ZONE):%Y%m%d-%H%M%S}{ENDING}" if target.is_dir() else target
    if file.exists():
        raise FeigongError("error.output_exists", path=str(file))
    if not file.parent.is_dir():
        raise FeigongError("error.output_folder_missing", path=str(file.parent))
    return file.resolve()


def _files() -> Iterator[tuple[str, Path]]:
    for folder in FOLDERS:
        place = home() / folder
        for path in sorted(place.rglob("*")) if place.is_dir() else ():
            if path.is_file():
                yield path.relative_to(home()).as_posix(), path


@contextmanager
def _whole_or_not(file: Path) -> Iterator[Path]:
    """Write beside the place, readable by the owner only, then move there; on the disk before this returns."""
    beside = file.with_name(f".{file.name}.{os.getpid()}.part")
    try:
        os.close(os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600))
        yield beside
        with beside.open("rb+") as written:
            os.fsync(written.fileno())
        beside.replace(file)
    finally:
        beside.unlink(missing_ok=True)


def _pack(file: Path, manifest: dict[str, Any], members: Sequence[tuple[str, Path]]) -> None:
    content = json.dumps(manifest, ensure_ascii=False, indent=1).encode()
    with _whole_or_not(file) as beside, tarfile.open(beside, "w:gz", compresslevel=3) as archive:
        first = tarfile.TarInfo(MANIFEST)
        first.size, first.mode = len(content), 0o600
        archive.addfile(first, io.BytesIO(content))
        for name, path in members:
            archive.add(path, name, recursive=False)


def keys_beside(file: Path) -> Path:
    return file.with_name(file.name.removesuffix(ENDING) + KEYS_ENDING)


def _keep_keys(file: Path) -> Path:
    place = keys_beside(file)
    with _whole_or_not(place) as beside:
        beside.write_bytes(Path(settings.KEYS).read_bytes())
    return place


def _remove_older(file: Path, keep: int) -> int:
    """Of the copies that got their name by the time, only the newest ``keep`` stay, with their keys."""
    old = sorted(path for path in file.parent.iterdir() if NAME.match(path.name))[:-keep]
    for path in old:
        path.unlink()
        keys_beside(path).unlink(missing_ok=True)
    return len(old)
