"""The form of a Party organisation."""

from __future__ import annotations

from typing import Any, ClassVar

from feigong.apps.roll.choices import OrganisationKind
from feigong.web.records import forms as f


class OrganisationForm(f.RecordForm):
    families: ClassVar = {"kind": "organisation_kind"}
    groups: ClassVar = (
        ("who", ("name", "kind", "host_id", "superior_id")),
        ("where", ("area_id", "venue_id")),
        ("when", ("founded_on", "elected_on", "claimed_members")),
    )

    name = f.text(200, required=True)
    kind = f.choice(OrganisationKind.values)
    host_id = f.named("enterprise")
    superior_id = f.named("superior")
    area_id = f.named("area", required=True)
    venue_id = f.named("venue")
    founded_on = f.day()
    elected_on = f.day()
    claimed_members = f.whole()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.old.get("kind") in (None, OrganisationKind.JOINT_BRANCH):  # covers nothing yet; has its host
            del self.fields["host_id"]
