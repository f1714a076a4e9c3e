"""Areas, enterprises, organisations and venues, as one may see them on a day."""

from __future__ import annotations

from django.db.models import Q, QuerySet

from feigong.apps.accounts.sight import Sight
from feigong.apps.roll.models import AreaState, Coverage, EnterpriseState, OrganisationState, VenueState
from feigong.apps.roll.queries import restrict
from feigong.apps.roll.queries.restrict import seen_on


def areas(sight: Sight) -> QuerySet[AreaState]:
    """The tree, as far as it may be seen, in the order of paths."""
    return restrict.areas_seen(sight).order_by("path")


def enterprises(sight: Sight) -> QuerySet[EnterpriseState]:
    return seen_on(EnterpriseState, sight).filter(restrict.enterprises(sight)).order_by("name", "pk")


def organisations(sight: Sight) -> QuerySet[OrganisationState]:
    rows = seen_on(OrganisationState, sight)
    return rows.filter(restrict.organisations(sight)).order_by("name", "pk")


def venues(sight: Sight) -> QuerySet[VenueState]:
    """Rooms in the areas, and rooms of organisations or enterprises that may be seen."""
    rows = seen_on(VenueState, sight).order_by("name", "pk")
    if sight.scope.whole:
        return rows
    seen = Q(area_id__in=restrict.areas_seen(sight).values("area_id"))
    seen |= Q(venue_id__in=organisations(sight).order_by().exclude(venue=None).values("venue_id"))
    return rows.filter(seen)


def coverage(sight: Sight) -> QuerySet[Coverage]:
    """Which organisation covers which enterprise; both must be in sight."""
    return seen_on(Coverage, sight).filter(
        organisation_id__in=organisations(sight).order_by().values("organisation_id"),
        enterprise_id__in=enterprises(sight).order_by().values("enterprise_id"),
    )
