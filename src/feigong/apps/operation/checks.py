"""What is wrong with this installation: findings as codes.

Words: `check.finding.<code>` says what is wrong, `check.mend.<code>` what to do.
"""

from __future__ import annotations

import shutil
import stat
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from ipaddress import ip_address
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

from django.conf import settings
from django.core.checks import run_checks
from django.db import DatabaseError, connection

from feigong.apps.audit.models import Record
from feigong.apps.audit.verifying import verify_end
from feigong.apps.jobs import queries as jobs
from feigong.apps.operation import installation
from feigong.apps.seals.keyring import keyring
from feigong.core.errors import FeigongError
from feigong.core.reasons import Param

GB: Final = 1_000_000_000
LEAST_FREE: Final = 1 * GB
SOON_FULL: Final = 5 * GB
WAITS_TOO_LONG: Final = timedelta(minutes=2)
BACKUP_OLD: Final = timedelta(hours=30)  # one a day, and some hours for a machine that was off
CLOCKS_APART: Final = timedelta(seconds=5)
OTHERS: Final = stat.S_IRWXG | stat.S_IRWXO


class Grade(StrEnum):
    ERROR = "error"
    WARNING = "warning"


@dataclass(frozen=True, slots=True)
class Finding:
    code: str
    grade: Grade
    params: dict[str, Param] = field(default_factory=dict)


def _error(code: str, **params: Param) -> Finding:
    return Finding(code, Grade.ERROR, params)


def _warning(code: str, **params: Param) -> Finding:
    return Finding(code, Grade.WARNING, params)


def _tables(at: datetime) -> Iterator[Finding]:
    waiting = installation.pending_migrations()
    if waiting:
        yield _error("tables_old", n=len(waiting))
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA quick_check(1)")
            if cursor.fetchone()[0] != "ok":
                yield _error("database_broken")


def _keys(at: datetime) -> Iterator[Finding]:
    file = Path(settings.KEYS)
    if not file.exists():
        yield _error("keys_missing", file=str(file))
        return
    if file.stat().st_mode & OTHERS:
        yield _error("keys_open", file=str(file))
        return
    try:
        keyring()
    except FeigongError:
        yield _error("keys_unreadable", file=str(file))


def _private(at: datetime) -> Iterator[Finding]:
    """Others on this machine may not read the database, the files or the logs."""
    for path in (installation.home(), Path(settings.STATIC_ROOT).parent):
        if path.exists() and path.stat().st_mode & OTHERS and installation.embedded():
            yield _warning("home_open", path=str(path))
            return


def _clock(at: datetime) -> Iterator[Finding]:
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SELECT statement_timestamp()")
            apart = abs(cursor.fetchone()[0] - datetime.now(UTC))
            if apart > CLOCKS_APART:
                yield _error("clocks_apart", seconds=round(apart.total_seconds()))
    newest = Record.objects.order_by("-at").values_list("at", flat=True).first()
    if newest is not None and newest > at + CLOCKS_APART:
        yield _error("clock_behind", seconds=round((newest - at).total_seconds()))


def _disk(at: datetime) -> Iterator[Finding]:
    free = shutil.disk_usage(installation.home()).free
    if free < SOON_FULL:
        yield (_error if free < LEAST_FREE else _warning)("disk_full", gb=round(free / GB, 1))


def _workers(at: datetime) -> Iterator[Finding]:
    if not jobs.alive_workers(at).exists():
        yield _error("no_worker")
    stuck = jobs.waiting_since(at, WAITS_TOO_LONG).count()
    if stuck:
        yield _warning("jobs_wait", n=stuck)


def _pages(at: datetime) -> Iterator[Finding]:
    if not settings.DEBUG and not installation.static_is_collected():
        yield _error("static_old")


def _backups(at: datetime) -> Iterator[Finding]:
    last = installation.note("last-backup")
    if not last:
        yield _warning("backup_never")
        return
    age = at - datetime.fromisoformat(str(last["at"]))
    if age > BACKUP_OLD:
        yield _warning("backup_old", hours=int(age.total_seconds() // 3600))
    elif not Path(str(last["file"])).exists():
        yield _warning("backup_gone", file=str(last["file"]))


def loopback(host: str) -> bool:
    try:
        return host == "localhost" or ip_address(host).is_loopback
    except ValueError:
        return False


def _address(at: datetime) -> Iterator[Finding]:
    address = urlsplit(settings.ADDRESS)
    if settings.DEBUG:
        yield _error("debug")
    if address.scheme != "https" and not loopback(address.hostname or ""):
        yield _error("no_https", address=settings.ADDRESS)


def _demo(at: datetime) -> Iterator[Finding]:
    """Accounts whose password is in the documents have no business where others can reach them."""
    if installation.note("demo") and not loopback(urlsplit(settings.ADDRESS).hostname or ""):
        yield _error("demo_open", address=settings.ADDRESS)


def _django(at: datetime) -> Iterator[Finding]:
    """Django's own checks; those on https are ours where the address is not one yet."""
    https = urlsplit(settings.ADDRESS).scheme == "https"
    for message in run_checks(include_deployment_checks=True):
        name = message.id or ""
        if message.is_silenced() or (name.startswith("security.") and not https):
            continue
        yield (_error if message.is_serious() else _warning)("django", id=name, text=message.msg)


def _audit(at: datetime) -> Iterator[Finding]:
    found = verify_end()
    if found:
        yield _error("audit_broken", n=len(found))


Check = Callable[[datetime], Iterator[Finding]]
CHECKS: Final[dict[str, Check]] = {
    "tables": _tables, "keys": _keys, "private": _private, "clock": _clock, "disk": _disk, "pages": _pages,
    "workers": _workers, "backups": _backups, "address": _address, "demo": _demo,
    "django": _django, "audit": _audit,
}  # fmt: skip
_NEED_TABLES: Final = {"clock", "workers", "audit"}


def reachable() -> bool:
    try:
        connection.ensure_connection()
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        return False
    return True


def check_all(at: datetime) -> dict[str, list[Finding]]:
    """All checks in their order, by name. Where the database is away or not set up, only what can be said."""
    if not reachable():
        return {"database": [_error("database_away", url=_without_secrets())]}
    found: dict[str, list[Finding]] = {"database": []}
    for name, check in CHECKS.items():
        if name in _NEED_TABLES and any(f.code == "tables_old" for f in found["tables"]):
            continue
        if name == "audit" and found["keys"]:  # the chain cannot be read without them
            continue
        found[name] = list(check(at))
    return found


def _without_secrets() -> str:
    values: dict[str, Any] = connection.settings_dict
    return f"{connection.vendor} {values.get('HOST') or ''} {values.get('NAME') or ''}"


def ready(at: datetime) -> bool:
    """Whether pages can be served: the database is there, its tables are this version's, the keys can be read."""
    return reachable() and not installation.pending_migrations() and not list(_keys(at))
