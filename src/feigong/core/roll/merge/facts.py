"""From all that the tables say of one enterprise to one set of facts, and to what they contradict each other in."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final, TypeVar

from feigong.core.reasons import Reason, reason
from feigong.core.roll.merge.identify import Found
from feigong.core.roll.merge.records import EnterpriseRow
from feigong.core.roll.merge.values import TableKind
from feigong.core.roll.merge.vocabulary import FactLimits

T = TypeVar("T")

_REGISTER_FIRST: Final = {TableKind.REGISTER: 0, TableKind.STAFF: 1, TableKind.SHIFTS: 2}
_SURVEY_FIRST: Final = {TableKind.SHIFTS: 0, TableKind.REGISTER: 1, TableKind.STAFF: 2}


@dataclass(frozen=True, slots=True)
class Facts:
    """Of each fact of an enterprise the best statement. ``listed_insured``: a table of insured staff has it,
    or one that is about nothing but staff; with a number that cannot be read too."""

    registered_on: date | None
    address: str  # where it really works: the operating one where there is one
    registered_address: str
    operating_address: str
    area: str
    scope: str
    industry: str
    entity_type: str
    status: str
    staff: int | None
    listed_insured: bool
    shift: str
    free_text: str
    position: tuple[str, str]
    position_row: EnterpriseRow | None
    remark: str
    legal_representative: str
    contradictions: tuple[Reason, ...]


def _statements(
    rows: Iterable[EnterpriseRow], value: Callable[[EnterpriseRow], T], order: dict[TableKind, int]
) -> list[T]:
    """What rows say, the tables that know best first; among them what most rows say, then the fuller text."""
    said = [(order[r.kind], v) for r in rows if (v := value(r)) not in (None, "", ("", ""))]
    if not said:
        return []
    count = Counter(v for _, v in said)
    rank = {v: min(o for o, w in said if w == v) for v in count}
    return sorted(count, key=lambda v: (rank[v], -count[v], -len(str(v)), str(v)))


def _first(found: Sequence[T], default: T) -> T:
    return found[0] if found else default


def _date(days: Sequence[date]) -> date | None:
    """The most telling day: one that is not merely the first of its month (from a table that has only months)."""
    if not days:
        return None
    same_month = [d for d in days if (d.year, d.month) == (days[0].year, days[0].month)]
    return next((d for d in same_month if d.day != 1), days[0])


def gather(found: Found, limits: FactLimits) -> Facts:
    """All facts of one enterprise."""
    rows = found.rows
    registered = _statements(rows, lambda r: r.registered_on, _REGISTER_FIRST)
    insured = _statements(rows, lambda r: r.staff, _REGISTER_FIRST)
    other = _statements(rows, lambda r: r.staff_other, _REGISTER_FIRST)
    operating = _statements(rows, lambda r: r.operating_address, _REGISTER_FIRST)
    registered_at = _statements(rows, lambda r: r.address, _REGISTER_FIRST)
    position = _statements(rows, lambda r: r.position, _REGISTER_FIRST)
    at = _first(position, ("", ""))
    staff = [*(s for s in insured if s is not None), *(s for s in other if s is not None)]
    days = [d for d in registered if d is not None]
    return Facts(
        registered_on=_date(days),
        address=_first(operating, "") or _first(registered_at, ""),
        registered_address=_first(registered_at, ""),
        operating_address=_first(operating, ""),
        area=_first(_statements(rows, lambda r: r.area, _REGISTER_FIRST), ""),
        scope=_first(_statements(rows, lambda r: r.scope, _REGISTER_FIRST), ""),
        industry=_first(_statements(rows, lambda r: r.industry, _REGISTER_FIRST), ""),
        entity_type=_first(_statements(rows, lambda r: r.entity_type, _REGISTER_FIRST), ""),
        status=_first(_statements(rows, lambda r: r.status, _REGISTER_FIRST), ""),
        staff=staff[0] if staff else None,
        listed_insured=any(
            r.staff is not None
            or (r.kind is TableKind.STAFF and r.staff_other is not None)
            or any(fault.code == "merge.fault_count" for fault in r.faults)
            for r in rows
        ),
        shift=_first(_statements(rows, lambda r: r.shift, _SURVEY_FIRST), ""),
        free_text=_first(_statements(rows, lambda r: r.free_text, _SURVEY_FIRST), ""),
        position=at,
        position_row=next((r for r in rows if r.position == at and at != ("", "")), None),
        remark="；".join(sorted({r.remark for r in rows if r.remark})),
        legal_representative=_first(_statements(rows, lambda r: r.legal_representative, _REGISTER_FIRST), ""),
        contradictions=(*_staff_apart(staff, limits), *_days_apart(days, limits)),
    )


def _staff_apart(staff: Sequence[int], limits: FactLimits) -> list[Reason]:
    if len(staff) < 2:
        return []
    least, most = min(staff), max(staff)
    if most - least >= limits.staff_difference and most >= limits.staff_ratio * least:
        return [reason("merge.contradiction_staff", least=least, most=most)]
    return []


def _days_apart(days: Sequence[date], limits: FactLimits) -> list[Reason]:
    if len(days) < 2 or (max(days) - min(days)).days <= limits.registered_days:
        return []
    return [reason("merge.contradiction_registered", first=min(days).isoformat(), last=max(days).isoformat())]
