"""Enterprises that must recruit first, by the latest plan of each, as one may read them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import OuterRef, Q, QuerySet, Subquery

from feigong.apps.accounts.sight import Sight
from feigong.apps.cases import queries as cases
from feigong.apps.cases.models import CaseSubject
from feigong.apps.coverage.models import PlannedOutcome
from feigong.apps.coverage.recruiting import KIND, full_members, under_way
from feigong.apps.roll import queries
from feigong.core.cases.values import Standing
from feigong.core.coverage.values import Outcome
from feigong.core.reasons import Reason

__all__ = ["Shown", "full_members", "has_case", "of_enterprises", "rows", "shown", "takes", "under_way"]

TAKES = "takes."
KINDS = ("slot", "metres", "members", "ask_slots", "nobody")
"""What it may take; as codes ``takes.<kind>``."""


def rows(sight: Sight) -> QuerySet[PlannedOutcome]:
    """What the latest plan of each enterprise in sight says, where that is to recruit first."""
    seen = queries.enterprises(sight).order_by()
    latest = PlannedOutcome.objects.filter(enterprise_id=OuterRef("enterprise_id")).order_by("-plan_id")
    found = PlannedOutcome.objects.filter(outcome=Outcome.RECRUIT, enterprise_id__in=seen.values("enterprise_id"))
    named = seen.filter(enterprise_id=OuterRef("enterprise_id"))
    return found.filter(pk=Subquery(latest.values("pk")[:1])).annotate(name=Subquery(named.values("name")[:1]))


def of_enterprises(firms: Any) -> Q:
    """Over `rows`: of these enterprises."""
    return Q(enterprise_id__in=firms)


def has_case(sight: Sight) -> Q:
    """Over `rows`: a case of recruiting is not closed."""
    going = cases.cases(sight).order_by().filter(case__kind=KIND).exclude(standing=Standing.CLOSED)
    subjects = CaseSubject.objects.filter(case_id__in=going.values("case_id"), enterprise__isnull=False)
    return Q(enterprise_id__in=subjects.values("enterprise_id"))


@dataclass(frozen=True, slots=True)
class Shown:
    """Why an enterprise is left, and the changes that would be enough: the cheapest first."""

    why: tuple[Reason, ...]
    takes: tuple[Reason, ...]


def shown(row: PlannedOutcome) -> Shown:
    """Names of others are left out: who reads of this enterprise need not see them."""
    why = [Reason(code, params) for code, params in row.reasons if code.startswith("pool.")]
    return Shown(tuple(r for r in why if "enterprise" not in r.params), tuple(takes(row.alternatives)))


def takes(alternatives: Sequence[Any]) -> Iterable[Reason]:
    return (Reason(code, params) for _, code, params, _ in alternatives if code.startswith(TAKES))
