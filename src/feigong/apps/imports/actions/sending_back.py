"""The office's own sheets with what became of each row: recorded as an export, for they hold people's data."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from django.db.models import QuerySet

from feigong.apps.accounts.sight import Actor
from feigong.apps.audit.recording import changing
from feigong.apps.clock import day_of
from feigong.apps.imports import queries, reading, store
from feigong.apps.imports.actions.receive import as_reason
from feigong.apps.imports.choices import Verdict
from feigong.apps.imports.models import File, Problem, Row, Sheet
from feigong.core.errors import FeigongError
from feigong.exchange.annotated import Note, Tone, write_annotated
from feigong.wording import Words

_TONES = {
    Verdict.NEW: Tone.GOOD, Verdict.CHANGED: Tone.GOOD, Verdict.UNCHANGED: Tone.GOOD, Verdict.DOUBTFUL: Tone.LOOK,
    Verdict.FOREIGN: Tone.LEFT,
}  # fmt: skip
_SERIOUS = ("decide", "check")


def send_back(actor: Actor, number: int, file: int, words: Words, at: datetime) -> tuple[str, bytes]:
    """The name and the content of the annotated workbook of one file."""
    found = queries.one(actor, number, day_of(at), at)
    row = File.objects.filter(of=found, pk=file).first()
    if row is None:
        raise FeigongError("error.not_found", what="file")
    if not row.place:
        raise FeigongError("error.imports.file_deleted", name=row.name)
    if found.checked_at is None:
        raise FeigongError("error.imports.not_checked")
    with changing(actor, "import.send_back", params={"import": number}) as change:
        change.note("imports.file", row.pk, None, {"name": row.name})
    sheets = {s.name: s for s in Sheet.objects.filter(file=row)}
    seen = _Seen(frozenset(queries.items_seen(actor, found, at).values_list("pk", flat=True)),
                 queries.problems_seen(actor, found, at).filter(severity__in=_SERIOUS))  # fmt: skip
    tables = reading.read_file(row.name, store.fetch(row.place))
    headers = {n: s.first_row + s.header_from for n, s in sheets.items() if s.header_to}
    with store.as_file(b"", "annotated.xlsx") as path:
        write_annotated(path, tables, headers, _notes(seen, sheets, words), words)
        content = path.read_bytes()
    return words.word("annotated.file", name=f"{Path(row.name).stem}.xlsx"), content


@dataclass(frozen=True, slots=True)
class _Seen:
    """What may be said to whoever asks: whether a person is on the roll is nobody's to learn from a table of names."""

    items: frozenset[int]
    problems: QuerySet[Problem]


def _notes(seen: _Seen, sheets: Mapping[str, Sheet], words: Words) -> dict[tuple[str, int], Note]:
    by_pk = {s.pk: name for name, s in sheets.items()}
    todo: dict[tuple[str, int], list[str]] = {}
    for problem in seen.problems:
        sentence = words.say(as_reason({"code": problem.code, "params": problem.params}))
        for sheet, row in problem.rows:
            if sheet in by_pk:
                todo.setdefault((by_pk[sheet], row), []).append(sentence)
    notes: dict[tuple[str, int], Note] = {}
    for fate in Row.objects.filter(sheet__in=by_pk).select_related("item").iterator(chunk_size=2000):
        place = (by_pk[fate.sheet_id], fate.row)
        if fate.item_id is not None and fate.item_id not in seen.items:
            notes[place] = Note(Tone.LEFT, words.word("annotated.received"))
        else:
            notes[place] = _note(fate, todo.get(place, ()), words)
    return notes


def _note(fate: Row, todo: Iterable[str], words: Words) -> Note:
    said = words.sentences(as_reason(r) for r in fate.reasons)
    mends = "\n".join(dict.fromkeys(todo))
    item = fate.item
    if fate.fate == "put_aside" or item is None:
        what = words.word("annotated.put_aside")
        return Note(Tone.MEND, f"{what}{words.word('list.colon')}{said}" if said else what, mends)
    if item.left_out:
        return Note(Tone.LEFT, words.word("annotated.left_out"), mends)
    fields = words.join([words.word(f"compare.field.{c['field']}") for c in item.changes])
    what = words.word(f"annotated.{item.verdict}", fields=fields)
    if fate.fate == "duplicate":
        what = words.word("annotated.duplicate")
    doubts = "\n".join(words.say(as_reason(r)) for r in item.reasons)
    tone = _TONES[Verdict(item.verdict)]
    return Note(
        Tone.LOOK if mends and tone is Tone.GOOD else tone,
        words.word("list.sentence").join(t for t in (what, said) if t),
        "\n".join(dict.fromkeys(t for t in (mends, doubts) if t)),
    )
