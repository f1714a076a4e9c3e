"""Forms at the door and for one's own account."""

from __future__ import annotations

from typing import Any

from allauth.account.forms import LoginForm
from allauth.core import context
from allauth.mfa.base.forms import AuthenticateForm
from django import forms
from django.core.exceptions import ValidationError

from feigong.apps.accounts import actions
from feigong.apps.accounts.roles import Permission
from feigong.apps.accounts.sight import Actor
from feigong.apps.clock import now
from feigong.web.login.adapters import somebody
from feigong.web.request import words_of
from feigong.wording import Words


class SignInForm(LoginForm):  # type: ignore[misc]
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        words = words_of(self.request)
        for name, code, complete in (
            ("login", "web.login.username", "username"),
            ("password", "web.login.password", "current-password"),
        ):
            field = self.fields[name]
            field.label, field.help_text = words.word(code), ""
            field.widget.attrs = {"autocomplete": complete, "class": "form-control", "maxlength": "128"}
        self.fields["login"].widget.attrs["autofocus"] = True


class CodeForm(AuthenticateForm):  # type: ignore[misc]
    """A code of the telephone, or one from paper. Failures count like those of passwords."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["code"].label = words_of(context.request).word("web.login.code")
        self.fields["code"].widget.attrs = {
            "autocomplete": "one-time-code", "class": "form-control", "autofocus": True, "maxlength": "20",
        }  # fmt: skip

    def clean_code(self) -> str:
        request, name, at = context.request, self.user.username, now()
        actor = somebody(request)
        if not actions.try_to_come_in(actor, name, at):
            raise ValidationError(words_of(request).word("error.accounts.locked"))
        try:
            code: str = super().clean_code()
        except ValidationError:
            actions.note_failure(actor, name, at, step="code")
            raise ValidationError(words_of(request).word("error.accounts.wrong_code")) from None
        actions.step_passed(actor, name)
        return code


class _Worded(forms.Form):
    """A form whose labels are words: `web.login.<field>`."""

    def __init__(self, words: Words, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("label_suffix", "")
        super().__init__(*args, **kwargs)
        self.words = words
        for name, field in self.fields.items():
            field.label = words.word(f"web.login.{name}")
            field.widget.attrs.setdefault("class", "form-control")
            field.error_messages["required"] = words.word("web.login.required")


def _password(complete: str) -> forms.CharField:
    widget = forms.PasswordInput(attrs={"autocomplete": complete, "maxlength": "128"})
    return forms.CharField(widget=widget, strip=False, max_length=128)


class NewPasswordForm(_Worded):
    """Twice, since nobody sees what is typed."""

    new_password = _password("new-password")
    again = _password("new-password")

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("new_password") and data.get("again") and data["new_password"] != data["again"]:
            self.add_error("again", self.words.word("web.login.not_the_same"))
        return data


class PasswordForm(NewPasswordForm):
    password = _password("current-password")
    field_order = ("password", "new_password", "again")


class SecondFactorForm(_Worded):
    code = forms.CharField(
        max_length=20, widget=forms.TextInput(attrs={"autocomplete": "one-time-code", "inputmode": "numeric"})
    )
    password = _password("current-password")


class ConfirmForm(_Worded):
    password = _password("current-password")


class TokenForm(_Worded):
    """What a program may do: never more than the account."""

    name = forms.CharField(max_length=60)
    permissions = forms.MultipleChoiceField(widget=forms.CheckboxSelectMultiple(attrs={"class": ""}))
    read_only = forms.BooleanField(required=False, initial=True, widget=forms.CheckboxInput(attrs={"class": ""}))
    days = forms.IntegerField(min_value=1, initial=90)
    parts = forms.MultipleChoiceField(required=False, widget=forms.CheckboxSelectMultiple(attrs={"class": ""}))

    def __init__(self, words: Words, actor: Actor, parts: list[tuple[str, str]], *args: Any, **kwargs: Any) -> None:
        super().__init__(words, *args, **kwargs)
        held = [p.value for p in Permission if p in actor.permissions and p != Permission.API_USE]
        self.fields["permissions"].choices = [(p, words.word(f"permission.{p}")) for p in held]  # type: ignore[attr-defined]
        self.fields["parts"].choices = parts  # type: ignore[attr-defined]
        if len(parts) < 2:
            del self.fields["parts"]
