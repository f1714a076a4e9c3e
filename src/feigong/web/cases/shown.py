"""Cases in words: what they are about, their steps, what was done in them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from feigong.apps.accounts import queries as accounts
from feigong.apps.accounts.sight import Sight
from feigong.apps.cases import queries
from feigong.apps.roll import queries as roll
from feigong.core.cases.engine import overdue
from feigong.core.cases.values import AskedKind, CaseKind, Position, Standing
from feigong.core.errors import FeigongError
from feigong.core.reasons import Reason
from feigong.core.regulations.values import Words as Titled
from feigong.wording import Words

_MOST_NAMES = 3


def titled(title: Titled, words: Words) -> str:
    return title.zh if words.lang == "zh" else title.en


def kind_title(code: str, words: Words) -> str:
    return titled(queries.kinds()[code].title, words)


def step_title(row: Any, words: Words) -> str:
    return titled(queries.kinds()[row.case.kind].step(row.step).title, words)


def about_words(subjects: Sequence[queries.NamedSubject], words: Words) -> str:
    """Names of what a case is about, the first few; those out of sight are counted, not named."""
    names = [s.name for s in subjects if s.name]
    unseen = len(subjects) - len(names)
    shown = words.join(names[:_MOST_NAMES])
    more = len(names) - _MOST_NAMES + unseen if len(names) > _MOST_NAMES else unseen
    if not names:
        return words.word("web.cases.not_in_sight", n=unseen)
    return words.word("web.cases.and_more", names=shown, n=more) if more else shown


def whose(rows: Sequence[Any], sight: Sight) -> Mapping[int, str]:
    """Who sees to cases: an account's name, or a liaison officer's as far as people may be seen."""
    names = accounts.names({r.owner_id for r in rows if r.owner_id})
    workers = roll.workers(sight).filter(worker_id__in={r.worker_id for r in rows if r.worker_id})
    officers = dict(workers.order_by().values_list("worker_id", "name"))
    return {r.pk: " / ".join(n for n in (names.get(r.owner_id), officers.get(r.worker_id)) if n) for r in rows}


@dataclass(frozen=True, slots=True)
class Rung:
    """A step on the way: done, now or still to come."""

    title: str
    state: str  # done, now, next
    on: date | None
    due_on: date | None = None


def way(kind: CaseKind, position: Position, events: Sequence[Any], words: Words) -> list[Rung]:
    """The steps in their usual order. What came after a step that was begun again is still to come."""
    codes = [s.code for s in kind.steps]
    now = codes.index(position.step)
    closed = position.standing is Standing.CLOSED
    days = {e.step: e.on for e in events if e.code == "done"}
    found = []
    for at, step in enumerate(kind.steps):
        state = "done" if at < now or (closed and at == now) else "now" if at == now else "next"
        on = days.get(step.code) if state == "done" else position.step_on if state == "now" else None
        found.append(Rung(titled(step.title, words), state, on, position.due_on if state == "now" else None))
    return found


@dataclass(frozen=True, slots=True)
class Told:
    """Something that was done, as a line of the time line."""

    on: date
    title: str
    who: str
    text: str
    answers: tuple[tuple[str, str], ...]
    warnings: tuple[str, ...]
    record: int | None  # opened to be taken back


def told(kind: CaseKind, events: Sequence[Any], sight: Sight, words: Words) -> list[Told]:
    """The newest first."""
    named = _names(events, kind, sight)
    return [_told(kind, event, named, words) for event in reversed(events)]


def _told(kind: CaseKind, event: Any, named: Mapping[tuple[str, int], str], words: Words) -> Told:
    title = words.word(f"case_event.{event.code}")
    answers: list[tuple[str, str]] = []
    if event.code == "done":
        step = kind.step(event.step)
        ending = step.ending(event.ending)
        ends = titled(ending.title, words) if ending else event.ending
        title = words.word("web.cases.step_done", step=titled(step.title, words), ending=ends)
        for asked in step.asks:
            value = event.answers.get(asked.name)
            if value in (None, ""):
                continue
            shown = named.get((asked.kind.value, value), str(value)) if isinstance(value, int) else str(value)
            options = {code: titled(word, words) for code, word in asked.options}
            if asked.kind is AskedKind.YES_NO:
                shown = words.yes(value == "yes")
            answers.append((titled(asked.title, words), options.get(shown, shown)))
    warnings = tuple(said(Reason(code, params), kind, event.step, words) for code, params in event.warnings)
    return Told(
        event.on, title, event.record.actor_name, event.text, tuple(answers), warnings, event.record.number
    )  # fmt: skip


def _names(events: Sequence[Any], kind: CaseKind, sight: Sight) -> dict[tuple[str, int], str]:
    """Names of organisations and workers that answers mention, as far as they are in sight."""
    asked: dict[str, set[int]] = {"organisation": set(), "worker": set()}
    for event in events:
        if event.code == "done":
            for one in kind.step(event.step).asks:
                value = event.answers.get(one.name)
                if one.kind.value in asked and isinstance(value, int):
                    asked[one.kind.value].add(value)
    found: dict[tuple[str, int], str] = {}
    if asked["organisation"]:
        rows = roll.superiors(sight).filter(organisation_id__in=asked["organisation"]).order_by()
        found |= {("organisation", pk): name for pk, name in rows.values_list("organisation_id", "name")}
    if asked["worker"]:
        people = roll.workers(sight).filter(worker_id__in=asked["worker"]).order_by()
        found |= {("worker", pk): name for pk, name in people.values_list("worker_id", "name")}
    return found


def said(reason: Reason, kind: CaseKind, step: str, words: Words) -> str:
    """A sentence in which what was asked for has its title, not its code."""
    titles = {a.name: titled(a.title, words) for a in kind.step(step).asks}
    params = {
        name: titles.get(value, value) if name in ("name", "part", "whole") and isinstance(value, str) else value
        for name, value in reason.params.items()
    }
    return words.say(Reason(reason.code, params))


def said_error(error: FeigongError, kind: CaseKind, step: str, words: Words) -> str:
    return said(error.reason, kind, step, words)


def late_days(position: Position, on: date) -> int:
    return overdue(position, on)
