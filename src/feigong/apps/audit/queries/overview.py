"""What an auditor looks at first: reveals, exports, unlocks, failed log-ins of the last days."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Final

from django.db.models import Count, Q

from feigong.apps.accounts.sight import Actor
from feigong.apps.audit.queries.reading import records
from feigong.apps.clock import ZONE

WEEK, MONTH = 7, 30  # days, today included

GROUPS: Final[dict[str, tuple[str, ...]]] = {
    "reveals": ("reveal", "find_by_number"),
    "exports": ("lists.export",),
    "unlocks": ("account.unlock", "account.unlock_address", "account.reset_totp"),
    "failures": ("account.failed", "account.locked"),
}


@dataclass(frozen=True, slots=True)
class Figure:
    """One count over the last week and the last month, and what opens it."""

    group: str
    codes: tuple[str, ...]
    week: int
    month: int
    week_from: date
    month_from: date


def overview(actor: Actor, on: date) -> list[Figure]:
    """Counts of what ``actor`` may read, up to and with a day."""
    end = _midnight(on + timedelta(days=1))
    week_from, month_from = on - timedelta(days=WEEK - 1), on - timedelta(days=MONTH - 1)
    rows = records(actor).order_by().filter(at__lt=end, at__gte=_midnight(month_from))
    week = Q(at__gte=_midnight(week_from))
    counted = rows.values_list("code").annotate(week=Count("pk", filter=week), month=Count("pk"))
    counts = {code: (in_week, in_month) for code, in_week, in_month in counted}
    return [
        Figure(
            group,
            codes,
            sum(counts.get(code, (0, 0))[0] for code in codes),
            sum(counts.get(code, (0, 0))[1] for code in codes),
            week_from,
            month_from,
        )
        for group, codes in GROUPS.items()
    ]


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), ZONE)
