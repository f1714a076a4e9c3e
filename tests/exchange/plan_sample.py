"""A fictional roll and a plan over it, made by hand: what the planner gives, without the planner. Deterministic."""

from __future__ import annotations

import random
from datetime import date

from feigong.core.coverage.values import (
    Alternative,
    AreaShortage,
    Basis,
    BranchState,
    Change,
    CoveragePlan,
    Decision,
    JointBranch,
    Left,
    OfficerLoad,
    Outcome,
    Proof,
    Seat,
)
from feigong.core.reasons import Reason, reason
from feigong.core.roll.places.values import AddressParts, Area, AreaFrom, AreaKind, Place, Point
from feigong.core.roll.slots import FreeSlots
from feigong.core.roll.values import Enterprise, Industry, Officer, Organisation, OrganisationKind, Roll

ON = date(2026, 11, 1)
DISTRICT = "990101"
AREAS = ("东明街道", "站前街道", "溪东镇", "云麓街道", "望江街道", "石桥镇", "高新园区", "南屏街道")
STREETS = ("东明路", "站前大街", "溪东路", "云麓路", "望江街", "石桥路", "科创路", "南屏街", "织造巷", "船厂路")
TRADES = ("建材", "物流", "食品", "机加", "商贸", "软件", "印务", "家具")
BRANDS = ("恒信", "远达", "金禾", "瑞丰", "宏业", "新程", "永泰", "博越", "天成", "启明")
WHY: dict[Outcome, Reason] = {o: reason(f"outcome.{o}") for o in Outcome}


class Sample:
    """``Sample(60).plan`` and ``.roll``; ``located`` is the share of enterprises that have coordinates."""

    def __init__(self, size: int, located: float = 1.0, seed: int = 7) -> None:
        self.rng = random.Random(seed)
        self.located = located
        self.areas = tuple(
            Area(f"{DISTRICT}{i + 1:03d}", name, AreaKind.SUBDISTRICT, DISTRICT) for i, name in enumerate(AREAS)
        )
        self.enterprises = [self._enterprise(i) for i in range(size)]
        self.organisations: list[Organisation] = []
        self.branches: list[JointBranch] = []
        self.decisions: dict[str, Decision] = {}
        self.left: list[Left] = []
        self.officers = tuple(Officer(f"officer-{i}", f"联络员{i:02d}", Place(), 5) for i in range(max(2, size // 12)))
        self._decide()

    def _enterprise(self, i: int) -> Enterprise:
        rng = self.rng
        a = rng.randrange(len(AREAS))
        s = (a + rng.choice((0, 0, 1))) % len(STREETS)
        number = rng.randrange(1, 180)
        along, off = number * 18.0, rng.gauss(0, 30)
        angle = 0.4 * s
        x = (a % 4) * 3000 + along * (1 if s % 2 else 0.6) + off
        y = (a // 4) * 3500 + along * (0.25 + 0.1 * angle) + off
        has_point = rng.random() < self.located
        point = Point(123.70 + x / 83000, 41.20 + y / 111000) if has_point else None
        road = STREETS[s]
        name = f"{rng.choice(BRANDS)}{rng.choice(TRADES)}{i:04d}有限公司"
        place = Place(
            text=f"{AREAS[a]}{road}{number}号",
            parts=AddressParts(town=AREAS[a], road=road, number=f"{number}号"),
            area=self.areas[a].code,
            area_from=AreaFrom.NAME,
            street_key=f"{DISTRICT}/{road}",
            house_number=number,
            point=point,
        )
        return Enterprise(
            uscc=f"91990101MA{i:07d}X",
            name=name,
            place=place,
            industry=Industry(rng.choice(("13", "33", "51", "65", "52")), 0.9),
            staff=rng.randrange(1, 120),
            slots=FreeSlots((1 << 18,)),
        )

    def _decide(self) -> None:
        rng = self.rng
        order = sorted(self.enterprises, key=lambda e: (e.place.area or "", e.place.street_key or "", e.uscc))
        i = 0
        while i < len(order):
            draw = rng.random()
            if draw < 0.08 and i + 4 < len(order):
                i += self._joint(order[i : i + rng.randrange(2, 6)])
                continue
            self._single(order[i], draw)
            i += 1

    def _joint(self, firms: list[Enterprise]) -> int:
        rng = self.rng
        key = f"joint-{firms[0].uscc}"
        members = [rng.choice((1, 2)) for _ in firms]
        while sum(members) < 3:
            members[0] += 1
        unsure = rng.random() < 0.1
        seats = tuple(
            Seat(e.uscc, m, 0.0 if e is firms[0] else float(rng.randrange(20, 2900)), not (unsure and e is firms[1]))
            for e, m in zip(firms, members, strict=True)
        )
        state = rng.choice((BranchState.NEW, BranchState.NEW, BranchState.KEPT, BranchState.CHANGED))
        weeks = rng.choice((1, 1, 1, 2))
        slot = rng.randrange(21 * weeks)
        basis = rng.choice(tuple(Basis))
        self.branches.append(
            JointBranch(key, firms[0].uscc, slot, weeks, basis, seats, 0.6 + 0.08 * sum(members) % 0.39, state)
        )
        for e, m in zip(firms, members, strict=True):
            self._put(e, Outcome.JOINT, full=m, branch=key)
        return len(firms)

    def _single(self, e: Enterprise, draw: float) -> None:
        if draw < 0.12:
            key = f"org-{e.uscc}"
            self.organisations.append(Organisation(key, f"{e.name}党支部", OrganisationKind.BRANCH, (e.uscc,)))
            outcome = Outcome.REPAIR if draw < 0.09 else Outcome.KEEP
            self._put(e, outcome, full=5, organisation=key)
        elif draw < 0.15:
            self._put(e, Outcome.OWN, full=4)
        elif draw < 0.18:
            self._put(e, Outcome.RECRUIT, full=1, missing=2)
        elif draw < 0.2:
            self._put(e, Outcome.UNDECIDED, full=0)
        elif draw < 0.24:
            self.left.append(Left(e.uscc, reason("value.none")))
        else:
            self._put(e, Outcome.LIAISON, full=0)

    def _put(
        self, e: Enterprise, outcome: Outcome, full: int, branch: str | None = None, organisation: str | None = None,
        missing: int = 0,
    ) -> None:  # fmt: skip
        alone = branch is None and organisation is None
        officer = self.rng.choice((*self.officers, None)) if alone else None
        self.decisions[e.uscc] = Decision(
            uscc=e.uscc,
            outcome=outcome,
            reasons=(WHY[outcome],),
            full_members=full,
            probationary=self.rng.choice((0, 0, 1)),
            staff=e.staff,
            operating=(e.staff or 0) >= 10,
            branch=branch,
            organisation=organisation,
            officer=officer.key if officer else None,
            missing_members=missing,
            alternatives=(
                Alternative(Outcome.RECRUIT, WHY[Outcome.RECRUIT], None, 2),
                Alternative(Outcome.LIAISON, WHY[Outcome.LIAISON], 1200.0),
            ),
            fingerprint=f"{int(e.uscc[10:17]) * 7919:012x}",
        )

    @property
    def roll(self) -> Roll:
        return Roll(
            ON, tuple(sorted(self.enterprises, key=lambda e: e.uscc)), organisations=tuple(self.organisations),
            officers=self.officers, areas=(Area(DISTRICT, "示范区", AreaKind.DISTRICT), *self.areas), district=DISTRICT,
        )  # fmt: skip

    @property
    def plan(self) -> CoveragePlan:
        decisions = tuple(sorted(self.decisions.values(), key=lambda d: d.uscc))
        alone = [d for d in decisions if d.branch is None and d.organisation is None]
        by = {o.key: tuple(d.uscc for d in alone if d.officer == o.key) for o in self.officers}
        waiting = tuple(d.uscc for d in alone if d.officer is None)
        members = sum(b.members for b in self.branches)
        travel = sum(b.travel_m for b in self.branches)
        return CoveragePlan(
            on=ON,
            decisions=decisions,
            branches=tuple(sorted(self.branches, key=lambda b: b.key)),
            proof=Proof(
                sum(len(b.seats) for b in self.branches) + 3, members + 4, members, members, travel, travel,
                travel * 0.994, 0.006, False,
            ),
            loads=tuple(OfficerLoad(k, v, 0.0, 5) for k, v in sorted(by.items()) if v),
            waiting=waiting,
            shortages=(AreaShortage(self.areas[0].code, len(waiting), 2),) if waiting else (),
            changes=tuple(
                Change(f"old-{b.key}", tuple(s.uscc for s in b.seats), True, (WHY[Outcome.JOINT],))
                for b in self.branches if b.state is BranchState.CHANGED
            ),
            left_out=tuple(sorted(self.left, key=lambda x: x.uscc)),
            parameters=(
                ("least_members", "3"), ("travel_m", "3000"), ("industry_travel_m", "8000"),
                ("bases", "building, industry"), ("allow_unverified", "false"),
            ),
            seed=7,
        )  # fmt: skip
