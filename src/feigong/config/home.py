"""Where an installation keeps its things, and the key that signs sessions: made once, readable by its owner only."""

from __future__ import annotations

import os
import secrets
from pathlib import Path


def secret_key(home: Path) -> str:
    """The signing key of this installation: from the environment, else from its file, which is made when missing."""
    given = os.environ.get("FEIGONG_SECRET_KEY")
    if given:
        return given
    file = home / "keys" / "django.txt"
    if not file.exists():
        file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        try:
            handle = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        except FileExistsError:  # another process was quicker
            return file.read_text().strip()
        with os.fdopen(handle, "w") as out:
            out.write(secrets.token_urlsafe(64))
    return file.read_text().strip()
