"""The page of a liaison officer, made for a phone: who is next, and a visit written down in a few touches."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from feigong.apps.accounts.roles import Permission
from feigong.apps.clock import today
from feigong.apps.liaison import queries
from feigong.apps.roll import queries as roll
from feigong.web.liaison import shown
from feigong.web.lists import Ask, fills

MOST = 200


@dataclass(frozen=True, slots=True)
class Card:
    """One enterprise of the officer's."""

    row: Any
    area: str
    facts: Sequence[str]  # what is known of it, in words
    covering: Sequence[str]
    round: queries.Round | None
    late: int
    rung: str
    since: date | None


def own_rounds(ask: Ask) -> Mapping[str, Any] | None:
    """What the page needs: the enterprises, those to be visited soonest first; nothing for who is no officer."""
    if ask.actor.scope.worker is None:
        return None
    rows = list(roll.enterprises(ask.sight)[: MOST + 1])
    cut, rows = len(rows) > MOST, rows[:MOST]
    rounds = queries.rounds(ask.sight, [row.enterprise_id for row in rows])
    covering, areas = fills.covering_names(rows, ask), fills.area_name(rows, ask)
    cards = [
        _card(row, rounds.get(row.enterprise_id), areas.get(row.pk, ""), covering.get(row.pk, ()), ask) for row in rows
    ]
    cards.sort(key=lambda card: (card.round.due if card.round else date.max, card.row.name, card.row.pk))
    return {
        **form_words(ask),
        "cards": cards,
        "cut": cut,
        "late": sum(card.late > 0 for card in cards),
        "may_log": ask.actor.may(Permission.VISITS_LOG) and ask.sight.on == today(),
        "source": shown.titled(queries.rules().rhythm.source, ask.words),
    }


def _card(row: Any, round_: queries.Round | None, area: str, covering: Sequence[str], ask: Ask) -> Card:
    ladder = round_.ladder if round_ else None
    late = round_.late(ask.sight.on) if round_ else 0
    rung = ladder.rung if ladder else None
    since = ladder.since(rung) if ladder and rung else None
    return Card(row, area, _facts(row, ask), covering, round_, late, rung.value if rung else "", since)


def _facts(row: Any, ask: Ask) -> list[str]:
    staff = "" if row.staff is None else ask.words.word("web.home.staff", n=row.staff)
    owner = row.legal_representative and f"{ask.words.word('field.legal_representative')} {row.legal_representative}"
    return [said for said in (staff, owner, row.shift, row.free_text) if said]


def form_words(ask: Ask) -> dict[str, Any]:
    """What the form of a visit offers."""
    asked = queries.rules()
    return {
        "met": shown.choices(asked.met, ask.words),
        "purposes": shown.choices(asked.purposes, ask.words),
        "today": today(),
    }
