"""Keyed pseudonyms: the same person has the same key next month, and nobody without the key can find out who it is."""

from __future__ import annotations

import hmac
import os
import secrets
from collections.abc import Callable, Mapping
from hashlib import sha256
from pathlib import Path
from typing import Final

from feigong.core.errors import FeigongError

ENVIRONMENT: Final = "FEIGONG_KEY"
DEFAULT_FILE: Final = Path(".config") / "feigong" / "pseudonym.key"
LEAST_LENGTH: Final = 16
_SHOWN: Final = 24  # hex digits: 96 bits, enough that two persons never share one


def default_key_file(home: Path) -> Path:
    return home / DEFAULT_FILE


def missing_key(file: Path | None, environment: Mapping[str, str], home: Path) -> Path | None:
    """The key file that `load_key` would make now, if it would."""
    if file is None and environment.get(ENVIRONMENT, ""):
        return None
    path = file or default_key_file(home)
    return None if path.exists() else path


def load_key(file: Path | None, environment: Mapping[str, str], home: Path) -> bytes:
    """The district's key: from a file named, else from ``FEIGONG_KEY``, else from the usual file, made on first use.

    Raises
    ------
    FeigongError
        ``error.key_unreadable``, ``error.key_short``.
    """
    if file is None and (given := environment.get(ENVIRONMENT, "")):
        return _checked(given.encode(), ENVIRONMENT)
    path = file or default_key_file(home)
    try:
        if not path.exists():
            _make(path)
        return _checked(path.read_bytes().strip(), str(path))
    except OSError as fault:
        raise FeigongError("error.key_unreadable", path=str(path)) from fault


def _make(path: Path) -> None:
    """A new random key that only its owner can read."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w", encoding="ascii") as out:
        out.write(secrets.token_hex(32) + "\n")


def _checked(key: bytes, source: str) -> bytes:
    if len(key) < LEAST_LENGTH:
        raise FeigongError("error.key_short", source=source, least=LEAST_LENGTH)
    return key


def pseudonymiser(key: bytes) -> Callable[[str], str]:
    """A function from a normalised identity number to its HMAC-SHA256 pseudonym."""

    def pseudonym(number: str) -> str:
        return "P" + hmac.new(key, number.encode(), sha256).hexdigest()[:_SHOWN]

    return pseudonym
