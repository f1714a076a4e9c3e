"""The form of an enterprise."""

from __future__ import annotations

from typing import ClassVar

from feigong.apps.roll.choices import ControlType, Standing, UnitKind
from feigong.web.records import forms as f


class EnterpriseForm(f.RecordForm):
    families: ClassVar = {"kind": "unit_kind", "control": "control_type", "standing": "standing"}
    groups: ClassVar = (
        ("who", ("name", "uscc", "kind", "control", "standing", "legal_representative", "registered_on",
                 "parent_uscc")),
        ("where", ("area_id", "registered_address", "operating_address", "longitude", "latitude")),
        ("what", ("industry", "scope", "staff")),
        ("when", ("shift", "free_text")),
    )  # fmt: skip

    name = f.text(200, required=True)
    uscc = f.text(40, autocapitalize="characters", spellcheck="false")
    kind = f.choice(UnitKind.values)
    control = f.choice(ControlType.values)
    standing = f.choice(Standing.values)
    legal_representative = f.text(60)
    registered_on = f.day()
    parent_uscc = f.text(18, autocapitalize="characters", spellcheck="false")
    area_id = f.named("area", required=True)
    registered_address = f.text(300)
    operating_address = f.text(300)
    longitude = f.degrees(180)
    latitude = f.degrees(90)
    industry = f.choice((), required=False)
    scope = f.text(5000, lines=3)
    staff = f.whole()
    shift = f.text(100, list="shift-systems")
    free_text = f.text(200)
