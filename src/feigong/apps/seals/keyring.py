"""Keys of this installation: for sealed fields, for searching them by exact value, for the audit chain.

They lie in one file outside the source and the database (`FEIGONG_KEYS`), readable by its owner only. New keys are made
once, for a database in which nothing was recorded yet; after that a missing file is an error, never a new file.
"""

from __future__ import annotations

import base64
import binascii
import fcntl
import hashlib
import json
import os
import secrets
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from typing import Any

from django.apps import apps
from django.conf import settings
from django.db import connection

from feigong.core.errors import FeigongError

_LENGTH = 32


@dataclass(frozen=True, slots=True)
class Keyring:
    current: str  # the name of the key that seals now
    sealing: Mapping[str, bytes]  # by name; old keys stay until nothing is sealed with them
    index_key: bytes
    audit_key: bytes
    replaced: Mapping[str, str]  # old keys by name: the moment since when they seal nothing new

    @property
    def fingerprint(self) -> str:
        """By which a database knows the keys it was written with; says nothing about them."""
        return hashlib.sha256(b"feigong keys" + self.index_key + self.audit_key).hexdigest()[:32]

    def sealing_key(self, name: str) -> bytes:
        if name not in self.sealing:
            raise FeigongError("error.keys.unknown", name=name, file=str(settings.KEYS))
        return self.sealing[name]


def keyring() -> Keyring:
    """The keys as they are in the file now: a running server sees a rotation at once."""
    file: Path = settings.KEYS
    try:
        found = file.stat()
    except FileNotFoundError:
        return _first_keys(file)
    except OSError as fault:
        raise FeigongError("error.keys.unreadable", file=str(file)) from fault
    return _read(file, found.st_mtime_ns, found.st_ino, found.st_mode)


def make_keys(file: Path) -> None:
    """Write new keys, never over old ones (`FileExistsError`)."""
    file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    ring = Keyring(
        "k1", {"k1": secrets.token_bytes(_LENGTH)}, secrets.token_bytes(_LENGTH), secrets.token_bytes(_LENGTH), {}
    )
    with _written_beside(file, ring) as beside:
        os.link(beside, file)  # whole or not at all, and not where there is one


def make_first_keys() -> None:
    """Make the keys of a new installation. Refused where keys exist or something was recorded with others."""
    file: Path = settings.KEYS
    if file.exists():
        raise FeigongError("error.keys.exist", file=str(file))
    if _something_recorded():
        raise FeigongError("error.keys.missing", file=str(file))
    make_keys(file)


def add_key(ring: Keyring, at: str) -> Keyring:
    """Let a new key seal from now on; the one before stays to open what it sealed."""
    with _alone(settings.KEYS):
        if keyring() != ring:
            raise FeigongError("error.keys.changed_meanwhile")
        name = f"k{1 + max(int(n[1:]) for n in (*ring.sealing, *ring.replaced))}"
        new = replace(
            ring,
            current=name,
            sealing={**ring.sealing, name: secrets.token_bytes(_LENGTH)},
            replaced={**ring.replaced, ring.current: at},
        )
        _write_over(settings.KEYS, new)
    return new


def drop_keys(ring: Keyring, names: frozenset[str]) -> Keyring:
    """Forget old keys; their names are never used again."""
    with _alone(settings.KEYS):
        if keyring() != ring or ring.current in names:
            raise FeigongError("error.keys.changed_meanwhile")
        new = replace(ring, sealing={n: k for n, k in ring.sealing.items() if n not in names})
        _write_over(settings.KEYS, new)
    return new


def read_keys(file: Path) -> Keyring:
    """Keys from a file: also of one that lies elsewhere, as in a backup."""
    try:
        content = json.loads(file.read_text())
        ring = Keyring(
            content["current"],
            {name: base64.b64decode(key, validate=True) for name, key in content["sealing"].items()},
            base64.b64decode(content["index"], validate=True),
            base64.b64decode(content["audit"], validate=True),
            dict(content["replaced"]),
        )
    except (OSError, ValueError, KeyError, TypeError, AttributeError, binascii.Error) as fault:
        raise FeigongError("error.keys.unreadable", file=str(file)) from fault
    keys = (*ring.sealing.values(), ring.index_key, ring.audit_key)
    if ring.current not in ring.sealing or any(len(key) != _LENGTH for key in keys):
        raise FeigongError("error.keys.unreadable", file=str(file))
    return ring


@lru_cache(maxsize=2)
def _read(file: Path, changed: int, inode: int, mode: int) -> Keyring:
    """``changed`` and ``inode`` say which state of the file is meant: another state is read anew."""
    if mode & 0o077:
        raise FeigongError("error.keys.open_to_others", file=str(file))
    return read_keys(file)


def _first_keys(file: Path) -> Keyring:
    try:
        make_first_keys()
    except FileExistsError:  # another process was quicker
        pass
    except FeigongError as error:
        if error.reason.code != "error.keys.exist":
            raise
    found = file.stat()
    return _read(file, found.st_mtime_ns, found.st_ino, found.st_mode)


def _something_recorded() -> bool:
    """Whether the database holds finished records: every write of business data leaves one."""
    record = apps.get_model("audit", "Record")
    if record._meta.db_table not in connection.introspection.table_names():
        return False
    return bool(record._default_manager.filter(number__isnull=False).exists())


def _content(ring: Keyring) -> dict[str, Any]:
    def shown(key: bytes) -> str:
        return base64.b64encode(key).decode()

    sealing = {name: shown(key) for name, key in ring.sealing.items()}
    return {
        "current": ring.current, "sealing": sealing, "index": shown(ring.index_key), "audit": shown(ring.audit_key),
        "replaced": dict(ring.replaced),
    }  # fmt: skip


@contextmanager
def _written_beside(file: Path, ring: Keyring) -> Iterator[str]:
    """A file in the same folder that holds the keys, on the disk for sure; gone at the end if nobody renamed it."""
    handle, beside = tempfile.mkstemp(prefix=".keys-", dir=file.parent)  # readable by its owner only
    try:
        with os.fdopen(handle, "w") as out:
            json.dump(_content(ring), out, indent=1)
            out.flush()
            os.fsync(out.fileno())
        yield beside
    finally:
        Path(beside).unlink(missing_ok=True)


def _write_over(file: Path, ring: Keyring) -> None:
    with _written_beside(file, ring) as beside:
        Path(beside).replace(file)


@contextmanager
def _alone(file: Path) -> Iterator[None]:
    """Only one process changes the keys at a time."""
    with file.with_suffix(".lock").open("w") as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
