"""What stands on the page of a case besides its steps: where a new settler is, how far recruiting has come."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from feigong.apps.accounts.sight import Sight
from feigong.apps.cases.queries import NamedSubject
from feigong.apps.coverage.recruiting import KIND, full_members
from feigong.wording import Words


def lines(row: Any, subjects: Sequence[NamedSubject], events: Iterable[Any], sight: Sight, words: Words) -> list[str]:
    """Sentences, for a case in sight."""
    facts = row.case.facts
    found = []
    if facts.get("address"):
        found.append(words.word("web.cases.contact", address=facts["address"]))
    if facts.get("registered_on"):
        found.append(words.word("web.cases.registered", on=facts["registered_on"]))
    firms = [s.record_id for s in subjects if s.kind == "enterprise" and s.record_id]
    if row.case.kind == KIND and firms:
        found.append(_recruited(firms[0], events, sight, words))
    return found


def _recruited(firm: int, events: Iterable[Any], sight: Sight, words: Words) -> str:
    number = full_members(sight, [firm])[firm]
    agreed: dict[str, Any] = {}
    for event in events:
        agreed |= {name: event.answers[name] for name in ("target", "by") if event.answers.get(name)}
    if len(agreed) < 2:
        return words.word("web.cases.counted", found=number)
    by = date.fromisoformat(agreed["by"])
    return words.word("web.cases.agreed_by", by=by, target=agreed["target"], found=number)
