"""What belongs to an enterprise: who covers it, looks after it, works there; where it meets, when it is free."""

from __future__ import annotations

from typing import Any

from feigong.apps.accounts.roles import Permission
from feigong.apps.clock import today
from feigong.apps.roll import queries
from feigong.apps.roll.kinds import RecordKind
from feigong.apps.roll.queries.rungs import ladders
from feigong.web.enterprises.forms import EnterpriseForm
from feigong.web.liaison.shown import of_enterprise, rungs
from feigong.web.records import belongs
from feigong.web.records.page import Look, RecordPage
from feigong.web.records.weeks import grid_of_column

K = RecordKind


def more(look: Look) -> dict[str, Any]:
    row, here, sees = look.row, look.record_id, look.actor.may
    ladder = ladders(look.sight, [here]).get(here)
    covering = belongs.covering(look, enterprise_id=here)
    by_others = queries.enterprises(look.sight).filter(queries.is_covered(look.sight), enterprise_id=here)
    return {
        "covering": covering,
        "covered": covering.count > 0 or by_others.exists(),
        "officers": belongs.assigned(look, enterprise_id=here),
        "members": belongs.people(look, employer_id=here),
        "venues": belongs.lines_of(look, K.VENUE, queries.venues(look.sight).filter(enterprise_id=here)),
        "grid": grid_of_column(row.slots, look.words),
        "rungs": rungs(ladder),
        "visited": of_enterprise(look.sight, here, ladder, look.words) if sees(Permission.VISITS_VIEW) else None,
        "may_log": sees(Permission.VISITS_LOG) and look.sight.on == today(),
        "flags": [{"code": code, "params": params} for _, code, params in row.flags],
    }


PAGE = RecordPage(
    kind=K.ENTERPRISE,
    view=Permission.ROLL_VIEW,
    facts=("uscc", "kind", "control", "standing", "legal_representative", "registered_on", "area_id", "industry",
           "staff", "registered_address", "operating_address", "shift", "free_text", "parent_uscc", "scope"),
    form=EnterpriseForm,
    more=more,
    batch={"area": ("area_id",), "standing": ("standing",), "industry": ("industry",), "control": ("control",),
           "officer": ("worker_id",)},
    mergeable=True,
)  # fmt: skip
