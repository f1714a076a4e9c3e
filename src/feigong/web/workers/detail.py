"""What belongs to a Party worker: posts held, enterprises looked after."""

from __future__ import annotations

from typing import Any

from feigong.apps.accounts.roles import Permission
from feigong.apps.roll.kinds import RecordKind
from feigong.web.records import belongs
from feigong.web.records.page import Look, RecordPage
from feigong.web.workers.forms import WorkerForm


def more(look: Look) -> dict[str, Any]:
    here = look.record_id
    return {"posts": belongs.posts(look, worker_id=here), "enterprises": belongs.assigned(look, worker_id=here)}


PAGE = RecordPage(
    kind=RecordKind.WORKER,
    view=Permission.ROLL_VIEW,  # a liaison officer may see nobody else; the query says who is seen
    facts=("route", "liaison", "most", "member_id", "area_id", "base_address", "phone", "wage"),
    form=WorkerForm,
    more=more,
    batch={"area": ("area_id",), "liaison": ("liaison",)},
    mergeable=True,
)
