"""The form of an area."""

from __future__ import annotations

from typing import ClassVar

from feigong.apps.roll.choices import AreaKind
from feigong.web.records import forms as f


class AreaForm(f.RecordForm):
    families: ClassVar = {"kind": "area_kind"}
    groups: ClassVar = (("who", ("name", "kind", "code", "parent_id")),)

    name = f.text(80, required=True)
    kind = f.choice(AreaKind.values)
    code = f.text(12, inputmode="numeric")
    parent_id = f.named("area")
