"""Coverage figures by the rules ``cover.rate_org`` and ``cover.denominator``: who counts, who is covered, and how.

Sets of enterprises, not numbers: whoever shows a figure can show whom it counts. The platform counts the same in its
tables; this is what it is checked against.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from feigong.core.coverage.facts import Exclusion, Facts, exclusion
from feigong.core.roll.values import OrganisationKind


@dataclass(frozen=True, slots=True)
class Rates:
    """Sets of uscc. Only enterprises that count are covered, memberless or looked after here."""

    counted: frozenset[str]
    excluded: dict[str, Exclusion]
    own: frozenset[str]  # some organisation, no joint branch, covers it and nothing else
    joint: frozenset[str]  # covered, by organisations that cover others too or are joint branches
    memberless: frozenset[str]  # no member on the roll works there
    looked_after: frozenset[str]  # of the memberless: a liaison officer has it

    @property
    def covered(self) -> frozenset[str]:
        return self.own | self.joint

    @property
    def rate(self) -> float | None:
        """Organisation coverage; None where nothing counts."""
        return len(self.covered) / len(self.counted) if self.counted else None

    @property
    def liaison_rate(self) -> float | None:
        return len(self.looked_after) / len(self.memberless) if self.memberless else None

    def of(self, usccs: Iterable[str]) -> Rates:
        """The same of a part of the enterprises: of an area, of an industry."""
        part = frozenset(usccs)
        left_out = {uscc: why for uscc, why in self.excluded.items() if uscc in part}
        return Rates(
            self.counted & part, left_out, self.own & part, self.joint & part, self.memberless & part,
            self.looked_after & part,
        )  # fmt: skip


def rates(facts: Facts, least_staff: int, with_officer: Collection[str] = ()) -> Rates:
    """Of everything on a roll. ``with_officer``: enterprises that a liaison officer looks after."""
    why = {uscc: exclusion(enterprise, least_staff) for uscc, enterprise in facts.enterprises.items()}
    counted = frozenset(uscc for uscc, reason in why.items() if reason is None)
    own = {
        organisation.covers[0]
        for organisation in facts.organisations.values()
        if len(set(organisation.covers)) == 1 and organisation.kind is not OrganisationKind.JOINT_BRANCH
    }
    memberless = frozenset(u for u in counted if not facts.full.get(u) and not facts.probationary.get(u))
    return Rates(
        counted=counted,
        excluded={uscc: reason for uscc, reason in why.items() if reason is not None},
        own=counted & own,
        joint=frozenset(uscc for uscc in counted if facts.covering.get(uscc)) - own,
        memberless=memberless,
        looked_after=memberless & frozenset(with_officer),
    )
