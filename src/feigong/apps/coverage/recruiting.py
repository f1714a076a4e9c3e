"""Cases of enterprises that must have more members first: opened in a batch, closed when the roll says so."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count

from feigong.apps.accounts.roles import Permission
from feigong.apps.accounts.sight import Actor, Sight
from feigong.apps.audit.recording import Change, changing
from feigong.apps.cases import queries as cases
from feigong.apps.cases.actions.opening import Opening, open_in
from feigong.apps.cases.effects import EffectOn
from feigong.apps.cases.models import CaseSubject
from feigong.apps.roll.kinds import RecordKind, all_in_sight
from feigong.apps.roll.models import MemberState
from feigong.apps.roll.queries.restrict import seen_on
from feigong.core.cases.values import Standing
from feigong.core.errors import FeigongError
from feigong.core.text import prose
from feigong.exchange.rules_file import load_rules

KIND = "recruit"
LEAST = "org.min_full_members"


@dataclass(frozen=True, slots=True)
class Recruiting:
    """``opened``: cases. ``under_way``: enterprises left out because they have one that is not closed."""

    opened: tuple[int, ...]
    under_way: int


def open_recruiting(
    actor: Actor, enterprises: Collection[int], *, on: date, reason: str = "", owner: int | None = None
) -> Recruiting:
    """Open a case for each of these enterprises that has none. All must be in sight: ``error.not_found``."""
    actor.must(Permission.CASES_WORK)
    firms = sorted(set(enterprises))
    with changing(actor, "recruit.open", reason=prose(reason), params={"enterprises": len(firms)}) as change:
        opened = open_in_change(change, firms, on=on, owner=owner)
    return Recruiting(tuple(opened), len(firms) - len(opened))


def open_in_change(
    change: Change, enterprises: Collection[int], *, on: date, owner: int | None = None
) -> list[int]:  # fmt: skip
    """The same within another change. Closed ones are no obstacle: each has a number, so that two at once are one."""
    sight = change.actor.sight(on, change.at)
    rows = all_in_sight(RecordKind.ENTERPRISE, sight, sorted(set(enterprises)))
    firms = [row.enterprise_id for row in rows]
    had = Counter(dict(_cases_of(firms).values_list("enterprise_id").annotate(n=Count("pk"))))
    busy, people = under_way(sight, firms), full_members(sight, firms)
    least = load_rules(None).at(LEAST, on).whole()
    openings = [
        Opening(
            KIND, row.area_id, (row.enterprise_id,), owner=owner,
            facts={"full_members": people[row.enterprise_id], "target": max(least, people[row.enterprise_id] + 1)},
            key=f"recruit:{row.enterprise_id}:{had[row.enterprise_id]}",
        )
        for row in rows
        if row.enterprise_id not in busy
    ]  # fmt: skip
    return open_in(change, openings, on=on)


def _cases_of(firms: Collection[int]) -> Any:
    return CaseSubject.objects.filter(enterprise_id__in=firms, case__kind=KIND).order_by()


def under_way(sight: Sight, firms: Collection[int]) -> dict[int, int]:
    """The case that is not closed, by enterprise."""
    pairs = list(_cases_of(firms).values_list("enterprise_id", "case_id"))
    going = cases.cases(sight).exclude(standing=Standing.CLOSED).filter(case_id__in=[case for _, case in pairs])
    there = set(going.order_by().values_list("case_id", flat=True))
    return {firm: case for firm, case in pairs if case in there}


def full_members(sight: Sight, firms: Collection[int]) -> Counter[int]:
    """Full members on the roll by employer: numbers, for enterprises that the caller has found to be in sight."""
    people = seen_on(MemberState, sight).filter(employer_id__in=firms, full=True).order_by()
    return Counter(dict(people.values_list("employer_id").annotate(n=Count("pk"))))


def reached(change: Change, on: EffectOn) -> Mapping[str, Any]:
    """As many full members on the roll as were agreed on; ``error.case.target_not_reached``."""
    target = int(str(on.answers.get("target") or on.facts["target"]))
    found = full_members(change.actor.sight(on.on, change.at), on.subject.enterprises)[on.subject.enterprises[0]]
    if found < target:
        raise FeigongError("error.case.target_not_reached", found=found, target=target)
    return {"counted": found}
