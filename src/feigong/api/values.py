"""Values as the API takes them: in one spelling only, and none that the database could not hold."""

from __future__ import annotations

import re
from datetime import date, datetime
from typing import Annotated, Any, Final

from pydantic import AfterValidator, BeforeValidator, Field, StrictBool, StrictInt

from feigong.apps.clock import ZONE

MOST_ID: Final = 2**63 - 1
_DAY: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_MOMENT: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}[Tt][0-9]{2}:[0-9]{2}.*", re.ASCII)
_ZONE_SPACED: Final = re.compile(r" ([0-9]{2}:?[0-9]{2})$")
_YEARS: Final = range(1900, 2201)  # of moments: beyond, the clock of another zone may leave the calendar


def _day(value: Any) -> Any:
    if isinstance(value, str) and not _DAY.fullmatch(value):
        raise ValueError("a day is written 2026-11-01")
    if isinstance(value, str | date):
        return value
    raise ValueError("a day is a text")


def _moment_text(value: Any) -> Any:
    """A plus sign in an address reads as a space."""
    if isinstance(value, str):
        value = _ZONE_SPACED.sub(r"+\1", value)
        if _MOMENT.fullmatch(value):
            return value
    raise ValueError("a moment is written 2026-11-01T08:30:00+08:00")


def _moment(value: datetime) -> datetime:
    if value.year not in _YEARS:
        raise ValueError("too far")
    return value if value.tzinfo else value.replace(tzinfo=ZONE)


def _plain(value: str) -> str:
    if "\x00" in value:
        raise ValueError("no NUL")
    return value


def _whole(value: Any) -> Any:
    """To JSON 3.0 is a whole number as well."""
    return int(value) if isinstance(value, float) and value.is_integer() else value


Day = Annotated[date, BeforeValidator(_day)]
Moment = Annotated[datetime, BeforeValidator(_moment_text), AfterValidator(_moment)]
Text = Annotated[str, AfterValidator(_plain)]
Id = Annotated[StrictInt, Field(ge=1, le=MOST_ID)]
AskedId = Annotated[int, Field(ge=1, le=MOST_ID)]  # in an address all is text
Ids = Annotated[list[Id], Field(min_length=1, max_length=1000)]
Count = Annotated[StrictInt, Field(ge=0, le=1_000_000)]
Degrees = Annotated[float, Field(strict=True, ge=-180, le=180, allow_inf_nan=False)]
Whole = Annotated[StrictInt, BeforeValidator(_whole)]
Yes = StrictBool
Reason = Annotated[Text, Field(max_length=500, description="why; kept in the audit")]
