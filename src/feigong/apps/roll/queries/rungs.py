"""On which rung of the ladder enterprises stand: from the dated members and coverage, for many in three queries.

Told to those who may see members, and to the liaison officer who climbs it with them: which rung, never who.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from typing import Any

from django.db.models import Count, Min, Q, QuerySet

from feigong.apps.accounts.sight import Sight
from feigong.apps.roll.models import Coverage, EnterpriseState, MemberState
from feigong.apps.roll.models.dated import known
from feigong.apps.roll.queries import units
from feigong.apps.roll.queries.paging import among
from feigong.apps.roll.queries.restrict import NOTHING, seen_on
from feigong.core.coverage.rungs import Ladder, Rung, Stay, rungs_of
from feigong.exchange.rules_file import load_rules

LEAST = "org.min_full_members"


def tells(sight: Sight) -> bool:
    """Whether rungs are told at all."""
    return sight.members or sight.scope.worker is not None


def least_members(sight: Sight) -> int:
    return load_rules(None).at(LEAST, sight.on).whole()


def ladders(sight: Sight, enterprises: Collection[int]) -> dict[int, Ladder]:
    """The ladders of those among these enterprises that are in sight on the day."""
    if not tells(sight) or not enterprises:
        return {}
    here = among(units.enterprises(sight), "enterprise_id", set(enterprises)).values("enterprise_id")
    rows = known(EnterpriseState, sight.known_at).filter(enterprise_id__in=here)
    begins = dict(rows.order_by().values_list("enterprise_id").annotate(begin=Min("valid_from")))
    members, covered = _members(sight, begins), _covered(sight, begins)
    least = least_members(sight)
    return {
        one: rungs_of(members[one], covered[one], begin=begin, on=sight.on, least=least)
        for one, begin in begins.items()
    }


def _members(sight: Sight, enterprises: Iterable[int]) -> dict[int, list[Stay]]:
    rows = known(MemberState, sight.known_at).filter(employer_id__in=list(enterprises), valid_from__lte=sight.on)
    found: dict[int, list[Stay]] = defaultdict(list)
    for firm, full, joined, first, end in rows.order_by().values_list(
        "employer_id", "full", "joined_on", "valid_from", "valid_to"
    ):
        found[firm].append(Stay(max(first, joined or first), end, full))
    return found


def _covered(sight: Sight, enterprises: Iterable[int]) -> dict[int, list[Stay]]:
    rows = known(Coverage, sight.known_at).filter(enterprise_id__in=list(enterprises), valid_from__lte=sight.on)
    found: dict[int, list[Stay]] = defaultdict(list)
    for firm, first, end in rows.order_by().values_list("enterprise_id", "valid_from", "valid_to"):
        found[firm].append(Stay(first, end))
    return found


def on_rung(sight: Sight, rungs: Iterable[str]) -> Q:
    """Over rows of `units.enterprises`: stands on one of these rungs on the day. The same as `ladders`, in tables."""
    if not tells(sight):
        return NOTHING
    covered = Q(enterprise_id__in=seen_on(Coverage, sight).order_by().values("enterprise_id"))
    peopled = Q(enterprise_id__in=_employed(sight).values("employer_id"))
    counts = _employed(sight).filter(full=True).values("employer_id").annotate(n=Count("pk"))
    enough = Q(enterprise_id__in=counts.filter(n__gte=least_members(sight)).values("employer_id"))
    conditions = {
        Rung.ORGANISATION: covered,
        Rung.ENOUGH: ~covered & enough,
        Rung.KNOWN: ~covered & peopled & ~enough,
        Rung.NONE: ~covered & ~peopled,
    }
    found = NOTHING
    for rung in set(rungs) & set(conditions):
        found |= conditions[Rung(rung)]
    return found


def _employed(sight: Sight) -> QuerySet[MemberState, Any]:
    joined = Q(joined_on=None) | Q(joined_on__lte=sight.on)
    return seen_on(MemberState, sight).filter(joined).exclude(employer=None).order_by()
