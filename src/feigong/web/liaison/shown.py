"""Visits and ladders in words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from feigong.apps.accounts.sight import Sight
from feigong.apps.liaison import queries
from feigong.apps.roll import queries as roll
from feigong.core.coverage.rungs import Ladder, Rung
from feigong.core.coverage.visits import Option
from feigong.core.regulations.values import Words as Titled
from feigong.wording import Words

TONES = {"none": "plain", "known": "info", "enough": "warn", "organisation": "good"}


def titled(title: Titled, words: Words) -> str:
    return title.zh if words.lang == "zh" else title.en


def choices(options: Sequence[Option], words: Words) -> list[tuple[str, str]]:
    return [(option.code, titled(option.title, words)) for option in options]


def title_of(options: Sequence[Option], code: str, words: Words) -> str:
    """The code itself where the list has it no longer."""
    return next((titled(o.title, words) for o in options if o.code == code), code)


@dataclass(frozen=True, slots=True)
class RungLine:
    """A rung on the page: reached since a day, or still to come."""

    code: str
    since: date | None
    here: bool


def rungs(ladder: Ladder | None) -> list[RungLine]:
    """From below. The lowest is where everybody begins: it is told only of those who stand there."""
    if ladder is None:
        return []
    shown = list(Rung) if ladder.rung is Rung.NONE else list(Rung)[1:]
    return [RungLine(rung.value, ladder.since(rung), rung is ladder.rung) for rung in shown]


@dataclass(frozen=True, slots=True)
class VisitLine:
    id: int
    on: date
    purpose: str
    met: str
    who: str
    note: str
    problem: str
    members: int | None
    case: int | None
    took_place: bool


def line(visit: Any, words: Words) -> VisitLine:
    asked = queries.rules()
    return VisitLine(
        visit.pk, visit.on, title_of(asked.purposes, visit.purpose, words), title_of(asked.met, visit.met, words),
        visit.record.actor_name, visit.note, visit.problem, visit.members, visit.case_id, visit.took_place,
    )  # fmt: skip


def earlier(visit: Any, words: Words) -> list[VisitLine]:
    """The wordings that were put right, the last first."""
    found = []
    while visit.corrects is not None:
        visit = visit.corrects
        found.append(line(visit, words))
    return found


_FEW = 5


def of_enterprise(sight: Sight, enterprise: int, ladder: Ladder | None, words: Words) -> dict[str, Any]:
    """For the page of an enterprise: how many visits, the last few, when the next is due; the way to it."""
    rows = queries.visits(sight).filter(enterprise_id=enterprise)
    last = [line(row, words) for row in rows[:_FEW]]
    seen = queries.rounds(sight, [enterprise], {enterprise: ladder} if ladder else {}).get(enterprise)
    return {
        "visits": last,
        "more": rows.count() if len(last) == _FEW else len(last),
        "due": seen.due if seen else None,
        "late": seen.late(sight.on) if seen else 0,
        "source": titled(queries.rules().rhythm.source, words),
    }


def name_of(sight: Sight, enterprise: int) -> str:
    """Of an enterprise that may be seen; nothing for another."""
    found = roll.enterprises(sight).filter(enterprise_id=enterprise).values_list("name", flat=True)
    return found.first() or ""
