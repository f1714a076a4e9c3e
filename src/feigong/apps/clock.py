"""What time it is: asked by doors and jobs only, and handed on as an argument."""

from __future__ import annotations

from datetime import date, datetime
from zoneinfo import ZoneInfo

from django.utils import timezone

ZONE = ZoneInfo("Asia/Shanghai")


def now() -> datetime:
    return timezone.now()


def day_of(moment: datetime) -> date:
    """The day it is here at a moment; in Greenwich, which moments are kept by, it is yesterday until eight."""
    return moment.astimezone(ZONE).date()


def today() -> date:
    return day_of(now())
