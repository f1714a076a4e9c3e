"""What a person decides before an import is applied: doubts, what is taken as it is, what is left out."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from typing import Any

from django.db import transaction
from django.db.models import QuerySet

from feigong.apps.accounts.roles import Permission
from feigong.apps.accounts.sight import Actor
from feigong.apps.audit.recording import Change, changing
from feigong.apps.imports import store
from feigong.apps.imports.actions.receive import to_change
from feigong.apps.imports.choices import Answer, ImportState, Kind, MissingAnswer, Verdict
from feigong.apps.imports.models import Decision, File, Import, Item, Problem
from feigong.apps.roll.models import EnterpriseState
from feigong.apps.roll.models.dated import NEVER
from feigong.core.errors import FeigongError


def answer_doubt(actor: Actor, number: int, problem: int, answer: Answer, meant: str = "") -> Problem:
    """Say whether what is written is one of the candidates. Remembered for all imports; the next check heeds it.

    ``meant``: of ``SAME`` the candidate; of ``NOT_SAME`` the one that it is not, all of them where none is named.
    """
    actor.must(Permission.IMPORT_APPLY)
    with changing(actor, "import.answer", params={"import": number}) as change:
        found = to_change(actor, number, ImportState.CHECKED)
        row = Problem.objects.filter(of=found, pk=problem).exclude(spelling="").first()
        if row is None:
            raise FeigongError("error.not_found", what="problem")
        _answer(change, row, answer, meant)
    return row


def take_all_offered(actor: Actor, number: int) -> int:
    """What was taken meanwhile is meant wherever nobody has said otherwise; what is doubtful is taken as it is."""
    actor.must(Permission.IMPORT_APPLY)
    with changing(actor, "import.take_offered", params={"import": number}) as change:
        found = to_change(actor, number, ImportState.CHECKED)
        open_doubts = Problem.objects.filter(of=found, answer="").exclude(spelling="").exclude(taken="")
        for row in open_doubts:
            _answer(change, row, Answer.SAME, row.taken)
        taken = Item.objects.filter(of=found, verdict=Verdict.DOUBTFUL, left_out=False).update(accepted=True)
        change.note("imports.import", found.pk, None, {"accepted": taken})
    return taken


def _answer(change: Change, row: Problem, answer: Answer, meant: str) -> None:
    codes = [str(code) for code, _, _ in row.candidates]
    if answer is Answer.SAME and meant not in codes:
        raise FeigongError("error.imports.candidate")
    before = {"answer": row.answer, "meant": row.meant}
    Decision.objects.filter(spelling=row.spelling, code__in=codes).delete()
    if answer is Answer.SAME:
        _remember(change, row.spelling, meant, same=True)
    elif answer is Answer.NOT_SAME:
        for code in [meant] if meant in codes else codes:
            _remember(change, row.spelling, code, same=False)
    row.answer, row.meant = answer, meant if answer is Answer.SAME else ""
    row.save(update_fields=["answer", "meant"])
    change.note("imports.problem", row.pk, before, {"answer": row.answer, "meant": row.meant})


def _remember(change: Change, spelling: str, code: str, *, same: bool) -> None:
    if same:  # one thing is meant, not two
        Decision.objects.filter(spelling=spelling, same=True).delete()
    Decision.objects.update_or_create(
        spelling=spelling, code=code, defaults={"same": same, "said": change.record}
    )


def choose_items(
    actor: Actor, number: int, items: Collection[int], *, left_out: bool | None = None, accepted: bool | None = None
) -> int:
    """Leave items out or take them in again (``left_out``); take doubtful ones as they are or not (``accepted``)."""
    actor.must(Permission.IMPORT_APPLY)
    choice = {"left_out": left_out, "accepted": accepted}
    wanted: dict[str, Any] = {name: value for name, value in choice.items() if value is not None}
    with changing(actor, "import.choose", params={"import": number, **wanted}) as change:
        found = to_change(actor, number, ImportState.CHECKED)
        rows = Item.objects.filter(of=found, pk__in=list(items))
        rows = rows.exclude(verdict__in=(Verdict.FOREIGN, Verdict.MISSING))
        count = rows.update(**wanted)
        change.note("imports.import", found.pk, None, {"items": count, **wanted})
    return count


def answer_missing(
    actor: Actor, number: int, answer: MissingAnswer | None, *, items: Collection[int] | None = None,
    ends_on: date | None = None,
) -> int:  # fmt: skip
    """Say what is with enterprises that a full register no longer has: they ended on a day, or are there all the same;
    None: nothing is said yet, and nothing is done. ``items``: these; else all that are missing."""
    actor.must(Permission.IMPORT_APPLY)
    ends_on = ends_on if answer is MissingAnswer.ENDED else None
    params: dict[str, Any] = {"import": number, "answer": answer or "", "ends_on": ends_on and ends_on.isoformat()}
    with changing(actor, "import.answer_missing", params=params) as change:
        found = to_change(actor, number, ImportState.CHECKED)
        rows = Item.objects.filter(of=found, verdict=Verdict.MISSING)
        if items is not None:
            rows = rows.filter(pk__in=list(items))
        if answer is MissingAnswer.ENDED:
            _check_end(found, rows, ends_on)
        count = rows.update(answer=answer or "", ends_on=ends_on)
        change.note("imports.import", found.pk, None, {"items": count, "answer": answer or ""})
    return count


def _check_end(found: Import, rows: QuerySet[Item], ends_on: date | None) -> None:
    """A register says what was so on its day: nothing ends after it, nor before it began."""
    if ends_on is None or ends_on > found.on:
        raise FeigongError("error.imports.ends_on", on=found.on.isoformat())
    targets = {t for t in rows.values_list("target", flat=True) if t is not None}
    begun = EnterpriseState.rows.filter(recorded_to=NEVER, enterprise_id__in=targets, valid_from__lt=ends_on)
    if late := len(targets - set(begun.values_list("enterprise_id", flat=True))):
        raise FeigongError("error.imports.ends_before", on=ends_on.isoformat(), count=late)


def choose_verdict(actor: Actor, number: int, kind: Kind, verdict: Verdict, *, left_out: bool) -> int:
    """The same for all items of a kind and verdict."""
    actor.must(Permission.IMPORT_APPLY)
    params: dict[str, Any] = {"import": number, "kind": kind.value, "verdict": verdict.value, "left_out": left_out}
    with changing(actor, "import.choose", params=params):
        found = to_change(actor, number, ImportState.CHECKED)
        rows = Item.objects.filter(of=found, kind=kind, verdict=verdict)
        return rows.update(left_out=left_out)


def skip_fields(actor: Actor, number: int, fields: Collection[str]) -> Import:
    """Kinds of change that are left out everywhere: ``enterprise.staff``."""
    actor.must(Permission.IMPORT_APPLY)
    with changing(actor, "import.choose", params={"import": number}) as change:
        found = to_change(actor, number, ImportState.CHECKED)
        before = {"skipped": found.skipped}
        found.skipped = sorted(set(fields) & set(found.figures.get("fields", {})))
        found.save(update_fields=["skipped"])
        change.note("imports.import", found.pk, before, {"skipped": found.skipped})
    return found


def abandon(actor: Actor, number: int) -> Import:
    """Nothing comes of it: its files are deleted, what it staged is forgotten."""
    actor.must(Permission.IMPORT_UPLOAD)
    with changing(actor, "import.abandon", params={"import": number}) as change:
        found = to_change(actor, number)
        before = found.state
        found.state, found.ended_at = ImportState.ABANDONED, change.at
        found.save(update_fields=["state", "ended_at"])
        change.note("imports.import", found.pk, {"state": before}, {"state": found.state})
        delete_files(File.objects.filter(of=found))
    return found


def delete_files(files: Any) -> int:
    """Delete the content of files; that they were there stays known."""
    gone = list(files.exclude(place="").values_list("place", flat=True))
    files.update(place="")
    for place in gone:
        transaction.on_commit(lambda place=place: store.remove(place))  # type: ignore[misc]
    return len(gone)
