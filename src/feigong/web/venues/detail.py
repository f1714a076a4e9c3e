"""What belongs to a venue: the organisations that meet there."""

from __future__ import annotations

from typing import Any

from feigong.apps.accounts.roles import Permission
from feigong.apps.roll import queries
from feigong.apps.roll.kinds import RecordKind
from feigong.web.records import belongs
from feigong.web.records.page import Look, RecordPage
from feigong.web.venues.forms import VenueForm

K = RecordKind


def more(look: Look) -> dict[str, Any]:
    meeting = queries.organisations(look.sight).filter(venue_id=look.record_id)
    return {"organisations": belongs.lines_of(look, K.ORGANISATION, meeting, note="kind")}


PAGE = RecordPage(
    kind=K.VENUE,
    view=Permission.ROLL_VIEW,
    facts=("enterprise_id", "area_id", "address", "seats"),
    form=VenueForm,
    more=more,
)
