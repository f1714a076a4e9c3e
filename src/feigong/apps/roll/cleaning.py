"""From what a door gives to what a row holds: every value checked, every text in one form, what follows worked out."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any, Final

from django.db import models

from feigong.apps.roll.kinds import EARLIEST, RecordKind, Tables
from feigong.apps.roll.searching import search_text
from feigong.apps.seals.fields import SealedField, keeping_seals, sealed_values
from feigong.core.errors import FeigongError
from feigong.core.reasons import Reason
from feigong.core.roll import uscc
from feigong.core.roll.merge.looks import is_id_number
from feigong.core.roll.shifts import SlotReading, read_slots
from feigong.core.roll.slots import FreeSlots
from feigong.core.text import fold
from feigong.exchange.merge_reference import load_shifts
from feigong.exchange.reference import load_industry_names

_LIKELY_SHOWN: Final = 3
_BOUNDS: Final = {"longitude": 180.0, "latitude": 90.0}
_MOST: Final = {"staff": 1_000_000, "seats": 100_000, "most": 10_000, "claimed_members": 1_000_000}
_PEOPLE: Final = (RecordKind.MEMBER, RecordKind.WORKER)
_PHONE_DIGITS: Final = range(5, 16)


def clean(tables: Tables, given: Mapping[str, Any], on: date, old: Mapping[str, Any] | None) -> dict[str, Any]:
    """The columns to be written.

    Parameters
    ----------
    tables : Tables
        Of the kind of record.
    given : mapping
        Attnames to values as a form or the API has them (texts or typed); sealed fields in plain text.
    on : date
        The day from which they hold: nothing may have happened after it.
    old : mapping, optional
        The facts that hold on that day; None: a new record, which must be complete.

    Raises
    ------
    FeigongError
        ``error.roll.…`` with the field that is wrong.
    """
    unknown = sorted(set(given) - set(tables.editable))
    if unknown:
        raise FeigongError("error.roll.field_unknown", field=unknown[0])
    fields = {f.attname: f for f in tables.state._meta.concrete_fields}
    found = {name: _typed(fields[name], value, on) for name, value in given.items()}
    _complete(tables, fields, found, new=old is None)
    merged = {**(old or {}), **found}
    _CHECKS.get(tables.kind, _nothing)(found, old or {}, merged)
    _check_point(found, merged)
    sealed = {n: found.pop(n) for n in list(found) if isinstance(fields[n], SealedField)}
    found.update(sealed_values(tables.state, sealed))
    if "search" in tables.state.facts() and (old is None or {"name", "uscc"} & set(found)):
        found["search"] = _search(tables, fields, merged)
    if old is None:
        return found
    return {n: value for n, value in keeping_seals(tables.state, old, found).items() if old[n] != value}


def _search(tables: Tables, fields: Mapping[str, models.Field[Any, Any]], facts: Mapping[str, Any]) -> str:
    longest = fields["search"].max_length
    person = tables.kind in _PEOPLE
    return search_text(facts["name"], facts.get("uscc", ""), person=person, longest=longest or 0)


def _complete(
    tables: Tables, fields: Mapping[str, models.Field[Any, Any]], found: Mapping[str, Any], *, new: bool
) -> None:
    for name in tables.editable:
        field = fields[name]
        needed = not field.null and not field.has_default() and not field.blank
        if needed and (found.get(name) in (None, "") if new or name in found else False):
            raise FeigongError("error.roll.field_missing", field=name)


# Values of one field ------------------------------------------------------------------------------------------------


def _typed(field: models.Field[Any, Any], value: Any, on: date) -> Any:
    name = field.attname
    if isinstance(value, str):
        value = fold(value)
        if value == "" and not isinstance(field, models.CharField | models.TextField):
            value = None
    if isinstance(field, models.CharField | models.TextField):
        return _text(field, "" if value is None else value)
    if value is None:
        if not field.null:
            raise FeigongError("error.roll.field_missing", field=name)
        return None
    if isinstance(field, models.DateField):
        return _day(name, value, on)
    if isinstance(field, models.BooleanField):
        return _yes(name, value)
    return _number(field, value)


def _text(field: models.CharField[Any, Any] | models.TextField[Any, Any], value: Any) -> str:
    name = field.attname
    if not isinstance(value, str):
        raise FeigongError("error.roll.field_text", field=name)
    if field.choices and value not in {code for code, _ in field.flatchoices}:
        raise FeigongError("error.roll.choice", field=name, found=value)
    if isinstance(field, SealedField):
        return _sealed(name, value)
    most = field.max_length
    if most is not None and len(value) > most:
        raise FeigongError("error.roll.too_long", field=name, most=most, found=len(value))
    return value


def _sealed(name: str, value: str) -> str:
    if not value:
        return ""
    plain = "".join(c for c in value if c.isalnum()).upper()
    if name == "id_number" and not is_id_number(plain):
        raise FeigongError("error.roll.id_number")
    if name == "phone" and not (plain.isdecimal() and len(plain) in _PHONE_DIGITS):
        raise FeigongError("error.roll.phone")
    if name == "wage" and not (value.isdecimal() and int(value) <= _MOST["staff"]):
        raise FeigongError("error.roll.number", field=name, least=0, most=_MOST["staff"])
    return plain if name == "id_number" else value


def _day(name: str, value: Any, on: date) -> date:
    try:
        day = value if isinstance(value, date) else date.fromisoformat(value)
    except (TypeError, ValueError) as fault:
        raise FeigongError("error.roll.day", field=name, found=str(value)[:40]) from fault
    if not EARLIEST <= day <= on:
        raise FeigongError(
            "error.roll.day_range", field=name, found=day.isoformat(), first=EARLIEST.isoformat(), last=on.isoformat()
        )
    return day


def _yes(name: str, value: Any) -> bool:
    known = {True: True, False: False, "true": True, "false": False, "on": True, "1": True, "0": False}
    try:
        return known[value]
    except (KeyError, TypeError) as fault:
        raise FeigongError("error.roll.yes_or_no", field=name) from fault


def _number(field: models.Field[Any, Any], value: Any) -> int | float:
    name = field.attname
    most = _BOUNDS.get(name) or _MOST.get(name, 2**62)
    least = -most if name in _BOUNDS else 0
    whole = not isinstance(field, models.FloatField)
    try:
        number: int | float = int(value) if whole else float(value)
        right = not isinstance(value, bool) and least <= number <= most and number == float(value)
    except (TypeError, ValueError, OverflowError):
        right = False
    if not right:
        raise FeigongError("error.roll.number", field=name, least=least, most=most)
    return number


# What several fields say together -----------------------------------------------------------------------------------


def _nothing(found: dict[str, Any], old: Mapping[str, Any], merged: Mapping[str, Any]) -> None:
    """Nothing to check."""


def _check_point(found: dict[str, Any], merged: Mapping[str, Any]) -> None:
    if {"longitude", "latitude"} & set(found) and (merged["longitude"] is None) != (merged["latitude"] is None):
        raise FeigongError("error.roll.half_a_point")


def _enterprise(found: dict[str, Any], old: Mapping[str, Any], merged: dict[str, Any]) -> None:
    for name in ("uscc", "parent_uscc"):
        if name in found:
            found[name] = merged[name] = _code(name, found[name], old.get(name, ""))
    if found.get("industry") and found["industry"] not in load_industry_names():
        raise FeigongError("error.roll.industry", found=found["industry"])
    if "slots" in found:
        _check_slots(found["slots"])
    elif {"shift", "free_text"} & set(found):
        found["slots"] = slots_text(read_free_time(merged.get("shift", ""), merged.get("free_text", "")).slots)
    flags = [f for f in old.get("flags", []) if not _answered(f[0], found, old)]
    if flags != old.get("flags", []):
        found["flags"] = flags


def _answered(flag: str, found: Mapping[str, Any], old: Mapping[str, Any]) -> bool:
    """Whether a person has now said what a flag asks about."""
    answers = {
        "code_invalid": "uscc", "state_owned": "control", "collective": "control", "dormant": "standing",
        "closed": "standing",
    }  # fmt: skip
    field = answers.get(flag, "")
    return field in found and found[field] != old[field]


def _code(name: str, text: str, old: str) -> str:
    """A unified social credit code; what certainly was meant is mended. One that came wrong from a table may stay."""
    code = uscc.repaired(text)
    if not code or uscc.is_valid(code) or code == old:
        return code
    likely = " / ".join(uscc.likely_codes(code)[:_LIKELY_SHOWN])
    raise FeigongError("error.roll.uscc", field=name, uscc=code[:40], likely=likely)


def _check_slots(text: str) -> None:
    try:
        slots_of(text)
    except ValueError as fault:
        raise FeigongError("error.roll.slots") from fault


def _area(found: dict[str, Any], old: Mapping[str, Any], merged: Mapping[str, Any]) -> None:
    code = found.get("code", "")
    if code and not (code.isdecimal() and len(code) in (6, 9, 12)):
        raise FeigongError("error.roll.area_code", found=code)


_CHECKS: Final = {RecordKind.ENTERPRISE: _enterprise, RecordKind.AREA: _area}


# Free slots as a column holds them ----------------------------------------------------------------------------------


def slots_text(slots: FreeSlots | None) -> str:
    """A 21-bit mask for each week of the cycle, by commas; empty: unknown."""
    return ",".join(map(str, slots.weeks)) if slots else ""


def slots_of(text: str) -> FreeSlots | None:
    """The free slots of a column; `ValueError` where it holds none."""
    return FreeSlots(tuple(int(week) for week in text.split(","))) if text else None


def read_free_time(shift: str, free_text: str) -> SlotReading:
    """Free slots from what a survey says; the fault says why a text could not be read."""
    return read_slots(fold(shift), fold(free_text), load_shifts())


def fault_of_free_time(shift: str, free_text: str) -> Reason | None:
    """Why nothing could be made of these words: for a page to say before they are stored."""
    return read_free_time(shift, free_text).fault
