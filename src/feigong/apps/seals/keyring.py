"""Keys of this installation: for sealed fields, for searching them by exact value, for the audit chain.

They lie in one file outside the source and the database (`FEIGONG_KEYS`), readable by its owner only.
"""

from __future__ import annotations

import base64
import json
import os
import secrets
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from django.conf import settings


@dataclass(frozen=True, slots=True)
class Keyring:
    current: str  # the name of the key that seals now
    sealing: dict[str, bytes]  # by name; old keys stay until nothing is sealed with them
    index_key: bytes
    audit_key: bytes


def make_keys(file: Path) -> None:
    """Write new keys, never over old ones."""
    file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)

    def fresh() -> str:
        return base64.b64encode(secrets.token_bytes(32)).decode()

    content = {"current": "k1", "sealing": {"k1": fresh()}, "index": fresh(), "audit": fresh()}
    handle = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w") as out:
        json.dump(content, out, indent=1)


def read_keys(file: Path) -> Keyring:
    content = json.loads(file.read_text())
    return Keyring(
        content["current"],
        {name: base64.b64decode(key) for name, key in content["sealing"].items()},
        base64.b64decode(content["index"]),
        base64.b64decode(content["audit"]),
    )


@lru_cache(maxsize=1)
def keyring() -> Keyring:
    if not settings.KEYS.exists():
        make_keys(settings.KEYS)
    return read_keys(settings.KEYS)
