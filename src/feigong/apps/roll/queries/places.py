"""Where members count on several days: by the branch that holds the membership, else by the employer.

Three queries for each day beside the tree's, however many members and areas there are.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from feigong.apps.accounts.sight import Sight
from feigong.apps.roll.models import EnterpriseState, MemberState, OrganisationState
from feigong.apps.roll.models.dated import as_of
from feigong.apps.roll.queries.spans import Tree, trees
from feigong.core.coverage.movement import Places


def places(sight: Sight, days: Sequence[date]) -> dict[date, Places]:
    """For each day everybody on the roll, with the areas in sight they count in.

    Those out of sight have none: whether somebody is new on the roll or came from elsewhere does not depend on who
    asks. Without `Sight.members`: nobody.
    """
    if not sight.members:
        return {day: {} for day in days}
    seen = trees(sight, days)
    return {day: _on(day, sight.known_at, seen[day]) for day in days}


def _on(day: date, known_at: datetime, tree: Tree) -> Places:
    people = as_of(MemberState, day, known_at).order_by()
    units = as_of(OrganisationState, day, known_at).filter(organisation_id__in=people.values("branch_id"))
    firms = as_of(EnterpriseState, day, known_at).filter(
        enterprise_id__in=people.filter(branch=None).values("employer_id")
    )
    of_unit = dict(units.order_by().values_list("organisation_id", "area_id"))
    of_firm = dict(firms.order_by().values_list("enterprise_id", "area_id"))
    found = {}
    for member, branch, employer in people.values_list("member_id", "branch_id", "employer_id"):
        area = of_firm.get(employer) if branch is None else of_unit.get(branch)
        found[member] = tree.nodes.get(area, ()) if area is not None else ()
    return found
