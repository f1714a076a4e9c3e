"""Tables for the small district: rows that are new, changed, the same, or somebody else's."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from feigong.apps.accounts.sight import Actor
from feigong.apps.clock import now
from feigong.apps.imports import actions
from feigong.apps.imports.actions.checking import Alone
from feigong.apps.imports.models import Import, Item
from feigong.apps.roll.models.dated import NEVER, Dated, as_of
from merge_tables_maker import make_code

ON = date(2026, 11, 1)
LAST = NEVER.replace(year=9998)  # as known at last
APPLE, BIRCH, DAISY, FRESH = (make_code(n) for n in (0, 1, 3, 90))
REGISTER = "统一社会信用代码,企业名称,住所,参保人数"
ROWS = {
    "same": f"{BIRCH},恒岳食品有限公司,云汀区东湾镇和路18号,35",
    "changed": f"{APPLE},启帆精密机械有限公司,云汀区东湾镇和路12号,66",
    "west": f"{DAISY},锦川软件有限公司,云汀区西浦街道江路88号澜汇大厦11层02室,30",
    "fresh": f"{FRESH},新到食品有限公司,云汀区东湾镇和路30号,12",
}
PEOPLE = "姓名,身份证号,人员类别,入党日期,工作单位,所在党支部,联系电话"


def csv(head: str, *rows: str) -> bytes:
    return "\n".join((head, *rows, "")).encode()


def register(*names: str) -> tuple[str, bytes]:
    return "登记.csv", csv(REGISTER, *(ROWS[n] for n in names))


def people(*rows: str) -> tuple[str, bytes]:
    return "党员名册.csv", csv(PEOPLE, *rows)


def handed_in(actor: Actor, *files: tuple[str, bytes], on: date = ON, department: str = "") -> Import:
    return actions.start_import(actor, files, today=date(2026, 11, 20), on=on, department=department)


def checked(actor: Actor, *files: tuple[str, bytes], on: date = ON, at: datetime | None = None) -> Import:
    found = handed_in(actor, *files, on=on)
    actions.check(found.pk, Alone(), at or now())
    found.refresh_from_db()
    return found


def applied(actor: Actor, found: Import) -> Import:
    actions.ask_apply(actor, found.pk)
    actions.apply(actor, found.pk, Alone())
    found.refresh_from_db()
    return found


def verdicts(found: Import) -> dict[str, str]:
    return dict(Item.objects.filter(of=found).values_list("name", "verdict"))


def facts(model: type[Dated], on: date = ON, **named: Any) -> list[dict[str, Any]]:
    """What holds on a day, as known at last."""
    rows = as_of(model, on, LAST).filter(**named).order_by(*model.key_columns())
    return list(rows.values(*model.key_columns(), *model.facts()))
