"""An account as a form: who, in which role, for which part of the roll."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import QueryDict

from feigong.apps.accounts.actions import Person
from feigong.apps.accounts.roles import Role
from feigong.apps.accounts.sight import Scope
from feigong.wording import LANGUAGES, Words

KINDS = ("areas", "organisations", "worker", "member")


class AccountForm(forms.Form):
    """The part is ticked in lists of names (`picks`); which kinds a role has, the action says."""

    username = forms.CharField(max_length=60, widget=forms.TextInput(attrs={"autocomplete": "off"}))
    display_name = forms.CharField(max_length=60, widget=forms.TextInput(attrs={"autocomplete": "off"}))
    role = forms.ChoiceField()
    language = forms.ChoiceField(initial="zh")
    subject = forms.CharField(max_length=255, required=False, widget=forms.TextInput(attrs={"autocomplete": "off"}))
    version = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def __init__(self, words: Words, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("label_suffix", "")
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():
            field.label = words.word(f"field.account_{name}")
            field.widget.attrs["class"] = "form-select" if isinstance(field, forms.ChoiceField) else "form-control"
            field.error_messages["required"] = words.word("web.login.required")
        self.fields["username"].help_text = words.word("web.accounts.username_help")
        self.fields["display_name"].help_text = words.word("web.accounts.display_name_help")
        self.fields["subject"].help_text = words.word("web.accounts.subject_help")
        self.fields["role"].choices = [("", "")] + [(r.value, words.word(f"role.{r.value}")) for r in Role]  # type: ignore[attr-defined]
        self.fields["language"].choices = [(lang, words.word(f"web.language.{lang}")) for lang in LANGUAGES]  # type: ignore[attr-defined]

    def ticked(self, kind: str) -> tuple[int, ...]:
        given = self.data.getlist(kind) if isinstance(self.data, QueryDict) else self.initial.get(kind, ())
        return tuple(sorted({int(i) for i in given if str(i).isdecimal()}))

    def person(self) -> Person:
        """What was entered; parts of kinds that the page hides for this role were not ticked by anybody."""
        data = self.cleaned_data
        worker, member = self.ticked("worker"), self.ticked("member")
        scope = Scope(
            self.ticked("areas"),
            self.ticked("organisations"),
            worker[0] if worker else None,
            member[0] if member else None,
        )
        return Person(
            data["username"], data["display_name"], Role(data["role"]), scope, data["language"], data["subject"]
        )


class ReasonForm(forms.Form):
    reason = forms.CharField(max_length=200, required=False)
    version = forms.IntegerField(required=False)
