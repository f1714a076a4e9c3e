"""Joint branches as a map draws them: a host, the others, when they meet. Planned ones, and those there are."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from math import lcm

from feigong.apps.accounts.sight import Sight
from feigong.apps.coverage import queries as plans
from feigong.apps.roll import queries
from feigong.apps.roll.choices import OrganisationKind
from feigong.apps.roll.cleaning import slots_of
from feigong.core.roll.slots import ALL_SLOTS

_LONGEST = 12  # weeks


@dataclass(frozen=True, slots=True)
class Star:
    """``enterprises``: those in sight, the host first if it is; ``hidden`` more are not.

    ``slots``: when all of them can meet (of a plan: when they shall); None: not known. ``people``: members,
    where a plan says."""

    key: str
    enterprises: tuple[int, ...]
    host: int | None
    name: str = ""  # of an organisation there is
    organisation: int | None = None
    slots: tuple[int, ...] | None = None
    cycle_weeks: int = 1
    hidden: int = 0
    people: int | None = None


def planned_stars(sight: Sight, plan_id: int) -> list[Star]:
    """Joint branches of a plan of which something is in sight; ``error.not_found`` for a plan that is not."""
    kept = plans.plan(sight, plan_id)
    seats: dict[str, list[int]] = defaultdict(list)
    for enterprise, key in plans.outcomes(sight, kept).exclude(branch="").values_list("enterprise_id", "branch"):
        seats[key].append(enterprise)
    branches = list(kept.planned_branches.filter(key__in=seats).order_by("key"))
    known = {enterprise for own in seats.values() for enterprise in own}
    others = {branch.host_id for branch in branches} - known  # of organisations that take others in
    seen = queries.enterprises(sight).filter(enterprise_id__in=others).order_by()
    hosts = known.union(seen.values_list("enterprise_id", flat=True))
    found = []
    for branch in branches:
        host = branch.host_id if branch.host_id in hosts else None
        places = branch.enterprises + (branch.organisation_id is not None)
        own = sorted(set(seats[branch.key]) | ({host} if host is not None else set()), key=lambda e: (e != host, e))
        found.append(
            Star(
                branch.key, tuple(own), host, slots=(branch.slot,), cycle_weeks=branch.cycle_weeks,
                hidden=max(0, places - len(own)), people=branch.members,
            )
        )  # fmt: skip
    return found


def standing_stars(sight: Sight) -> list[Star]:
    """The joint branches there are, with the time at which all that they cover are free."""
    rows = queries.organisations(sight).filter(kind=OrganisationKind.JOINT_BRANCH)
    names = dict(rows.order_by().values_list("organisation_id", "name"))
    ties = queries.coverage(sight).filter(organisation_id__in=rows.order_by().values("organisation_id")).order_by()
    own: dict[int, list[tuple[int, bool]]] = defaultdict(list)
    for organisation, enterprise, hosts in ties.values_list("organisation_id", "enterprise_id", "host"):
        own[organisation].append((enterprise, hosts))
    covered = queries.enterprises(sight).filter(enterprise_id__in=ties.values("enterprise_id")).order_by()
    free = dict(covered.values_list("enterprise_id", "slots"))
    found = []
    for organisation, name in sorted(names.items(), key=lambda one: one[1]):
        members = sorted(own[organisation], key=lambda one: (not one[1], one[0]))
        host = next((enterprise for enterprise, hosts in members if hosts), None)
        slots, cycle = _common([free.get(enterprise, "") for enterprise, _ in members])
        found.append(Star(f"o{organisation}", tuple(e for e, _ in members), host, name, organisation, slots, cycle))
    return found


def _common(columns: list[str]) -> tuple[tuple[int, ...] | None, int]:
    """Slots at which all are free, in the cycle that they share; None where one is not known."""
    free = [slots_of(column) for column in columns]
    if not free or any(one is None for one in free):
        return None, 1
    cycle = lcm(*(one.cycle_weeks for one in free if one))
    if cycle > _LONGEST:
        cycle = 1  # free in that week of every cycle
    mask = sum(ALL_SLOTS << (week * ALL_SLOTS.bit_length()) for week in range(cycle))
    for one in free:
        mask &= one.folded(cycle) if one else 0
    return tuple(slot for slot in range(mask.bit_length()) if mask >> slot & 1), cycle
