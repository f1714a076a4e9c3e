"""The form of a member: the branch and the employer are two things. Sealed numbers are written, never shown."""

from __future__ import annotations

from typing import ClassVar

from django import forms

from feigong.web.records import forms as f


class MemberForm(f.RecordForm):
    families: ClassVar = {"full": "web.members.standing"}
    groups: ClassVar = (
        ("who", ("name", "id_number", "phone", "clear_phone")),
        ("party", ("full", "joined_on", "branch_id", "branch_text")),
        ("work", ("employer_id", "employer_text", "owner")),
    )

    name = f.text(60, required=True)
    id_number = f.sealed()
    phone = f.sealed()
    clear_phone = f.tick()
    full = forms.TypedChoiceField(
        choices=[("", ""), ("true", "web.records.full"), ("false", "web.records.probationary")],
        coerce={"true": True, "false": False}.get,
    )
    joined_on = f.day()
    branch_id = f.named("organisation")
    branch_text = f.text(200)
    employer_id = f.named("enterprise")
    employer_text = f.text(200)
    owner = f.perhaps()
