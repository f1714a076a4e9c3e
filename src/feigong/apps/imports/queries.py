"""What may be seen of imports: one's own, and those whose areas all lie in one's own by who may apply."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any, Final

from django.db.models import Q, QuerySet

from feigong.apps.accounts.roles import Permission
from feigong.apps.accounts.sight import Actor, Scope, Sight
from feigong.apps.imports.choices import Answer, ImportState, Kind, Verdict
from feigong.apps.imports.models import File, Import, Item, Problem, Row, Sheet
from feigong.apps.jobs.models import JobState
from feigong.apps.roll.models import AreaState
from feigong.apps.roll.queries import areas, enterprises, organisations
from feigong.core.errors import FeigongError

_PEOPLE: Final = (Kind.MEMBER, Kind.OFFICER)


def everything(on: date, known_at: datetime) -> Sight:
    """The whole roll: for telling whether something is on it, never for showing it."""
    return Sight(Scope(whole=True), on, known_at, members=True)


def own_areas(actor: Actor, on: date, known_at: datetime) -> frozenset[int]:
    """Identities of the areas of an actor, with all below them."""
    return frozenset(areas(actor.sight(on, known_at)).values_list("area_id", flat=True))


def covers_roots(actor: Actor, on: date, known_at: datetime) -> bool:
    """Whether the whole tree of areas is the actor's."""
    return actor.scope.whole or _all_roots(own_areas(actor, on, known_at), on, known_at)


def _all_roots(mine: frozenset[int], on: date, known_at: datetime) -> bool:
    roots = set(areas(everything(on, known_at)).filter(parent=None).values_list("area_id", flat=True))
    return bool(roots) and roots <= mine


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
        mine = own_areas(actor, on, known_at)
        all_of_it = _all_roots(mine, on, known_at)
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
    """What would be written: new and changed, and what was doubtful and accepted, and what is missing and answered;
    not what is left out."""
    wanted = Q(verdict__in=(Verdict.NEW, Verdict.CHANGED)) | Q(verdict=Verdict.DOUBTFUL, accepted=True)
    wanted |= Q(verdict=Verdict.MISSING) & ~Q(answer="")
    return Item.objects.filter(wanted, of=of, left_out=False)


def _sees_all(actor: Actor, of: Import, known_at: datetime) -> bool:
    """Whether what an import says of the roll may be seen: its areas must be the actor's as they are granted now."""
    if of.whole:
        return covers_roots(actor, of.on, known_at)
    return bool(of.areas) and own_areas(actor, of.on, known_at).issuperset(of.areas)


def items_seen(actor: Actor, of: Import, known_at: datetime) -> QuerySet[Item]:
    """Items of an import whose areas are the actor's; people only by who may see people."""
    rows = items(of)
    if not _sees_all(actor, of, known_at):
        return rows.none()
    return rows if actor.may(Permission.MEMBERS_VIEW) else rows.exclude(kind__in=_PEOPLE)


def problems_seen(actor: Actor, of: Import, known_at: datetime) -> QuerySet[Problem]:
    """The same for problems."""
    rows = problems(of)
    if not _sees_all(actor, of, known_at):
        return rows.none()
    return rows if actor.may(Permission.MEMBERS_VIEW) else rows.exclude(kind__in=_PEOPLE)


def figures_seen(actor: Actor, of: Import, known_at: datetime) -> dict[str, Any]:
    """What the check counted, of what may be seen: a count of one would say of a person whether they are a member."""
    counted = dict(of.figures)
    if not counted or (_sees_all(actor, of, known_at) and actor.may(Permission.MEMBERS_VIEW)):
        return counted
    seen = _sees_all(actor, of, known_at)
    kinds = {k: n for k, n in counted.get("kinds", {}).items() if seen and k not in _PEOPLE}
    verdicts: Counter[str] = Counter()
    for counts in kinds.values():
        verdicts.update(counts)
    fields = {f: n for f, n in counted.get("fields", {}).items() if f.split(".", 1)[0] in kinds}
    doubts = problems_seen(actor, of, known_at)
    severities = Counter(doubts.order_by().values_list("severity", flat=True))
    found = {"kinds": kinds, "verdicts": dict(verdicts), "fields": fields, "problems": dict(severities)}
    return {"rows": counted.get("rows", {}), "others": counted.get("others", 0) if seen else 0, **found}


def places_of(of: Import, items: Iterable[int]) -> dict[int, list[tuple[str, str, int]]]:
    """Where items stand in the tables: file, sheet, row; by item."""
    found: dict[int, list[tuple[str, str, int]]] = {}
    where = sheet_places(of)
    for item, sheet, row in Row.objects.filter(item_id__in=list(items)).order_by("sheet_id", "row").values_list(
        "item_id", "sheet_id", "row"
    ):
        if item is not None:
            found.setdefault(item, []).append((*where[sheet], row))
    return found


def sheet_places(of: Import) -> dict[int, tuple[str, str]]:
    """File and sheet by the sheet's number."""
    return {s.pk: (s.file.name, s.name) for s in sheets(of)}


def names_of_keys(of: Import, items: Iterable[Item]) -> dict[str, str]:
    """Names for codes and keys that changes of these items hold, as far as the import's areas go."""
    keys = {str(v) for i in items for c in i.changes for v in _values(c)}
    found = dict(Item.objects.filter(of=of, key__in=keys).exclude(verdict=Verdict.FOREIGN).values_list("key", "name"))
    known_at = of.checked_at
    missing = [k for k in keys - found.keys() if k]
    if known_at is None or not missing:
        return found
    sight = Sight(Scope(tuple(of.areas), whole=of.whole), of.on, known_at)
    found |= dict(enterprises(sight).filter(uscc__in=missing).values_list("uscc", "name"))
    found |= dict(areas(sight).filter(code__in=missing).values_list("code", "name"))
    numbers = [int(k[1:]) for k in missing if k.startswith("#") and k[1:].isdigit()]
    named = organisations(sight).filter(organisation_id__in=numbers).values_list("organisation_id", "name")
    return found | {f"#{number}": name for number, name in named}


def _values(change: Mapping[str, Any]) -> list[Any]:
    return [v for side in ("before", "after") for v in _listed(change[side])]


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def answered(of: Import) -> int:
    """Doubts answered since the check: the next check heeds them."""
    return problems(of).filter(answer__in=(Answer.SAME, Answer.NOT_SAME)).count()


def offered(of: Import) -> int:
    """Doubts for which an answer is offered, and doubtful items that wait."""
    waiting = Item.objects.filter(of=of, verdict=Verdict.DOUBTFUL, accepted=False, left_out=False).count()
    return waiting + problems(of).filter(answer="").exclude(spelling="").exclude(taken="").count()


def problems(of: Import) -> QuerySet[Problem]:
    return Problem.objects.filter(of=of).order_by("place")


def rows(of: Import) -> QuerySet[Row]:
    return Row.objects.filter(sheet__of=of).select_related("sheet", "sheet__file").order_by("sheet_id", "row")


def area_names(actor: Actor, identities: list[int], on: date, known_at: datetime) -> list[str]:
    """Names of areas, as far as they may be seen."""
    seen: QuerySet[AreaState] = areas(actor.sight(on, known_at)).filter(area_id__in=identities)
    return list(seen.values_list("name", flat=True))
