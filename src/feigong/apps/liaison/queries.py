"""Visits as one may see them: those of enterprises in sight; and when the next ones are due."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date

from django.db.models import Exists, OuterRef, Q, QuerySet

from feigong.apps.accounts.sight import Sight
from feigong.apps.audit.queries import undone
from feigong.apps.liaison.models import Visit
from feigong.apps.roll import queries
from feigong.apps.roll.models import Assignment
from feigong.apps.roll.models.dated import known
from feigong.apps.roll.queries import restrict
from feigong.apps.roll.queries.rungs import ladders
from feigong.core.coverage.rungs import Ladder
from feigong.core.coverage.visits import VisitRules, due_on
from feigong.core.errors import FeigongError
from feigong.exchange.liaison_file import load_visit_rules


def rules() -> VisitRules:
    return load_visit_rules()


def written(sight: Sight) -> QuerySet[Visit]:
    """All that was written down of visits until the day, what was put right later too; not what was taken back."""
    rows = Visit.objects.filter(_counts(sight), on__lte=sight.on).select_related("record").order_by("-on", "-pk")
    if restrict.sees_everything(sight):
        return rows
    return rows.filter(enterprise_id__in=queries.enterprises(sight).order_by().values("enterprise_id"))


def visits(sight: Sight) -> QuerySet[Visit]:
    """Visits as they stand: each in its last wording, without those that did not take place."""
    later = Visit.objects.filter(_counts(sight), corrects=OuterRef("pk"))
    return written(sight).filter(~Exists(later), took_place=True)


def visit(sight: Sight, visit_id: int) -> Visit:
    """One of them; ``error.not_found``."""
    found = visits(sight).filter(pk=visit_id).first()
    if found is None:
        raise FeigongError("error.not_found")
    return found


def _counts(sight: Sight) -> Q:
    return Q(record__at__lte=sight.known_at) & ~Q(record_id__in=undone(sight))


@dataclass(frozen=True, slots=True)
class Round:
    """An enterprise that somebody looks after: where it stands, when it was visited, when it is due."""

    enterprise: int
    ladder: Ladder | None
    assigned: date
    last: date | None
    met: str
    due: date

    def late(self, on: date) -> int:
        return max(0, (on - self.due).days)


def rounds(
    sight: Sight, enterprises: Collection[int], steps: Mapping[int, Ladder] | None = None
) -> dict[int, Round]:
    """Of enterprises in sight with an officer; six queries for any number of them, three where ``steps`` (their
    ladders) are known already."""
    edges = queries.assignments(sight).filter(enterprise_id__in=list(enterprises)).order_by()
    since = _since(sight, {(one, worker) for one, worker in edges.values_list("enterprise_id", "worker_id")})
    if steps is None:
        steps = ladders(sight, list(since))
    last = _last(sight, list(since))
    found = {}
    for one, assigned in since.items():
        day, met = last.get(one, (None, ""))
        ladder = steps.get(one)
        due = due_on(rules(), ladder.rung if ladder else None, assigned, day, met)
        found[one] = Round(one, ladder, assigned, day, met, due)
    return found


def _since(sight: Sight, edges: set[tuple[int, int]]) -> dict[int, date]:
    """The day on which the officer of the day got each enterprise: the begin of the stretch without a break."""
    rows = known(Assignment, sight.known_at).filter(
        enterprise_id__in={one for one, _ in edges}, valid_from__lte=sight.on
    )
    found: dict[int, date] = {}
    begun: dict[tuple[int, int], tuple[date, date]] = {}
    columns = ("enterprise_id", "worker_id", "valid_from", "valid_to")
    for one, worker, first, end in rows.order_by("valid_from").values_list(*columns):
        if (one, worker) not in edges:
            continue
        before = begun.get((one, worker))
        begun[one, worker] = (before[0], end) if before and before[1] == first else (first, end)
    for (one, _), (first, end) in begun.items():
        if end > sight.on:
            found[one] = min(first, found.get(one, first))
    return found


def _last(sight: Sight, enterprises: list[int]) -> dict[int, tuple[date, str]]:
    rows = visits(sight).filter(enterprise_id__in=enterprises).order_by("on", "pk")
    return {one: (on, met) for one, on, met in rows.values_list("enterprise_id", "on", "met")}
