"""Files appear whole or not at all: written beside their place, then moved there; several at once all or none."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

from feigong.core.errors import FeigongError


def check_outputs(paths: Sequence[Path], *, force: bool) -> None:
    """Say before long work that an output cannot be written.

    Raises
    ------
    FeigongError
        ``error.output_twice``, ``error.output_folder_missing``, ``error.output_is_folder``,
        ``error.output_not_writable``, or ``error.output_exists`` unless ``force``.
    """
    seen: set[Path] = set()
    for path in paths:
        whole = path.absolute()
        if whole in seen:
            raise FeigongError("error.output_twice", path=str(path))
        seen.add(whole)
        if path.is_dir():
            raise FeigongError("error.output_is_folder", path=str(path))
        if not path.parent.is_dir():
            raise FeigongError("error.output_folder_missing", path=str(path.parent))
        if not os.access(path.parent, os.W_OK):
            raise FeigongError("error.output_not_writable", path=str(path))
        if path.exists() and not force:
            raise FeigongError("error.output_exists", path=str(path))


@contextmanager
def writing(paths: Sequence[Path], *, force: bool) -> Iterator[list[Path]]:
    """``with writing([a, b], force=False) as [ta, tb]``: write to the temporary paths.

    They become ``a`` and ``b`` when the block ends well. On any error what was there before stays; nothing new is left.
    """
    check_outputs(paths, force=force)
    parts = [p.with_name(f".{p.stem}.{os.getpid()}.part{p.suffix}") for p in paths]
    try:
        yield parts
        _move_all(parts, paths)
    except OSError as fault:
        raise FeigongError("error.output_not_writable", path=str(fault.filename or paths[0])) from fault
    finally:
        for part in parts:
            with suppress(OSError):
                part.unlink(missing_ok=True)


def _move_all(parts: Sequence[Path], paths: Sequence[Path]) -> None:
    """Move every part to its place; if one cannot be moved, put back what was there."""
    kept: list[tuple[Path, Path | None]] = []
    try:
        for part, path in zip(parts, paths, strict=True):
            old = None
            if path.exists():
                old = path.with_name(f".{path.stem}.{os.getpid()}.old{path.suffix}")
                path.replace(old)
            kept.append((path, old))
            part.replace(path)
    except BaseException:
        for path, old in reversed(kept):
            path.unlink(missing_ok=True)
            if old is not None:
                old.replace(path)
        raise
    for _, old in kept:
        if old is not None:
            old.unlink()
