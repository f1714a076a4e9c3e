"""Cases for what has just settled, opened within the change that brings it to the roll."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import Count

from feigong.apps.accounts.sight import Sight
from feigong.apps.audit.recording import Change
from feigong.apps.cases.actions.opening import Opening, open_in
from feigong.apps.clock import day_of
from feigong.apps.roll import queries
from feigong.apps.roll.choices import OrganisationKind, Standing
from feigong.apps.roll.kinds import chunks
from feigong.apps.roll.models import EnterpriseState
from feigong.apps.roll.models.dated import NEVER
from feigong.apps.settlers.officers import Officers
from feigong.apps.settlers.settings import Settings, settings
from feigong.core.roll.trees import nodes_of

KIND = "settler"


@dataclass(frozen=True, slots=True)
class Opened:
    """``cases``: opened. ``first``: enterprises without one because this is the first register of their area."""

    cases: int = 0
    first: int = 0


def open_settlers(change: Change, created: Collection[int], registered: Collection[int], *, on: date) -> Opened:
    """Open a case for each enterprise that has just settled.

    Parameters
    ----------
    change
        In which the enterprises were created.
    created
        Identities that this change has made.
    registered
        Those of them that a register of registrations names.
    on
        The day from which the roll has them. A case begins on the day of the change, or on this one if it is later:
        nobody is late for what they could not know.
    """
    chosen = settings()
    if not chosen.open or not created:
        return Opened()
    day = max(on, day_of(change.at))
    sight = change.actor.sight(day, change.at)
    rows = _candidates(sight, created, chosen)
    told = _Told(on, chosen, frozenset(registered), _Roll(change, sight, on, rows))
    new = [row for row in rows if told.settled(row)]
    first = sum(1 for row in rows if told.belongs_to_a_first_register(row))
    return Opened(len(open_in(change, _openings(sight, new), on=day)), first)


def _candidates(sight: Sight, created: Collection[int], chosen: Settings) -> list[EnterpriseState]:
    seen = queries.enterprises(sight).order_by("enterprise_id").exclude(control__in=chosen.left_out)
    rows = seen.filter(standing=Standing.ACTIVE, kind__in=chosen.kinds)
    return [row for part in chunks(sorted(created)) for row in rows.filter(enterprise_id__in=part)]


class _Roll:
    """How many enterprises there were before the change and how many it brings: by area at the top of the tree, and
    by area right below (of township level)."""

    def __init__(self, change: Change, sight: Sight, on: date, arriving: Iterable[EnterpriseState]) -> None:
        seen = queries.areas_and_above(sight).order_by()
        self._paths = {area: nodes_of(path)[:2] for area, path in seen.values_list("area_id", "path")}
        held = EnterpriseState.rows.filter(recorded_to=NEVER, valid_from__lte=on, valid_to__gt=on)
        there = held.exclude(enterprise__created=change.record).order_by().values_list("area_id")
        self.before: Counter[tuple[int, ...]] = Counter()
        for area, number in there.annotate(n=Count("pk")):
            for part in self.parts(area):
                self.before[part] += number
        self.arriving = Counter(part for row in arriving for part in self.parts(row.area_id))

    def parts(self, area: int) -> list[tuple[int, ...]]:
        nodes = self._paths.get(area, ())
        return [nodes[: n + 1] for n in range(len(nodes))]


@dataclass(frozen=True, slots=True)
class _Told:
    """What has just settled, and what is only new to the roll."""

    on: date
    chosen: Settings
    registered: frozenset[int]
    roll: _Roll

    def settled(self, row: EnterpriseState) -> bool:
        if not self._told(row) or self._no_roll(row):
            return False
        return self._recently(row) or not self._first_register(row)

    def belongs_to_a_first_register(self, row: EnterpriseState) -> bool:
        return self._told(row) and not self.settled(row)

    def _told(self, row: EnterpriseState) -> bool:
        return row.enterprise_id in self.registered or self._recently(row)

    def _recently(self, row: EnterpriseState) -> bool:
        return row.registered_on is not None and row.registered_on >= self.on - timedelta(days=self.chosen.days)

    def _no_roll(self, row: EnterpriseState) -> bool:
        return not any(self.roll.before[part] for part in self.roll.parts(row.area_id)[:1])

    def _first_register(self, row: EnterpriseState) -> bool:
        return any(self.roll.arriving[part] > self.roll.before[part] for part in self.roll.parts(row.area_id)[-1:])


def _openings(sight: Sight, rows: list[EnterpriseState]) -> list[Opening]:
    if not rows:
        return []
    firms = [row.enterprise_id for row in rows]
    members, covered, officers = _members(sight, firms), _covered(sight, firms), Officers(sight)
    found = []
    for row in rows:
        facts = _known(row) | {"full_members": members[row.enterprise_id]}
        if row.enterprise_id in covered:
            facts["organisation"] = covered[row.enterprise_id]
        worker, key = officers.least_loaded(row.area_id), f"settler:{row.enterprise_id}"
        found.append(Opening(KIND, row.area_id, (row.enterprise_id,), facts=facts, key=key, worker=worker))
    return found


def _known(row: EnterpriseState) -> dict[str, Any]:
    """What one must know to come, and what of the six facts the roll has."""
    facts = {
        "name": row.name, "address": row.operating_address or row.registered_address, "operation": row.standing,
        "investor": row.legal_representative, "staff": row.staff, "registered_on": row.registered_on,
    }  # fmt: skip
    return {name: value for name, value in facts.items() if value not in (None, "")}


def _members(sight: Sight, firms: list[int]) -> Counter[int]:
    found: Counter[int] = Counter()
    for part in chunks(firms):
        people = queries.members(sight).filter(employer_id__in=part, full=True).order_by()
        found.update(dict(people.values_list("employer_id").annotate(n=Count("pk"))))
    return found


def _covered(sight: Sight, firms: list[int]) -> Mapping[int, str]:
    joint = set(
        queries.organisations(sight)
        .filter(kind=OrganisationKind.JOINT_BRANCH)
        .order_by()
        .values_list("organisation_id", flat=True)
    )
    found = {}
    for part in chunks(firms):
        edges = queries.coverage(sight).filter(enterprise_id__in=part).order_by()
        for firm, organisation in edges.values_list("enterprise_id", "organisation_id"):
            found[firm] = "joint" if organisation in joint else "own"
    return found
