"""The time line of a thing's page: who changed what. `{% include "audit/timeline.html" with happenings=… %}`."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from feigong.apps.accounts.sight import Sight
from feigong.apps.audit import queries
from feigong.apps.roll.kinds import RecordKind
from feigong.web.audit.shown import Block, action_word, blocks, named
from feigong.wording import Words


@dataclass(frozen=True, slots=True)
class Happened:
    at: datetime
    action: str
    who: str
    role: str
    reason: str
    taken_back: bool
    blocks: tuple[Block, ...]


def timeline_of(sight: Sight, kind: RecordKind, record_id: int, words: Words, *, most: int = 50) -> list[Happened]:
    """Newest first. Things out of sight stay without a name."""
    told = queries.history(sight, kind, record_id, most=most)
    names = queries.names_in_sight(sight, {thing for one in told for thing in named(one.differences)})
    return [
        Happened(
            one.at,
            action_word(words, one.code),
            one.who,
            words.word(f"role.{one.role}") if one.role else "",
            one.reason,
            one.taken_back,
            tuple(blocks(one.differences, names, words)),
        )
        for one in told
    ]
