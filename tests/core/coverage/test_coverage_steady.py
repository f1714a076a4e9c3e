"""At most the allowed share of untouched branches changes, whatever the solver moves when some are held."""

from __future__ import annotations

from dataclasses import replace

from coverage_greedy import greedy
from rolls import ON, PARAMETERS, firm, place, with_members

from feigong.core.coverage import steady
from feigong.core.coverage.joint.values import Group, JointInstance, JointSolution
from feigong.core.coverage.planner import Request, carry_out
from feigong.core.coverage.values import BranchState
from feigong.core.work import NoLimit, Serial, silent

STREETS = 30


def test_a_solver_that_moves_others_each_time_is_held_in_the_end() -> None:
    book = with_members({firm(f"E{s:02d}{k}", place(f"{s}街", k, None)): 1 for s in range(STREETS) for k in (1, 2, 3)})
    request = Request(PARAMETERS, None, 0, NoLimit(), silent, Serial(), greedy)
    first = carry_out(book, ON, request)
    assert len(first.branches) == STREETS
    calls = 0

    def restless(instance: JointInstance, **more: object) -> JointSolution:
        """Keeps what is in force but for seven branches, others at each call, for which it finds another host."""
        nonlocal calls
        solution = greedy(instance, **more)  # type: ignore[arg-type]
        ordered = sorted(solution.groups, key=lambda g: g.items)
        moved = {(7 * calls + i) % len(ordered) for i in range(7)} if ordered else set()
        calls += 1
        groups = [_elsewhere(g, instance) if i in moved else g for i, g in enumerate(ordered)]
        return replace(solution, groups=tuple(groups))

    second = carry_out(book, ON, replace(request, previous=first, solve=restless))
    assert calls > steady.ROUNDS
    changed = sum(b.state is not BranchState.KEPT for b in second.branches)
    assert changed <= PARAMETERS.changed_share * STREETS
    assert len(second.branches) == STREETS


def _elsewhere(group: Group, instance: JointInstance) -> Group:
    """The same enterprises at another of them."""
    owner = int(instance.seed_owner[group.seed])
    other = max(i for i in group.items if i != owner)
    seed = next(s for s, o in enumerate(instance.seed_owner.tolist()) if o == other)
    return Group(seed, (other, *(i for i in group.items if i != other)), group.slot, group.cost + 1)
