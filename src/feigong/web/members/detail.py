"""What belongs to a member: the branch, the employer, and the Party worker that the member may be."""

from __future__ import annotations

from typing import Any

from feigong.apps.accounts.roles import Permission
from feigong.apps.roll import queries
from feigong.apps.roll.kinds import RecordKind
from feigong.web.members.forms import MemberForm
from feigong.web.records import belongs
from feigong.web.records.page import Look, RecordPage

K = RecordKind


def more(look: Look) -> dict[str, Any]:
    works = queries.workers(look.sight).filter(member_id=look.record_id)
    return {"workers": belongs.lines_of(look, K.WORKER, works, note="route")}


PAGE = RecordPage(
    kind=K.MEMBER,
    view=Permission.MEMBERS_VIEW,
    facts=("full", "joined_on", "branch_id", "branch_text", "employer_id", "employer_text", "owner", "id_number",
           "phone"),
    form=MemberForm,
    more=more,
    batch={"branch": ("branch_id",), "employer": ("employer_id",)},
    mergeable=True,
)  # fmt: skip
