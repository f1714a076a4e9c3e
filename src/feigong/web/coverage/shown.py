"""Plans, branches and changes by hand in words, with the names that are in sight."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from feigong.core.coverage.comparison import EnterpriseChange, Side
from feigong.core.coverage.values import CoveragePlan, JointBranch, Outcome
from feigong.core.coverage.wishes import Forbid, Host, Move, Pin, Slot, Wish, members_of
from feigong.core.reasons import Reason
from feigong.exchange.parameters_words import parameter_notes
from feigong.exchange.plan_view import ParameterNote
from feigong.exchange.rules_file import load_rules
from feigong.wording import Words

Names = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Chosen:
    """A parameter that differs: from the value in force, or between two plans."""

    name: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class ShownChange:
    """One line of a comparison."""

    key: str
    name: str
    members: int
    differences: tuple[str, ...]
    before: str
    after: str


def reasons_of(kept: Sequence[Sequence[Any]]) -> list[Reason]:
    """Reasons as rows keep them."""
    return [Reason(code, params) for code, params in kept]


def branch_name(branch: JointBranch, names: Names, words: Words) -> str:
    """A joint branch is called by where it meets and how many it has."""
    host = names.get(branch.host, branch.host)
    return words.word("web.coverage.branch_at", host=host, n=len(members_of(branch)))


def wish_sentence(wish: Wish, plan: CoveragePlan, names: Names, words: Words) -> str:
    """What somebody wished, in one sentence."""
    keys = {b.key: b for b in plan.branches}

    def name(uscc: str) -> str:
        return names.get(uscc, uscc)

    def branch(key: str) -> str:
        return branch_name(keys[key], names, words) if key in keys else key

    match wish:
        case Pin(usccs, _, _, _, joins) if joins:
            firms = words.join([name(u) for u in usccs])
            text = words.word("web.coverage.wish_join", firms=firms, organisation=name(joins))
        case Pin(usccs, host):
            text = words.word("web.coverage.wish_pin", firms=words.join([name(u) for u in usccs]), host=name(host))
        case Move(uscc, ""):
            text = words.word("web.coverage.wish_alone", firm=name(uscc))
        case Move(uscc, to):
            text = words.word("web.coverage.wish_move", firm=name(uscc), branch=branch(to))
        case Host(key, uscc):
            text = words.word("web.coverage.wish_host", branch=branch(key), firm=name(uscc))
        case Slot(key, slot, weeks):
            text = words.word("web.coverage.wish_slot", branch=branch(key), slot=words.slot(slot, weeks))
        case Forbid((uscc,), ""):
            text = words.word("web.coverage.wish_alone", firm=name(uscc))
        case Forbid(usccs, organisation) if organisation:
            firms = words.join([name(u) for u in usccs])
            text = words.word("web.coverage.wish_not_join", firms=firms, organisation=name(organisation))
        case Forbid(usccs):
            text = words.word("web.coverage.wish_apart", firms=words.join([name(u) for u in usccs]))
    return text


def wish_keys(wishes: Sequence[Wish], plan: CoveragePlan) -> set[str]:
    """The enterprises and organisations that sentences about wishes name."""
    hosts = {b.key: b.host for b in plan.branches}
    found: set[str] = set()
    for wish in wishes:
        match wish:
            case Pin(usccs, host, _, _, joins):
                found |= {*usccs, joins or host}
            case Move(uscc, key) | Host(key, uscc):
                found |= {uscc, hosts.get(key, "")}
            case Slot(key):
                found.add(hosts.get(key, ""))
            case Forbid(usccs, organisation):
                found |= {*usccs, organisation}
    return found


def parameter_names(plan: CoveragePlan, words: Words) -> Mapping[str, ParameterNote]:
    return parameter_notes(load_rules(None), plan.on, words)


def value_text(name: str, value: str, notes: Mapping[str, ParameterNote], words: Words) -> str:
    """A parameter's value with its unit; of yes and no and of ways to join the word."""
    if value in ("true", "false"):
        return words.yes(value == "true")
    if name == "bases":
        return words.join([words.word(f"basis.{one}") for one in value.replace(" ", "").split(",") if one])
    note = notes.get(name)
    return f"{value} {note.unit}".strip() if note is not None else value


def parameters_shown(rows: Sequence[tuple[str, str, str]], plan: CoveragePlan, words: Words) -> list[Chosen]:
    """Parameters with what they are called."""
    notes = parameter_names(plan, words)
    return [
        Chosen(
            notes[name].name if name in notes else name,
            value_text(name, before, notes, words),
            value_text(name, after, notes, words),
        )
        for name, before, after in rows
    ]


def change_keys(changes: Sequence[EnterpriseChange]) -> set[str]:
    """The enterprises that lines of a comparison name."""
    sides = [s for c in changes for s in (c.before, c.after) if s is not None]
    return {c.uscc for c in changes} | {u for s in sides for u in (*s.partners, s.host or "")} - {""}


def change_shown(change: EnterpriseChange, names: Names, words: Words) -> ShownChange:
    side = change.after or change.before
    assert side is not None
    return ShownChange(
        change.uscc,
        names.get(change.uscc, change.uscc),
        side.full_members,
        tuple(words.word(f"difference.{d.value}") for d in change.differences),
        side_text(change.before, names, words),
        side_text(change.after, names, words),
    )


def side_text(side: Side | None, names: Names, words: Words) -> str:
    """What one plan says of an enterprise, in one line."""
    if side is None:
        return words.word("web.coverage.not_planned")
    outcome = words.word(f"outcome.{side.outcome.value}")
    if not side.placed:
        return outcome
    place = {
        "outcome": outcome,
        "host": names.get(side.host or "", side.host),
        "when": words.slot(side.slot or 0, side.cycle_weeks),
        "metres": side.travel_m,
    }
    partners = [names.get(u, u) for u in side.partners]
    if not partners or side.outcome is Outcome.JOIN:
        return words.word("web.coverage.side_joins", **place)
    return words.word("web.coverage.side", **place, partners=words.join(partners))
