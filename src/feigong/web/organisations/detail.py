"""What belongs to an organisation: what is below it, whom it covers, its members, its committee."""

from __future__ import annotations

from typing import Any

from feigong.apps.accounts.roles import Permission
from feigong.apps.movement.queries import outlook_of
from feigong.apps.roll import queries
from feigong.apps.roll.choices import OrganisationKind, PostRole
from feigong.apps.roll.kinds import RecordKind
from feigong.web.organisations.forms import OrganisationForm
from feigong.web.records import belongs
from feigong.web.records.page import Look, RecordPage

K = RecordKind


def more(look: Look) -> dict[str, Any]:
    here = look.record_id
    below = queries.organisations(look.sight).filter(superior_id=here)
    return {
        "below": belongs.lines_of(look, K.ORGANISATION, below, note="kind"),
        "covers": belongs.covering(look, organisation_id=here),
        "members": belongs.people(look, branch_id=here),
        "posts": belongs.posts(look, organisation_id=here) if look.sight.members else None,
        "roles": [(role, look.words.word(f"post_role.{role}")) for role in PostRole.values],
        "endangered": outlook_of(look.sight, here) if look.sight.members else None,
        "joint": look.row.kind == OrganisationKind.JOINT_BRANCH,
    }


PAGE = RecordPage(
    kind=K.ORGANISATION,
    view=Permission.ROLL_VIEW,
    facts=("kind", "superior_id", "area_id", "venue_id", "founded_on", "elected_on", "claimed_members"),
    form=OrganisationForm,
    more=more,
    batch={"area": ("area_id",), "venue": ("venue_id",)},
    mergeable=True,
)
