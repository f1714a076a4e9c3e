"""A plan on the desk while it is changed by hand: its joint branches, what was changed so far, who is called what."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.http import HttpRequest, QueryDict

from feigong.apps.coverage import actions, queries
from feigong.apps.coverage.changing import Checks
from feigong.core.coverage.values import JointBranch
from feigong.core.coverage.wishes import Draft, Wish, members_of, same, settle
from feigong.core.errors import FeigongError
from feigong.exchange.wishes_json import wish_from_json, wish_to_json, wishes_from_json
from feigong.web.coverage import shown
from feigong.web.records.inputs import number_in
from feigong.web.request import actor_of, sight_of, words_of


@dataclass(frozen=True, slots=True)
class Pending:
    """One change of the form: in words, and as its hidden field holds it."""

    text: str
    value: str


class Desk:
    """``wishes``: the changes so far, each of which holds."""

    def __init__(self, request: HttpRequest, plan_id: int) -> None:
        self.actor, self.words = actor_of(request), words_of(request)
        self.seen = sight_of(request)
        self.kept = actions.to_go_on_from(self.seen, plan_id)
        self.then = self.actor.sight(self.kept.on, self.kept.known_at)
        self.checks = Checks(self.then, self.kept, self.kept.parameters)
        assert self.checks.plan is not None
        self.plan = self.checks.plan
        self.earlier = wishes_from_json(self.kept.wishes)
        self.wishes: tuple[Wish, ...] = ()
        self.asked: tuple[Wish, ...] = ()  # the one that was just checked
        self.names: dict[str, str] = {}
        self.numbers: dict[str, int] = {}
        self._known: set[str] = set()

    @property
    def before(self) -> tuple[Wish, ...]:
        return (*self.earlier, *self.wishes)

    @cached_property
    def draft(self) -> Draft:
        """The plan as changed so far; to be asked for when the changes of the form are read."""
        return settle(self.before, self.plan)

    def branch(self, key: str) -> JointBranch | None:
        """As it is in the plan."""
        return next((b for b in self.plan.branches if b.key == key), None)

    def key_of(self, enterprise: int) -> str:
        """The enterprise's key in the plan; one that was not planned has none."""
        found = queries.keys_in(self.kept, [enterprise])
        if enterprise not in found:
            raise FeigongError("error.wish_not_planned")
        return found[enterprise]

    def know(self, usccs: Iterable[str]) -> None:
        """Names and numbers of enterprises of the plan, names of organisations; two queries, or three, for all that are
        not known yet."""
        new = set(usccs) - self._known
        if not new:
            return
        self._known |= new
        numbers = queries.numbers_in(self.kept, new)
        names = queries.names_of(self.seen, numbers.values())
        self.numbers |= numbers
        self.names |= {key: names[number] for key, number in numbers.items() if number in names}
        self.names |= queries.organisation_names(self.seen, new)

    def name(self, uscc: str) -> str:
        return self.names.get(uscc, uscc)

    def called(self, branch: JointBranch) -> str:
        return shown.branch_name(branch, self.names, self.words)

    def sentence(self, wish: Wish) -> str:
        return shown.wish_sentence(wish, self.plan, self.names, self.words)

    def pending(self) -> list[Pending]:
        """The changes so far, as the form carries them on. After `drawn`, which looks up the names."""
        return [Pending(self.sentence(w), json.dumps(wish_to_json(w), ensure_ascii=False)) for w in self.wishes]

    def drawn(self) -> dict[str, Any]:
        """What the changes so far make otherwise than the plan is, for the map."""
        was = {b.key: b for b in self.plan.branches}
        held = settle(self.earlier, self.plan).held
        now = [b for b in self.draft.branches if b.key not in was or not _alike(b, was[b.key]) or
               (b.key in self.draft.held and b.key not in held)] if self.wishes else []  # fmt: skip
        gone = [key for key in was if self.draft.branch(key) is None] if self.wishes else []
        loose = {u for key in gone for u in members_of(was[key])} | (self.draft.alone if self.wishes else set())
        loose |= {u for b in now if b.key in was for u in members_of(was[b.key]) - members_of(b)}
        loose -= {u for b in self.draft.branches for u in members_of(b)}
        named = shown.wish_keys((*self.wishes, *self.earlier, *self.asked), self.plan)
        self.know({u for b in now for u in (b.host, *members_of(b))} | loose | named)
        number = self.numbers
        return {
            "branches": [
                {
                    "key": b.key, "host": number.get(b.host), "when": self.words.slot(b.slot, b.cycle_weeks),
                    "name": self.called(b), "firms": [number[u] for u in sorted(members_of(b)) if u in number],
                }
                for b in now
            ],
            "gone": gone,
            "loose": sorted(number[u] for u in loose if u in number),
        }  # fmt: skip


def _alike(a: JointBranch, b: JointBranch) -> bool:
    return same(a, b) and (a.slot, a.cycle_weeks) == (b.slot, b.cycle_weeks)


def read_wishes(given: QueryDict) -> tuple[Wish, ...]:
    """The changes so far. Whoever wrote the hidden fields: each is read and, when planned, checked again."""
    found = []
    for text in given.getlist("wish"):
        try:
            found.append(wish_from_json(json.loads(text)))
        except ValueError:
            raise FeigongError("error.wish_form", found=text[:80]) from None
    return tuple(found)


def thing_in(given: QueryDict, name: str) -> int:
    """The enterprise that a change must name."""
    number = number_in(given, name)
    if number is None:
        raise FeigongError("error.wish_unnamed")
    return number
