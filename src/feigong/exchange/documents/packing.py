"""A Word file is a packed folder; packed anew, the same content gives the same bytes."""

from __future__ import annotations

import io
import zipfile
from typing import Final

_DAY: Final = (1980, 1, 1, 0, 0, 0)  # the first that a packed file can name


def packed_anew(content: bytes) -> bytes:
    """The same parts in the same order, without the time at which they were packed."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(out, "w") as new:
        for part in old.infolist():
            kept = zipfile.ZipInfo(part.filename, _DAY)
            kept.compress_type, kept.create_system, kept.external_attr = zipfile.ZIP_DEFLATED, 3, 0o600 << 16
            new.writestr(kept, old.read(part), zipfile.ZIP_DEFLATED, 6)
    return out.getvalue()
