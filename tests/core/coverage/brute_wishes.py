"""The best plan that keeps wishes, by trying everything; reads the wishes, not what `settle` makes of them."""

from __future__ import annotations

from joint.brute import Groups, Optimum, pack, seed_groups
from rolls import ON, PARAMETERS

from feigong.core.coverage.eligibility import sort_out
from feigong.core.coverage.facts import count
from feigong.core.coverage.health import examine
from feigong.core.coverage.ladder import climb
from feigong.core.coverage.near import Measure
from feigong.core.coverage.pool import Pool, build
from feigong.core.coverage.wishes import Forbid, Move, Pin, Wish
from feigong.core.roll.values import Roll


def best_with(book: Roll, wishes: tuple[Wish, ...]) -> Optimum:
    """Of pins, moves to nowhere and what is forbidden; none of them contradicts another."""
    facts = count(book, ON)
    measure = Measure(PARAMETERS, facts.kinds)
    healths = {key: examine(key, facts, measure) for key in facts.organisations}
    pool = build(facts, climb(facts, sort_out(facts), healths, measure), measure, None)
    number = {u: i for i, u in enumerate(pool.usccs)}
    organisation = {s.key: pool.n + i for i, s in enumerate(pool.organisations)}
    groups: Groups = {}
    for seed in range(pool.instance.seeds):
        for items, cost in seed_groups(pool.instance, seed).items():
            if _allowed(items, pool.seed_item[seed], pool, wishes, number, organisation):
                groups[items] = min(cost, groups.get(items, float("inf")))
    worth = [int(v) for v in pool.instance.at_stake]
    pins = [_pinned(w, number, organisation) for w in wishes if isinstance(w, Pin)]
    for pin in pins:  # worth more than all the rest, so that no best choice is without it
        assert pin in groups
    bonus = sum(worth) + 1
    whole = pack(groups, [v + (bonus if any(i == min(p) for p in pins) else 0) for i, v in enumerate(worth)])
    least = bonus * len(pins)
    cheapest = {c - least: cost for c, cost in whole.cheapest.items() if c >= least}
    covered = max(cheapest)
    return Optimum(covered, cheapest[covered], cheapest)


def _pinned(pin: Pin, number: dict[str, int], organisation: dict[str, int]) -> frozenset[int]:
    return frozenset([number[u] for u in pin.usccs] + ([organisation[pin.joins]] if pin.joins else []))


def _allowed(
    items: frozenset[int], owner: int, pool: Pool, wishes: tuple[Wish, ...], number: dict[str, int],
    organisation: dict[str, int],
) -> bool:  # fmt: skip
    for wish in wishes:
        if isinstance(wish, Pin):
            pinned = _pinned(wish, number, organisation)
            if items == pinned:
                if pool.hosts[owner] != wish.host or (owner >= pool.n) != bool(wish.joins):
                    return False
            elif items & {number[u] for u in wish.usccs} or (wish.joins and organisation[wish.joins] in items):
                return False
        elif isinstance(wish, Move):
            if number.get(wish.uscc) in items:
                return False
        elif isinstance(wish, Forbid):
            names = {number.get(u) for u in wish.usccs}
            if wish.organisation:
                names.add(organisation.get(wish.organisation))
            if None not in names and names <= items:
                return False
    return True
