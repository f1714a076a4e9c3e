"""Files appear whole or not at all: written beside their place, then moved there; several at once all or none."""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Final

from feigong.core.errors import FeigongError

_OWNER_ONLY: Final = 0o600


def check_outputs(paths: Sequence[Path], *, force: bool, inputs: Sequence[Path] = ()) -> None:
    """Say before long work that an output cannot be written.

    Raises
    ------
    FeigongError
        ``error.output_twice``, ``error.output_folder_missing``, ``error.output_is_folder``,
        ``error.output_not_writable``, ``error.output_is_input`` (what is read is never written, also with ``force``),
        or ``error.output_exists`` unless ``force``.
    """
    seen: set[Path] = set()
    read = {p.resolve() for p in inputs}
    for path in paths:
        whole = path.resolve()
        if whole in seen:
            raise FeigongError("error.output_twice", path=str(path))
        seen.add(whole)
        if path.is_dir():
            raise FeigongError("error.output_is_folder", path=str(path))
        if not path.parent.is_dir():
            raise FeigongError("error.output_folder_missing", path=str(path.parent))
        if whole in read:
            raise FeigongError("error.output_is_input", path=str(path))
        if not os.access(path.parent, os.W_OK):
            raise FeigongError("error.output_not_writable", path=str(path))
        if path.exists() and not force:
            raise FeigongError("error.output_exists", path=str(path))


@contextmanager
def writing(paths: Sequence[Path], *, force: bool, private: bool = False) -> Iterator[list[Path]]:
    """``with writing([a, b], force=False) as [ta, tb]``: write to the temporary paths.

    They become ``a`` and ``b`` when the block ends well. On any error what was there before stays; nothing new is left.
    ``private``: only the owner may read the files.
    """
    check_outputs(paths, force=force)
    for path in paths:
        _clear_litter(path)
    parts = [p.with_name(f".{p.stem}.{os.getpid()}.part{p.suffix}") for p in paths]
    try:
        if private:
            for part in parts:
                os.close(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, _OWNER_ONLY))
        yield parts
        for part in parts:
            _settle(part)
        _move_all(parts, paths)
    except OSError as fault:
        raise FeigongError("error.output_not_writable", path=str(_place(fault, parts, paths))) from fault
    finally:
        for part in parts:
            with suppress(OSError):
                part.unlink(missing_ok=True)


def _place(fault: OSError, parts: Sequence[Path], paths: Sequence[Path]) -> Path:
    """The file that the user named, also where its temporary neighbour failed."""
    names = {str(part): path for part, path in zip(parts, paths, strict=True)}
    return names.get(str(fault.filename), paths[0])


def _settle(part: Path) -> None:
    """On the disk before it gets its name: a power cut leaves the old file or the new one."""
    with part.open("rb+") as file:
        os.fsync(file.fileno())


def _clear_litter(path: Path) -> None:
    """Remove what a killed run of this program left beside this output; those of running ones stay."""
    if os.name != "posix":
        return
    litter = re.compile(rf"\.{re.escape(path.stem)}\.(\d+)\.(part|old){re.escape(path.suffix)}")
    with suppress(OSError):
        for other in path.parent.iterdir():
            found = litter.fullmatch(other.name)
            if found and not _is_running(int(found[1])):
                with suppress(OSError):
                    other.unlink()


def _is_running(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except OSError:
        return True
    return True


def _move_all(parts: Sequence[Path], paths: Sequence[Path]) -> None:
    """Move every part to its place; if one cannot be moved, put back what was there.

    Each move replaces its file in one step, and the old one keeps a second name meanwhile: whenever the program is
    killed, every output is there, old or new.
    """
    kept: list[tuple[Path, Path | None]] = []
    try:
        for part, path in zip(parts, paths, strict=True):
            old = None
            if path.exists():
                old = path.with_name(f".{path.stem}.{os.getpid()}.old{path.suffix}")
                _second_name(path, old)
            kept.append((path, old))
            part.replace(path)
    except BaseException:
        for path, old in reversed(kept):
            if old is None:
                path.unlink(missing_ok=True)
            else:
                old.replace(path)
        raise
    for _, old in kept:
        if old is not None:
            old.unlink()


def _second_name(path: Path, old: Path) -> None:
    old.unlink(missing_ok=True)
    try:
        os.link(path, old)
    except OSError:  # a file system without links
        shutil.copy2(path, old)
