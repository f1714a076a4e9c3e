"""A plan beside its roll, looked up by keys: what files and the report need to show names instead of codes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

from feigong.core.coverage.eligibility import DOUBTFUL
from feigong.core.coverage.values import AreaShortage, CoveragePlan, Decision, JointBranch, Outcome
from feigong.core.roll.values import Enterprise, Officer, Organisation, Roll
from feigong.wording import Words

ORGANISED = (Outcome.KEEP, Outcome.OWN, Outcome.JOINT, Outcome.JOIN)
SAME_M = 10.0  # what costs less more than the plan is called as good
STANDING = (Outcome.REPAIR, Outcome.UNDECIDED)  # organised while the organisation they have stands


@dataclass(frozen=True, slots=True)
class ParameterNote:
    """What a parameter is called, in what unit, and where its value comes from."""

    name: str
    unit: str = ""
    source: str = ""


@dataclass(frozen=True)
class Names:
    """Names that the roll does not hold: of areas (added to the roll's own), industries, and parameters, by code."""

    areas: Mapping[str, str] = field(default_factory=dict)
    industries: Mapping[str, str] = field(default_factory=dict)
    parameters: Mapping[str, ParameterNote] = field(default_factory=dict)


@dataclass(frozen=True)
class PlanView:
    """Look-ups over one plan. Nothing here decides anything."""

    plan: CoveragePlan
    roll: Roll
    words: Words
    names: Names = field(default_factory=Names)

    @cached_property
    def enterprises(self) -> Mapping[str, Enterprise]:
        return {e.uscc: e for e in self.roll.enterprises}

    @cached_property
    def organisations(self) -> Mapping[str, Organisation]:
        return {o.key: o for o in self.roll.organisations}

    @cached_property
    def officers(self) -> Mapping[str, Officer]:
        return {o.key: o for o in self.roll.officers}

    @cached_property
    def branches(self) -> Mapping[str, JointBranch]:
        return {b.key: b for b in self.plan.branches}

    @cached_property
    def areas(self) -> Mapping[str, str]:
        return {**self.names.areas, **{a.code: a.name for a in self.roll.areas}}

    @cached_property
    def covering(self) -> Mapping[str, str]:
        """Key of the first organisation of the roll that covers each enterprise today."""
        return {u: o.key for o in reversed(self.roll.organisations) for u in o.covers}

    @property
    def covered_before(self) -> Mapping[str, str]:
        """Enterprises that an organisation of the roll covers today."""
        return self.covering

    def organisation(self, decision: Decision) -> str | None:
        """Key of the organisation an enterprise has, joins or is under repair; for one not decided on, of the roll."""
        if decision.organisation is None and decision.outcome is Outcome.UNDECIDED:
            return self.covering.get(decision.uscc)
        return decision.organisation

    @cached_property
    def waiting(self) -> frozenset[str]:
        """Enterprises that wait for a liaison officer."""
        return frozenset(self.plan.waiting)

    @cached_property
    def least_members(self) -> int | None:
        """Least members of a joint branch, as the plan was made with; None where the plan does not say."""
        shown = self.parameter("least_members")
        return None if shown is None else int(shown)

    def parameter(self, key: str) -> float | None:
        """A figure among the parameters in force."""
        try:
            return float(dict(self.plan.parameters)[key])
        except (KeyError, ValueError):
            return None

    def parameter_text(self, key: str, value: str) -> str:
        """The value of a parameter as a person reads it: bases and yes or no in words."""
        if key == "bases":
            return self.words.join([self.words.word(f"basis.{b.strip()}") for b in value.split(",") if b.strip()])
        return self.words.yes(value == "true") if value in ("true", "false") else value

    def name(self, uscc: str) -> str:
        found = self.enterprises.get(uscc)
        return found.name if found else uscc

    def names_of(self, usccs: tuple[str, ...]) -> str:
        """甲、乙、丙"""
        return self.words.join([self.name(u) for u in usccs])

    def area(self, uscc: str) -> str:
        """Code of the township-level area; empty where only the district is known."""
        found = self.enterprises.get(uscc)
        code = found.place.area if found else None
        return "" if code is None or code == self.roll.district else code

    def area_name(self, code: str) -> str:
        return self.areas.get(code, code) if code else self.words.word("plan.area_unknown")

    def shortage_area(self, shortage: AreaShortage) -> str:
        """The area of a shortage; that of the district itself is of those whose area is not known."""
        return self.area_name("" if shortage.area == self.roll.district else shortage.area)

    def industry(self, uscc: str) -> str:
        found = self.enterprises.get(uscc)
        return found.industry.division if found and found.industry else ""

    def industry_name(self, division: str) -> str:
        return self.names.industries.get(division, division) if division else self.words.word("plan.industry_unknown")

    def organisation_name(self, key: str | None) -> str:
        found = self.organisations.get(key or "")
        return found.name if found else key or ""

    def officer_name(self, key: str | None) -> str:
        found = self.officers.get(key or "")
        return found.name if found else key or ""

    def branch_title(self, branch: JointBranch) -> str:
        """What a branch is called until it has a name: after the organisation it joins, or after its host."""
        if branch.joins:
            return self.organisation_name(branch.joins)
        return self.words.word("plan.branch_title", host=self.name(branch.host), n=len(branch.seats))

    def organised(self, decision: Decision) -> bool:
        """Whether the enterprise has an organisation once the plan stands. One that is under repair, or covers an
        enterprise that is not decided on, counts as long as it stands."""
        if decision.outcome in STANDING:
            return self.organisation(decision) is not None
        return decision.outcome in ORGANISED

    def kind(self, decision: Decision) -> str:
        """Why an undecided enterprise is undecided, in one word: the first of `DOUBTFUL`; empty for the others."""
        found = self.enterprises.get(decision.uscc)
        if decision.outcome is not Outcome.UNDECIDED or found is None:
            return ""
        return next((code.value for code in DOUBTFUL if found.flagged(code)), "")

    def parent(self, decision: Decision) -> str:
        """The company whose branch office an undecided enterprise is, as its reason names it."""
        return next((str(r.params["parent"]) for r in decision.reasons if r.code == "undecided.branch_office_of"), "")

    def alternative_texts(self, decision: Decision) -> list[str]:
        """The two best other ways in words, with what they cost."""
        texts = []
        for other in decision.alternatives[:2]:
            parts = [self.words.say(other.reason)]
            if other.extra_m is not None and other.extra_m != other.reason.params.get("metres"):
                near = other.extra_m < SAME_M
                code = "plan.alternative_same" if near else "plan.alternative_extra"
                parts.append(self.words.word(code, metres=other.extra_m))
            head = f"{self.words.word(f'outcome.{other.outcome}')}{self.words.word('list.colon')}"
            texts.append(head + self.words.word("list.sentence").join(parts))
        return texts
