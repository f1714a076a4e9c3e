"""One's own account: password, second factor, sessions, keys for programs."""

from __future__ import annotations

import base64

from allauth.mfa.adapter import get_adapter
from allauth.mfa.totp.internal.auth import generate_totp_secret
from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_POST

from feigong.apps.accounts import actions, queries
from feigong.apps.accounts.roles import Permission
from feigong.apps.accounts.sight import Actor, Scope
from feigong.apps.clock import now, today
from feigong.apps.roll import queries as roll
from feigong.core.errors import FeigongError
from feigong.web.login.forms import ConfirmForm, PasswordForm, SecondFactorForm, TokenForm
from feigong.web.login.sitting import SITTING, keep
from feigong.web.request import actor_of, words_of
from feigong.web.screen import screen

_SECRET = "feigong_totp_secret"  # in the session while a telephone is set up
_FIELDS = {
    "error.accounts.wrong_password": "password",
    "error.accounts.locked": "password",
    "error.accounts.weak_password": "new_password",
    "error.accounts.same_password": "new_password",
    "error.accounts.wrong_code": "code",
    "error.accounts.token_name": "name",
    "error.accounts.token_days": "days",
    "error.accounts.token_reads": "permissions",
    "error.accounts.token_more": "permissions",
    "error.accounts.token_part": "parts",
}


def put_beside(form: forms.Form, error: FeigongError, words_say: str) -> None:
    """The sentence beside the field it is about, else above the form."""
    field = _FIELDS.get(error.reason.code)
    form.add_error(field if field in form.fields else None, words_say)


@require_GET
@screen()
def me(request: HttpRequest) -> HttpResponse:
    actor = actor_of(request)
    context = {
        "factor": queries.factor_of(request.user),  # type: ignore[arg-type]
        "sittings": list(queries.sittings_of(actor)),
        "here": request.session.get(SITTING),
        "may_tokens": actor.may(Permission.API_USE),
    }
    return render(request, "login/me.html", context)


@sensitive_post_parameters()
@screen()
def password(request: HttpRequest) -> HttpResponse:
    words = words_of(request)
    form = PasswordForm(words, request.POST or None)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            user = actions.change_password(actor_of(request), data["password"], data["new_password"], at=now())
        except FeigongError as error:
            put_beside(form, error, words.say(error.reason))
        else:
            keep(request, user)
            messages.success(request, words.word("web.login.password_done"))
            return redirect("login:me")
    must = request.user.must_change_password  # type: ignore[union-attr]
    return render(request, "login/password.html", {"form": form, "must": must})


@sensitive_post_parameters()
@screen()
def totp(request: HttpRequest) -> HttpResponse:
    """Set up a telephone: the picture and the text hold the secret, which is kept when a right code comes back."""
    words, actor = words_of(request), actor_of(request)
    factor = queries.factor_of(request.user)  # type: ignore[arg-type]
    if factor.has:
        return render(request, "login/totp_held.html", {"factor": factor, "form": ConfirmForm(words)})
    form = SecondFactorForm(words, request.POST or None)
    secret = request.session.get(_SECRET) or generate_totp_secret()
    request.session[_SECRET] = secret
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            codes = actions.set_up_second_factor(actor, secret, data["code"], data["password"], at=now())
        except FeigongError as error:
            put_beside(form, error, words.say(error.reason))
        else:
            del request.session[_SECRET]
            return render(request, "login/codes.html", {"codes": codes})
    context = {"form": form, "must": factor.must, "secret": secret, "picture": _picture(request, secret)}
    return render(request, "login/totp.html", context)


def _picture(request: HttpRequest, secret: str) -> str:
    """The QR code, drawn here: no request goes out."""
    adapter = get_adapter()
    drawn: str = adapter.build_totp_svg(adapter.build_totp_url(request.user, secret))
    return "data:image/svg+xml;base64," + base64.b64encode(drawn.encode()).decode()


@sensitive_post_parameters()
@require_POST
@screen()
def totp_change(request: HttpRequest) -> HttpResponse:
    """New codes for paper, or no second factor any more; both are asked for with the password."""
    words, actor = words_of(request), actor_of(request)
    form = ConfirmForm(words, request.POST)
    if form.is_valid():
        try:
            if request.POST.get("wish") == "codes":
                codes = actions.new_paper_codes(actor, form.cleaned_data["password"], at=now())
                return render(request, "login/codes.html", {"codes": codes})
            actions.remove_second_factor(actor, form.cleaned_data["password"], at=now())
        except FeigongError as error:
            put_beside(form, error, words.say(error.reason))
        else:
            messages.success(request, words.word("web.login.totp_removed"))
            return redirect("login:me")
    factor = queries.factor_of(request.user)  # type: ignore[arg-type]
    return render(request, "login/totp_held.html", {"factor": factor, "form": form})


@require_POST
@screen()
def session_end(request: HttpRequest, sitting: int) -> HttpResponse:
    actions.end_sitting(actor_of(request), sitting)
    messages.success(request, words_of(request).word("web.login.session_ended"))
    return redirect("login:me")


@require_POST
@screen()
def sessions_end(request: HttpRequest) -> HttpResponse:
    actions.end_other_sittings(actor_of(request), request.session.get(SITTING))
    messages.success(request, words_of(request).word("web.login.sessions_ended"))
    return redirect("login:me")


@screen(Permission.API_USE)
def tokens(request: HttpRequest) -> HttpResponse:
    words, actor = words_of(request), actor_of(request)
    form = TokenForm(words, actor, _parts(actor), request.POST or None)
    secret = ""
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        chosen = data.get("parts") or []
        part = Scope(areas=tuple(int(area) for area in chosen)) if chosen else None
        try:
            _, secret = actions.create_token(
                actor, data["name"], [Permission(p) for p in data["permissions"]], on=today(), days=data["days"],
                read_only=data["read_only"], part=part,
            )  # fmt: skip
            form = TokenForm(words, actor, _parts(actor))
        except FeigongError as error:
            put_beside(form, error, words.say(error.reason))
    context = {"form": form, "secret": secret, "tokens": list(queries.tokens_of(actor)), "at": now()}
    return render(request, "login/tokens.html", context)


def _parts(actor: Actor) -> list[tuple[str, str]]:
    """Areas to which a token may be narrowed: those of the account and the ones right below."""
    sight = actor.sight(today(), now())
    areas = roll.areas(sight).filter(kind__in=("district", "township", "sub_district", "park"))
    return [(str(row.area_id), row.name) for row in areas]


@require_POST
@screen(Permission.API_USE)
def token_revoke(request: HttpRequest, token: int) -> HttpResponseRedirect:
    actions.revoke_token(actor_of(request), token)
    messages.success(request, words_of(request).word("web.login.token_revoked"))
    return redirect("login:tokens")
