"""The form of a venue."""

from __future__ import annotations

from typing import ClassVar

from feigong.web.records import forms as f


class VenueForm(f.RecordForm):
    groups: ClassVar = (
        ("who", ("name", "enterprise_id", "seats")),
        ("where", ("area_id", "address", "longitude", "latitude")),
    )

    name = f.text(120, required=True)
    enterprise_id = f.named("enterprise")
    seats = f.whole(100_000)
    area_id = f.named("area", required=True)
    address = f.text(300)
    longitude = f.degrees(180)
    latitude = f.degrees(90)
