"""Small firms along one street, each with a member: what joint branches are made of in tests of plans."""

from __future__ import annotations

from datetime import date

from feigong.apps.accounts import actors
from feigong.apps.audit.recording import changing
from feigong.apps.roll.models import Enterprise, EnterpriseState, Member, MemberState
from feigong.apps.roll.searching import search_text
from feigong.apps.roll.writing import Writer
from feigong.apps.seals.fields import sealed_values
from merge_tables_maker import make_code
from platform_district import SINCE, SmallDistrict

SUNDAY = str(0b111 << 18)
STEP = 0.003  # degrees of longitude: about 290 m here


def add_street(district: SmallDistrict, count: int = 7, area: str = "east", first: int = 100) -> list[int]:
    """Firms in a row, about 290 m apart; known from now on as of ``SINCE``. Their identities, from west to east."""
    with changing(actors.operator("tests"), "test.street") as change:
        writer = Writer(change)
        firms = [Enterprise._base_manager.create(created=change.record).pk for _ in range(count)]
        people = [Member._base_manager.create(created=change.record).pk for _ in range(count)]
        rows, members = [], []
        for k, (firm, person) in enumerate(zip(firms, people, strict=True)):
            uscc, name = make_code(first + k), f"和路{first + k}号店有限公司"
            facts = {
                "uscc": uscc, "name": name, "search": search_text(name, uscc), "kind": "enterprise",
                "control": "private", "area_id": district.areas[area], "staff": 12, "slots": SUNDAY,
                "registered_address": f"云汀区东湾镇和路{first + k}号", "registered_on": date(2016, 1, 1),
                "longitude": 123.7 + k * STEP, "latitude": 30.7,
            }  # fmt: skip
            rows.append(((firm,), facts))
            known = {"name": "钟某", "full": True, "joined_on": date(2016, 7, 1), "employer_id": firm, "owner": False}
            members.append(((person,), {**known, **sealed_values(MemberState, {"id_number": "", "phone": ""})}))
        writer.put_many(EnterpriseState, rows, SINCE)
        writer.put_many(MemberState, members, SINCE)
    return firms
