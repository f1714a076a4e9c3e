"""What persons decided about records, and which record is meant by an old number or code."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime

from django.db.models import Q, QuerySet

from feigong.apps.accounts.sight import Sight
from feigong.apps.roll.models import EnterpriseState, NotSame, RecordMerge
from feigong.apps.roll.models.dated import as_of
from feigong.apps.roll.queries.units import enterprises
from feigong.core.roll import uscc

_MOST_STEPS = 50  # a record that was merged into one that was merged …


def not_same(sight: Sight, kind: str) -> QuerySet[NotSame]:
    """Pairs that were said not to be the same. They hold codes and names: only for those who may merge."""
    return as_of(NotSame, sight.on, sight.known_at).filter(kind=kind).order_by("first", "second")


def says_not_same(kind: str, one: Collection[str], other: Collection[str], on: date, known_at: datetime) -> bool:
    """Whether any name or code of one was said not to be the same as any of the other."""
    either = Q(first__in=one, second__in=other) | Q(first__in=other, second__in=one)
    return as_of(NotSame, on, known_at).filter(either, kind=kind).exists()


def resolve(sight: Sight, kind: str, record_id: int) -> int:
    """The identity that a number means on the day: of a record that was merged, the record that was kept."""
    merges = as_of(RecordMerge, sight.on, sight.known_at).filter(kind=kind)
    for _ in range(_MOST_STEPS):
        kept = merges.filter(gone=record_id).values_list("kept", flat=True).first()
        if kept is None:
            return record_id
        record_id = kept
    return record_id


def merged_into(sight: Sight, kind: str, record_id: int) -> QuerySet[RecordMerge]:
    """The records that were found to be this one."""
    return as_of(RecordMerge, sight.on, sight.known_at).filter(kind=kind, kept=record_id).order_by("valid_from", "gone")


def enterprise_by_code(sight: Sight, code: str) -> EnterpriseState | None:
    """The enterprise with this code; or which once had it; or into which the one that had it was merged."""
    plain = uscc.repaired(code)
    seen = enterprises(sight)
    now = seen.filter(uscc=plain).first()
    if now is not None or not plain:
        return now
    ever = EnterpriseState.rows.filter(uscc=plain, recorded_at__lte=sight.known_at).order_by("-recorded_at")
    for identity in ever.values_list("enterprise_id", flat=True).distinct():
        found = seen.filter(enterprise_id=resolve(sight, "enterprise", identity)).first()
        if found is not None:
            return found
    return None
