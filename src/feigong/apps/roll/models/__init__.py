"""Tables of the roll: identities that never change, and what is known of them, dated twice."""

from feigong.apps.roll.models.areas import Area, AreaOutline, AreaState
from feigong.apps.roll.models.decisions import NotSame, RecordMerge
from feigong.apps.roll.models.enterprises import Enterprise, EnterpriseState
from feigong.apps.roll.models.organisations import Coverage, Organisation, OrganisationState
from feigong.apps.roll.models.people import Assignment, Member, MemberState, Post, Worker, WorkerState
from feigong.apps.roll.models.venues import Venue, VenueState

__all__ = [
    "Area", "AreaOutline", "AreaState", "Assignment", "Coverage", "Enterprise", "EnterpriseState", "Member",
    "MemberState", "NotSame", "Organisation", "OrganisationState", "Post", "RecordMerge", "Venue", "VenueState",
    "Worker", "WorkerState",
]  # fmt: skip
