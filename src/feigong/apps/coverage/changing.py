"""Changes by hand against the roll: only that part of it is read that they are about."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from feigong.apps.accounts.sight import Sight
from feigong.apps.coverage.models import Plan
from feigong.apps.coverage.queries import branches_of, organisation_key, organisation_name
from feigong.apps.roll.adapters.part import RollPart, part_of_roll
from feigong.core.coverage.checking import (
    best_host,
    check_wish,
    concerned,
    effects_of_wish,
    free_times,
    meeting_place,
)
from feigong.core.coverage.moves import Target, move_targets
from feigong.core.coverage.values import JointBranch
from feigong.core.coverage.wishes import Pin, Wish, in_force, members_of, settle
from feigong.core.errors import FeigongError
from feigong.core.reasons import Reason
from feigong.exchange.parameters_file import parameters_with
from feigong.exchange.rules_file import load_rules
from feigong.exchange.wishes_json import wishes_from_json


class Checks:
    """Judges wishes about a plan on the roll of a sight."""

    def __init__(self, sight: Sight, before: Plan | None, chosen: Mapping[str, Any]) -> None:
        self.sight = sight
        self.plan = None if before is None else branches_of(before)
        self.parameters, _ = parameters_with(chosen, load_rules(None), sight.on)
        self._read: RollPart | None = None
        self._usccs: frozenset[str] = frozenset()
        self._organisations: frozenset[str] = frozenset()

    def read(self, wishes: Iterable[tuple[Wish, Sequence[Wish]]]) -> RollPart:
        """What judging these, each after earlier ones, needs; read once."""
        pairs = [concerned(wish, self.plan, earlier) for wish, earlier in wishes]
        return self._with(frozenset().union(*(u for u, _ in pairs)), frozenset().union(*(o for _, o in pairs)))

    def broken(self, wish: Wish, earlier: Sequence[Wish] = ()) -> tuple[Reason, ...]:
        """What a wish would break after earlier ones."""
        part = self.read([(wish, earlier)])
        return check_wish(
            wish, part.roll, self.parameters, on=self.sight.on, previous=self.plan, wishes=tuple(earlier)
        )

    def effects(self, wish: Wish, earlier: Sequence[Wish] = ()) -> tuple[Reason, ...]:
        """What it does to branches that it is not about."""
        part = self.read([(wish, earlier)])
        return effects_of_wish(
            wish, part.roll, self.parameters, on=self.sight.on, previous=self.plan, wishes=tuple(earlier)
        )

    def first_broken(self, wishes: Sequence[Wish], earlier: Sequence[Wish] = ()) -> int | None:
        """The number, from 1, of the first of several wishes that breaks a rule."""
        self.read((w, (*earlier, *wishes[:n])) for n, w in enumerate(wishes))
        broken = (n + 1 for n, w in enumerate(wishes) if self.broken(w, (*earlier, *wishes[:n])))
        return next(broken, None)

    def times(self, branch: JointBranch) -> tuple[tuple[int, int], ...]:
        """When a branch could meet, as (slot, weeks of its cycle)."""
        part = self._with(frozenset(s.uscc for s in branch.seats), frozenset())
        return free_times(branch, part.roll, self.parameters, self.sight.on)

    def best_host(self, usccs: Sequence[str]) -> str:
        """Where these would best meet; empty where none of them is on the roll."""
        part = self._with(frozenset(usccs), frozenset())
        known = [u for u in usccs if u in part.enterprises]
        return best_host(known, part.roll, self.parameters, self.sight.on) if known else ""

    def joined(self, usccs: Iterable[str], organisation: int, earlier: Sequence[Wish] = ()) -> Pin:
        """The wish that an organisation takes these in, and all that it takes in after earlier wishes.

        Raises `FeigongError`: ``error.wish_organisation_cannot`` where it takes nobody in.
        """
        key = organisation_key(organisation)
        host = meeting_place(key, self._with(frozenset(), frozenset({key})).roll, self.parameters, self.sight.on)
        if not host:
            name = organisation_name(self.sight, organisation) or f"{organisation}"
            raise FeigongError("error.wish_organisation_cannot", organisation=name)
        taken = {u for b in settle(earlier, self.plan).branches if b.joins == key for u in members_of(b)}
        return Pin(tuple(sorted({*usccs, *taken})), host, joins=key)

    def targets(self, uscc: str, branches: Sequence[str], earlier: Sequence[Wish] = ()) -> tuple[Target, ...]:
        """Which of these branches an enterprise could be moved to, the nearest first, each judged as a move is.

        Of the plan only they are settled, those that earlier wishes touch, and the enterprise's own.
        """
        assert self.plan is not None
        draft = settle(earlier, self.plan)
        known = {*branches, *draft.altered, *draft.held}
        plan = replace(self.plan, branches=tuple(
            b for b in self.plan.branches if b.key in known or uscc in members_of(b)
        ))  # fmt: skip
        near = [b for b in (*plan.branches, *draft.branches) if b.key in known or uscc in members_of(b)]
        usccs = frozenset({uscc}.union(*({s.uscc for s in b.seats} for b in near)))
        part = self._with(usccs, frozenset(b.joins for b in near if b.joins))
        return move_targets(
            uscc, branches, part.roll, self.parameters, on=self.sight.on, previous=plan, wishes=tuple(earlier)
        )

    def _with(self, usccs: frozenset[str], organisations: frozenset[str]) -> RollPart:
        if self._read is None or not (usccs <= self._usccs and organisations <= self._organisations):
            self._usccs |= usccs
            self._organisations |= organisations
            self._read = part_of_roll(self.sight, self._usccs, self._organisations)
        return self._read


def kept_wishes(sight: Sight, before: Plan, chosen: Mapping[str, Any]) -> tuple[Wish, ...]:
    """Those of a plan's changes by hand that can still be kept on another roll, under other parameters."""
    checks = Checks(sight, before, chosen)
    wishes = in_force(wishes_from_json(before.wishes), checks.plan)
    checks.read((w, ()) for w in wishes)
    kept: tuple[Wish, ...] = ()
    for wish in wishes:
        if not checks.broken(wish, kept):
            kept = (*kept, wish)
    return kept


def keys_of(sight: Sight, enterprises: Iterable[int]) -> dict[int, str]:
    """The keys by which plans name enterprises in sight."""
    wanted = list(enterprises)
    return dict(part_of_roll(sight, frozenset(), frozenset(), wanted).keys) if wanted else {}
