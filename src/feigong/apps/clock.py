"""What time it is: asked by doors and jobs only, and handed on as an argument."""

from __future__ import annotations

from datetime import date, datetime
from zoneinfo import ZoneInfo

from django.utils import timezone

ZONE = ZoneInfo("Asia/Shanghai")


def now() -> datetime:
    return timezone.now()


def today() -> date:
    return timezone.localtime(timezone.now(), ZONE).date()
