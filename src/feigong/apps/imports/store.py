"""The files handed in, sealed: their plain content is never on a disk of ours."""

from __future__ import annotations

import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from django.conf import settings

from feigong.apps.seals.blobs import open_bytes, seal_bytes


def _folder() -> Path:
    folder = Path(settings.HOME) / "uploads"
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    return folder


def keep(content: bytes) -> str:
    """Write sealed content; the place by which it is found again. On the disk before this returns."""
    place = secrets.token_hex(16)
    handle = os.open(_folder() / place, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "wb") as out:
        out.write(seal_bytes(content))
        out.flush()
        os.fsync(out.fileno())
    return place


def sealed(place: str) -> bytes:
    """The file as it lies on the disk."""
    return (_folder() / place).read_bytes()


def fetch(place: str) -> bytes:
    return open_bytes(sealed(place))


def remove(place: str) -> None:
    (_folder() / place).unlink(missing_ok=True)


def written_at(place: str) -> float:
    """Seconds since the epoch, by the clock of the disk."""
    return (_folder() / place).stat().st_mtime


def places() -> set[str]:
    return {file.name for file in _folder().iterdir()}


@contextmanager
def as_file(content: bytes, name: str) -> Iterator[Path]:
    """A path under this name for readers that want one: the content itself stays in memory (`memfd_create`)."""
    handle = os.memfd_create("upload", os.MFD_CLOEXEC)
    try:
        with os.fdopen(os.dup(handle), "wb") as out:
            out.write(content)
        with TemporaryDirectory(prefix="feigong-") as folder:
            path = Path(folder) / f"upload{Path(name).suffix.lower()}"
            path.symlink_to(f"/proc/self/fd/{handle}")
            yield path
    finally:
        os.close(handle)
