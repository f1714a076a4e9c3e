"""Areas, enterprises, organisations and venues, as one may see them on a day."""

from __future__ import annotations

from django.db.models import Q, QuerySet
from django.db.models.functions import Left, Length

from feigong.apps.accounts.sight import Sight
from feigong.apps.roll.models import AreaState, Coverage, EnterpriseState, OrganisationState, Post, VenueState
from feigong.apps.roll.models.organisations import OrganisationKind
from feigong.apps.roll.models.people import PostRole
from feigong.apps.roll.queries import restrict
from feigong.apps.roll.queries.restrict import seen_on
from feigong.core.roll.trees import nodes_of, step


def areas(sight: Sight) -> QuerySet[AreaState]:
    """The tree, as far as it may be seen, in the order of paths."""
    return restrict.areas_seen(sight).order_by("path")


def areas_and_above(sight: Sight) -> QuerySet[AreaState]:
    """The areas in sight and those they are part of: where they are is no secret."""
    paths = restrict.areas_seen(sight).values_list("path", flat=True)
    nodes = {node for path in paths for node in nodes_of(path)}
    return seen_on(AreaState, sight).filter(area_id__in=nodes).order_by("path")


def enterprises(sight: Sight) -> QuerySet[EnterpriseState]:
    return seen_on(EnterpriseState, sight).filter(restrict.enterprises(sight)).order_by("name", "pk")


def organisations(sight: Sight) -> QuerySet[OrganisationState]:
    rows = seen_on(OrganisationState, sight)
    return rows.filter(restrict.organisations(sight)).order_by("name", "pk")


_COMMITTEES = (
    OrganisationKind.WORKING_COMMITTEE,
    OrganisationKind.INDUSTRY_COMMITTEE,
    OrganisationKind.COMMITTEE,
    OrganisationKind.GENERAL_BRANCH,
)


def superiors(sight: Sight) -> QuerySet[OrganisationState]:
    """Organisations that may be named as a superior: those in sight, those above them, and committees of the areas that
    the own areas are part of. Their names, not what is in them."""
    seen = organisations(sight)
    if restrict.sees_everything(sight):
        return seen
    above = Left("path", Length("path") - len(step(0)))
    over = {node for path in seen.order_by().values_list(above, flat=True).distinct() for node in nodes_of(path)}
    paths = restrict.areas_seen(sight).values_list("path", flat=True)
    around = {node for path in paths for node in nodes_of(path)}
    named = restrict.organisations(sight) | Q(organisation_id__in=over) | Q(kind__in=_COMMITTEES, area_id__in=around)
    return seen_on(OrganisationState, sight).filter(named).order_by("path")


def organisations_called(sight: Sight, name: str) -> QuerySet[OrganisationState]:
    """Organisations of exactly this name, in sight or not: whoever writes a letter knows to whom. Nothing is told of
    them but that they are there."""
    return seen_on(OrganisationState, sight).filter(name=name).only("organisation_id", "name").order_by("pk")


def organisations_with_secretary(sight: Sight) -> QuerySet[Post, int]:
    """Identities of organisations in sight that have a secretary; not who it is."""
    seen = organisations(sight).order_by().values("organisation_id")
    led = seen_on(Post, sight).filter(role=PostRole.SECRETARY, organisation_id__in=seen)
    return led.order_by().values_list("organisation_id", flat=True).distinct()


def venues(sight: Sight) -> QuerySet[VenueState]:
    """Rooms in the areas, and rooms of organisations or enterprises that may be seen."""
    rows = seen_on(VenueState, sight).order_by("name", "pk")
    if restrict.sees_everything(sight):
        return rows
    seen = restrict.in_areas(sight)
    seen |= Q(venue_id__in=organisations(sight).order_by().exclude(venue=None).values("venue_id"))
    return rows.filter(seen)


def coverage(sight: Sight) -> QuerySet[Coverage]:
    """Which organisation covers which enterprise; both must be in sight."""
    if restrict.sees_everything(sight):
        return seen_on(Coverage, sight)
    return seen_on(Coverage, sight).filter(
        organisation_id__in=organisations(sight).order_by().values("organisation_id"),
        enterprise_id__in=enterprises(sight).order_by().values("enterprise_id"),
    )


def is_covered(sight: Sight) -> Q:
    """Over rows of `enterprises`: some organisation covers it, in sight or not: a figure does not depend on its reader.
    Which one is told by `coverage` only."""
    return Q(enterprise_id__in=seen_on(Coverage, sight).order_by().values("enterprise_id"))
