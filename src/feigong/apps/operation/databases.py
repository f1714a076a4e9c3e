"""The database as a whole: a copy of one moment, its counts, and bringing a copy back. SQLite and PostgreSQL."""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
from collections.abc import Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Protocol

from django.db import connection, transaction

from feigong.core.errors import FeigongError

Counts = dict[str, int]
_HEAD: Final = "SELECT number, hash, keys FROM audit_head WHERE id = 1"
_STEPS: Final = "SELECT app, name FROM django_migrations ORDER BY app, name"


@dataclass(frozen=True, slots=True)
class Snapshot:
    """What was in the database at the moment of the copy, told by the copy itself."""

    counts: Counts
    audit_number: int
    audit_hash: str
    keys: str  # fingerprint of the keys it was written with
    migrations: tuple[str, ...]


class Cursor(Protocol):
    def execute(self, sql: str, /) -> Any: ...
    def fetchone(self) -> Any: ...
    def fetchall(self) -> Any: ...


def _look(cursor: Cursor, tables: Sequence[str]) -> Snapshot:
    counts = {}
    for table in sorted(tables):
        cursor.execute(f'SELECT count(*) FROM "{table}"')
        counts[table] = int(cursor.fetchone()[0])
    cursor.execute(_HEAD)
    number, digest, keys = cursor.fetchone() or (0, "", "")
    cursor.execute(_STEPS)
    return Snapshot(counts, number, digest, keys, tuple(f"{app}.{name}" for app, name in cursor.fetchall()))


def look() -> Snapshot:
    """The database as it is now."""
    with connection.cursor() as cursor:
        return _look(cursor, connection.introspection.table_names(cursor))


def copy_to(file: Path) -> Snapshot:
    """Write a copy of one moment while others go on writing."""
    return _copy_sqlite(file) if connection.vendor == "sqlite" else _copy_postgresql(file)


def _copy_sqlite(file: Path) -> Snapshot:
    source = Path(str(connection.settings_dict["NAME"]))
    with closing(sqlite3.connect(source, timeout=20)) as live, closing(sqlite3.connect(file)) as copy:
        live.backup(copy)  # all pages in one go: one moment
        cursor = copy.cursor()
        cursor.execute("PRAGMA journal_mode=DELETE")  # one file, no other beside it
        cursor.execute("SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'")
        return _look(cursor, [name for (name,) in cursor.fetchall()])


def _copy_postgresql(file: Path) -> Snapshot:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        cursor.execute("SELECT pg_export_snapshot()")
        moment = cursor.fetchone()[0]
        found = _look(cursor, connection.introspection.table_names(cursor))
        _run(["pg_dump", "--format=custom", f"--snapshot={moment}", "--no-owner", "--no-privileges", f"--file={file}"])
    return found


def _connection_environment() -> Mapping[str, str]:
    """Where libpq's programs find the database; the password is in no list of processes."""
    named = {"PGHOST": "HOST", "PGPORT": "PORT", "PGUSER": "USER", "PGPASSWORD": "PASSWORD", "PGDATABASE": "NAME"}
    values = connection.settings_dict
    return {**os.environ, **{key: str(values[name]) for key, name in named.items() if values.get(name)}}


def _run(line: Sequence[str]) -> None:
    if shutil.which(line[0]) is None:
        raise FeigongError("error.program_missing", program=line[0])
    done = subprocess.run(line, env=dict(_connection_environment()), capture_output=True, text=True, check=False)
    if done.returncode:
        said = done.stderr.strip().splitlines()
        raise FeigongError("error.program_failed", program=line[0], said=said[0][:300] if said else "")


def empty() -> bool:
    """Whether nothing is in the place where a copy is to be brought back."""
    if connection.vendor == "sqlite":
        file = Path(str(connection.settings_dict["NAME"]))
        if not file.exists():
            return True
    with connection.cursor() as cursor:
        found = not connection.introspection.table_names(cursor)
    connection.close()
    return found


def bring_back(file: Path) -> None:
    """Put a copy in the empty place: whole or not at all."""
    if connection.vendor == "sqlite":
        target = Path(str(connection.settings_dict["NAME"]))
        for name in (target, Path(f"{target}-wal"), Path(f"{target}-shm")):
            name.unlink(missing_ok=True)
        target.parent.mkdir(parents=True, exist_ok=True)
        file.chmod(0o600)
        file.replace(target)
        return
    _run(["pg_restore", "--single-transaction", "--exit-on-error", "--no-owner", "--no-privileges",
          f"--dbname={connection.settings_dict['NAME']}", str(file)])  # fmt: skip
