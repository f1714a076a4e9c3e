"""Who counts in coverage rates, as conditions over rows of `enterprises`: `core.coverage.facts.exclusion` in tables.

None of these depends on who reads: a figure is the same for all who see its rows. Who covers, works in or looks after
an enterprise is told by the queries of `units` and `people` only.
"""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import Case, CharField, Count, Expression, F, Q, TextField, Value, When
from django.db.models.functions import Cast
from django.db.models.lookups import Contains

from feigong.apps.accounts.sight import Sight
from feigong.apps.roll.models import AreaState, Assignment, Coverage, MemberState, OrganisationState
from feigong.apps.roll.models.areas import AreaKind
from feigong.apps.roll.models.enterprises import ControlType, Standing, UnitKind
from feigong.apps.roll.models.organisations import OrganisationKind
from feigong.apps.roll.queries.restrict import NOTHING, seen_on
from feigong.core.coverage.facts import Exclusion
from feigong.core.roll.values import FlagCode
from feigong.exchange.targets_file import operating_staff

_BRANCH_OFFICE = Q(Contains(Cast(F("flags"), TextField()), f'["{FlagCode.BRANCH_OFFICE}",'))

WITHOUT_ADDRESS = Q(operating_address="", registered_address="", longitude=None)
"""No premises, unless the area is a building."""


def reasons(least_staff: int, no_premises: Q) -> tuple[tuple[Exclusion, Q], ...]:
    """Why not, in the order of `Exclusion`; the first that holds is the reason."""
    return (
        (Exclusion.CLOSED, Q(standing=Standing.CLOSED)),
        (Exclusion.DORMANT, Q(standing=Standing.DORMANT)),
        (Exclusion.NOT_ENTERPRISE, ~Q(kind=UnitKind.ENTERPRISE)),
        (Exclusion.STATE, Q(control=ControlType.STATE)),
        (Exclusion.BRANCH_OFFICE, _BRANCH_OFFICE),
        (Exclusion.NO_PREMISES, no_premises),
        (Exclusion.STAFF_UNKNOWN, Q(staff=None)),
        (Exclusion.FEW_STAFF, Q(staff__lt=least_staff)),
    )


def _of_day(sight: Sight) -> tuple[tuple[Exclusion, Q], ...]:
    buildings = seen_on(AreaState, sight).filter(kind=AreaKind.BUILDING).order_by().values("area_id")
    return reasons(operating_staff(sight.on), WITHOUT_ADDRESS & ~Q(area_id__in=buildings))


def none_of(found: Iterable[tuple[Exclusion, Q]]) -> Q:
    condition = Q()
    for _, holds in found:
        condition &= ~holds
    return condition


def is_counted(sight: Sight) -> Q:
    """An operating enterprise on the day."""
    return none_of(_of_day(sight))


def is_excluded(sight: Sight, wanted: Iterable[str]) -> Q:
    """Does not count, for one of these reasons."""
    codes, condition = set(wanted), NOTHING
    of_day = _of_day(sight)
    for number, (code, holds) in enumerate(of_day):
        if code in codes:
            condition |= none_of(of_day[:number]) & holds
    return condition


def exclusion_of(sight: Sight) -> Expression:
    """The reason as a column; empty for those that count."""
    cases = (When(holds, then=Value(code.value)) for code, holds in _of_day(sight))
    return Case(*cases, default=Value(""), output_field=CharField())


def has_own_organisation(sight: Sight) -> Q:
    """An organisation, no joint branch, covers it and nothing else."""
    joint = seen_on(OrganisationState, sight).filter(kind=OrganisationKind.JOINT_BRANCH).values("organisation_id")
    alone = seen_on(Coverage, sight).order_by().values("organisation_id").annotate(n=Count("pk")).filter(n=1)
    edges = seen_on(Coverage, sight).filter(organisation_id__in=alone.values("organisation_id"))
    return Q(enterprise_id__in=edges.exclude(organisation_id__in=joint).order_by().values("enterprise_id"))


def is_in_joint_one(sight: Sight) -> Q:
    """Covered, by nothing of its own."""
    covered = seen_on(Coverage, sight).order_by().values("enterprise_id")
    return Q(enterprise_id__in=covered) & ~has_own_organisation(sight)


def is_looked_after(sight: Sight) -> Q:
    """Some liaison officer has it; which one is told by `assignments`."""
    return Q(enterprise_id__in=seen_on(Assignment, sight).order_by().values("enterprise_id"))


def has_members(sight: Sight) -> Q:
    """Some member on the roll works there. For those only who may see members."""
    if not sight.members:
        return NOTHING
    joined = Q(joined_on=None) | Q(joined_on__lte=sight.on)
    employed = seen_on(MemberState, sight).filter(joined).exclude(employer=None)
    return Q(enterprise_id__in=employed.order_by().values("employer_id"))
