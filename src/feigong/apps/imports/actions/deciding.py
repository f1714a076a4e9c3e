"""What a person decides before an import is applied: doubts, what is taken as it is, what is left out."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from django.db import transaction

from feigong.apps.accounts.roles import Permission
from feigong.apps.accounts.sight import Actor
from feigong.apps.audit.recording import Change, changing
from feigong.apps.imports import store
from feigong.apps.imports.actions.receive import to_change
from feigong.apps.imports.choices import Answer, ImportState, Kind, Verdict
from feigong.apps.imports.models import Decision, File, Import, Item, Problem
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
        rows = Item.objects.filter(of=found, pk__in=list(items)).exclude(verdict=Verdict.FOREIGN)
        count = rows.update(**wanted)
        change.note("imports.import", found.pk, None, {"items": count, **wanted})
    return count


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
