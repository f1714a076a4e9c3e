"""What letters of introduction and their receipts say. A member is named to whoever may see people and the case; an ID
number is never in it: it is written by hand from the card."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from feigong.apps.accounts.sight import Sight
from feigong.apps.cases.models import CaseEvent
from feigong.apps.cases.queries import NamedSubject
from feigong.apps.roll import queries as roll
from feigong.wording import Words

_WORDS = Words("zh")


def of_transfer(
    sight: Sight, facts: Mapping[str, Any], subjects: Sequence[NamedSubject], events: Iterable[CaseEvent]
) -> dict[str, Any]:
    """The fields of a case that moves a membership, by the codes of documents; nothing of any other case."""
    if "from_name" not in facts:
        return {}
    sender = roll.organisations(sight).filter(organisation_id=facts.get("from") or 0).first()
    found = {
        "from_organisation": facts["from_name"], "to_organisation": facts.get("to_name"),
        "superior_id": None if sender is None else sender.superior_id,  # who writes the letter
        "transfer_reason": _why(facts), "valid_days": facts.get("valid_days"), **_member(sight, facts, subjects),
    }  # fmt: skip
    for event in events:
        if event.code == "done":
            found |= _of_step(sight, event, facts)
    return found


def _why(facts: Mapping[str, Any]) -> str:
    why = facts.get("why", "")
    return facts.get("noted", "") if why == "other" else _WORDS.word(f"transfer_why.{why}") if why else ""


def _member(sight: Sight, facts: Mapping[str, Any], subjects: Sequence[NamedSubject]) -> dict[str, Any]:
    """Name and kind: of a member on the roll as the roll has it, of one who arrives as the letter told."""
    person = next((s for s in subjects if s.kind == "member"), None)
    if person is None:
        return {"member": facts.get("name"), "member_kind": _kind(facts.get("full"))} if sight.members else {}
    row = roll.members(sight).filter(member_id=person.record_id).first() if person.record_id else None
    return {"member": person.name, "member_kind": _kind(None if row is None else row.full)}


def _kind(full: bool | None) -> str:
    return "" if full is None else _WORDS.word("member_kind.full" if full else "member_kind.probationary")


def _of_step(sight: Sight, event: CaseEvent, facts: Mapping[str, Any]) -> dict[str, Any]:
    answers = event.answers
    if event.ending in ("sent", "checked"):
        days = {"valid_days": answers["valid_days"]} if answers.get("valid_days") else {}
        return {"letter_number": answers.get("number"), "letter_on": answers.get("sent_on"), **days}
    if event.ending == "accepted":
        branch = roll.organisations(sight).filter(organisation_id=answers.get("branch") or facts.get("to") or 0)
        name = branch.order_by().values_list("name", flat=True).first()
        return {"accepted_on": event.on, "to_branch": name}
    return {}
