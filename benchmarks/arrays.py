"""Arrays in and out of files, with an error that says what is wrong."""

from __future__ import annotations

import os
import zipfile
from pathlib import Path

import numpy as np

from benchmarks.instances import SLOTS, Array, Instance

NEEDED = ("x", "y", "members", "slots", "area")


class BadInputError(Exception):
    """Something the caller can mend."""


def read_instance(path: Path) -> Instance:
    """The arrays of `make_instance` from an ``.npz``; ``building`` and ``industry`` may be missing, others are ignored.

    ``area`` may be of any type that sorts; it comes back as numbers from 0.

    Raises
    ------
    BadInputError : no such file, not an npz, an array missing, of another length, or with values that mean nothing.
    """
    try:
        with np.load(path, allow_pickle=False) as file:
            found = {name: file[name] for name in file.files}
    except FileNotFoundError:
        raise BadInputError(f"{path}: no such file") from None
    except (OSError, ValueError, EOFError, zipfile.BadZipFile, AttributeError, TypeError) as error:
        raise BadInputError(f"{path}: not an .npz of plain arrays (numpy.savez): {error}") from error
    missing = [name for name in NEEDED if name not in found]
    if missing:
        raise BadInputError(f"{path}: no array {', '.join(missing)}; found: {', '.join(sorted(found)) or 'none'}")
    return _checked(path, {name: found[name] for name in NEEDED})


def _checked(path: Path, arrays: Instance) -> Instance:
    shapes = {name: values.shape for name, values in arrays.items()}
    if any(len(shape) != 1 for shape in shapes.values()) or len(set(shapes.values())) > 1:
        raise BadInputError(f"{path}: arrays must be flat and of one length, not {shapes}")
    place = {name: _numbers(path, name, arrays[name]) for name in ("x", "y")}
    members, slots = (_whole(path, name, arrays[name]) for name in ("members", "slots"))
    _all(path, "members", "must be 1 or more", members >= 1)
    _all(path, "slots", f"must be a mask of {SLOTS} bits", (slots >= 0) & (slots < 1 << SLOTS))
    if arrays["area"].dtype.kind == "f":
        _all(path, "area", "must not be NaN", ~np.isnan(arrays["area"]))
    area = np.unique(arrays["area"], return_inverse=True)[1].astype(np.int64)
    return {**place, "members": members, "slots": slots, "area": area}


def _numbers(path: Path, name: str, values: Array) -> Array:
    if values.dtype.kind not in "iuf":
        raise BadInputError(f"{path}: {name} must be numbers (metres), not {values.dtype}")
    _all(path, name, "must be finite (metres)", np.isfinite(values))
    return np.ascontiguousarray(values, np.float64)


def _whole(path: Path, name: str, values: Array) -> Array:
    if values.dtype.kind not in "iuf":
        raise BadInputError(f"{path}: {name} must be whole numbers, not {values.dtype}")
    _all(path, name, "must be whole numbers", np.isfinite(values) & (values == np.floor(values)))
    return np.ascontiguousarray(values, np.int64)


def _all(path: Path, name: str, rule: str, fine: Array) -> None:
    if not fine.all():
        at = np.flatnonzero(~fine)
        raise BadInputError(f"{path}: {name} {rule}; wrong at {len(at)} place(s), first at index {at[0]}")


def write_arrays(path: Path, arrays: Instance) -> None:
    """Write an ``.npz`` under exactly this name, whole or not at all."""
    part = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        with part.open("wb") as file:
            np.savez_compressed(file, allow_pickle=False, **arrays)
        part.replace(path)
    except OSError as error:
        raise BadInputError(f"{path}: cannot be written: {error.strerror or error}") from error
    finally:
        part.unlink(missing_ok=True)
