"""What a district can set about planning. Defaults, ranges and sources are data (`feigong/data/parameters.yaml`)."""

from __future__ import annotations

from dataclasses import dataclass

from feigong.core.coverage.values import Basis
from feigong.core.roll.places.distance import DistanceTable


@dataclass(frozen=True, slots=True)
class CoverageParameters:
    """Every field is required: no figure lives in code. Lengths in metres, turnover per year as a fraction."""

    least_members: int  # org.min_full_members
    most_enterprises: int  # joint.max_units
    travel_m: float  # farthest to the meeting place
    industry_travel_m: float  # the same on the industry basis
    bases: tuple[Basis, ...]  # allowed, in the order preferred
    cycle_weeks: int  # weeks looked at when shifts rotate (1..3)
    change_price_m: float  # what breaking up a joint branch in force costs, in metres of travel
    join_price_m: float  # what burdening an existing organisation with one more enterprise costs
    building_affinity_m: float  # travel forgiven to an enterprise in the host's building
    street_affinity_m: float  # … in the host's street
    turnover: float  # share of members who leave in a year
    allow_unverified: bool  # also propose groups whose distance or free time must be checked (待核实)
    operating_staff: int  # staff from which an enterprise counts as operating
    industry_score: float  # least score of an inferred industry for the industry basis
    officer_usual: int  # enterprises per liaison officer
    officer_warn: int
    officer_change_price_m: float  # what giving an enterprise another officer costs
    gap_goal: float  # stop improving at this gap to the proven bound
    changed_share: float  # most of the untouched joint branches in force that a new plan may change
    distances: DistanceTable
