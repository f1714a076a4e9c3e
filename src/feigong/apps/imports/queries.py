"""What may be seen of imports: one's own, and those whose areas all lie in one's own by who may apply."""

from __future__ import annotations

from datetime import date, datetime

from django.db.models import Q, QuerySet

from feigong.apps.accounts.roles import Permission
from feigong.apps.accounts.sight import Actor, Scope, Sight
from feigong.apps.imports.choices import ImportState, Verdict
from feigong.apps.imports.models import File, Import, Item, Problem, Row, Sheet
from feigong.apps.jobs.models import JobState
from feigong.apps.roll.models import AreaState
from feigong.apps.roll.queries import areas
from feigong.core.errors import FeigongError


def everything(on: date, known_at: datetime) -> Sight:
    """The whole roll: for telling whether something is on it, never for showing it."""
    return Sight(Scope(whole=True), on, known_at, members=True)


def own_areas(actor: Actor, on: date, known_at: datetime) -> frozenset[int]:
    """Identities of the areas of an actor, with all below them."""
    return frozenset(areas(actor.sight(on, known_at)).values_list("area_id", flat=True))


def covers_roots(actor: Actor, on: date, known_at: datetime) -> bool:
    """Whether the whole tree of areas is the actor's."""
    if actor.scope.whole:
        return True
    roots = set(areas(everything(on, known_at)).filter(parent=None).values_list("area_id", flat=True))
    return bool(roots) and roots <= own_areas(actor, on, known_at)


def imports(actor: Actor, on: date, known_at: datetime) -> QuerySet[Import]:
    """Newest first. Without IMPORT_UPLOAD or IMPORT_APPLY none; an import without areas only by its uploader."""
    rows = Import.objects.order_by("-pk")
    if actor.scope.whole:
        return rows
    if not (actor.may(Permission.IMPORT_UPLOAD) or actor.may(Permission.IMPORT_APPLY)):
        return rows.none()
    seen = set()
    if actor.user_id is not None and actor.may(Permission.IMPORT_UPLOAD):
        seen |= set(rows.filter(user_id=actor.user_id).values_list("pk", flat=True))
    if actor.may(Permission.IMPORT_APPLY):
        mine, all_of_it = own_areas(actor, on, known_at), covers_roots(actor, on, known_at)
        for number, whole, parts in rows.values_list("pk", "whole", "areas"):
            if all_of_it if whole else bool(parts) and mine.issuperset(parts):
                seen.add(number)
    return rows.filter(pk__in=seen)


def one(actor: Actor, number: int, on: date, known_at: datetime) -> Import:
    found = imports(actor, on, known_at).select_related("job", "applied", "taken_back").filter(pk=number).first()
    if found is None:
        raise FeigongError("error.not_found", what="import")
    return found


_BEFORE = {
    ImportState.CHECKING: ImportState.READ, ImportState.APPLYING: ImportState.CHECKED,
    ImportState.TAKING_BACK: ImportState.APPLIED,
}  # fmt: skip


def standing(of: Import) -> ImportState:
    """Where an import stands: a job that was cancelled or given up leaves it where it stood before."""
    state = ImportState(of.state)
    if state in _BEFORE and of.job is not None and of.job.state in (JobState.FAILED, JobState.CANCELLED):
        return _BEFORE[state]
    return state


def files(of: Import) -> QuerySet[File]:
    return File.objects.filter(of=of).order_by("pk")


def sheets(of: Import) -> QuerySet[Sheet]:
    return Sheet.objects.filter(of=of).select_related("file").order_by("file_id", "pk")


def items(of: Import) -> QuerySet[Item]:
    return Item.objects.filter(of=of).order_by("kind", "name", "pk")


def chosen(of: Import) -> QuerySet[Item]:
    """What would be written: new and changed, and what was doubtful and accepted; not what is left out."""
    wanted = Q(verdict__in=(Verdict.NEW, Verdict.CHANGED)) | Q(verdict=Verdict.DOUBTFUL, accepted=True)
    return Item.objects.filter(wanted, of=of, left_out=False)


def problems(of: Import) -> QuerySet[Problem]:
    return Problem.objects.filter(of=of).order_by("place")


def rows(of: Import) -> QuerySet[Row]:
    return Row.objects.filter(sheet__of=of).select_related("sheet", "sheet__file").order_by("sheet_id", "row")


def area_names(actor: Actor, identities: list[int], on: date, known_at: datetime) -> list[str]:
    """Names of areas, as far as they may be seen."""
    seen: QuerySet[AreaState] = areas(actor.sight(on, known_at)).filter(area_id__in=identities)
    return list(seen.values_list("name", flat=True))
