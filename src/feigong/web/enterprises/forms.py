"""The form of an enterprise."""

from __future__ import annotations

from typing import Any, ClassVar

from django import forms

from feigong.apps.roll.choices import ControlType, Standing, UnitKind
from feigong.apps.roll.cleaning import read_free_time, slots_text
from feigong.web.records import forms as f
from feigong.web.records.weeks import WeekTicks


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
    slots = forms.CharField(max_length=120, required=False, widget=WeekTicks())  # drawn as a week

    def given(self) -> dict[str, Any]:
        """A new record of which nothing is ticked has the free time that its words say."""
        found = super().given()
        if not self.old and not found["slots"]:
            del found["slots"]
        return found

    def changes(self) -> dict[str, Any]:
        """Ticks that say what new words say follow from them; those made by hand stay where the words say nothing."""
        altered = super().changes()
        if {"shift", "free_text"} & set(altered):
            ticked, now = self.cleaned_data["slots"], {**self.old, **altered}
            said, says = (slots_text(read_free_time(of["shift"], of["free_text"]).slots) for of in (self.old, now))
            if ticked == says:
                altered.pop("slots", None)
            elif not says and ticked != said:
                altered["slots"] = ticked
        return altered
