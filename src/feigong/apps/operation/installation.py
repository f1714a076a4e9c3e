"""What an installation consists of, and making it ready: folders, keys, tables, files of the pages."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from pathlib import Path
from typing import Final

from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.contrib.staticfiles.management.commands.collectstatic import Command as CollectStatic
from django.contrib.staticfiles.storage import ManifestStaticFilesStorage
from django.core.management import call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from feigong import __version__
from feigong.apps.seals.keyring import keyring

SETUP_STAMP: Final = ".collected"
Told = Callable[[str], None]  # codes of steps: wording `setup.<step>`


def home() -> Path:
    return Path(settings.HOME)


def embedded() -> bool:
    """Whether the database is the embedded one: then one program does all the work."""
    return connection.vendor == "sqlite"


def pending_migrations() -> list[str]:
    """Changes of the tables that this version needs and the database has not had yet."""
    executor = MigrationExecutor(connection)
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    return [f"{migration.app_label}.{migration.name}" for migration, _ in plan]


def _stamp_of_static() -> str:
    digest = hashlib.sha256(__version__.encode())
    for finder in get_finders():
        for name, storage in finder.list([]):
            status = Path(storage.path(name)).stat()
            digest.update(f"{name} {status.st_size} {status.st_mtime_ns}\n".encode())
    return digest.hexdigest()


def static_is_collected() -> bool:
    stamp = Path(settings.STATIC_ROOT) / SETUP_STAMP
    return stamp.exists() and stamp.read_text() == _stamp_of_static()


def _collect_static() -> None:
    """Copy the files of the pages to one folder, under names with a hash, so that browsers may keep them for ever."""
    stamp = _stamp_of_static()
    collect = CollectStatic()
    collect.storage = ManifestStaticFilesStorage(location=settings.STATIC_ROOT, base_url=settings.STATIC_URL)
    call_command(collect, interactive=False, verbosity=0, clear=True)
    (Path(settings.STATIC_ROOT) / SETUP_STAMP).write_text(stamp)


def make_ready(told: Told) -> None:
    """Everything that is missing; what is there stays. May be broken off and begun again."""
    if not Path(settings.STATIC_ROOT).exists():  # the first time
        home().mkdir(parents=True, exist_ok=True)
        home().chmod(0o700)
    (home() / "files").mkdir(exist_ok=True, mode=0o700)
    if pending_migrations():
        told("tables")
        call_command("migrate", interactive=False, verbosity=0)
    keyring()  # made where nothing was written with others
    if not static_is_collected():
        told("static")
        _collect_static()


def note(name: str) -> dict[str, object]:
    """A small fact about this installation, kept beside the database."""
    file = home() / f"{name}.json"
    return json.loads(file.read_text()) if file.exists() else {}


def write_note(name: str, values: dict[str, object]) -> None:
    file = home() / f"{name}.json"
    beside = file.with_suffix(".new")
    beside.write_text(json.dumps(values, ensure_ascii=False))
    beside.replace(file)
