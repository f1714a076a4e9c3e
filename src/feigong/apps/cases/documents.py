"""The documents of a step, filled in with what the roll and the case know. What is not known prints as a blank line."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from django.db.models import Count, Q

from feigong.apps.accounts.sight import Sight
from feigong.apps.cases import queries
from feigong.apps.cases.models import CaseEvent, CaseState
from feigong.apps.cases.transfer_papers import of_transfer
from feigong.apps.documents import making
from feigong.apps.documents.making import Made
from feigong.apps.roll import queries as roll
from feigong.apps.roll.models.organisations import OrganisationKind
from feigong.core.errors import FeigongError
from feigong.exchange.reference import load_industry_names
from feigong.wording import Words

_WORDS = Words("zh")  # an office writes Chinese whatever language its pages are in
_ANSWERS = {  # what a step asks for: what it is called in documents
    "noted": "agreed", "due": "voters_due", "present": "voters_present", "met_on": "meeting_time", "why": "reason",
    "members_go": "members_left", "found": "finding", "measures": "mend", "number": "approval_number",
    "secretary": "secretary", "applied_on": "applied_on", "full_members": "full_members",
    "organisation_name": "organisation",
}  # fmt: skip


def codes(row: CaseState) -> tuple[str, ...]:
    """Documents of the step under way and of those before it, in the order of steps."""
    kind = queries.kind_of(row.case)
    steps = [s.code for s in kind.steps]
    passed = kind.steps[: steps.index(row.step) + 1]
    return tuple(dict.fromkeys(code for step in passed for code in step.documents))


def make(sight: Sight, case_id: int, code: str, kind: str, *, on: date) -> Made:
    """One of them as ``docx`` or ``pdf``, by the template of the case's area; ``error.not_found``."""
    row = queries.case(sight, case_id)
    if code not in codes(row):
        raise FeigongError("error.not_found")
    events = list(queries.events(sight, case_id))
    return making.make(code, fields_of(sight, row, events, on), kind, on=on, area=row.area_id)


def fields_of(sight: Sight, row: CaseState, events: Sequence[CaseEvent], on: date) -> dict[str, Any]:
    """What is known, by the codes of documents."""
    subjects = queries.subjects(sight, [row.case_id])[row.case_id]
    firms = [s.record_id for s in subjects if s.kind == "enterprise" and s.record_id]
    facts: Mapping[str, Any] = row.case.facts
    found: dict[str, Any] = {"date": on, "due": row.due_on, "kind": _kind(firms)}
    found |= _of_organisation(sight, [s for s in subjects if s.kind == "organisation"])
    found |= {"organisation": facts["organisation_name"]} if facts.get("organisation_name") else {}
    found |= _of_firms(sight, firms, facts)
    if facts.get("slot") is not None:
        found["slot"] = _WORDS.slot(facts["slot"], facts.get("cycle_weeks") or 1)
    found |= _of_steps(events) | of_transfer(sight, facts, subjects, events)
    superior = found.pop("superior_id", None) or facts.get("superior")
    if superior:
        named = roll.superiors(sight).filter(organisation_id=superior).order_by()
        found["superior"] = named.values_list("name", flat=True).first()
    if row.worker_id:
        found |= _of_officer(sight, row.worker_id, firms)
    return {name: value for name, value in found.items() if value not in (None, "", [])}


def _of_officer(sight: Sight, worker: int, firms: Sequence[int]) -> dict[str, Any]:
    """Whose case it is, and since when the enterprise is in this officer's hands."""
    officer = roll.workers(sight).filter(worker_id=worker).order_by()
    theirs = roll.assignments(sight).filter(worker_id=worker, enterprise_id__in=firms).order_by("valid_from")
    return {
        "officer": officer.values_list("name", flat=True).first(),
        "officer_from": theirs.values_list("valid_from", flat=True).first(),
    }


def _kind(firms: Sequence[int]) -> str:
    kind = OrganisationKind.JOINT_BRANCH if len(firms) > 1 else OrganisationKind.BRANCH
    return _WORDS.word(f"organisation_kind.{kind.value}")


def _of_organisation(sight: Sight, subjects: Sequence[queries.NamedSubject]) -> dict[str, Any]:
    ids = [s.record_id for s in subjects if s.record_id]
    row = roll.organisations(sight).filter(organisation_id__in=ids).first() if ids else None
    if row is None:
        return {}
    return {"organisation": row.name, "superior_id": row.superior_id, "founded_on": row.founded_on}


def _of_firms(sight: Sight, firms: Sequence[int], facts: Mapping[str, Any]) -> dict[str, Any]:
    """Of the host what documents say of one enterprise; of all of them what they say of a joint branch."""
    rows = {r.enterprise_id: r for r in roll.enterprises(sight).filter(enterprise_id__in=firms)}
    order = [rows[f] for f in firms if f in rows]
    if not order:
        return {}
    host, people = order[0], _members(sight, firms)
    metres = {int(k): v for k, v in (facts.get("travel_m") or {}).items()}
    units = [
        {
            "name": r.name, "staff": r.staff, "full_members": people.get(r.enterprise_id, (None, None))[0],
            "travel": _WORDS.distance(metres[r.enterprise_id]) if r.enterprise_id in metres else None,
        }
        for r in order
    ]  # fmt: skip
    names = _WORDS.join([r.name for r in order])
    return {
        "enterprise": host.name if len(order) == 1 else names, "unit": names,
        "units_text": names if len(order) > 1 else None, "host": host.name,
        "uscc": host.uscc, "address": host.operating_address or host.registered_address,
        "place": host.operating_address or host.registered_address, "industry": _industry(host.industry),
        "owner": host.legal_representative, "staff": _sum(r.staff for r in order), "units": units,
        "full_members": _sum(one for one, _ in people.values()) if people else facts.get("full_members"),
        "probationary_members": _sum(other for _, other in people.values()) if people else None,
        "travel": _WORDS.distance(max(metres.values())) if metres else None,
    }  # fmt: skip


def _members(sight: Sight, firms: Sequence[int]) -> dict[int, tuple[int, int]]:
    """Full and probationary members by employer, as far as people may be seen."""
    rows = roll.members(sight).filter(employer_id__in=firms).order_by().values("employer_id")
    counted = rows.annotate(full_n=Count("pk", filter=Q(full=True)), other_n=Count("pk", filter=Q(full=False)))
    return {r["employer_id"]: (r["full_n"], r["other_n"]) for r in counted}


def _industry(code: str) -> str:
    return load_industry_names().get(code, "") if code else ""


def _sum(values: Any) -> int | None:
    known = [v for v in values if v is not None]
    return sum(known) if known else None


def _of_steps(events: Sequence[CaseEvent]) -> dict[str, Any]:
    """What was answered, the last answer over the first; days and votes as documents call them."""
    found: dict[str, Any] = {}
    for event in events:
        if event.code != "done":
            continue
        answers = event.answers
        found |= {_ANSWERS[name]: value for name, value in answers.items() if name in _ANSWERS and value != ""}
        if event.step == "talk":
            found |= {"talker": event.record.actor_name, "talk_time": event.on.isoformat()}
        if event.step == "reply" and event.ending == "approved":
            found["approved_on"] = event.on
        if isinstance(answers.get("superior"), int):
            found["superior_id"] = answers["superior"]
        if isinstance(answers.get("votes"), int):
            post = _WORDS.word("post_role.secretary")
            found["ballots"] = [{"name": answers.get("secretary"), "post": post, "in_favour": answers["votes"]}]
    return found
