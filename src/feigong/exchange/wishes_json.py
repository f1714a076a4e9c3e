"""Changes by hand as JSON: ``{"kind": "move", "uscc": …, "to": …}``; the other fields are those of the values."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import fields
from typing import Any, Final

from feigong.core.coverage.wishes import Forbid, Host, Move, Pin, Slot, Wish
from feigong.core.errors import FeigongError

KINDS: Final[Mapping[str, type]] = {"pin": Pin, "move": Move, "host": Host, "slot": Slot, "forbid": Forbid}
_NAMES: Final = {kind: name for name, kind in KINDS.items()}
MOST: Final = 500
"""Changes by hand that one plan may have."""


def wish_to_json(wish: Wish) -> dict[str, Any]:
    """The wish with its kind; tuples as lists."""
    found: dict[str, Any] = {"kind": _NAMES[type(wish)]}
    for field in fields(wish):
        value = getattr(wish, field.name)
        found[field.name] = list(value) if isinstance(value, tuple) else value
    return found


def wishes_from_json(given: Any) -> tuple[Wish, ...]:
    """Read wishes. Raises `FeigongError`: ``error.wish_form`` names what is not right."""
    if not isinstance(given, Iterable) or isinstance(given, str | Mapping):
        raise FeigongError("error.wish_form", found=str(given)[:80])
    found = tuple(wish_from_json(one) for one in given)
    if len(found) > MOST:
        raise FeigongError("error.wish_form", found=f"{len(found)} > {MOST}")
    return found


def wish_from_json(given: Any) -> Wish:
    """Read one wish."""
    if not isinstance(given, Mapping):
        raise FeigongError("error.wish_form", found=str(given)[:80])
    kind = KINDS.get(str(given.get("kind")))
    if kind is None:
        raise FeigongError("error.wish_form", found=str(given.get("kind"))[:80])
    values = {name: value for name, value in given.items() if name != "kind"}
    for name, value in values.items():
        if not _right(name, value):
            raise FeigongError("error.wish_form", found=f"{name}: {value}"[:80])
    if "usccs" in values:
        values["usccs"] = tuple(sorted(set(values["usccs"])))
    try:
        wish: Wish = kind(**values)
    except TypeError:
        raise FeigongError("error.wish_form", found=", ".join(sorted(map(str, given)))[:80]) from None
    return wish


def _right(name: str, value: Any) -> bool:
    if name == "usccs":
        return isinstance(value, list) and 0 < len(value) <= 50 and all(isinstance(v, str) and v for v in value)
    if name in ("slot", "cycle_weeks"):
        whole = isinstance(value, int) and not isinstance(value, bool)
        return (whole and 0 <= value <= 99) or (name == "slot" and value is None)
    return isinstance(value, str) and len(value) <= 80 and (bool(value) or name in ("to", "joins", "organisation"))
