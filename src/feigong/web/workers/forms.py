"""The form of a Party worker."""

from __future__ import annotations

from typing import ClassVar

from feigong.apps.roll.choices import Route
from feigong.web.records import forms as f


class WorkerForm(f.RecordForm):
    families: ClassVar = {"route": "route"}
    groups: ClassVar = (
        ("who", ("name", "route", "liaison", "most", "member_id", "phone", "clear_phone", "wage", "clear_wage")),
        ("where", ("area_id", "base_address", "longitude", "latitude")),
    )

    name = f.text(60, required=True)
    route = f.choice(Route.values)
    liaison = f.tick()
    most = f.whole(10_000)
    member_id = f.named("member")
    phone = f.sealed()
    clear_phone = f.tick()
    wage = f.sealed()
    clear_wage = f.tick()
    area_id = f.named("area", required=True)
    base_address = f.text(300)
    longitude = f.degrees(180)
    latitude = f.degrees(90)
